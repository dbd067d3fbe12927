"""What the course team does with recordings is told to the platform: who did it, by user id, and to which recording."""

import logging

import pytest

from tests.builders import THEA, teacher
from tests.desk import ask, on_server
from tests.fakes.tracking import Records


@pytest.fixture
def records():
    with Records().modules() as kept:
        yield kept


@pytest.mark.parametrize(("action", "named"), [("hide", "hidden"), ("publish", "published"), ("delete", "deleted")])
def test_each_recording_is_an_event_of_its_own(platform, simulator, records, action, named):
    desk = teacher(platform)
    recordings = [on_server(simulator, desk) for _ in range(2)]
    ask(desk, action, *(each.pk for each in recordings))
    assert [event["name"] for event in records.events] == [f"edx.bbb_xblock.recording.{named}"] * 2
    assert [event["data"]["meeting"] for event in records.events] == [each.record_id for each in recordings]
    assert {event["context"]["user_id"] for event in records.events} == {THEA.id}
    assert "thea" not in str(records.events).lower()


def test_what_was_not_done_is_not_told(platform, simulator, records):
    desk = teacher(platform)
    recording = on_server(simulator, desk)
    simulator.fault("*", "html_502", times=None)
    ask(desk, "delete", recording.pk)
    assert records.events == []


def test_the_log_names_the_person_by_number_only(platform, simulator, caplog):
    desk = teacher(platform)
    recording = on_server(simulator, desk)
    with caplog.at_level(logging.INFO, "bbb_xblock"):
        ask(desk, "describe", recording.pk, title="Private matters", description="")
        ask(desk, "hide", recording.pk)
    assert f"user {THEA.id}" in caplog.text
    assert "Private" not in caplog.text
    assert "thea" not in caplog.text.lower()
