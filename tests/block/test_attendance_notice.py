"""What the card says of attendance before learners join."""

from tests.builders import COURSE, learner, teacher


def told(desk):
    return [each.text_content() for each in desk.page().cssselect(".bbb-taken")]


def test_where_the_operator_asks_for_it_learners_are_told_above_the_way_in(platform, namespace):
    namespace["ATTENDANCE_NOTICE"] = True
    page = learner(platform).page()
    (line,) = page.cssselect(".bbb-taken")
    assert "Attendance is taken" in line.text_content()
    assert page.cssselect(".bbb-taken ~ .bbb-action")
    assert line.get("id") in page.cssselect(".bbb-join")[0].get("aria-describedby").split()


def test_whoever_leads_is_not_told(platform, namespace):
    namespace["ATTENDANCE_NOTICE"] = True
    assert not told(teacher(platform))


def test_nothing_is_said_where_nobody_can_join(platform, namespace):
    namespace["ATTENDANCE_NOTICE"] = True
    assert not told(learner(platform, fields={"kind": "recordings"}))


def test_elsewhere_nothing_is_said(platform):
    desk = learner(platform)
    assert not told(desk)
    assert "bbb-taken" not in desk.page().cssselect(".bbb-join")[0].get("aria-describedby")


def test_it_may_be_a_matter_of_one_course(platform, namespace):
    namespace["COURSES"] = {COURSE: {"ATTENDANCE_NOTICE": True}}
    assert told(learner(platform))
    assert not told(learner(platform, course="course-v1:ExampleX+Chemistry+2026"))
