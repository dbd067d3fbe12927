"""What sessions come to for each participant: pure, in the minutes of one afternoon."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain.attendance.credit import Held, Rules, Standing
from bbb_xblock.domain.attendance.results import results_of
from bbb_xblock.domain.attendance.sessions import Session
from bbb_xblock.domain.attendance.sheet import ABSENT, Entry, Line, Sheet
from tests.domain.attendance.test_presence import at

ADA, BEN, THEA = 11, 12, 13
PRESENT = Entry(standing=Standing.PRESENT, credit=1.0, time=timedelta(minutes=60))
HALF = Entry(standing=Standing.PARTLY, credit=0.5, time=timedelta(minutes=30))
EXCUSED = Entry(standing=Standing.EXCUSED, credit=0.0)
ENTRIES = st.lists(st.sampled_from([PRESENT, HALF, EXCUSED, ABSENT]), min_size=1, max_size=6)


def sheet(*lines: Line) -> Sheet:
    held = [Held(began_at=at(100 * n), ended_at=at(100 * n + 60)) for n in range(len(lines[0].entries))]
    sessions = tuple(Session(meeting_ids=(n,), held=one, was_led=True) for n, one in enumerate(held))
    return Sheet(sessions=sessions, lines=lines)


def line(user_id: int, *entries: Entry, is_team: bool = False) -> Line:
    return Line(user_id=user_id, is_team=is_team, entries=entries)


@pytest.mark.parametrize(
    ("entries", "value", "was_present"),
    [
        ((PRESENT, HALF), 0.75, True),
        ((HALF, ABSENT), 0.25, False),
        ((PRESENT, EXCUSED), 1, True),
        ((HALF, EXCUSED), 0.5, True),
        ((EXCUSED, EXCUSED), 1, True),
        ((ABSENT, ABSENT), 0, False),
    ],
)
def test_a_result_is_the_mean_of_what_counts(entries, value, was_present):
    result = results_of(sheet(line(ADA, *entries)), Rules(), {})[ADA]
    assert (result.value, result.was_present) == (value, was_present)


def test_a_grade_has_as_many_digits_as_count():
    thirds = sheet(line(ADA, PRESENT, PRESENT, ABSENT))
    assert results_of(thirds, Rules(), {})[ADA].value == 0.6667


def test_the_course_team_has_no_result_even_after_watching():
    assert results_of(sheet(line(THEA, PRESENT, is_team=True)), Rules(), {THEA: {0}}) == {}


def test_who_was_never_in_and_made_up_for_one_session_has_that_one():
    found = results_of(sheet(line(ADA, PRESENT, PRESENT)), Rules(), {BEN: {1}})
    assert (found[BEN].value, found[BEN].was_present) == (0.5, True)
    assert found[ADA].value == 1


def test_who_makes_up_for_a_session_from_which_they_were_excused_does_not_lose_by_it():
    excused = sheet(line(ADA, EXCUSED))
    assert results_of(excused, Rules(best_of=2), {ADA: {0}})[ADA].value == 1


@given(ENTRIES, st.integers(0, 6), st.sets(st.integers(0, 5)))
def test_a_result_is_between_nothing_and_everything_and_making_up_never_lessens_it(entries, best_of, watched):
    rules, watched = Rules(best_of=best_of), {place for place in watched if place < len(entries)}
    plain = results_of(sheet(line(ADA, *entries)), rules, {})[ADA]
    after = results_of(sheet(line(ADA, *entries)), rules, {ADA: watched})[ADA]
    assert 0 <= plain.value <= after.value <= 1
    assert after.was_present or not watched
