"""Times that are told by another date: the one text form, and the clocks that they follow."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bbb_xblock.options.choices import Anchor
from bbb_xblock.options.moments import Relative, read, resolve

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2001, 1, 1), datetime(2098, 1, 1), timezones=st.just(UTC))
clock_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
relatives = st.builds(
    Relative, anchor=st.sampled_from(Anchor), days=st.integers(-9999, 9999), at=st.none() | clock_times
)
BERLIN = ZoneInfo("Europe/Berlin")


def resolved(text: str, anchor: datetime, zone: ZoneInfo = BERLIN) -> datetime | None:
    relative = read(text)
    assert relative is not None
    return resolve(relative, {relative.anchor: anchor}, zone)


def exists(there: datetime) -> bool:
    return there.astimezone(UTC).astimezone(there.tzinfo).replace(fold=0) == there.replace(fold=0)


@given(relative=relatives)
def test_what_is_written_is_read_again(relative):
    assert read(str(relative)) == relative


@given(text=st.from_regex(r"(course|subsection)_(start|due)[+-]P[0-9]{1,5}D(T[0-9]{2}:[0-9]{2})?", fullmatch=True))
def test_there_is_one_way_to_write_each_time(text):
    relative = read(text)
    assume(relative is not None)
    assert str(relative) in (text, text.replace("-P0D", "+P0D"))


@given(text=st.text() | st.none() | st.integers() | st.binary())
def test_nothing_else_is_read(text):
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "course_start",
        "course_start+P7D ",
        " course_start+P7D",
        "course_start+P7D\n",
        "course_start P7D",
        "course_end+P7D",
        "course_due+P7D",
        "course_start+7D",
        "course_start+P07D",
        "course_start+P٧D",
        "course_start+P10000D",
        "course_start+P1W",
        "course_start+P7DT24:00",
        "course_start+P7DT14:60",
        "course_start+P7DT14",
        "course_start+P7DT14H",
        "COURSE_START+P7DT14:00",
    ],
)
def test_other_forms_are_not_read(text):
    assert read(text) is None


@given(anchor=moments, days=st.integers(-300, 300), at=clock_times, zone=zones)
def test_a_time_of_day_is_what_the_courses_clocks_show(anchor, days, at, zone):
    found = resolve(Relative(anchor=Anchor.COURSE_START, days=days, at=at), {Anchor.COURSE_START: anchor}, zone)
    there = datetime.combine(anchor.astimezone(zone).date() + timedelta(days=days), at, zone)
    assume(exists(there))
    shown = found.astimezone(zone)
    assert (shown.date(), shown.time()) == (there.date(), at)


@given(anchor=moments, days=st.integers(-300, 300), zone=zones)
def test_without_a_time_of_day_it_is_that_of_the_other_date(anchor, days, zone):
    found = resolve(Relative(anchor=Anchor.SUBSECTION_DUE, days=days), {Anchor.SUBSECTION_DUE: anchor}, zone)
    there = anchor.astimezone(zone)
    assume(exists(there + timedelta(days=days)))
    assert found.astimezone(zone).time() == there.time().replace(microsecond=0)


@given(relative=relatives, other=st.sampled_from(Anchor), anchor=moments)
def test_a_date_that_is_not_there_tells_no_time(relative, other, anchor):
    assume(other is not relative.anchor)
    assert resolve(relative, {other: anchor}, BERLIN) is None


@given(relative=relatives, anchor=st.datetimes(timezones=st.just(UTC)), zone=zones)
def test_whatever_comes_it_is_a_usable_time_or_none(relative, anchor, zone):
    found = resolve(relative, {relative.anchor: anchor}, zone)
    assert found is None or (found.tzinfo is UTC and 2000 <= found.year <= 2100)


def test_daylight_saving_moves_no_class():
    before = datetime(2026, 10, 20, 6, tzinfo=UTC)
    assert resolved("course_start+P0DT14:00", before) == datetime(2026, 10, 20, 12, tzinfo=UTC)
    assert resolved("course_start+P7DT14:00", before) == datetime(2026, 10, 27, 13, tzinfo=UTC)
    assert resolved("course_start-P7DT14:00", before) == datetime(2026, 10, 13, 12, tzinfo=UTC)


def test_the_day_is_that_of_the_courses_calendar():
    late_in_the_evening = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)
    assert resolved("course_start+P0DT14:00", late_in_the_evening) == datetime(2026, 10, 1, 12, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_an_hour_later_and_of_one_that_comes_twice_the_first_counts():
    spring, autumn = datetime(2027, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert resolved("course_start+P0DT02:30", spring).astimezone(BERLIN).time() == time(3, 30)
    assert resolved("course_start+P0DT02:30", autumn) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    one=relatives, days=st.integers(0, 99), at=clock_times, dates=st.fixed_dictionaries(dict.fromkeys(Anchor, moments))
)
def test_what_is_never_after_another_time_is_not_after_it_on_any_dates(one, days, at, dates):
    other = replace(one, days=one.days + days, at=one.at and at)
    first, second = resolve(one, dates, BERLIN), resolve(other, dates, BERLIN)
    assume(first and second)
    # Both may lie in the hour that clocks skip, where the earlier one by name is as much later as they are put forward.
    assert one.is_never_after(other) == (first <= second) or abs(first - second) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("one", "other", "never_after"),
    [
        ("course_start+P1DT10:00", "course_start+P1DT10:00", True),
        ("course_start+P1DT09:59", "course_start+P1DT10:00", True),
        ("course_start-P1DT10:00", "course_start+P0DT09:00", True),
        ("course_start+P2DT09:00", "course_start+P1DT10:00", False),
        ("subsection_due+P1D", "subsection_due+P1D", True),
        ("subsection_due+P1D", "subsection_due+P2DT10:00", False),
        ("subsection_due+P0D", "course_start+P1D", False),
    ],
)
def test_of_two_times_by_the_same_date_it_is_known_which_comes_first(one, other, never_after):
    assert read(one).is_never_after(read(other)) is never_after
