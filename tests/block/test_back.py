"""Coming back from the room."""

import json

import pytest
import requests
from freezegun import freeze_time

from bbb_xblock.models import Room
from tests.builders import OLGA, Desk, learner, nobody, teacher


def returned(desk: Desk, key: str = "") -> str:
    query = {"errors": json.dumps([{"key": key, "message": "<b>never shown</b>"}])} if key else {}
    answer = desk.call("back", query=query)
    assert answer.status_code == 200
    assert "never shown" not in answer.text
    return answer.text


def test_after_leaving_the_tab_may_be_closed(platform):
    text = returned(learner(platform))
    assert "You may close this tab" in text
    assert "https://lms.example.org/courses/course-v1:ExampleX+Physics+2026/jump_to/block-v1:" in text


def test_somebody_who_lost_the_session_is_received_as_well(platform):
    assert "You may close this tab" in returned(nobody(platform))


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("invalidMeetingIdentifier", "just ended"),
        ("mismatchCreateTimeParam", "just ended"),
        ("maxParticipantsReached", "The room is full"),
        ("guestDeniedAccess", "did not let you in"),
        ("somethingNew", "did not let you in"),
    ],
)
def test_each_error_is_explained(platform, key, sentence):
    assert sentence in returned(learner(platform), key)


def gone(desk: Desk, **details):
    return desk.call("back", query={"errors": json.dumps([{"key": "invalidMeetingIdentifier"}])}, **details)


def test_somebody_whose_meeting_was_gone_on_arrival_is_let_in_afresh_once(platform, simulator):
    teacher(platform).click_join()
    simulator.reset()
    simulator.forget_calls()
    answer = gone(teacher(platform))
    assert requests.get(answer.location, timeout=5).url.startswith(simulator.url.removesuffix("bigbluebutton/"))
    assert [call.name for call in simulator.calls] == ["getMeetingInfo", "create", "join"]
    assert "just ended" in gone(teacher(platform)).text


def test_a_picture_on_another_page_brings_nobody_into_a_room(platform, simulator):
    teacher(platform).click_join()
    simulator.reset()
    answer = gone(teacher(platform), headers={"Sec-Fetch-Mode": "no-cors"})
    assert answer.status_code == 200
    assert simulator.count("create") == 0


def test_somebody_who_never_joined_is_not_let_in_that_way(platform, simulator):
    teacher(platform).click_join()
    simulator.reset()
    assert gone(learner(platform)).status_code == 200
    assert simulator.count("create") == 0


def test_when_bigbluebutton_says_that_the_meeting_is_gone_the_next_join_asks_afresh(platform, simulator):
    with freeze_time() as clock:
        teacher(platform).click_join()
        clock.tick(3)
        simulator.reset()
        simulator.forget_calls()
        returned(learner(platform), "invalidMeetingIdentifier")
        assert teacher(platform).click_join().status_code == 302
    assert [call.name for call in simulator.calls] == ["getMeetingInfo", "create"]


def test_a_learner_who_says_so_all_the_time_causes_one_question(platform, simulator):
    teacher(platform).click_join()
    simulator.forget_calls()
    for _ in range(5):
        returned(learner(platform), "invalidMeetingIdentifier")
        assert teacher(platform).click_join().status_code == 302
    assert simulator.count() == 0


@pytest.mark.parametrize("make", [nobody, lambda site: Desk(site, OLGA)])
def test_a_stranger_cannot_make_us_forget_the_room(platform, make):
    teacher(platform).click_join()
    if make is not nobody:
        platform.may_not_load.add(OLGA.id)
    returned(make(platform), "invalidMeetingIdentifier")
    assert Room.objects.get().confirmed_at is not None
