"""What the card says before people join a session that may be recorded."""

from tests.builders import COURSE, learner, teacher

RECORDED = {"record": True}


def consent(desk):
    return [each.text_content() for each in desk.page().cssselect(".bbb-consent")]


def test_where_the_operator_asks_for_it_consent_stands_above_the_way_in(platform, namespace):
    namespace["RECORDING_NOTICE"] = True
    for desk in (learner(platform, fields=RECORDED), teacher(platform, fields=RECORDED)):
        page = desk.page()
        (line,) = page.cssselect(".bbb-consent")
        assert "By joining you agree" in line.text_content()
        assert page.cssselect(".bbb-consent ~ .bbb-action")
        assert line.get("id") in page.cssselect(".bbb-join")[0].get("aria-describedby").split()
        assert "You are told when recording is on" not in page.text_content()


def test_nobody_agrees_to_what_cannot_happen(platform, namespace):
    namespace["RECORDING_NOTICE"] = True
    assert not consent(learner(platform))
    assert not consent(learner(platform, fields={"record": True, "kind": "recordings"}))


def test_elsewhere_people_are_told_and_not_asked(platform):
    desk = learner(platform, fields=RECORDED)
    assert not consent(desk)
    assert "You are told when recording is on" in desk.page().text_content()


def test_it_may_be_a_matter_of_one_course(platform, namespace):
    namespace["COURSES"] = {COURSE: {"RECORDING_NOTICE": True}}
    assert consent(learner(platform, fields=RECORDED))
    assert not consent(learner(platform, fields=RECORDED, course="course-v1:ExampleX+Chemistry+2026"))
