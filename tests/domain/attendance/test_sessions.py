"""Meetings make sessions as a teacher counts them."""

import pytest

from bbb_xblock.domain.attendance.sessions import MeetingTimes, sessions_of
from tests.domain.attendance.test_presence import at


def meeting(
    number: int, begin: float, end: float, *, had_participants: bool = True, was_led: bool = True
) -> MeetingTimes:
    return MeetingTimes(
        meeting_id=number,
        began_at=at(begin),
        ended_at=at(end),
        had_participants=had_participants,
        was_led=was_led,
    )


@pytest.mark.parametrize(("pause", "sessions"), [(0, 1), (30, 1), (31, 2), (600, 2)])
def test_a_room_that_is_entered_again_after_a_break_is_the_same_session(pause, sessions):
    held = sessions_of([meeting(2, 60 + pause, 120 + pause), meeting(1, 0, 60)])
    assert len(held) == sessions
    assert held[0].meeting_ids[0] == 1
    assert (held[0].held.began_at, held[-1].held.ended_at) == (at(0), at(120 + pause))


def test_a_meeting_in_which_only_those_who_lead_were_is_none_and_joins_no_others():
    held = sessions_of([meeting(1, 0, 60), meeting(2, 61, 100, had_participants=False), meeting(3, 101, 160)])
    assert [session.meeting_ids for session in held] == [(1,), (3,)]


@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_session_was_led_if_somebody_led_in_any_of_its_meetings(first, second):
    (session,) = sessions_of([meeting(1, 0, 60, was_led=first), meeting(2, 61, 100, was_led=second)])
    assert session.was_led is (first or second)


@pytest.mark.parametrize(("opens", "begin"), [(-10, 0), (0, 0), (10, 10), (60, 0), (90, 0)])
def test_a_session_that_was_opened_early_begins_when_it_was_announced(opens, begin):
    (session,) = sessions_of([meeting(1, 0, 60)], at(opens))
    assert session.held.began_at == at(begin)
