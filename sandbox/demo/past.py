"""Sessions that were held before the demo starts: who clicked Join, and what the classroom server told afterwards."""

import json
from datetime import datetime, timedelta

from django.utils import timezone

from bbb_xblock.domain import receipts, rooms
from bbb_xblock.domain.attendance.settling import settle
from bbb_xblock.domain.data import Placement
from bbb_xblock.models import Join, Meeting
from bbb_xblock.models import Room as KeptRoom
from sandbox.demo.people import PEOPLE, Person, anonymous_id
from sandbox.demo.rooms import Room

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)
LENGTH = 60
# Who was in from which minute to which, session by session, the newest first. Of the second no report came.
_SESSIONS: tuple[dict[int, list[tuple[float, float]]], ...] = (
    {1: [(0, 60)], 2: [(3, 31), (32, 58)], 3: [(20, 45)]},
    {1: [(0, 60)], 2: [(2, 60)]},
    {1: [(0, 60)], 3: [(0, 12), (30, 60)]},
    {1: [(0, 60)], 2: [(0, 60)], 3: [(1, 60)]},
)
_UNREPORTED = 1


def hold_sessions(room: Room, server: str) -> None:
    """Hold the sessions of a room, one a week, the newest yesterday."""
    kept = rooms.of(Placement(usage_key=room.usage_id, course_key=room.course))
    yesterday = timezone.now().replace(hour=15, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for number, visits in enumerate(_SESSIONS):
        meeting = _meeting(kept, server, yesterday - number * WEEK)
        for who, times in visits.items():
            for begin, _end in times:
                _join(meeting, PEOPLE[who], room, meeting.started_at + begin * MINUTE)
        if number != _UNREPORTED:
            receipts.keep_analytics(server, json.dumps(_report(kept, meeting, room, visits)).encode())
        settle(meeting.pk)


def _meeting(kept: KeptRoom, server: str, began_at: datetime) -> Meeting:
    stamp = str(round(began_at.timestamp() * 1000))
    return Meeting.objects.create(
        room=kept,
        internal_id=f"{kept.pk:040x}-{stamp}",
        create_time=stamp,
        server=server,
        started_at=began_at,
        ended_at=began_at + LENGTH * MINUTE,
        why_ended=Meeting.Ending.CALLBACK,
    )


def _join(meeting: Meeting, person: Person, room: Room, at: datetime) -> None:
    Join.objects.create(
        meeting=meeting,
        user_id=person.id,
        anonymous_id=anonymous_id(person, room.course),
        role="MODERATOR" if person.is_teacher else "VIEWER",
        is_team=person.is_teacher,
        joined_at=at,
    )


def _report(
    kept: KeptRoom, meeting: Meeting, room: Room, visits: dict[int, list[tuple[float, float]]]
) -> dict[str, object]:
    """Write analytics as BigBlueButton does (``bbb/attendance.py`` says what of it is read)."""

    def moment(minutes: float) -> str:
        return (meeting.started_at + minutes * MINUTE).isoformat()

    people = [
        {
            "ext_user_id": anonymous_id(PEOPLE[who], room.course),
            "moderator": PEOPLE[who].is_teacher,
            "joins": [moment(begin) for begin, _ in times],
            "leaves": [moment(end) for _, end in times],
            "engagement": {
                "chats": 2 * who,
                "talks": 4 - who,
                "talk_time": 95 * (4 - who),
                "raisehand": who - 1,
                "emojis": 1,
                "poll_votes": 2,
            },
        }
        for who, times in visits.items()
    ]
    ids = {"meeting_id": kept.meeting_id, "internal_meeting_id": meeting.internal_id}
    return ids | {"data": {"attendees": people}}
