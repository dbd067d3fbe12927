"""Coming back from the room."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from freezegun import freeze_time

from bbb_xblock.domain import tickets
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.models import Room
from tests.builders import ADA, BEN, OLGA, Desk, learner, nobody, teacher


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


GONE = json.dumps([{"key": "invalidMeetingIdentifier"}])


def gone(desk: Desk):
    """Come back as BigBlueButton sends people whose meeting is gone: with the ticket of their own join link."""
    ticket = tickets.session.issue(desk.visit(), Purpose.BACK)
    return desk.call("back", query={"ticket": ticket, "errors": GONE})


def test_somebody_whose_meeting_was_gone_on_arrival_is_let_in_afresh_once(platform, simulator):
    teacher(platform).click_join()
    simulator.reset()
    simulator.forget_calls()
    answer = gone(teacher(platform))
    assert requests.get(answer.location, timeout=5).url.startswith(simulator.url.removesuffix("bigbluebutton/"))
    assert [call.name for call in simulator.calls] == ["getMeetingInfo", "create", "join"]
    assert "just ended" in gone(teacher(platform)).text


def test_a_second_one_whose_meeting_was_gone_follows_into_the_new_one(platform, simulator):
    teacher(platform).click_join()
    learner(platform).click_join()
    simulator.reset()
    gone(teacher(platform))
    simulator.forget_calls()
    assert gone(learner(platform)).status_code == 302
    assert simulator.count() == 0


def test_the_address_for_one_is_in_that_one_s_join_link(platform, simulator):
    link = urlsplit(teacher(platform).click_join().location).query
    address = urlsplit(parse_qs(link)["errorRedirectUrl"][0])
    simulator.reset()
    answer = teacher(platform).call("back", query=f"{address.query}&{urlencode({'errors': GONE})}")
    assert answer.status_code == 302


def test_another_page_brings_nobody_into_a_room_and_shuts_none(platform, simulator):
    teacher(platform).click_join()
    simulator.reset()
    simulator.forget_calls()
    for forged in ({}, {"ticket": "rubbish"}, {"ticket": learner(platform).ticket()}):
        answer = teacher(platform).call("back", query={"errors": GONE, **forged})
        assert "just ended" in answer.text
    assert simulator.count() == 0
    assert Room.objects.get().confirmed_at is not None


def test_somebody_who_never_joined_is_not_let_in_that_way(platform, simulator):
    teacher(platform).click_join()
    simulator.reset()
    assert gone(learner(platform)).status_code == 200
    assert simulator.count("create") == 0


def test_somebody_who_may_not_come_in_any_more_is_not_let_in_afresh(platform, simulator):
    ada = learner(platform)
    ada.click_join()
    simulator.reset()
    platform.may_not_load.add(ADA.id)
    assert "just ended" in gone(ada).text
    assert Room.objects.get().confirmed_at is not None


def test_when_bigbluebutton_says_that_the_meeting_is_gone_the_next_join_asks_afresh(platform, simulator):
    with freeze_time() as clock:
        teacher(platform).click_join()
        for _ in range(2):
            learner(platform).click_join()
        clock.tick(3)
        simulator.reset()
        simulator.forget_calls()
        assert "just ended" in gone(learner(platform)).text
        assert teacher(platform).click_join().status_code == 302
    assert [call.name for call in simulator.calls] == ["getMeetingInfo", "create"]


def test_nobody_can_shut_a_room_that_was_seen_since(platform, simulator):
    waits = {"wait_for_moderator": True}
    teacher(platform, fields=waits).click_join()
    simulator.add_participants(Room.objects.get().meeting_id, 1, role="MODERATOR")
    with freeze_time() as clock:
        clock.tick(6)
        ada, ben = learner(platform, fields=waits), learner(platform, BEN, fields=waits)
        assert ben.status().json["state"] == "live"
        ada.click_join()
        for _ in range(20):
            clock.tick(3)
            gone(ada)
            assert ben.status().json["state"] == "live"


def test_in_a_full_room_saying_so_all_the_time_causes_one_question(platform, simulator):
    seats = {"max_participants": 1}
    learner(platform, fields=seats).click_join()
    simulator.add_participants(Room.objects.get().meeting_id, 1)
    simulator.forget_calls()
    for _ in range(20):
        gone(learner(platform, fields=seats))
    assert simulator.count() <= 1


@pytest.mark.parametrize("make", [nobody, lambda site: Desk(site, OLGA)])
def test_a_stranger_cannot_make_us_forget_the_room(platform, make):
    teacher(platform).click_join()
    if make is not nobody:
        platform.may_not_load.add(OLGA.id)
    returned(make(platform), "invalidMeetingIdentifier")
    assert Room.objects.get().confirmed_at is not None
