"""The use cases of operators: which rooms there are, how the servers are, an end for a runaway meeting."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, Sum

from bbb_xblock import config
from bbb_xblock.bbb import MeetingNotFound
from bbb_xblock.config import NotConfigured, ServerState
from bbb_xblock.domain import rooms, servers
from bbb_xblock.models import Meeting, Room, Server

log = logging.getLogger(__name__)


class NoSuchMeeting(Exception):
    """The site has no room with this meeting id, or no meeting was ever in it."""


@dataclass(frozen=True, kw_only=True)
class RoomLine:
    """A room as the site knows it: what BigBlueButton said when it was last asked, at ``asked_at``.

    ``server`` and ``since`` are empty where no meeting runs. ``trouble`` is the code of the last failed question.
    """

    meeting_id: str
    course_key: str
    usage_key: str
    group: str
    is_running: bool
    people: int
    server: str
    since: datetime | None
    asked_at: datetime | None
    trouble: str


@dataclass(frozen=True, kw_only=True)
class ServerLine:
    """A server: what the settings say of it, and what the site has seen of it.

    ``state`` is None for one that is not in the settings any more. ``check_id`` is the finding of the start-up checks
    that keeps it from being used. ``answered_at`` is the newest answer about a meeting that is kept; ``meetings`` are
    those that are believed to live there, ``occupied`` of them with somebody in, ``people`` altogether.
    """

    slug: str
    state: ServerState | None
    check_id: str
    capacity: float
    meetings: int
    occupied: int
    people: int
    answered_at: datetime | None
    failed_at: datetime | None
    failure: str


def list_rooms(*, course_key: str = "", server: str = "", only_running: bool = False) -> Iterator[RoomLine]:
    """Give the rooms, sorted by course and block, without asking any server."""
    found = Room.objects.select_related("current")
    if course_key:
        found = found.filter(course_key=course_key)
    if server:
        found = found.filter(current__server=server)
    if only_running:
        found = found.exclude(current=None)
    for room in found.iterator():
        yield RoomLine(
            meeting_id=room.meeting_id,
            course_key=room.course_key,
            usage_key=room.usage_key,
            group=room.group,
            is_running=room.current is not None,
            people=room.participants,
            server=room.current.server if room.current else "",
            since=room.current.started_at if room.current else None,
            asked_at=room.asked_at,
            trouble=room.trouble,
        )


def where_to_end(meeting_id: str) -> str:
    """Give the slug of the server that has the room's meeting, or had the last one. Raises :class:`NoSuchMeeting`."""
    return _meeting_of(_room(meeting_id)).server


def end(meeting_id: str) -> bool:
    """End a room's meeting on its server, even if the site believes that it is over; false if it was over already.

    What is switched off in the settings is no obstacle. Raises :class:`NoSuchMeeting`, ``NotConfigured``, ``BBBError``.
    """
    room = _room(meeting_id)
    client = servers.for_operators(_meeting_of(room).server, config.for_course(room.course_key))
    try:
        client.end(room.meeting_id)
    except MeetingNotFound:
        was_there = False
    else:
        was_there = True
    rooms.lose_meeting(room, Meeting.Ending.ENDED_HERE if was_there else Meeting.Ending.GONE)
    log.info("room %s: an operator ended the meeting%s", room.meeting_id, "" if was_there else ", which was over")
    return was_there


def list_servers() -> list[ServerLine]:
    """Give the servers of the settings, then those which only the tables know. Three queries, no call."""
    living = Room.objects.exclude(current=None).order_by().values("current__server")
    rooms_on = {
        row["current__server"]: row
        for row in living.annotate(
            rooms=Count("pk"),
            occupied=Count("pk", filter=Q(participants__gt=0)),
            people=Sum("participants"),
            confirmed_at=Max("confirmed_at"),
        )
    }
    made = dict(Meeting.objects.order_by().values_list("server").annotate(Max("started_at")))
    rows = {row.slug: row for row in Server.objects.all()}
    known = [*config.servers(), *sorted({*rooms_on, *made, *rows} - {*config.servers()})]
    return [_line(slug, rooms_on.get(slug, {}), made.get(slug), rows.get(slug)) for slug in known]


def _line(slug: str, living: Mapping[str, Any], made_at: datetime | None, row: Server | None) -> ServerLine:
    answers = [moment for moment in (living.get("confirmed_at"), made_at) if moment]
    return ServerLine(
        slug=slug,
        state=config.server_state(slug) if slug in config.servers() else None,
        check_id=_check_id(slug),
        capacity=config.capacity(slug),
        meetings=living.get("rooms", 0),
        occupied=living.get("occupied", 0),
        people=living.get("people", 0),
        answered_at=max(answers, default=None),
        failed_at=row.failed_at if row else None,
        failure=row.failure if row else "",
    )


def _check_id(slug: str) -> str:
    try:
        config.endpoint(slug)
    except NotConfigured as problem:
        return problem.check_id
    return ""


def _room(meeting_id: str) -> Room:
    room = Room.objects.select_related("current").filter(meeting_id=meeting_id).first()
    if room is None:
        raise NoSuchMeeting
    return room


def _meeting_of(room: Room) -> Meeting:
    meeting = room.current or room.meetings.first()
    if meeting is None:
        raise NoSuchMeeting
    return meeting
