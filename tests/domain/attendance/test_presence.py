"""Presence is worked out in whole minutes of one afternoon: ``at(5)`` is its sixth minute."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb.attendance import Stay
from bbb_xblock.domain.attendance.presence import Look, Source, Span, from_report, from_signs, total, united

AFTERNOON = datetime(2026, 9, 7, 14, tzinfo=UTC)
NO_GRACE = timedelta()


def at(minutes: float) -> datetime:
    return AFTERNOON + timedelta(minutes=minutes)


def span(begin: float, end: float, *sources: Source) -> Span:
    return Span(begin=at(begin), end=at(end), sources=frozenset(sources))


def looks(*minutes: float, missing: tuple[float, ...] = ()) -> list[Look]:
    return [Look(at=at(m), is_in=True) for m in minutes] + [Look(at=at(m), is_in=False) for m in missing]


def minutes(spans) -> float:
    return total(spans, at(-10_000), at(10_000)) / timedelta(minutes=1)


MINUTES = st.integers(0, 120)
SPANS = st.lists(st.builds(span, MINUTES, MINUTES, st.sampled_from(Source)), max_size=20)


def test_two_devices_at_once_count_once():
    both = united([span(0, 60, Source.REPORT), span(10, 20, Source.REPORT)], NO_GRACE)
    assert both == (span(0, 60, Source.REPORT),)


def test_a_reconnect_within_the_grace_does_not_break_presence_and_says_that_it_is_assumed():
    stays = [span(0, 10, Source.REPORT), span(12, 30, Source.REPORT)]
    assert united(stays, timedelta(minutes=2)) == (
        span(0, 10, Source.REPORT),
        span(10, 12),
        span(12, 30, Source.REPORT),
    )
    assert minutes(united(stays, timedelta(minutes=1))) == 28


def test_each_minute_knows_who_says_so():
    known = united([span(0, 20, Source.JOIN), span(10, 30, Source.REPORT)], NO_GRACE)
    assert known == (
        span(0, 10, Source.JOIN),
        span(10, 20, Source.JOIN, Source.REPORT),
        span(20, 30, Source.REPORT),
    )


@given(SPANS)
def test_united_time_is_the_time_in_which_any_span_lies(spans):
    in_any = sum(any(s.begin <= at(m) < s.end for s in spans) for m in range(121))
    assert minutes(united(spans, NO_GRACE)) == in_any


@given(SPANS, st.integers(0, 10))
def test_united_spans_follow_one_another_and_uniting_them_again_changes_nothing(spans, grace):
    once = united(spans, timedelta(minutes=grace))
    assert all(one.end <= other.begin for one, other in itertools.pairwise(once))
    assert all(one.begin < one.end for one in once)
    assert united(once, timedelta(minutes=grace)) == once


@given(SPANS, st.integers(0, 10), st.randoms(use_true_random=False))
def test_the_order_and_repetitions_of_what_is_told_do_not_matter(spans, grace, chance):
    others = [*spans, *spans]
    chance.shuffle(others)
    assert united(others, timedelta(minutes=grace)) == united(spans, timedelta(minutes=grace))


@given(SPANS, st.integers(0, 10))
def test_grace_only_adds_and_only_between_what_is_known(spans, grace):
    strict, kind = united(spans, NO_GRACE), united(spans, timedelta(minutes=grace))
    assert minutes(strict) <= minutes(kind)
    assert [s for s in kind if s.sources] == [s for s in strict if s.sources]
    if strict:
        assert (kind[0].begin, kind[-1].end) == (strict[0].begin, strict[-1].end)


@given(SPANS, MINUTES, MINUTES)
def test_time_in_a_window_is_never_more_than_the_window(spans, one, other):
    begin, end = sorted((at(one), at(other)))
    known = united(spans, NO_GRACE)
    assert timedelta() <= total(known, begin, end) <= end - begin
    assert total(known, begin, end) + total(known, end, at(200)) == total(known, begin, at(200))


def test_a_report_closes_with_the_meeting_what_it_leaves_open():
    stays = [Stay(joined_at=at(0), left_at=at(5)), Stay(joined_at=at(10), left_at=None)]
    assert from_report(stays, at(0), at(30)) == [span(0, 5, Source.REPORT), span(10, 30, Source.REPORT)]


def test_a_report_is_put_on_our_clock():
    stays = [Stay(joined_at=at(60), left_at=at(90))]
    assert from_report(stays, at(0), at(45), ahead=timedelta(hours=1)) == [span(0, 30, Source.REPORT)]


def test_without_any_look_a_click_counts_until_the_meeting_ends():
    assert from_signs([at(3)], [], at(30)) == [span(3, 30, Source.JOIN)]


def test_somebody_left_between_the_last_look_that_saw_them_and_the_first_that_did_not():
    assert from_signs([at(0)], looks(1, 2, missing=(4,)), at(30)) == [span(0, 3, Source.JOIN, Source.LOOK)]


def test_somebody_who_is_seen_without_a_click_counts_from_the_first_look():
    assert from_signs([], looks(5, 6, missing=(0, 8)), at(30)) == [span(5, 7, Source.LOOK)]


@pytest.mark.parametrize("pause", [0.9, 1.5, 2])
def test_nobody_is_there_by_clicking_again_and_again_without_coming_in(pause):
    clicks = [pause * number for number in range(20)]
    missing = tuple(click + 1 for click in clicks)
    known = united(from_signs(map(at, clicks), looks(missing=missing), at(60)), timedelta(seconds=90))
    assert total(known, at(0), at(60)) <= timedelta(minutes=1)


def test_whoever_comes_back_after_a_click_that_led_nowhere_is_there():
    found = from_signs([at(0), at(10)], looks(11, 12, missing=(1, 14)), at(30))
    assert found[-1] == span(10, 13, Source.JOIN, Source.LOOK)


def test_a_click_after_the_end_counts_nothing():
    assert from_signs([at(31)], looks(40), at(30)) == []


@given(st.lists(MINUTES, max_size=5), st.lists(MINUTES, max_size=10), st.lists(MINUTES, max_size=10), MINUTES)
def test_signs_never_tell_of_time_before_the_first_or_after_the_end(joins, seen, missed, end):
    known = united(from_signs(map(at, joins), looks(*seen, missing=tuple(missed)), at(end)), NO_GRACE)
    first = min([*joins, *seen], default=0)
    assert total(known, at(-1), at(first)) == timedelta()
    assert total(known, at(end), at(200)) == timedelta()


@given(st.lists(MINUTES, min_size=1, max_size=5), st.integers(121, 200))
def test_whoever_clicked_or_was_seen_before_the_end_was_there(joins, end):
    assert from_signs(map(at, joins), [], at(end))
    assert from_signs([], looks(*joins), at(end))
