"""News of recordings is asked for in turns, in few calls, and what a server forgot is marked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.bbb import RecordingState
from bbb_xblock.domain import rooms
from bbb_xblock.domain.recordings import rows, rules, sweep
from bbb_xblock.models import Meeting, Recording, Room
from bbb_xblock.options import SessionOptions
from sandbox.simulator.modes import MODES
from tests.callbacks import client_of_main, make_live_meeting, make_meeting, make_room
from tests.recorded import make_recording, publish, record_id_of

State = Recording.State
pytestmark = [pytest.mark.django_db, pytest.mark.database]
INTERNAL = record_id_of("oex-1")
WORKING = {"state": State.PROCESSING, "is_published": False, "formats": "[]"}


def ask_now(*which: Room) -> None:
    """Have it be the rooms' turn."""
    Room.objects.filter(pk__in=[room.pk for room in which]).update(recordings_due_at=timezone.now())


def state(row: Recording) -> str:
    return Recording.objects.get(pk=row.pk).state


# What a look finds


def test_a_recording_that_nobody_told_of_is_found(simulator, room):
    make_meeting(room, INTERNAL)
    publish(simulator, room.meeting_id, INTERNAL)
    (answer,) = sweep.look_again(room)
    assert (answer.server, answer.tally, answer.trouble) == ("main", rows.Tally(told=1, new=1), "")
    assert Recording.objects.get().state == State.READY


def test_a_recording_that_is_done_is_found_done(simulator, room):
    row = make_recording(room, **WORKING)
    publish(simulator, room.meeting_id, row.record_id)
    sweep.look_again(room)
    assert state(row) == State.READY


def test_what_the_server_forgot_is_marked_and_comes_back_when_it_is_found(simulator, room):
    row = make_recording(room, title="Lecture 1")
    (answer,) = sweep.look_again(room)
    assert answer.tally == rows.Tally(gone=1)
    assert (state(row), Recording.objects.get().is_published) == (State.GONE, False)
    publish(simulator, room.meeting_id, row.record_id)
    sweep.look_again(room)
    found = Recording.objects.get()
    assert (found.state, found.is_published, found.title) == (State.READY, True, "Lecture 1")


def test_what_is_deleted_on_the_server_is_marked_deleted_and_stays_so_when_it_is_forgotten(simulator, room):
    row = make_recording(room)
    publish(simulator, room.meeting_id, row.record_id).state = "deleted"
    sweep.look_again(room)
    assert state(row) == State.DELETED
    simulator.reset()
    sweep.look_again(room)
    assert state(row) == State.DELETED


def test_one_that_is_awaited_is_not_gone_before_its_time(simulator, room):
    row = make_recording(room, **WORKING)
    sweep.look_again(room)
    assert state(row) == State.PROCESSING
    Recording.objects.update(since=timezone.now() - rules.WAIT)
    sweep.look_again(room)
    assert state(row) == State.GONE


@pytest.mark.parametrize("why", ["off", "gone from the settings", "silent"])
def test_what_cannot_be_asked_about_is_not_gone(simulator, room, settings, why):
    row = make_recording(room)
    servers = settings.XBLOCK_SETTINGS["bbb"]["SERVERS"]
    if why == "off":
        servers["main"]["STATE"] = "off"
    elif why == "silent":
        simulator.fault("getRecordings", "reset", times=None)
    else:
        del servers["main"]
    (answer,) = sweep.look_again(room)
    assert (answer.is_off, bool(answer.trouble)) == (why != "silent", why == "silent")
    assert state(row) == State.READY


@pytest.mark.parametrize("may_be", ["draining", "recordings"])
def test_a_server_that_takes_no_new_meetings_is_asked_for_its_recordings(simulator, room, settings, may_be):
    settings.XBLOCK_SETTINGS["bbb"]["SERVERS"]["main"]["STATE"] = may_be
    settings.XBLOCK_SETTINGS["bbb"]["SERVER"] = "second"
    make_meeting(room, INTERNAL)
    publish(simulator, room.meeting_id, INTERNAL)
    sweep.look_again(room)
    assert Recording.objects.get().state == State.READY


def test_awaited_ones_are_given_up_also_where_no_server_is_left_to_ask(simulator, room, settings):
    row = make_recording(room, **WORKING, server="no longer there")
    Recording.objects.update(since=timezone.now() - rules.WAIT)
    sweep.look_again(room)
    assert state(row) == State.GONE


def test_a_room_that_moved_is_asked_for_on_each_server(simulator, room, settings):
    make_meeting(room, INTERNAL)
    make_recording(room, server="second")
    publish(simulator, room.meeting_id, INTERNAL)
    answers = {answer.server: answer for answer in sweep.look_again(room)}
    assert answers["main"].tally.new == 1
    assert "refused the connection" in answers["second"].trouble
    assert Recording.objects.get(server="second").state == State.READY


def test_breakout_rooms_belong_to_the_room_of_their_meeting(simulator, room):
    make_meeting(room, INTERNAL)
    theirs = simulator.add_recording("a-breakout-room", metadata={"bbb-context-room": room.meeting_id})
    theirs.is_breakout = True
    other = simulator.add_recording("no-breakout-room", metadata={"bbb-context-room": room.meeting_id})
    sweep.look_again(room)
    found = Recording.objects.get()
    assert (found.room, found.record_id, found.is_breakout) == (room, theirs.record_id, True)
    assert other.record_id != found.record_id
    own = publish(simulator, room.meeting_id, INTERNAL)
    own.metadata["bbb-context-room"] = room.meeting_id
    assert [answer.tally.told for answer in sweep.look_again(room)] == [2]
    found = Recording.objects.get(is_breakout=True)
    simulator.world.recordings.remove(theirs)
    sweep.look_again(room)
    assert state(found) == State.GONE


@pytest.mark.parametrize("mode", ["bbb-3.0", "scalelite", "bbblb"])
def test_every_kind_of_server_is_read_alike(simulator, room, mode):
    simulator.world.mode = MODES[mode]
    make_meeting(room, INTERNAL)
    publish(simulator, room.meeting_id, INTERNAL)
    sweep.look_again(room)
    row = Recording.objects.get()
    assert (row.state, row.is_published, row.minutes) == (State.READY, True, 30)
    simulator.recordings[0].state = "unpublished"
    sweep.look_again(room)
    assert (state(row), Recording.objects.get().is_published) == (State.READY, False)


def test_the_address_of_a_protected_recording_is_not_kept(simulator, room):
    """It works once, for whoever asked for it."""
    simulator.world.mode = MODES["scalelite"]
    make_meeting(room, INTERNAL)
    publish(simulator, room.meeting_id, INTERNAL).protected = True
    sweep.look_again(room)
    row = Recording.objects.get()
    assert row.is_protected is True
    assert '"url": ""' in row.formats
    assert "http" not in row.formats


# Turns


def test_of_many_who_see_that_it_is_time_one_asks(room):
    ask_now(room)
    first, second = Room.objects.get(), Room.objects.get()
    assert [sweep.takes_turn(each) for each in (first, second, first, Room.objects.get())] == [
        True,
        False,
        False,
        False,
    ]


def test_whoever_died_asking_is_followed_by_somebody_else(room):
    with freeze_time() as clock:
        ask_now(room)
        assert sweep.takes_turn(Room.objects.get())
        clock.tick(sweep.TURN + timedelta(seconds=1))
        assert sweep.takes_turn(Room.objects.get())


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_asks(transactional_db, simulator, room):
    make_recording(room)
    ask_now(room)

    def look(_: int) -> None:
        try:
            sweep.look_at_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))
    # All recordings of the room, and by name the one that was not among them.
    assert simulator.count("getRecordings") == 2


def test_many_rooms_cost_one_question(simulator, room):
    several = [room, *(make_room(f"oex-{number}") for number in range(2, 30))]
    for each in several:
        publish(simulator, each.meeting_id, make_recording(each).record_id)
    ask_now(*several)
    sweep.look_at_due()
    assert simulator.count("getRecordings") == 1
    assert not Room.objects.filter(recordings_due_at__lte=timezone.now()).exists()


def test_only_so_many_rooms_are_asked_about_at_once_those_that_wait_longest_first(simulator, room):
    make_meeting(room, INTERNAL)
    late = make_room("oex-2")
    make_meeting(late, "internal-2")
    ask_now(room)
    Room.objects.filter(pk=late.pk).update(recordings_due_at=timezone.now() - timedelta(days=1))
    sweep.look_at_due(1)
    assert list(Room.objects.filter(recordings_due_at__lte=timezone.now())) == [room]


def test_when_nothing_is_due_nobody_is_asked(simulator, room):
    make_recording(room)
    assert sweep.look_at_due() == []
    assert simulator.count() == 0


# Pauses


def due_in(room: Room) -> timedelta:
    return Room.objects.get(pk=room.pk).recordings_due_at - timezone.now()


def test_one_that_is_awaited_is_asked_for_more_and_more_seldom(simulator, room):
    row = make_recording(room, **WORKING)
    pauses = []
    for hours in (0, 1, 8, 200):
        Recording.objects.filter(pk=row.pk).update(since=timezone.now() - timedelta(hours=hours))
        sweep.look_again(room)
        pauses.append(due_in(room))
    assert pauses == sorted(pauses)
    assert timedelta(minutes=1) < pauses[0] < timedelta(minutes=3)
    assert pauses[-1] < timedelta(hours=8)


def test_one_that_is_there_is_looked_after_seldom_and_one_that_was_deleted_never(simulator, room):
    row = make_recording(room)
    publish(simulator, room.meeting_id, row.record_id)
    sweep.look_again(room)
    assert due_in(room) > timedelta(hours=17)
    simulator.recordings[0].state = "deleted"
    sweep.look_again(room)
    assert Room.objects.get().recordings_due_at is None


def test_where_a_server_does_not_answer_it_is_asked_again_before_long(simulator, room):
    make_recording(room, days_ago=400)
    simulator.fault("getRecordings", "html_502", times=None)
    sweep.look_again(room)
    assert due_in(room) <= rules.UNREACHABLE_PAUSE


def test_a_meeting_that_may_have_been_recorded_makes_its_room_due_and_another_does_not(simulator, room):
    for recorded in (False, True):
        meeting = make_live_meeting(room)
        Meeting.objects.update(is_recordable=recorded)
        room.current = Meeting.objects.get(pk=meeting.pk)
        rooms.lose_meeting(room)
        due = Room.objects.get().recordings_due_at
        assert (due is not None) is recorded
        simulator.reset()
        simulator.advance(1)


def test_a_meeting_whose_end_nobody_tells_makes_its_room_due_too(simulator, room):
    made = make_live_meeting(room)
    Meeting.objects.all().delete()
    rooms.begin_meeting(room, client_of_main(), made.internal_id, "1", SessionOptions(record=True))
    assert Meeting.objects.get().is_recordable
    assert due_in(room) > timedelta(hours=1)


def test_nobody_asks_for_ever_for_a_meeting_that_nobody_recorded(simulator, room):
    with freeze_time() as clock:
        make_meeting(room, INTERNAL)
        Meeting.objects.update(is_recordable=True)
        sweep.look_again(room)
        assert Room.objects.get().recordings_due_at is not None
        clock.tick(rules.WAIT + timedelta(days=1))
        sweep.look_again(room)
    assert Room.objects.get().recordings_due_at is None


def test_a_turn_that_was_set_meanwhile_counts(simulator, room, monkeypatch):
    """A meeting ends while a server is asked about the one before."""
    make_recording(room)
    soon = timezone.now() + timedelta(minutes=10)
    look = rows.take_in

    def meanwhile(*about):
        Room.objects.update(recordings_due_at=soon)
        return look(*about)

    monkeypatch.setattr(rows, "take_in", meanwhile)
    sweep.look_again(room)
    assert Room.objects.get().recordings_due_at == soon


# All rooms


def test_all_rooms_are_asked_about_server_by_server_however_many(simulator, room, monkeypatch):
    monkeypatch.setattr(sweep, "ROOMS_AT_ONCE", 4)
    for number in range(10):
        each = make_room(f"oex-{number + 2}")
        publish(simulator, each.meeting_id, make_recording(each, **WORKING).record_id)
    answers = list(sweep.look_at())
    assert [answer.rooms for answer in answers] == [4, 4, 2]
    assert sum((answer.tally for answer in answers), rows.Tally()) == rows.Tally(told=10, changed=10)
    assert set(Recording.objects.values_list("state", flat=True)) == {State.READY}


def test_a_server_that_fails_again_and_again_is_not_asked_about_all_its_rooms(simulator, room, monkeypatch):
    monkeypatch.setattr(sweep, "ROOMS_AT_ONCE", 1)
    for number in range(6):
        make_recording(make_room(f"oex-{number + 2}"))
    simulator.fault("getRecordings", "html_502", times=None)
    answers = list(sweep.look_at())
    assert simulator.count("getRecordings") == sweep.MOST_FAILURES
    assert [answer.rooms for answer in answers] == [1, 1, 1, 3]
    assert all(answer.trouble for answer in answers)
    assert set(Recording.objects.values_list("state", flat=True)) == {State.READY}


def test_a_server_that_fails_once_is_asked_about_all_its_rooms(simulator, room, monkeypatch):
    monkeypatch.setattr(sweep, "ROOMS_AT_ONCE", 1)
    for number in range(6):
        make_recording(make_room(f"oex-{number + 2}"))
    simulator.fault("getRecordings", "html_502", times=2)
    assert [bool(answer.trouble) for answer in sweep.look_at()] == [True, True, *[False] * 4]


def test_rooms_of_one_course_are_asked_about_alone(simulator, room):
    make_recording(room)
    other = make_room("oex-2")
    make_recording(other)
    Room.objects.filter(pk=other.pk).update(course_key="course-v1:Other+One+2026")
    (answer,) = sweep.look_at(course_key="course-v1:Other+One+2026")
    assert answer.rooms == 1
    assert [each.state for each in Recording.objects.order_by("pk")] == [State.READY, State.GONE]


def test_a_room_that_is_gone_is_not_asked_about(simulator, room):
    room_pk = room.pk
    room.delete()
    sweep.look_again_at(room_pk)
    assert simulator.count() == 0


# Told of by a callback


def test_one_that_is_told_of_before_the_server_lists_it_is_expected(simulator, room):
    make_meeting(room, INTERNAL)
    assert sweep.is_ready(room, "main", INTERNAL) is False
    assert Recording.objects.get().state == State.EXPECTED
    assert due_in(room) < timedelta(minutes=3)
    publish(simulator, room.meeting_id, INTERNAL).state = RecordingState.PROCESSING.value
    assert sweep.is_ready(room, "main", INTERNAL) is False
    simulator.recordings[0].state = "published"
    assert sweep.is_ready(room, "main", INTERNAL) is True
    assert Recording.objects.get().state == State.READY


def test_of_a_server_that_announces_without_end_only_so_many_are_expected(simulator, room):
    make_meeting(room, INTERNAL)
    for number in range(sweep.MOST_EXPECTED + 3):
        assert sweep.is_ready(room, "main", f"made-up-{number}") is False
    assert Recording.objects.count() == sweep.MOST_EXPECTED


def test_one_that_belongs_to_another_room_is_not_expected_here(simulator, room):
    make_meeting(room, INTERNAL)
    theirs = make_recording(make_room("oex-2"), record_id="theirs-1")
    Meeting.objects.filter(internal_id="theirs-1").delete()
    assert sweep.is_ready(room, "main", theirs.record_id) is False
    assert Recording.objects.get().room != room


def test_the_log_names_no_address_and_no_title(simulator, room, caplog):
    caplog.set_level("DEBUG")
    make_meeting(room, INTERNAL)
    publish(simulator, room.meeting_id, INTERNAL).name = "A secret title"
    sweep.look_again(room)
    simulator.recordings[0].state = "deleted"
    sweep.look_again(room)
    assert "new recordings" in caplog.text
    assert "is deleted" in caplog.text
    for hidden in ("/playback/", "A secret title", "checksum="):
        assert hidden not in caplog.text
