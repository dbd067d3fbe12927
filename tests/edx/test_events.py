"""The platform's tracking log and monitoring: what happened, once each, with keys and ids and nothing else."""

import json
import sys

import pytest
from django.test import Client
from django.urls import reverse

from bbb_xblock.domain import rooms
from bbb_xblock.models import Meeting, Room
from tests.block.test_secrets import leaks
from tests.builders import ADA, COURSE, OLGA, THEA, Desk, learner, teacher, usage_key
from tests.fakes.tracking import Records


@pytest.fixture
def records():
    with Records().modules() as kept:
        yield kept


def told(records, what: str) -> list[dict]:
    return [event for event in records.events if event["name"] == f"edx.bbb_xblock.session.{what}"]


def test_a_session_is_told_from_its_start_to_its_end(platform, records):
    teacher(platform).click_join()
    learner(platform).click_join()
    desk = teacher(platform)
    token = desk.page().cssselect("section")[0].get("data-end-token")
    assert desk.call("end", "POST", body={"token": token}).status_code == 200
    assert [event["name"].rpartition(".")[2] for event in records.events] == ["started", "joined", "joined", "ended"]
    place = {"course_id": COURSE, "usage_key": str(usage_key()), "meeting": Meeting.objects.get().internal_id}
    for event in records.events:
        assert event["data"].items() >= (place | {"server": "main"}).items()
        assert event["context"].items() >= {"course_id": COURSE, "org_id": "ExampleX"}.items()
    assert [event["data"]["role"] for event in told(records, "joined")] == ["moderator", "viewer"]
    assert [event["context"]["user_id"] for event in told(records, "joined")] == [THEA.id, ADA.id]
    assert told(records, "ended")[0]["data"]["code"] == "ended_here"


def test_an_end_that_two_processes_notice_is_told_once(platform, records):
    teacher(platform).click_join()
    for noticing in [Room.objects.select_related("current").get() for _ in range(2)]:
        rooms.lose_meeting(noticing)
    assert len(told(records, "ended")) == 1


def test_a_refused_click_is_told_with_its_code(platform, records):
    platform.enrolled.add(OLGA.id)
    desk = Desk(platform, OLGA)
    ticket = desk.ticket()
    platform.enrolled.discard(OLGA.id)
    desk.call("join", query={"ticket": ticket})
    desk.call("join", query={"ticket": "nonsense"})
    assert [event["data"] for event in records.events] == [
        {"course_id": COURSE, "usage_key": str(usage_key()), "code": code}
        for code in ("not_enrolled", "ticket_refused")
    ]


def test_a_refused_portable_ticket_is_told_too(platform, records):
    Client().get(reverse("bbb_xblock:join"), {"ticket": "nonsense"})
    assert [event["data"] for event in records.events] == [{"code": "ticket_refused"}]
    assert records.events[0]["context"] == {}


def test_looking_at_a_page_and_asking_for_the_status_are_no_events(platform, records):
    learner(platform).page()
    learner(platform).status()
    assert records.events == []


def test_no_event_holds_a_name_an_address_or_a_secret(platform, records, simulator):
    simulator.fault("create", "html_502")
    for desk in (teacher(platform), teacher(platform, block_id="other"), learner(platform, block_id="other")):
        desk.click_join()
    text = json.dumps(records.events) + json.dumps(records.attributes)
    assert len(records.events) == 4
    assert leaks(text) == []
    for word in (ADA.full_name, ADA.username, THEA.full_name, simulator.url, "http", f"{ADA.id:032x}"):
        assert word not in text


def test_the_platform_s_monitoring_learns_of_calls_and_refusals(platform, records, simulator):
    simulator.fault("*", "failed", times=None, key="checksumError")
    learner(platform).click_join()
    marks = records.attributes
    assert marks["bbb_xblock.call"] == "getMeetingInfo"
    assert (marks["bbb_xblock.server"], marks["bbb_xblock.result"]) == ("main", "ChecksumRefused")
    assert marks["bbb_xblock.ms"] >= 0
    assert (marks["bbb_xblock.happened"], marks["bbb_xblock.code"]) == ("refused", "signature_refused")


def test_where_no_tracking_log_is_set_up_everything_goes_on(platform, records, monkeypatch, caplog):
    monkeypatch.setattr(sys.modules["eventtracking.tracker"], "get_tracker", lambda: {}["default"])
    assert teacher(platform).click_join().status_code == 302
    assert "Error" not in caplog.text


def test_without_the_platform_s_packages_everything_goes_on(platform, monkeypatch):
    for name in ("eventtracking.tracker", "edx_django_utils.monitoring"):
        monkeypatch.setitem(sys.modules, name, None)
    assert teacher(platform).click_join().status_code == 302


def test_a_tracking_log_that_fails_keeps_nobody_out(platform, records, monkeypatch, caplog):
    monkeypatch.setattr(records, "events", None)
    assert teacher(platform).click_join().status_code == 302
    assert "has no attribute 'append'" in caplog.text
