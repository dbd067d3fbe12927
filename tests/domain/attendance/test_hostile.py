"""Whatever a classroom server says of people and times, who was there stays within the meeting, and is worked out."""

import tracemalloc
from datetime import timedelta

import pytest
from django.utils import timezone

from bbb_xblock.domain import receipts
from bbb_xblock.domain.attendance import sightings
from bbb_xblock.domain.attendance.settling import MOST_REPORTS, settle
from bbb_xblock.models import Join, Meeting, Presence, Sighting
from tests.callbacks import INTERNAL, make_meeting, report

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ADA, BEN = "a" * 32, "b" * 32
HOUR = timedelta(hours=1)
FIRST, LAST = "2000-01-01T00:00:00+00:00", "2199-12-31T23:59:59+00:00"


@pytest.fixture
def meeting(room):
    """A meeting of an hour into which Ada and Ben were let."""
    made = make_meeting(room)
    began = timezone.now().replace(microsecond=0) - HOUR
    created = str(int(began.timestamp() * 1000))
    Meeting.objects.filter(pk=made.pk).update(
        started_at=began, create_time=created, ended_at=began + HOUR, why_ended=Meeting.Ending.CALLBACK
    )
    made.refresh_from_db()
    for number, who in enumerate((ADA, BEN)):
        Join.objects.create(
            meeting=made, user_id=11 + number, anonymous_id=who, role="VIEWER", joined_at=began + HOUR / 4
        )
    return made


def reported(meeting, joins, leaves, **data) -> None:
    attendees = [{"ext_user_id": ADA, "joins": joins, "leaves": leaves}]
    receipts.keep_analytics("main", report(meeting.room.meeting_id, INTERNAL, data={"attendees": attendees, **data}))


@pytest.mark.parametrize("finish", [FIRST, LAST, "", None])
@pytest.mark.parametrize(
    ("joins", "leaves"),
    [([FIRST], [LAST]), ([FIRST], []), ([LAST], []), ([FIRST, LAST], [FIRST]), ([FIRST], [FIRST, LAST])],
)
def test_times_of_other_centuries_end_with_the_meeting(meeting, joins, leaves, finish):
    reported(meeting, joins, leaves, finish=finish, start=finish)
    settle(meeting.pk)
    for presence in Presence.objects.all():
        assert meeting.started_at <= presence.first_in < presence.last_out <= meeting.ended_at
        assert 0 < presence.seconds <= 3600


@pytest.mark.parametrize("create_time", ["1", "9" * 18])
def test_a_meeting_made_at_no_possible_time_is_settled(meeting, create_time):
    Meeting.objects.filter(pk=meeting.pk).update(create_time=create_time)
    joined = meeting.started_at + HOUR / 2
    reported(meeting, [joined.isoformat()], [])
    settle(meeting.pk)
    assert Presence.objects.get().seconds == 1800


def test_people_whom_nobody_let_in_leave_no_sightings(meeting):
    sightings.take_in(meeting, [ADA, *(f"w_{number}" for number in range(1000)), "\U0001f600", "x" * 1000])
    assert [one.anonymous_id for one in Sighting.objects.all()] == [ADA]


def test_somebody_whom_the_platform_knows_by_two_ids_keeps_nobody_from_being_settled(meeting):
    Join.objects.create(
        meeting=meeting, user_id=11, anonymous_id="student", role="VIEWER", joined_at=meeting.started_at + HOUR / 2
    )
    settle(meeting.pk)
    assert sorted(Presence.objects.values_list("user_id", "seconds")) == [(11, 2700), (12, 2700)]


def test_reports_of_megabytes_are_read_one_after_the_other(meeting):
    joined = meeting.started_at + HOUR / 2
    for number in range(4 * MOST_REPORTS):
        reported(meeting, [joined.isoformat()], [], padding=f"{number}{'x' * 1_000_000}")
        Meeting.objects.create(
            room=meeting.room,
            internal_id=f"more-{number}",
            create_time="1",
            server="main",
            started_at=meeting.started_at,
            ended_at=meeting.ended_at,
        )
    tracemalloc.start()
    settle(meeting.pk)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert Presence.objects.get().seconds == 1800
    assert most < 8_000_000
