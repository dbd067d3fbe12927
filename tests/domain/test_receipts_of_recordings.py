"""That a meeting was recorded is told by anybody in it, and believed of one that is over and could be recorded."""

from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.bbb import RecordingReady
from bbb_xblock.domain import callbacks, receipts
from bbb_xblock.models import Meeting, Receipt, Recording, Room
from tests.callbacks import hold_lease, is_waiting, make_live_meeting, make_meeting, make_room, notice

State = Recording.State
pytestmark = pytest.mark.django_db


def token_of(room: Room, server: str = "main") -> str:
    """Give the token in the address that tells whether the meeting about to be made was recorded."""
    return str(resolve(urlsplit(callbacks.recorded_url(room.meeting_id, server)).path).kwargs["token"])


def recordable(room: Room) -> tuple[str, Meeting]:
    """Make a live meeting that may be recorded, and the token that it was made with."""
    token = token_of(room)
    meeting = make_live_meeting(room)
    Meeting.objects.filter(pk=meeting.pk).update(is_recordable=True)
    return token, meeting


def test_a_meeting_that_is_over_and_was_recorded_has_a_recording_to_come(simulator, room):
    token, meeting = recordable(room)
    receipt = receipts.keep_recorded(token)
    simulator.reset()
    assert receipts.work_on(receipt.pk) is True
    row = Recording.objects.get()
    assert (row.record_id, row.state, row.room) == (meeting.internal_id, State.EXPECTED, room)
    meeting.refresh_from_db()
    assert row.since == meeting.ended_at
    assert Room.objects.get().recordings_due_at > timezone.now()


def test_while_the_meeting_lives_nothing_is_expected(simulator, room):
    """Everybody in it may read the address."""
    token, _ = recordable(room)
    receipt = receipts.keep_recorded(token)
    assert receipts.work_on(receipt.pk) is False
    assert is_waiting(receipt)
    assert not Recording.objects.exists()


def test_a_meeting_that_could_not_be_recorded_was_not(simulator, room):
    token = token_of(room)
    make_live_meeting(room)
    simulator.reset()
    assert receipts.work_on(receipts.keep_recorded(token).pk) is True
    assert not Recording.objects.exists()


def test_the_end_need_not_be_asked_for_twice(simulator, room):
    token, meeting = recordable(room)
    Meeting.objects.filter(pk=meeting.pk).update(ended_at=timezone.now())
    simulator.forget_calls()
    assert receipts.work_on(receipts.keep_recorded(token).pk) is True
    assert simulator.count("getMeetingInfo") == 0
    assert Recording.objects.get().state == State.EXPECTED


def test_each_meeting_of_a_room_has_its_own(simulator, room):
    with freeze_time() as clock:
        first, second = [], []
        for told in (first, second):
            clock.tick(10)
            simulator.advance(10)
            told.extend(recordable(room))
            simulator.reset()
        Meeting.objects.update(ended_at=timezone.now())
        assert receipts.work_on(receipts.keep_recorded(second[0]).pk) is True
    assert Recording.objects.get().record_id == second[1].internal_id


def test_before_the_answer_to_create_it_waits_and_without_a_meeting_it_is_done(simulator, room):
    hold_lease(room)
    receipt = receipts.keep_recorded(token_of(room))
    assert receipts.work_on(receipt.pk) is False
    Room.objects.update(lease_until=None)
    assert receipts.work_on(receipt.pk) is True
    assert not Recording.objects.exists()


@pytest.mark.parametrize("spoil", [lambda it: it[:-1], str.upper, lambda it: "", lambda it: it + "\ud800"])
def test_a_token_that_was_changed_is_not_ours(room, spoil):
    with pytest.raises(callbacks.NotOurs):
        receipts.keep_recorded(spoil(token_of(room)))


def test_a_token_of_the_end_is_not_one_of_the_recording(room):
    theirs = signing.dumps([room.meeting_id, "main"], salt="bbb_xblock.callback.ended")
    with pytest.raises(callbacks.NotOurs):
        receipts.keep_recorded(theirs)


@pytest.mark.parametrize(("marks", "kept"), [("true", 1), ("false", 0), ("", 0), ("TRUE", 0)])
def test_only_that_it_was_recorded_is_kept(room, marks, kept):
    path = urlsplit(callbacks.recorded_url(room.meeting_id, "main")).path
    assert Client().get(path, {"recordingmarks": marks, "meetingID": room.meeting_id}).status_code == 200
    assert Receipt.objects.count() == kept


def test_a_stranger_s_token_is_refused(room):
    assert Client().get("/bbb/recorded/made:up:token", {"recordingmarks": "true"}).status_code == 401


# Recordings of breakout rooms


def test_a_breakout_room_s_recording_is_told_at_the_address_of_its_meeting(simulator, room):
    make_meeting(room)
    theirs = simulator.add_recording("a-breakout-room", metadata={"bbb-context-room": room.meeting_id})
    theirs.is_breakout = True
    form = f"signed_parameters={notice('a-breakout-room', theirs.record_id)}"
    path = urlsplit(callbacks.recording_ready_url("main", room.meeting_id)).path
    answer = Client().post(path, form, "application/x-www-form-urlencoded")
    assert answer.status_code == 200
    receipt = Receipt.objects.get()
    assert receipt.meeting_id == room.meeting_id
    receipts.work_on(receipt.pk)
    assert Recording.objects.get().is_breakout


def test_the_room_of_the_notice_counts_before_that_of_the_address(room):
    other = make_room("oex-2")
    for each, internal_id in ((room, "internal-1"), (other, "internal-2")):
        make_meeting(each, internal_id)
    receipt = receipts.keep_recording("main", RecordingReady("oex-2", "internal-2"), "oex-1")
    assert receipt.meeting_id == "oex-2"


@pytest.mark.parametrize("address", ["", "oex-9", "OEX-1"])
def test_a_notice_about_no_room_of_ours_is_not_kept(room, address):
    make_meeting(room)
    with pytest.raises(callbacks.NotOurs):
        receipts.keep_recording("main", RecordingReady("a-breakout-room", "unknown-1"), address)


def test_an_id_that_no_row_takes_is_not_kept(room):
    make_meeting(room)
    with pytest.raises(callbacks.NotOurs):
        receipts.keep_recording("main", RecordingReady(room.meeting_id, "x" * 129))
