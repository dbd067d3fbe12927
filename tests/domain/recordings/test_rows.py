"""Rows are made and kept up to date from what servers say, and servers are believed only about what was on them."""

import json

import pytest
from django.utils import timezone

from bbb_xblock import bbb
from bbb_xblock.bbb import PlaybackFormat
from bbb_xblock.domain.recordings import rows
from bbb_xblock.models import Recording
from tests.callbacks import INTERNAL, make_meeting, make_room

State = Recording.State
pytestmark = [pytest.mark.django_db, pytest.mark.database]

IN_WORK = {"state": bbb.RecordingState.PROCESSING, "formats": ()}
VIDEO = PlaybackFormat(type="video", url="https://playback.example.org/video/1/", length_minutes=50, size=1000)


def told(record_id: str = INTERNAL, meeting_id: str = "oex-1", **more) -> bbb.Recording:
    """Say what a server says of a recording of ours."""
    said = {
        "name": "Physics",
        "state": bbb.RecordingState.PUBLISHED,
        "start_time_ms": 1531155809613,
        "end_time_ms": 1531158809613,
        "participants": 3,
        "size": 2000,
        "formats": (VIDEO,),
    }
    return bbb.Recording(record_id=record_id, meeting_id=meeting_id, **(said | more))


@pytest.fixture
def room(room):
    make_meeting(room)
    return room


def test_what_a_server_says_becomes_a_row(room):
    rows.take_in("main", [told()])
    row = Recording.objects.get()
    assert (row.room, row.server, row.record_id) == (room, "main", INTERNAL)
    assert (row.state, row.is_published, row.name, row.participants, row.size) == (
        State.READY,
        True,
        "Physics",
        3,
        2000,
    )
    assert (row.ended_at - row.started_at).total_seconds() == 3000
    assert json.loads(row.formats) == [{"type": "video", "url": VIDEO.url, "minutes": 50, "size": 1000}]
    assert row.audience == Recording.Audience.EVERYBODY


def test_what_is_said_once_more_changes_nothing_but_when_it_was_seen(room):
    rows.take_in("main", [told()])
    before = Recording.objects.values().get()
    rows.take_in("main", [told(), told()])
    after = Recording.objects.values().get()
    assert after["seen_at"] > before["seen_at"]
    assert {name for name in after if after[name] != before[name]} == {"seen_at", "asked_at"}


def test_what_the_course_team_wrote_stays(room):
    rows.take_in("main", [told()])
    Recording.objects.update(title="Lecture 1", description="Forces", audience=Recording.Audience.MODERATORS)
    rows.take_in("main", [told(name="Physics once more")])
    row = Recording.objects.get()
    assert (row.name, row.title, row.description) == ("Physics once more", "Lecture 1", "Forces")
    assert row.audience == Recording.Audience.MODERATORS


def test_a_meeting_that_was_recorded_is_expected_once_and_then_found(room):
    assert rows.expect(room, INTERNAL, "main") == rows.expect(room, INTERNAL, "main")
    assert Recording.objects.get().state == State.EXPECTED
    rows.take_in("main", [told(**IN_WORK)])
    assert Recording.objects.get().state == State.PROCESSING
    asked_at = timezone.now()
    rows.take_in("main", [told()], asked_at)
    assert (Recording.objects.get().state, Recording.objects.get().since) == (State.READY, asked_at)


def test_an_older_answer_does_not_overwrite_a_newer_one(room):
    before = timezone.now()
    rows.take_in("main", [told()])
    rows.take_in("main", [told(**IN_WORK)], before)
    assert Recording.objects.get().state == State.READY


@pytest.mark.parametrize(
    ("server", "meeting_id", "record_id"),
    [
        ("main", "another-site", "unknown-1"),
        ("main", "OEX-1", "unknown-1"),
        ("main", "oex-2", "unknown-1"),
        ("second", "oex-1", "unknown-1"),
        ("second", "oex-1", INTERNAL),
        ("main", "oex-1", "of-another-room"),
        ("main", "oex-1", "of-another-server"),
    ],
)
def test_a_server_is_not_believed_about_what_was_never_on_it(room, server, meeting_id, record_id):
    make_room("oex-2")
    make_meeting(make_room("oex-3"), "of-another-room")
    make_meeting(make_room("oex-4"), "of-another-server", server="second")
    rows.take_in(server, [told(record_id, meeting_id)])
    assert not Recording.objects.exists()


def test_a_row_does_not_change_its_room(room):
    make_meeting(make_room("oex-2"), "internal-2")
    rows.take_in("main", [told("made-up-1")])
    rows.take_in("main", [told("made-up-1", "oex-2", name="Mine now")])
    assert (Recording.objects.get().room, Recording.objects.get().name) == (room, "Physics")


def test_what_is_said_in_another_case_or_too_long_is_not_taken_for_what_is_known(room):
    rows.take_in("main", [told()])
    rows.take_in("main", [told(INTERNAL.upper(), name="Another"), told("x" * 129)])
    assert Recording.objects.get(record_id=INTERNAL).name == "Physics"
    assert not Recording.objects.filter(record_id__startswith="xxx").exists()


def test_an_end_that_is_known_stays_where_the_server_tells_none(room):
    rows.expect(room, INTERNAL, "main")
    ended_at = Recording.objects.get().ended_at
    rows.take_in("main", [told(end_time_ms=0)])
    row = Recording.objects.get()
    assert row.ended_at == ended_at
    assert row.started_at.year == 2018


def test_one_that_is_being_made_has_been_since_its_meeting_ended(room):
    rows.take_in("main", [told(**IN_WORK)])
    row = Recording.objects.get()
    assert row.since == row.ended_at


def test_however_many_are_found_few_are_held_at_once(room, monkeypatch):
    monkeypatch.setattr(rows, "AT_ONCE", 3)
    drawn = []

    def found():
        for number in range(10):
            drawn.append(number)
            assert len(drawn) - Recording.objects.count() <= 3
            yield told(f"internal-{number}")

    assert rows.take_in("main", found()) == rows.Tally(told=10, new=10)


def test_a_server_that_makes_up_recordings_fills_no_room_without_end(room, monkeypatch):
    monkeypatch.setattr(rows, "MOST_IN_ROOM", 5)
    for _ in range(2):
        rows.take_in("main", [told(f"made-up-{number}") for number in range(20)])
        rows.take_in("main", [told("made-up-0", name="Still told of")])
    assert Recording.objects.count() == 5
    assert Recording.objects.get(record_id="made-up-0").name == "Still told of"


def test_another_room_has_as_many(room, monkeypatch):
    monkeypatch.setattr(rows, "MOST_IN_ROOM", 1)
    make_meeting(make_room("oex-2"), "of-another")
    rows.take_in("main", [told("one"), told("two"), told("of-another", "oex-2")])
    assert sorted(Recording.objects.values_list("record_id", flat=True)) == ["of-another", "one"]
