"""The end of a meeting is told by anybody who has the address, and stored only after a look."""

from dataclasses import replace

import pytest
from django.core import signing
from django.test import override_settings
from freezegun import freeze_time

from bbb_xblock.bbb import Client, CreateMeeting
from bbb_xblock.domain import receipts
from bbb_xblock.domain.callbacks import NotOurs
from bbb_xblock.models import Meeting, Receipt, Room
from tests.callbacks import (
    client_of_main,
    end_token,
    hold_lease,
    is_waiting,
    make_live_meeting,
    make_meeting,
    told_the_end,
)

pytestmark = pytest.mark.django_db


def test_the_end_of_a_meeting_that_is_gone_is_stored_as_told(simulator, room):
    meeting = make_live_meeting(room)
    receipt = told_the_end(room)
    simulator.reset()
    assert receipts.work_on(receipt.pk) is True
    meeting.refresh_from_db()
    room.refresh_from_db()
    assert (meeting.why_ended, meeting.ended_at is None) == (Meeting.Ending.CALLBACK, False)
    assert (room.current, room.participants, room.confirmed_at) == (None, 0, None)
    assert not is_waiting(receipt)


def test_the_end_of_a_meeting_that_lives_changes_nothing_and_waits(simulator, room):
    """Anybody may have the address: it makes us look, and no more."""
    meeting = make_live_meeting(room)
    receipt = told_the_end(room)
    assert receipts.work_on(receipt.pk) is False
    room.refresh_from_db()
    assert (room.current, room.participants) == (meeting, 2)
    assert is_waiting(receipt)
    simulator.reset()
    assert receipts.work_on(receipt.pk) is True
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK


def test_a_meeting_that_was_followed_by_another_has_ended(simulator, room):
    old = make_live_meeting(room)
    receipt = told_the_end(room)
    simulator.reset()
    simulator.advance(1)
    client_of_main().create(CreateMeeting(meeting_id=room.meeting_id, name="Next"))
    assert receipts.work_on(receipt.pk) is True
    old.refresh_from_db()
    assert old.why_ended == Meeting.Ending.CALLBACK


@pytest.mark.parametrize("sign", [{"has_been_forcibly_ended": True}, {"end_time_ms": 1531155809613}])
def test_a_meeting_that_the_server_is_just_clearing_away_has_ended(simulator, room, monkeypatch, sign):
    make_live_meeting(room)
    told = replace(client_of_main().get_meeting_info(room.meeting_id), **sign)
    monkeypatch.setattr(Client, "get_meeting_info", lambda self, meeting_id: told)
    assert receipts.work_on(told_the_end(room).pk) is True
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK


def test_the_end_told_by_the_server_before_does_not_end_the_meeting_on_the_next(simulator, room):
    meeting = make_live_meeting(room)
    receipt = told_the_end(room, "second")
    assert receipts.work_on(receipt.pk) is True
    room.refresh_from_db()
    assert room.current == meeting
    assert simulator.count("getMeetingInfo") == 0


def test_the_next_meeting_of_a_room_can_tell_its_end_too(simulator, room):
    """It is another token: otherwise the second end would pass for the first, told once more."""
    with freeze_time() as clock:
        for _ in range(2):
            make_live_meeting(room)
            receipt = told_the_end(room)
            simulator.reset()
            assert receipts.work_on(receipt.pk) is True
            clock.tick(1)
            simulator.advance(1)
    assert Receipt.objects.count() == 2
    assert set(Meeting.objects.values_list("why_ended", flat=True)) == {Meeting.Ending.CALLBACK}


def test_an_end_told_before_the_answer_to_create_waits_for_it(simulator, room):
    """Whoever makes the meeting holds the lease until its row is there."""
    hold_lease(room)
    receipt = told_the_end(room)
    assert receipts.work_on(receipt.pk) is False
    make_meeting(room)
    Room.objects.update(lease_holder="", lease_until=None)
    assert receipts.work_on(receipt.pk) is True
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK


@pytest.mark.parametrize("fault", ["html_502", "reset", "cut_xml"])
def test_an_end_that_nobody_can_confirm_waits(simulator, room, fault):
    make_live_meeting(room)
    receipt = told_the_end(room)
    simulator.fault("getMeetingInfo", fault, times=None)
    assert receipts.work_on(receipt.pk) is False
    room.refresh_from_db()
    assert room.current is not None
    assert room.lease_until is None


def test_an_end_on_a_server_that_is_switched_off_waits(simulator, room, settings):
    make_live_meeting(room)
    settings.XBLOCK_SETTINGS["bbb"]["SERVERS"]["main"]["STATE"] = "off"
    assert receipts.work_on(told_the_end(room).pk) is False
    assert Meeting.objects.get().ended_at is None


def test_an_end_of_a_room_that_is_known_to_be_empty_asks_nobody(simulator, room):
    assert receipts.work_on(told_the_end(room).pk) is True
    assert simulator.count() == 0


def test_an_end_of_a_room_that_was_deleted_is_done(room):
    receipt = told_the_end(room)
    room.delete()
    assert receipts.work_on(receipt.pk) is True


def test_a_room_of_a_course_with_an_odd_key_is_looked_at_too(simulator, room):
    make_live_meeting(room)
    Room.objects.update(course_key="no course key")
    receipt = told_the_end(room)
    simulator.reset()
    assert receipts.work_on(receipt.pk) is True


@pytest.mark.parametrize(
    "spoil", [lambda it: it[:-1], lambda it: "x" + it, str.upper, lambda it: "", lambda it: it + "\ud800"]
)
def test_a_token_that_was_changed_is_not_ours(room, spoil):
    with pytest.raises(NotOurs):
        receipts.keep_end(spoil(end_token(room)))
    assert not Receipt.objects.exists()


def test_a_token_for_something_else_or_of_another_site_is_not_ours(room):
    foreign = signing.dumps([room.meeting_id, "main"], salt="bbb_xblock.ticket.session.join")
    with override_settings(SECRET_KEY="another site's"):
        theirs = end_token(room)
    for each in (foreign, theirs):
        with pytest.raises(NotOurs):
            receipts.keep_end(each)


def test_a_token_outlives_a_change_of_the_sites_key(room):
    old = end_token(room)
    with override_settings(SECRET_KEY="the next one", SECRET_KEY_FALLBACKS=["only-for-tests"]):
        assert receipts.keep_end(old).kind == Receipt.Kind.MEETING_ENDED
