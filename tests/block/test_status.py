"""The status that open pages ask for."""

import pytest
from freezegun import freeze_time

from bbb_xblock.models import Room
from tests.builders import BEN, COURSE, THEA, Desk, learner, nobody, teacher


def test_the_status_speaks_in_words(platform):
    answer = learner(platform).status()
    assert answer.status_code == 200
    assert answer.json["state"] == "ready"
    assert answer.json["sentence"] == "Nobody is in the room yet."
    assert answer.json["can_join"] is True
    assert answer.json["next_seconds"] > 0
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_status_follows_the_room(platform, simulator):
    fields = {"wait_for_moderator": True, "max_participants": 3}
    with freeze_time() as clock:

        def state(desk: Desk) -> str:
            clock.tick(6)
            return desk.status().json["state"]

        assert state(learner(platform, fields=fields)) == "waiting"
        assert state(teacher(platform, fields=fields)) == "ready"
        teacher(platform, fields=fields).click_join()
        meeting_id = Room.objects.get().meeting_id
        simulator.add_participants(meeting_id, 1, role="MODERATOR")
        assert state(learner(platform, fields=fields)) == "live"
        simulator.add_participants(meeting_id, 2, role="VIEWER")
        assert state(learner(platform, fields=fields)) == "full"
        simulator.fault("getMeetingInfo", "html_502", times=1)
        assert state(learner(platform, fields=fields)) == "trouble"
        simulator.reset()
        assert state(learner(platform, fields=fields)) == "waiting"


def test_all_pages_together_cause_one_question(platform, simulator):
    with freeze_time():
        for desk in (teacher(platform), learner(platform), learner(platform, BEN), learner(platform)):
            assert desk.status().status_code == 200
    assert simulator.count() == 1


def test_a_question_is_asked_again_when_its_time_has_come(platform, simulator):
    with freeze_time() as clock:
        for _ in range(3):
            learner(platform).status()
            clock.tick(5)
    assert simulator.count("getMeetingInfo") == 3


def test_the_pace_is_the_operator_s(platform, namespace):
    namespace["POLL_SECONDS"] = 42
    assert learner(platform).status().json["next_seconds"] == 42


def test_a_large_class_asks_more_slowly_and_not_all_at_once(platform, namespace):
    platform.active_enrollments[COURSE] = 3000
    desk = learner(platform)
    paces = {desk.status().json["next_seconds"] for _ in range(40)}
    assert 45 <= min(paces) < max(paces) <= 75


def test_the_course_team_s_page_keeps_the_operator_s_pace_in_a_large_class(platform, namespace):
    platform.active_enrollments[COURSE] = 3000
    assert {teacher(platform).status().json["next_seconds"] for _ in range(5)} == {15}


def test_the_class_is_counted_once_in_a_while_for_all_pages_and_never_for_a_question(platform):
    platform.active_enrollments[COURSE] = 3000
    with freeze_time() as clock:
        for desk in (learner(platform), learner(platform, BEN), learner(platform, block_id="other")):
            desk.status()
        assert platform.times_counted == 1
        clock.tick(601)
        learner(platform).status()
    assert platform.times_counted == 2


@pytest.mark.parametrize("token", ["", "rubbish", "é"])
def test_without_a_page_token_nothing_is_told(platform, simulator, token):
    answer = learner(platform).call("status", headers={"X-BBB-Page-Token": token})
    assert answer.status_code == 403
    assert simulator.count() == 0


def test_a_join_ticket_and_somebody_else_s_token_are_no_page_token(platform):
    for token in (learner(platform).ticket(), learner(platform, BEN).page_token()):
        assert learner(platform).call("status", headers={"X-BBB-Page-Token": token}).status_code == 403


def test_somebody_who_is_not_signed_in_is_told_to_sign_in(platform):
    token = learner(platform).page_token()
    answer = nobody(platform).call("status", headers={"X-BBB-Page-Token": token})
    assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")


def test_somebody_who_lost_access_is_told_in_the_status(platform):
    desk = teacher(platform)
    token = desk.page_token()
    platform.may_not_load.add(THEA.id)
    answer = desk.call("status", headers={"X-BBB-Page-Token": token})
    assert (answer.json["state"], answer.json["can_join"], answer.json["next_seconds"]) == ("refused", False, 0)


def test_a_course_that_lost_its_server_is_told_in_the_status(platform, namespace):
    desk = teacher(platform)
    token = desk.page_token()
    namespace["SERVER"] = "nowhere"
    answer = desk.call("status", headers={"X-BBB-Page-Token": token})
    assert (answer.json["state"], answer.json["check_id"]) == ("not_configured", "E002")


def test_the_status_tells_no_names(platform, simulator):
    teacher(platform).click_join()
    simulator.add_participants(Room.objects.get().meeting_id, 2)
    with freeze_time() as clock:
        clock.tick(60)
        answer = learner(platform).status()
    assert "2 people" in answer.json["sentence"]
    assert "Simulated" not in answer.text
    assert "Thea" not in answer.text
