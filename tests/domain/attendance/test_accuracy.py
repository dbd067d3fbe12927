"""Whatever is lost, late, repeated or wrong: nobody was in for longer than they can have been, or not at all."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bbb_xblock.domain import receipts
from bbb_xblock.domain.attendance import sightings
from bbb_xblock.domain.attendance.settling import GRACE, settle
from bbb_xblock.models import Join, Meeting, Presence, Receipt, Room, Sighting
from tests.callbacks import INTERNAL, make_meeting, make_room, report

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LENGTH = 30
# From the click on Join until BigBlueButton has somebody in.
WAY_IN = timedelta(seconds=4)
# Whole seconds, of each join and each leave.
ROUNDED = timedelta(seconds=1)
FEW = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@dataclass(frozen=True)
class Afternoon:
    """What really happened: when each of some people was in, in minutes from noon, on any device."""

    stays: dict[str, list[tuple[int, int]]]
    looks: list[int] = field(default_factory=list)
    clock: timedelta = timedelta()
    ending: Meeting.Ending = Meeting.Ending.CALLBACK

    def minutes_of(self, who: str) -> set[int]:
        return {minute for begin, end in self.stays[who] for minute in range(begin, end)}


STAY = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).map(lambda s: (s[0], min(LENGTH, s[0] + s[1])))
AFTERNOONS = st.builds(
    Afternoon,
    stays=st.lists(st.lists(STAY, min_size=1, max_size=3), min_size=1, max_size=3).map(
        lambda everybody: {f"{number:032x}": sorted(stays) for number, stays in enumerate(everybody)}
    ),
    looks=st.lists(st.integers(1, LENGTH - 1), unique=True, max_size=LENGTH).map(sorted),
    clock=st.sampled_from([0, 0, 30, -30, 3600, -3600, 90_000]).map(lambda seconds: timedelta(seconds=seconds)),
    ending=st.sampled_from(list(Meeting.Ending)),
)


def at(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


@pytest.fixture
def held():
    """Have an afternoon take place, without its report; gives the meeting when it is over."""

    def hold(afternoon: Afternoon) -> Meeting:
        for table in (Presence, Sighting, Join, Receipt):
            table.objects.all().delete()
        Room.objects.update(current=None)
        Meeting.objects.all().delete()
        room = Room.objects.first() or make_room()
        meeting = make_meeting(room)
        created = str(int((NOON + afternoon.clock).timestamp() * 1000))
        Meeting.objects.filter(pk=meeting.pk).update(started_at=NOON + ROUNDED, create_time=created)
        for number, (who, stays) in enumerate(afternoon.stays.items()):
            for begin, _end in stays:
                moment = at(begin) + ROUNDED
                Join.objects.create(
                    meeting=meeting, user_id=number + 1, anonymous_id=who, role="VIEWER", joined_at=moment
                )
        with freeze_time(NOON) as clock:
            for minute in afternoon.looks:
                clock.move_to(at(minute + 0.5))
                present = [who for who in afternoon.stays if minute in afternoon.minutes_of(who)]
                sightings.take_in(meeting, present)
        late = {Meeting.Ending.GONE: 600}.get(afternoon.ending, 0)
        Meeting.objects.filter(pk=meeting.pk).update(ended_at=at(LENGTH + late), why_ended=afternoon.ending)
        return Meeting.objects.get(pk=meeting.pk)

    return hold


def reported(afternoon: Afternoon, *, only: int | None = None) -> bytes:
    """Write the report of an afternoon, of some people only if it is cut off."""

    def moment(minutes: int, way: timedelta = timedelta()) -> str:
        return (at(minutes) + way + ROUNDED + afternoon.clock).replace(microsecond=0).isoformat(timespec="milliseconds")

    attendees = [
        {
            "ext_user_id": who,
            "name": "Ada Example",
            "joins": [moment(begin, WAY_IN) for begin, _end in stays],
            "leaves": [moment(end) for _begin, end in stays if end < LENGTH],
        }
        for who, stays in itertools.islice(afternoon.stays.items(), only)
    ]
    data = {"attendees": attendees, "start": moment(0), "finish": moment(LENGTH)}
    return report("oex-1", INTERNAL, data=data)


def spans_of(presence: Presence) -> Iterator[tuple[datetime, datetime]]:
    for begin, end, _sources in json.loads(presence.spans):
        yield datetime.fromisoformat(begin), datetime.fromisoformat(end)


def check_possible(meeting: Meeting, afternoon: Afternoon) -> None:
    """Nobody is in before their first click, after the end, or twice."""
    for presence in Presence.objects.filter(meeting=meeting):
        spans = list(spans_of(presence))
        first = at(min(begin for begin, _end in afternoon.stays[presence.anonymous_id])) + ROUNDED
        assert first <= spans[0][0]
        assert all(begin < end for begin, end in spans)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
        assert spans[-1][1] <= meeting.ended_at
        assert presence.seconds == round(sum((end - begin).total_seconds() for begin, end in spans))


def time_of(who: str) -> timedelta:
    return timedelta(seconds=Presence.objects.get(anonymous_id=who).seconds)


@FEW
@given(AFTERNOONS)
def test_with_a_report_the_result_is_the_truth_by_whatever_clock(held, afternoon):
    meeting = held(afternoon)
    receipts.keep_analytics("main", reported(afternoon))
    settle(meeting.pk)
    check_possible(meeting, afternoon)
    for who, stays in afternoon.stays.items():
        truth = len(afternoon.minutes_of(who)) * MINUTE
        wrong = (WAY_IN + 2 * ROUNDED) * len(stays)
        assert truth - wrong <= time_of(who) <= truth + wrong + GRACE * (len(stays) - 1)


@FEW
@given(AFTERNOONS)
def test_without_a_report_whoever_was_seen_was_there_and_nobody_before_or_after(held, afternoon):
    meeting = held(afternoon)
    settle(meeting.pk)
    check_possible(meeting, afternoon)
    found = set(Presence.objects.values_list("anonymous_id", flat=True))
    assert found == set(afternoon.stays)


@FEW
@given(AFTERNOONS)
def test_a_look_each_minute_is_right_within_a_minute_for_each_coming_and_going(held, afternoon):
    afternoon = Afternoon(stays=afternoon.stays, looks=list(range(LENGTH)))
    meeting = held(afternoon)
    settle(meeting.pk)
    check_possible(meeting, afternoon)
    for who, stays in afternoon.stays.items():
        truth = len(afternoon.minutes_of(who)) * MINUTE
        assert abs(time_of(who) - truth) <= (MINUTE + GRACE) * len(stays)


@FEW
@given(AFTERNOONS, st.integers(0, 3), st.permutations(["whole", "cut off", "whole", "settle", "settle"]))
def test_reports_in_any_order_late_and_repeated_come_to_one_result(held, afternoon, only, order):
    meeting = held(afternoon)
    receipts.keep_analytics("main", reported(afternoon))
    settle(meeting.pk)
    once = list(Presence.objects.values_list("user_id", "spans"))
    meeting = held(afternoon)
    for what in order:
        if what == "settle":
            settle(meeting.pk)
        else:
            receipts.keep_analytics("main", reported(afternoon, only=only if what == "cut off" else None))
    settle(meeting.pk)
    assert list(Presence.objects.values_list("user_id", "spans")) == once


MOMENTS = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=5),
    st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    st.integers(-100, 100).map(lambda minutes: at(minutes).isoformat()),
)


@FEW
@given(AFTERNOONS, st.lists(st.tuples(st.lists(MOMENTS, max_size=5), st.lists(MOMENTS, max_size=5))), MOMENTS, MOMENTS)
def test_whatever_a_report_claims_nobody_was_in_when_they_cannot_have_been(held, afternoon, claims, start, finish):
    meeting = held(afternoon)
    people = itertools.cycle([*afternoon.stays, "w_abcdefghijkl"])
    attendees = [
        {"ext_user_id": who, "joins": joins, "leaves": leaves}
        for who, (joins, leaves) in zip(people, claims, strict=False)
    ]
    body = report("oex-1", INTERNAL, data={"attendees": attendees, "start": start, "finish": finish})
    receipts.keep_analytics("main", body)
    settle(meeting.pk)
    check_possible(meeting, afternoon)
    seen = set(Sighting.objects.values_list("anonymous_id", flat=True))
    assert seen <= set(Presence.objects.values_list("anonymous_id", flat=True))
