from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain.attendance.credit import (
    Held,
    Rules,
    Standing,
    attended,
    corrected,
    credit,
    of_series,
    standing,
)
from bbb_xblock.domain.attendance.presence import Source
from bbb_xblock.options.choices import Curve, Measure
from tests.domain.attendance.test_presence import at, span

HOUR = Held(began_at=at(0), ended_at=at(60))
RULES = st.builds(
    Rules,
    measure=st.sampled_from(Measure),
    needed=st.integers(0, 100),
    late_minutes=st.integers(0, 30),
    curve=st.sampled_from(Curve),
    best_of=st.integers(0, 5),
)
TIMES = st.integers(0, 60).map(lambda minutes: timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("came", "time"),
    [(0, 60), (4, 60), (5, 60), (6, 54), (30, 30)],
)
def test_coming_a_little_late_costs_nothing_and_coming_later_costs_the_time(came, time):
    there = [span(came, 60, Source.REPORT)]
    assert attended(there, HOUR, Rules(late_minutes=5)) == timedelta(minutes=time)


def test_time_outside_of_the_session_does_not_count():
    assert attended([span(-30, 10, Source.JOIN), span(50, 90, Source.JOIN)], HOUR, Rules()) == timedelta(minutes=20)
    assert attended([span(-30, -10, Source.JOIN)], HOUR, Rules()) == timedelta()


def test_who_left_when_the_session_began_and_came_back_later_came_later():
    there = [span(-30, 0, Source.REPORT), span(20, 60, Source.REPORT)]
    assert attended(there, HOUR, Rules(late_minutes=5)) == timedelta(minutes=40)


@pytest.mark.parametrize(
    ("curve", "minutes", "worth"),
    [
        (Curve.FULL, 39, 0),
        (Curve.FULL, 40, 1),
        (Curve.LINEAR, 10, 0.25),
        (Curve.LINEAR, 50, 1),
        (Curve.STEPPED, 9, 0),
        (Curve.STEPPED, 25, 0.5),
        (Curve.STEPPED, 40, 1),
    ],
)
def test_less_than_the_needed_time_is_worth_what_the_curve_says(curve, minutes, worth):
    rules = Rules(measure=Measure.MINUTES, needed=40, curve=curve)
    assert credit(timedelta(minutes=minutes), HOUR, rules) == worth


def test_a_session_that_ended_early_needs_no_more_than_it_was_long():
    short = Held(began_at=at(0), ended_at=at(20))
    assert credit(timedelta(minutes=20), short, Rules(measure=Measure.MINUTES, needed=45)) == 1


@given(TIMES, TIMES, RULES)
def test_more_time_is_never_worth_less_and_always_between_nothing_and_everything(one, other, rules):
    less, more = (credit(time, HOUR, rules) for time in sorted((one, other)))
    assert 0 <= less <= more <= 1


@given(RULES)
def test_whoever_was_not_in_is_absent_and_whoever_was_in_all_the_time_is_present(rules):
    assert (standing(timedelta(), HOUR, rules), credit(timedelta(), HOUR, rules)) == (Standing.ABSENT, 0)
    assert (standing(HOUR.length, HOUR, rules), credit(HOUR.length, HOUR, rules)) == (Standing.PRESENT, 1)


CREDITS = st.lists(st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=8)


@given(CREDITS, RULES)
def test_a_series_is_worth_no_more_than_its_best_session_in_whatever_order(credits, rules):
    counted = [value for value in credits if value is not None]
    worth = of_series(credits, rules)
    if not counted:
        assert worth is None
    else:
        assert 0 <= worth <= max(counted)
        assert worth == of_series([*reversed(credits)], rules)


@given(CREDITS.filter(any), st.sampled_from([0.0, 0.5, 1.0]), st.integers(1, 5))
def test_where_a_number_of_sessions_counts_another_session_never_makes_it_less(credits, another, best_of):
    rules = Rules(best_of=best_of)
    assert of_series(credits, rules) <= of_series([*credits, another], rules)


@given(CREDITS.filter(any), st.integers(0, 5))
def test_an_excuse_in_place_of_an_absence_never_makes_it_less(credits, best_of):
    rules = Rules(best_of=best_of)
    assert of_series([*credits, 0.0], rules) <= of_series([*credits, None], rules)


def test_who_needs_the_best_two_of_three_may_miss_one():
    assert of_series([1, 0, 1], Rules(best_of=2)) == 1
    assert of_series([1, 0, 1], Rules(best_of=0)) == pytest.approx(2 / 3)
    assert of_series([1], Rules(best_of=2)) == 0.5
    assert of_series([1, None], Rules(best_of=2)) == 1


@pytest.mark.parametrize(
    ("said", "measured", "curve", "worth"),
    [
        (Standing.PRESENT, Standing.ABSENT, Curve.FULL, 1),
        (Standing.ABSENT, Standing.PRESENT, Curve.LINEAR, 0),
        (Standing.EXCUSED, Standing.PRESENT, Curve.LINEAR, 0),
        (Standing.PARTLY, Standing.PARTLY, Curve.LINEAR, 0.3),
        (Standing.PARTLY, Standing.ABSENT, Curve.LINEAR, 0.5),
        (Standing.PARTLY, Standing.PRESENT, Curve.STEPPED, 0.5),
        (Standing.PARTLY, Standing.ABSENT, Curve.FULL, 0),
    ],
)
def test_a_teacher_s_word_is_worth_what_it_says(said, measured, curve, worth):
    assert corrected(said, measured, 0.3, Rules(curve=curve)) == worth
