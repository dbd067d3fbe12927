"""What BigBlueButton tells is kept once, and worked on any number of times with one result."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.bbb import CallbackUnreadable, RecordingReady
from bbb_xblock.domain import receipts
from bbb_xblock.domain.callbacks import NotOurs
from bbb_xblock.models import Meeting, Receipt, Recording, Room
from tests.callbacks import (
    INTERNAL,
    NAME,
    SECRET,
    end_token,
    hold_lease,
    is_waiting,
    make_live_meeting,
    make_meeting,
    make_room,
    report,
    told_the_end,
)
from tests.recorded import publish

MINUTE, DAY = 60, 86400

pytestmark = pytest.mark.django_db


def test_the_same_notice_is_one_receipt_and_each_time_something_to_do(simulator, room):
    """It comes for each format of the recording, and after a rebuild."""
    make_meeting(room)
    publish(simulator, room.meeting_id, INTERNAL)
    ready = RecordingReady(room.meeting_id, INTERNAL)
    for _ in range(3):
        receipt = receipts.keep_recording("main", ready)
        assert receipt.worked_at is None
        assert receipts.work_on(receipt.pk) is True
    assert simulator.count("getRecordings") == 3
    kept = Receipt.objects.get()
    assert json.loads(kept.body) == {"meeting_id": "oex-1", "record_id": INTERNAL}
    assert (kept.server, kept.meeting_id, kept.worked_at is None) == ("main", "oex-1", False)


def test_the_same_analytics_are_one_receipt_however_a_balancer_writes_them(room):
    make_meeting(room)
    body = report()
    reordered = json.dumps(dict(reversed(json.loads(body).items())), indent=2).encode()
    kept = [receipts.keep_analytics("main", each) for each in (body, reordered, body)]
    assert len({receipt.pk for receipt in kept}) == Receipt.objects.count() == 1
    assert json.loads(Receipt.objects.get().body) == json.loads(body)


def test_other_analytics_of_the_same_meeting_are_another_receipt(room):
    make_meeting(room)
    receipts.keep_analytics("main", report())
    receipts.keep_analytics("main", report(customer="somebody"))
    assert Receipt.objects.count() == 2


@pytest.mark.parametrize("word", ["日本 Ünï", "🙂", "\ud800", "\x00", "a" * 70000])
def test_analytics_are_kept_whatever_people_are_called(room, word):
    make_meeting(room)
    receipts.keep_analytics("main", report(name=word))
    kept = Receipt.objects.get().body
    assert json.loads(kept)["name"] == word
    assert kept.isascii()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"meeting_id": "oex-1"}'])
def test_analytics_that_make_no_sense_are_not_kept(room, body):
    with pytest.raises(CallbackUnreadable):
        receipts.keep_analytics("main", body)
    assert not Receipt.objects.exists()


def test_analytics_with_readable_ids_and_a_part_too_deep_to_write_are_not_kept(room, monkeypatch):
    def too_deep(*args, **kwargs):
        raise RecursionError

    make_meeting(room)
    monkeypatch.setattr(receipts, "_written", too_deep)
    with pytest.raises(CallbackUnreadable):
        receipts.keep_analytics("main", report())


def keep(about: str, meeting_id: str, internal_id: str, server: str = "main") -> Receipt:
    if about == "recording":
        return receipts.keep_recording(server, RecordingReady(meeting_id, internal_id))
    return receipts.keep_analytics(server, report(meeting_id, internal_id))


BOTH = pytest.mark.parametrize("about", ["recording", "analytics"])


@BOTH
@pytest.mark.parametrize(
    ("meeting_id", "internal_id", "server"),
    [
        ("another-site", INTERNAL, "main"),
        ("another-site", "unknown-1", "main"),
        ("OEX-1", INTERNAL, "main"),
        ("oex-1 ", INTERNAL, "main"),
        ("oex-2", INTERNAL, "main"),
        ("oex-1", INTERNAL, "second"),
    ],
)
def test_what_is_about_no_meeting_of_ours_on_that_server_is_not_kept(about, meeting_id, internal_id, server):
    make_meeting(make_room())
    make_room("oex-2")
    with pytest.raises((NotOurs, CallbackUnreadable)):
        keep(about, meeting_id, internal_id, server)
    assert not Receipt.objects.exists()


@BOTH
def test_what_comes_before_the_answer_to_create_is_kept(room, about):
    hold_lease(room)
    assert keep(about, room.meeting_id, INTERNAL).meeting_id == "oex-1"


@BOTH
def test_of_a_room_without_a_meeting_nobody_tells_anything_unless_one_is_being_made(room, about):
    Room.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotOurs):
        keep(about, room.meeting_id, INTERNAL)
    Room.objects.update(lease_until=timezone.now() + timedelta(days=1))
    with pytest.raises(NotOurs):
        keep(about, room.meeting_id, INTERNAL)
    assert not Receipt.objects.exists()


@BOTH
def test_no_other_server_of_the_site_tells_anything_of_a_room(room, about):
    make_meeting(room)
    with pytest.raises(NotOurs):
        keep(about, room.meeting_id, "made-up-1", server="second")
    assert keep(about, room.meeting_id, "of-a-meeting-before", server="main").server == "main"


@BOTH
def test_a_meeting_of_another_room_is_not_taken_for_one_of_this(room, about):
    make_meeting(room)
    make_meeting(make_room("oex-2"), "of-the-other-room")
    with pytest.raises(NotOurs):
        keep(about, room.meeting_id, "of-the-other-room")
    assert not Receipt.objects.exists()


@BOTH
def test_a_room_that_moved_is_told_of_by_both_servers(room, about):
    make_meeting(room)
    make_meeting(room, "internal-2", server="second")
    assert keep(about, room.meeting_id, INTERNAL, server="main").server == "main"
    assert keep(about, room.meeting_id, "internal-2", server="second").server == "second"


def test_of_a_server_that_sends_without_end_only_so_many_reports_are_kept(room):
    make_meeting(room)
    most = 2 * receipts.MOST_REPORTS
    sent = [report(internal_id=f"made-up-{number}") for number in range(most + 1)]
    for body in sent[:most]:
        receipts.keep_analytics("main", body)
    with pytest.raises(NotOurs):
        receipts.keep_analytics("main", sent[most])
    assert receipts.keep_analytics("main", sent[0]) in Receipt.objects.all()
    make_meeting(room, "internal-2")
    receipts.keep_analytics("main", sent[most])
    assert Receipt.objects.count() == most + 1


def test_of_a_server_that_tells_of_recordings_without_end_only_so_many_notices_are_kept(room, monkeypatch):
    monkeypatch.setattr(receipts, "MOST_NOTICES", 3)
    make_meeting(room)
    for number in range(6):
        receipts.keep_recording("main", RecordingReady(room.meeting_id, f"made-up-{number}"))
    with pytest.raises(NotOurs):
        receipts.keep_recording("main", RecordingReady(room.meeting_id, "made-up-6"))
    again = receipts.keep_recording("main", RecordingReady(room.meeting_id, "made-up-0"))
    assert is_waiting(again)
    assert Receipt.objects.count() == 6


def test_in_any_order_and_any_number_of_times_the_result_is_one(simulator):
    def told(room):
        return [
            told_the_end(room),
            keep("recording", room.meeting_id, room.current.internal_id),
            keep("analytics", room.meeting_id, room.current.internal_id),
        ]

    results = set()
    for number, order in enumerate(itertools.permutations(range(3))):
        room = make_room(f"oex-{number}")
        make_live_meeting(room)
        waiting = told(room)
        simulator.reset()
        publish(simulator, room.meeting_id, room.current.internal_id)
        for which in (*order, *reversed(order)):
            receipts.work_on(waiting[which].pk)
        meeting = Meeting.objects.get(room=room)
        recording = Recording.objects.get(room=room)
        results.add((meeting.why_ended, recording.state, *(not is_waiting(receipt) for receipt in waiting)))
    assert results == {(Meeting.Ending.CALLBACK, Recording.State.READY, True, True, True)}


def test_a_receipt_that_is_gone_or_done_is_not_worked_on(simulator, room):
    make_live_meeting(room)
    receipt = told_the_end(room)
    Receipt.objects.update(worked_at=timezone.now())
    assert receipts.work_on(receipt.pk) is True
    assert receipts.work_on(receipt.pk + 1) is True
    assert simulator.count("getMeetingInfo") == 0


def test_a_receipt_whose_work_broke_waits(simulator, room, monkeypatch):
    make_live_meeting(room)
    receipt = told_the_end(room)
    monkeypatch.setattr(receipts.servers, "of_meeting", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        receipts.work_on(receipt.pk)
    assert is_waiting(receipt)
    assert Room.objects.get().lease_until is None


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_works(transactional_db, simulator, room):
    make_live_meeting(room)
    receipt = told_the_end(room)
    simulator.reset()
    simulator.fault("getMeetingInfo", "slow", seconds=0.3)

    def work(_):
        try:
            return receipts.work_on(receipt.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(work, range(4))) == {True}
    assert simulator.count("getMeetingInfo") == 1
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK


def test_a_receipt_whose_worker_died_is_worked_on_later(simulator, room):
    """The claim of a dead worker is given back by nobody; it runs out."""
    make_meeting(room)
    with freeze_time() as clock:
        receipt = told_the_end(room)
        clock.tick(receipts.FORGOTTEN_SECONDS)
        claim = timezone.now() + timedelta(seconds=receipts.CLAIM_SECONDS)
        Receipt.objects.update(claimed_until=claim)
        assert receipts.work_on(receipt.pk) is True
        assert receipts.work_on_waiting(5) == 0
        assert simulator.count() == 0
        clock.tick(receipts.CLAIM_SECONDS + 1)
        assert receipts.work_on_waiting(5) == 1
    assert not is_waiting(receipt)
    assert Receipt.objects.get().claimed_until is None


def test_a_claim_that_ran_out_is_not_given_back_by_its_old_holder(simulator, room, monkeypatch):
    make_live_meeting(room)
    receipt = told_the_end(room)
    theirs = timezone.now() + timedelta(days=1)

    def slowly(*args):
        Receipt.objects.update(claimed_until=theirs)
        return False

    monkeypatch.setattr(receipts, "_is_stored_as_ended", slowly)
    assert receipts.work_on(receipt.pk) is False
    assert Receipt.objects.get().claimed_until == theirs


def test_a_recording_that_is_told_while_its_receipt_is_worked_on_is_worked_on_again(simulator, room, monkeypatch):
    make_meeting(room)
    publish(simulator, room.meeting_id, INTERNAL)
    ready = RecordingReady(room.meeting_id, INTERNAL)
    is_done = receipts._is_done

    def meanwhile(receipt):
        receipts.keep_recording("main", ready)
        return is_done(receipt)

    receipt = receipts.keep_recording("main", ready)
    with monkeypatch.context() as once:
        once.setattr(receipts, "_is_done", meanwhile)
        assert receipts.work_on(receipt.pk) is False
    assert is_waiting(receipt)
    assert receipts.work_on(receipt.pk) is True
    assert not is_waiting(receipt)


def test_receipts_that_the_queue_forgot_are_worked_on_later(simulator, room):
    make_meeting(room)
    with freeze_time() as clock:
        receipt = told_the_end(room)
        clock.tick(14 * MINUTE)
        assert receipts.work_on_waiting(5) == 0
        clock.tick(2 * MINUTE)
        assert receipts.work_on_waiting(5) == 1
    assert not is_waiting(receipt)
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK


def test_only_so_many_forgotten_receipts_are_worked_on_at_once(room):
    with freeze_time() as clock:
        for _ in range(4):
            told_the_end(room)
            clock.tick(1)
        clock.tick(16 * MINUTE)
        assert [receipts.work_on_waiting(3), receipts.work_on_waiting(3)] == [3, 1]


def test_a_receipt_that_waited_for_a_day_is_given_up(simulator, room):
    make_live_meeting(room)
    with freeze_time() as clock:
        receipt = told_the_end(room)
        clock.tick(DAY + 1)
        assert receipts.work_on_waiting(5) == 0
    assert not is_waiting(receipt)
    assert simulator.count("getMeetingInfo") == 0


def test_the_log_names_no_token_no_secret_and_no_person(simulator, room, caplog):
    caplog.set_level("DEBUG")
    make_live_meeting(room)
    ended = end_token(room)
    receipt = receipts.keep_end(ended)
    keep("analytics", "oex-1", room.current.internal_id)
    simulator.fault("getMeetingInfo", "html_502", times=None)
    receipts.work_on(receipt.pk)
    simulator.reset()
    receipts.work_on(receipt.pk)
    assert "told the end" in caplog.text
    for hidden in (ended, SECRET, NAME, "checksum="):
        assert hidden not in caplog.text
