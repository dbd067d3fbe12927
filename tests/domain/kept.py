"""Rows of everything that is kept of people, as old as they are wanted."""

from datetime import datetime, timedelta

from django.utils import timezone

from bbb_xblock.models import ChosenName, Correction, Join, Meeting, Outcome, Presence, Receipt, Room, Sighting

ADA, BEN = "a" * 32, "b" * 32


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def meeting(room: Room, days: float) -> Meeting:
    """Keep a meeting of an hour that ended so many days ago and was settled."""
    ended_at = days_ago(days)
    return Meeting.objects.create(
        room=room,
        internal_id=f"ended {days} days ago",
        create_time="1531155809613",
        server="main",
        started_at=ended_at - timedelta(hours=1),
        ended_at=ended_at,
        settled_at=ended_at,
    )


def join(
    room: Room, days: float = 0, user_id: int = 11, anonymous_id: str = ADA, meeting: Meeting | None = None
) -> Join:
    return Join.objects.create(
        meeting=meeting or room.current,
        user_id=user_id,
        anonymous_id=anonymous_id,
        role="VIEWER",
        joined_at=days_ago(days),
    )


def receipt(room: Room, days: float | None, came: float = 1000) -> Receipt:
    """Keep a receipt that was worked on so many days ago; None for one that waits."""
    return Receipt.objects.create(
        kind=Receipt.Kind.MEETING_ENDED,
        digest=f"worked on {days} days ago, {came} old",
        meeting_id=room.meeting_id,
        received_at=days_ago(came),
        worked_at=None if days is None else days_ago(days),
    )


def presence(
    room: Room, days: float = 0, user_id: int = 11, anonymous_id: str = ADA, meeting: Meeting | None = None
) -> Presence:
    return Presence.objects.create(
        meeting=meeting or room.current,
        user_id=user_id,
        anonymous_id=anonymous_id,
        first_in=days_ago(days + 0.01),
        last_out=days_ago(days),
        seconds=864,
    )


def correction(room: Room, days: float = 0, meeting: Meeting | None = None, **who: int) -> Correction:
    people = {"user_id": 11, "by_user_id": 13} | who
    return Correction.objects.create(
        meeting=meeting or room.current, standing="excused", reason="Ill", made_at=days_ago(days), **people
    )


def outcome(room: Room, days: float = 0, user_id: int = 11) -> Outcome:
    return Outcome.objects.create(room=room, user_id=user_id, value=0.5, told_at=days_ago(days))


def sighting(room: Room, anonymous_id: str = ADA) -> Sighting:
    moment = days_ago(4)
    return Sighting.objects.create(meeting=room.current, anonymous_id=anonymous_id, seen_at=moment, last_seen_at=moment)


def name(user_id: int, days: float) -> ChosenName:
    return ChosenName.objects.create(
        user_id=user_id, course_key="a course", name="Vera Example", chosen_at=days_ago(days)
    )
