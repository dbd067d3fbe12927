"""How long recordings are kept, and how they go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bbb_xblock import bbb
from bbb_xblock.domain.recordings import keeping, rows, sweep
from bbb_xblock.models import Recording, Room
from tests.builders import COURSE
from tests.callbacks import make_meeting, make_room
from tests.recorded import make_recording, publish, record_id_of

State = Recording.State
pytestmark = [pytest.mark.django_db, pytest.mark.database]


def keep(settings, days: int, **courses: int) -> None:
    settings.XBLOCK_SETTINGS["bbb"] |= {
        "RECORDING_DAYS": days,
        "COURSES": {key: {"RECORDING_DAYS": value} for key, value in courses.items()},
    }


@pytest.mark.parametrize(
    ("operator", "author", "days_ago", "is_past"),
    [
        (0, 0, 10_000, False),
        (30, 0, 29, False),
        (30, 0, 31, True),
        (0, 10, 9, False),
        (0, 10, 11, True),
        (30, 10, 11, True),
        (10, 30, 11, True),
        (10, 30, 9, False),
    ],
)
def test_the_smaller_number_of_days_counts(simulator, room, settings, operator, author, days_ago, is_past):
    keep(settings, operator)
    row = make_recording(room, days_ago=days_ago, keep_days=author)
    assert list(keeping.past()) == ([row] if is_past else [])
    told = keeping.deletes_at(row, keeping.days_in(COURSE))
    assert (told is not None and told < timezone.now()) is is_past


def test_a_course_may_have_days_of_its_own(simulator, room, settings):
    theirs = make_room("oex-2")
    Room.objects.filter(pk=theirs.pk).update(course_key="course-v1:Other+One+2026")
    keep(settings, 30, **{COURSE: 10})
    short, long = make_recording(room, days_ago=20), make_recording(theirs, days_ago=20)
    assert list(keeping.past()) == [short]
    keep(settings, 30, **{COURSE: 0})
    make_recording(theirs, days_ago=31)
    assert short not in keeping.past()
    assert long not in keeping.past()
    assert keeping.past().count() == 1


@pytest.mark.parametrize("state", [State.EXPECTED, State.PROCESSING, State.DELETED, State.GONE])
def test_what_is_not_there_is_not_past_its_time(simulator, room, settings, state):
    keep(settings, 10)
    row = make_recording(room, days_ago=20, state=state)
    assert not keeping.past().exists()
    assert keeping.deletes_at(row, 10) is None


@pytest.mark.parametrize("ended", [2, 1531158809, 10**17])
def test_what_a_server_without_a_clock_recorded_today_is_not_past_its_time(simulator, room, settings, ended):
    """One lives in 1970, another tells seconds."""
    keep(settings, 10)
    make_meeting(room)
    told = bbb.Recording(
        record_id="a-1",
        meeting_id=room.meeting_id,
        state=bbb.RecordingState.PUBLISHED,
        start_time_ms=ended - 1,
        end_time_ms=ended,
    )
    rows.take_in("main", [told])
    assert Recording.objects.get().state == State.READY
    assert not keeping.past().exists()


def test_one_whose_end_is_not_known_counts_from_its_beginning(simulator, room, settings):
    keep(settings, 10)
    row = make_recording(room, days_ago=20)
    Recording.objects.update(ended_at=None)
    row.refresh_from_db()
    assert list(keeping.past()) == [row]
    assert keeping.deletes_at(row, 10) == row.started_at + timedelta(days=10)


def test_what_the_author_wished_when_the_meeting_was_made_stays_with_its_recordings(simulator, room):
    meeting = make_meeting(room, record_id_of(room.meeting_id))
    meeting.options = '{"recording_days": 14}'
    meeting.save()
    publish(simulator, room.meeting_id, meeting.internal_id)
    simulator.add_recording("a-breakout-room", metadata={"bbb-context-room": room.meeting_id}, minutes=0)
    simulator.recordings[-1].is_breakout = True
    simulator.recordings[-1].started_at += 60
    sweep.look_again(room)
    assert list(Recording.objects.values_list("keep_days", flat=True)) == [14, 14]
    assert rows.expect(room, "told-of-1", "main").keep_days == 14


def test_what_is_past_its_time_is_deleted_on_its_server_and_its_row_says_so(simulator, room, settings):
    keep(settings, 10)
    old, young = make_recording(room, days_ago=20), make_recording(room, days_ago=5)
    for row in (old, young):
        publish(simulator, room.meeting_id, row.record_id)
    (deletion,) = keeping.delete_past()
    assert (deletion.recording, deletion.meeting_id, deletion.trouble) == (old.pk, room.meeting_id, "")
    assert {each.record_id: each.state for each in simulator.recordings} == {
        old.record_id: "deleted",
        young.record_id: "published",
    }
    gone = Recording.objects.get(pk=old.pk)
    assert (gone.state, gone.is_published) == (State.DELETED, False)
    assert list(keeping.delete_past()) == []
    assert Room.objects.get().recordings_due_at <= timezone.now() + keeping.PROOF


def test_a_server_that_says_it_deleted_and_did_not_is_found_out(simulator, room, settings):
    keep(settings, 10)
    publish(simulator, room.meeting_id, make_recording(room, days_ago=20).record_id)
    list(keeping.delete_past())
    simulator.recordings[0].state = "published"
    sweep.look_again(room)
    assert Recording.objects.get().state == State.READY


def test_what_the_server_has_not_any_more_counts_as_deleted(simulator, room, settings):
    keep(settings, 10)
    make_recording(room, days_ago=20)
    assert [each.trouble for each in keeping.delete_past()] == [""]
    assert Recording.objects.get().state == State.DELETED


def test_many_go_in_few_calls(simulator, room, settings, monkeypatch):
    monkeypatch.setattr(keeping, "AT_ONCE", 10)
    keep(settings, 10)
    for _ in range(25):
        publish(simulator, room.meeting_id, make_recording(room, days_ago=20).record_id)
    assert len(list(keeping.delete_past())) == 25
    assert simulator.count("deleteRecordings") == 3
    assert {each.state for each in simulator.recordings} == {"deleted"}


def test_a_server_that_does_not_answer_is_not_asked_for_each(simulator, room, settings, monkeypatch):
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    keep(settings, 10)
    for _ in range(5):
        make_recording(room, days_ago=20)
    simulator.fault("deleteRecordings", "html_502", times=None)
    assert all(each.trouble for each in keeping.delete_past())
    assert simulator.count("deleteRecordings") == 1
    assert keeping.past().count() == 5


def test_what_cannot_be_deleted_stays_and_the_others_go(simulator, room, settings):
    keep(settings, 10)
    stays = [make_recording(room, days_ago=20, server=slug) for slug in ("second", "before")]
    goes = make_recording(room, days_ago=20)
    publish(simulator, room.meeting_id, goes.record_id)
    troubles = {each.server: each.trouble for each in keeping.delete_past()}
    assert troubles["main"] == ""
    assert "refused the connection" in troubles["second"]
    assert "gone from the settings" in troubles["before"]
    assert set(keeping.past()) == set(stays)
