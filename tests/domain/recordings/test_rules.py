"""How long is waited before a server is asked again, and when a recording is past its time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain.recordings import rules
from bbb_xblock.models import Recording

ENDED = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGES = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000))


def test_every_state_but_deleted_has_a_pace():
    paced = {state for state in Recording.State if rules.pause(state, timedelta(0)) is not None}
    assert paced == set(Recording.State) - {Recording.State.DELETED}


@given(st.sampled_from([*Recording.State, rules.UNHEARD]), AGES, AGES, st.floats(0, 1))
def test_what_is_older_is_never_asked_about_more_often(state, one, other, chance):
    young, old = (rules.pause(state, age, chance) for age in sorted((one, other)))
    assert old is None or (young is not None and young <= old)


@given(AGES)
def test_pauses_differ_by_chance_within_a_quarter(age):
    soonest, usual, latest = (rules.pause("ready", age, chance) for chance in (0, 0.5, 1))
    assert soonest / usual == pytest.approx(1 - rules.SPREAD)
    assert latest / usual == pytest.approx(1 + rules.SPREAD)


@pytest.mark.parametrize(
    ("days", "kept"),
    [((), None), ((0, 0), None), ((10, 0), 10), ((0, 10), 10), ((10, 30), 10), ((30, 10), 10)],
)
def test_the_smallest_number_of_days_counts_and_none_is_for_ever(days, kept):
    assert rules.deletes_at(ENDED, *days) == (None if kept is None else ENDED + timedelta(days=kept))
