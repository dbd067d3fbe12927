"""The attendance sheet of a room: sessions, and how everybody stands in them."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from bbb_xblock.domain.attendance.credit import Rules, Standing, attended, credit, standing
from bbb_xblock.domain.attendance.presence import Source, Span, united
from bbb_xblock.domain.attendance.sessions import MeetingTimes, Session, sessions_of
from bbb_xblock.models import Meeting, Presence, Room

_SOURCES = {"j": Source.JOIN, "l": Source.LOOK, "r": Source.REPORT}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How somebody stands in one session. The moments are None for somebody who was not in."""

    standing: Standing
    credit: float
    time: timedelta = timedelta()
    first_in: datetime | None = None
    last_out: datetime | None = None
    sources: frozenset[Source] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person, with an entry for each session of the sheet."""

    user_id: int
    is_moderator: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The newest sessions of a room, in the order of time, and whoever was in any of them."""

    sessions: tuple[Session, ...]
    lines: tuple[Line, ...]


ABSENT = Entry(standing=Standing.ABSENT, credit=0.0)


def sheet_of(room: Room, rules: Rules, at_most: int, opens_at: datetime | None = None) -> Sheet:
    """Give the attendance in the newest ``at_most`` sessions of a room. Two queries, whatever there is."""
    sessions = sessions_of(_times(room), opens_at)[-at_most:]
    meeting_ids = [meeting_id for session in sessions for meeting_id in session.meeting_ids]
    known: dict[int, list[Presence]] = defaultdict(list)
    for presence in Presence.objects.filter(meeting__in=meeting_ids):
        known[presence.user_id].append(presence)
    lines = [_line(user_id, presences, sessions, rules) for user_id, presences in known.items()]
    return Sheet(sessions=tuple(sessions), lines=tuple(lines))


def unsettled(room: Room) -> list[int]:
    """Give the meetings of a room of which it was not worked out yet who had been in, the newest first."""
    waiting = Meeting.objects.filter(room=room, settled_at=None).exclude(ended_at=None)
    return list(waiting.order_by("-started_at").values_list("pk", flat=True))


def _times(room: Room) -> list[MeetingTimes]:
    """Give the settled meetings. One whose end nobody told ends with the last who left (``clocks.real_end``)."""
    with_times = Meeting.objects.filter(room=room).annotate(
        last_out=Max("presences__last_out"),
        participants=Count("presences", filter=Q(presences__is_moderator=False)),
    )
    return [
        MeetingTimes(
            meeting_id=row.pk,
            began_at=row.started_at,
            ended_at=row.last_out if row.why_ended == Meeting.Ending.GONE else row.ended_at or row.last_out,
            had_participants=row.participants > 0,
        )
        for row in with_times.exclude(ended_at=None).exclude(last_out=None)
    ]


def _line(user_id: int, presences: Sequence[Presence], sessions: Sequence[Session], rules: Rules) -> Line:
    by_meeting = {presence.meeting_id: presence for presence in presences}
    return Line(
        user_id=user_id,
        is_moderator=any(presence.is_moderator for presence in presences),
        entries=tuple(_entry(by_meeting, session, rules) for session in sessions),
    )


def _entry(presences: Mapping[int, Presence], session: Session, rules: Rules) -> Entry:
    mine = [presences[meeting_id] for meeting_id in session.meeting_ids if meeting_id in presences]
    spans = united([span for presence in mine for span in _spans(presence)], timedelta())
    if not spans:
        return ABSENT
    time = attended(spans, session.held, rules)
    return Entry(
        standing=standing(time, session.held, rules),
        credit=credit(time, session.held, rules),
        time=time,
        first_in=spans[0].begin,
        last_out=spans[-1].end,
        sources=frozenset[Source]().union(*(span.sources for span in spans)),
    )


def _spans(presence: Presence) -> list[Span]:
    return [
        Span(
            begin=datetime.fromisoformat(begin),
            end=datetime.fromisoformat(end),
            sources=frozenset(_SOURCES[initial] for initial in initials),
        )
        for begin, end, initials in json.loads(presence.spans)
    ]
