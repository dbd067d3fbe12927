"""What the page shows, in the course and in Studio, without ever asking BigBlueButton."""

from pathlib import Path

import pytest
from django.db import DatabaseError, InterfaceError, connection
from django.utils import translation
from freezegun import freeze_time

import bbb_xblock
from bbb_xblock.models import Room
from tests.builders import learner, nobody, teacher

SCRIPT = "<script>alert(1)</script>"


def text(desk, view="student_view") -> str:
    return " ".join(desk.page(view).text_content().split())


def join_link(desk):
    (link,) = desk.page().cssselect("a.bbb-join")
    return link


@pytest.mark.parametrize("view", ["student_view", "author_view", "public_view"])
def test_no_view_asks_bigbluebutton_nor_writes(platform, simulator, view, django_assert_max_num_queries):
    simulator.fault("*", "slow", seconds=30)
    with django_assert_max_num_queries(1) as queries:
        learner(platform).page(view)
    assert simulator.count() == 0
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


def test_the_page_shows_title_state_role_and_a_real_link(platform):
    desk = learner(platform, fields={"display_name": "Weekly seminar"})
    assert "Weekly seminar" in text(desk)
    assert "Nobody is in the room yet." in text(desk)
    assert "You will join as a participant." in text(desk)
    link = join_link(desk)
    assert "/handler/join?ticket=" in link.get("href")
    assert link.get("target") == "_blank"
    assert {"noopener", "noreferrer"} <= set(link.get("rel").split())
    assert link.get("aria-disabled") == "false"


def test_a_teacher_starts_and_a_learner_joins(platform):
    assert "Start the session" in join_link(teacher(platform)).text_content()
    assert "Join the session" in join_link(learner(platform)).text_content()


@pytest.mark.parametrize(("people", "sentence"), [(1, "1 person is in the room."), (14, "14 people are in the room.")])
def test_the_page_counts_who_is_in(platform, people, sentence):
    teacher(platform).click_join()
    Room.objects.update(participants=people)
    assert "Live now" in text(learner(platform))
    assert sentence in text(learner(platform))


@pytest.mark.parametrize(("seats", "sentence"), [(1, "The only seat is taken."), (30, "All 30 seats are taken.")])
def test_a_full_room_says_how_many_seats_there_are(platform, seats, sentence):
    teacher(platform).click_join()
    Room.objects.update(participants=seats)
    desk = learner(platform, fields={"max_participants": seats})
    assert sentence in text(desk)
    assert join_link(desk).get("aria-disabled") == "true"


def test_who_leads_reads_what_helps_where_a_room_is_full(platform):
    teacher(platform).click_join()
    Room.objects.update(participants=3)
    fields = {"max_participants": 3}
    assert "Ask somebody in the room to leave." in text(teacher(platform, fields=fields))
    assert "Ask somebody in the room to leave." not in text(learner(platform, fields=fields))


def test_a_learner_waits_for_the_teacher_and_the_teacher_does_not(platform):
    fields = {"wait_for_moderator": True}
    assert "Waiting for your teacher" in text(learner(platform, fields=fields))
    assert join_link(learner(platform, fields=fields)).get("aria-disabled") == "true"
    assert join_link(teacher(platform, fields=fields)).get("aria-disabled") == "false"


def test_a_server_that_did_not_answer_is_told_and_one_may_try_again(platform, simulator):
    simulator.fault("*", "html_502")
    learner(platform).click_join()
    assert "does not answer" in text(learner(platform))
    assert "Try again" in join_link(learner(platform)).text_content()


def test_a_misconfigured_course_tells_the_learner_little_and_the_teacher_the_number(platform, namespace):
    namespace["SERVER"] = "nowhere"
    assert "not ready yet" in text(learner(platform))
    assert "E002" not in text(learner(platform))
    assert "E002" in text(teacher(platform))
    for desk in (learner(platform), teacher(platform)):
        assert "nowhere" not in text(desk)
        assert not desk.page().cssselect("a")


@pytest.mark.parametrize("namespace_value", [None, [], "text", {"SERVERS": 7, "SERVER": {}}], ids=repr)
def test_no_configuration_ever_breaks_the_unit(platform, settings, namespace_value):
    settings.XBLOCK_SETTINGS = {"bbb": namespace_value}
    assert "not ready yet" in text(learner(platform))
    assert "not work in this course yet" in text(learner(platform), "author_view")


@pytest.mark.parametrize("trouble", [DatabaseError, InterfaceError])
def test_tables_that_are_not_there_do_not_break_the_unit(platform, caplog, trouble):
    def refuse(*args: object) -> None:
        raise trouble("no such table")

    desk = teacher(platform)
    with connection.execute_wrapper(refuse):
        assert "E010" in text(desk)
        assert "E010" not in text(learner(platform))
        for handler in ("join", "status"):
            token = {"query": {"ticket": "x"}}
            assert desk.call(handler, **token).status_code == 403
    assert "migrations" in caplog.text


def test_a_database_that_goes_while_the_page_is_made_does_not_break_the_unit(platform, simulator):
    def refuse_names(execute, sql, *rest):
        if "auth_user" in sql:
            raise InterfaceError("gone")
        return execute(sql, *rest)

    teacher(platform).click_join()
    Room.objects.update(participants=1, present=f'["{teacher(platform).user.id:032x}"]')
    with connection.execute_wrapper(refuse_names):
        assert "cannot open rooms now" in text(teacher(platform))


def test_a_database_that_is_gone_for_a_moment_is_told_in_a_sentence(platform, caplog):
    def refuse(*args: object) -> None:
        raise InterfaceError("gone")

    desk = teacher(platform)
    ticket, token = desk.ticket(), desk.page_token()
    with connection.execute_wrapper(refuse):
        answers = [
            desk.call("join", "POST", body={"ticket": ticket}),
            desk.call(
                "back", query={"errors": '[{"key": "invalidMeetingIdentifier"}]'}, headers={"Accept": "text/html"}
            ),
        ]
        assert desk.call("status", headers={"X-BBB-Page-Token": token}).json["code"] == "out_of_order"
    assert [answer.status_code for answer in answers] == [503, 200]
    assert "Out of order" in answers[1].text
    assert desk.click_join().status_code == 302


def test_a_page_of_somebody_whom_the_platform_mixes_up_has_no_way_in(platform):
    desk = learner(platform)
    desk.block.runtime._services["user"]._django_user = teacher(platform).user
    assert not desk.page().cssselect("a")
    assert "could not tell for certain" in text(desk)


def test_a_block_outside_any_course_does_not_break(platform):
    desk = learner(platform)
    desk.block.scope_ids = desk.block.scope_ids._replace(usage_id="nowhere")
    assert "works in a course only" in text(desk)
    assert "works in a course only" in text(desk, "author_view")
    assert desk.call("join").status_code == 409


def test_the_public_view_has_nothing_to_click(platform):
    page = nobody(platform).page("public_view")
    assert "Sign in" in page.text_content()
    assert not page.cssselect("a, button, form, [data-status-url]")


def test_what_visitors_put_into_the_address_is_not_believed(platform):
    context = {"is_staff": "1", "join_url": "https://evil.example.org", "room": "x", "title": "x"}
    page = nobody(platform).page("student_view", context)
    assert not page.cssselect("a")
    assert (
        learner(platform)
        .page("student_view", context)
        .cssselect(".bbb-role")[0]
        .text_content()
        .endswith("participant.")
    )


@pytest.mark.parametrize("view", ["student_view", "author_view", "public_view"])
def test_markup_in_a_title_stays_text(platform, view):
    desk = learner(platform, fields={"display_name": SCRIPT, "welcome": SCRIPT})
    assert SCRIPT in desk.page(view).text_content()
    assert SCRIPT not in desk.block.render(view, None).content


def test_rubbish_in_a_field_does_not_break_the_unit(platform):
    desk = learner(platform, fields={"max_participants": "many", "record": "perhaps"})
    assert "Nobody is in the room yet." in text(desk)


def test_the_page_stays_the_same_while_nothing_changes(platform):
    with freeze_time():
        desk = learner(platform)
        assert desk.block.render("student_view", None).content == desk.block.render("student_view", None).content


def test_the_page_s_files_are_addressed_where_the_platform_serves_them(platform):
    resources = [resource.data for resource in learner(platform).block.render("student_view", None).resources]
    assert resources
    for address in resources:
        path = address.split("resources/bbb_xblock/")[1]
        assert (Path(bbb_xblock.__file__).parent / path).is_file()


def test_the_small_pages_follow_the_reader_s_language_and_direction(platform):
    with translation.override("ar"):
        assert '<html lang="ar" dir="rtl">' in learner(platform).call("join").text


def test_the_phone_apps_may_show_the_block(platform):
    block = learner(platform).block
    assert block.has_support(block.student_view, "multi_device")
