"""A meeting is looked at once a minute while somebody is in, by one task however many come, and then no more."""

from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.domain import looks
from bbb_xblock.models import Join, Meeting, Presence, Room, Sighting
from tests.builders import learner, teacher

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sent():
    """The meetings for which somebody was told to look in a minute."""
    told: list[int] = []

    def tell(sender, *, meeting_id, **details):
        told.append(meeting_id)

    looks.wanted.connect(tell)
    yield told
    looks.wanted.disconnect(tell)


@pytest.fixture
def clock():
    with freeze_time() as frozen:
        yield frozen


@pytest.fixture
def running(platform, simulator, clock, sent) -> Meeting:
    """A meeting in which Ada is, after her click on Join."""
    teacher(platform).click_join()
    learner(platform).click_join()
    meeting = Meeting.objects.get()
    enter(simulator, Join.objects.last())
    simulator.forget_calls()
    return meeting


def enter(simulator, join: Join) -> None:
    simulator.add_participants(join.meeting.room.meeting_id, 1)
    room = simulator.meeting(join.meeting.room.meeting_id)
    room.participants[-1].user_id = join.anonymous_id


def everybody_leaves(simulator) -> None:
    room = simulator.meeting(Room.objects.get().meeting_id)
    for person in list(room.participants):
        simulator.world.leave(room, person)


def a_minute_later(clock, meeting: Meeting) -> None:
    clock.tick(MINUTE)
    looks.look(meeting.pk)


def test_the_first_who_comes_has_it_looked_at_and_the_next_do_not(running, sent):
    assert sent == [running.pk]


def test_each_look_asks_once_and_has_the_next_one_sent(running, simulator, clock, sent):
    for _ in range(3):
        a_minute_later(clock, running)
    assert simulator.count("getMeetingInfo") == 3
    assert sent == [running.pk] * 4
    seen = Sighting.objects.get()
    assert seen.last_seen_at - seen.seen_at == 2 * MINUTE


def test_two_tasks_are_one(running, simulator, clock, sent):
    clock.tick(MINUTE)
    for _ in range(3):
        looks.look(running.pk)
    assert simulator.count("getMeetingInfo") == 1
    assert sent == [running.pk] * 2


def test_of_two_at_the_same_moment_one_looks(running, simulator, clock, sent, monkeypatch):
    clock.tick(MINUTE)
    take_turn = looks._take_turn

    def slowly(meeting):
        monkeypatch.setattr(looks, "_take_turn", take_turn)
        looks.look(meeting.pk)
        return take_turn(meeting)

    monkeypatch.setattr(looks, "_take_turn", slowly)
    looks.look(running.pk)
    assert simulator.count("getMeetingInfo") == 1
    assert sent == [running.pk] * 2


def test_a_task_that_comes_too_early_does_nothing(running, simulator, clock, sent):
    clock.tick(MINUTE / 2)
    looks.look(running.pk)
    assert simulator.count("getMeetingInfo") == 0
    assert sent == [running.pk]


def test_a_minute_in_which_a_page_has_asked_needs_no_question_of_its_own(platform, running, simulator, clock, sent):
    clock.tick(MINUTE - timedelta(seconds=10))
    learner(platform).status()
    clock.tick(10)
    looks.look(running.pk)
    assert simulator.count("getMeetingInfo") == 1
    assert Sighting.objects.count() == 1
    assert sent == [running.pk] * 2


def test_a_meeting_that_ended_without_a_word_is_noticed_and_settled_within_a_minute(running, simulator, clock, sent):
    a_minute_later(clock, running)
    simulator.world.end(simulator.meeting(Room.objects.get().meeting_id))
    a_minute_later(clock, running)
    running.refresh_from_db()
    assert running.why_ended == Meeting.Ending.GONE
    assert running.settled_at is not None
    assert running.look_due_at is None
    assert Presence.objects.count() >= 1
    assert len(sent) == 2


def test_a_meeting_that_the_teacher_ended_is_settled_by_the_next_look(platform, running, simulator, clock, sent):
    a_minute_later(clock, running)
    card = teacher(platform).page().cssselect("section")[0]
    teacher(platform).call("end", "POST", body={"token": card.get("data-end-token")})
    asked = simulator.count("getMeetingInfo")
    a_minute_later(clock, running)
    running.refresh_from_db()
    assert running.settled_at is not None
    assert simulator.count("getMeetingInfo") == asked
    clock.tick(MINUTE)
    looks.look(running.pk)
    assert len(sent) == 2


def test_an_empty_room_is_looked_at_for_ten_minutes_and_then_when_somebody_comes(
    platform, running, simulator, clock, sent
):
    simulator.meeting(Room.objects.get().meeting_id).params["meetingExpireWhenLastUserLeftInMinutes"] = "0"
    a_minute_later(clock, running)
    everybody_leaves(simulator)
    for _ in range(15):
        a_minute_later(clock, running)
    running.refresh_from_db()
    assert running.ended_at is None
    assert running.look_due_at is None
    assert 10 <= simulator.count("getMeetingInfo") <= 12
    before = len(sent)
    learner(platform).status()
    assert len(sent) == before
    learner(platform).click_join()
    assert len(sent) == before + 1


def test_a_server_that_is_silent_is_asked_for_an_hour_and_no_longer(running, simulator, clock, sent):
    simulator.fault("getMeetingInfo", "html_502", times=None)
    for _ in range(90):
        a_minute_later(clock, running)
    assert 59 <= simulator.count("getMeetingInfo") <= 62
    running.refresh_from_db()
    assert running.look_due_at is None
    assert running.ended_at is None


def test_a_server_that_was_silent_for_a_while_is_looked_at_as_before(running, simulator, clock, sent):
    simulator.fault("getMeetingInfo", "html_502", times=3)
    for _ in range(5):
        a_minute_later(clock, running)
    assert Sighting.objects.count() == 1
    assert len(sent) == 6


@pytest.mark.parametrize("returns", ["click_join", "status"])
def test_after_a_task_was_lost_the_next_join_or_question_has_another_sent(platform, running, clock, sent, returns):
    clock.tick(timedelta(minutes=2))
    getattr(learner(platform), returns)()
    assert sent == [running.pk]
    clock.tick(timedelta(minutes=2, seconds=1))
    for _ in range(2):
        getattr(learner(platform), returns)()
    assert sent == [running.pk] * 2


def test_looks_whose_task_was_lost_are_taken_up_without_anybody_who_asks(running, simulator, clock, sent):
    clock.tick(timedelta(seconds=looks.LOOK_SECONDS) + looks.LOST)
    looks.take_up_lost(5)
    assert sent == [running.pk]
    clock.tick(1)
    for _ in range(2):
        looks.take_up_lost(5)
    assert sent == [running.pk] * 2
    a_minute_later(clock, running)
    assert simulator.count("getMeetingInfo") == 1


@pytest.mark.parametrize("over", [{"ended_at": timezone.now()}, {"look_due_at": None}])
def test_looks_at_a_meeting_that_needs_none_are_not_taken_up(running, clock, sent, over):
    Meeting.objects.update(**over)
    clock.tick(timedelta(hours=1))
    looks.take_up_lost(5)
    assert sent == [running.pk]


def test_of_many_lost_looks_the_oldest_are_taken_up_first(running, clock, sent):
    Meeting.objects.create(
        room=running.room,
        internal_id="another-1",
        server="main",
        started_at=timezone.now(),
        look_due_at=running.look_due_at - MINUTE,
    )
    clock.tick(timedelta(hours=1))
    looks.take_up_lost(1)
    assert sent == [running.pk, Meeting.objects.get(internal_id="another-1").pk]


def test_a_moment_that_a_wrong_clock_wrote_counts_as_lost(platform, running, clock, sent):
    Meeting.objects.update(look_due_at=timezone.now() + timedelta(hours=1))
    learner(platform).click_join()
    assert sent == [running.pk] * 2


def test_a_meeting_that_is_unknown_or_that_nobody_looks_at_is_left_alone(running, simulator, clock, sent):
    Meeting.objects.update(look_due_at=None)
    a_minute_later(clock, running)
    looks.look(running.pk + 1)
    assert simulator.count("getMeetingInfo") == 0
    assert sent == [running.pk]
