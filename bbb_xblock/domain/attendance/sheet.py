"""The attendance sheet of a room: sessions, and how everybody stands in them."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from django.db.models import Case, Exists, F, OuterRef, Subquery, When

from bbb_xblock.bbb.attendance import Engagement
from bbb_xblock.domain.attendance import corrections, written
from bbb_xblock.domain.attendance.corrections import Corrected
from bbb_xblock.domain.attendance.credit import Rules, Standing, attended, corrected, credit, standing
from bbb_xblock.domain.attendance.presence import Source, Span, united
from bbb_xblock.domain.attendance.sessions import MeetingTimes, Session, sessions_of
from bbb_xblock.models import Meeting, Presence

_COLUMNS = ("meeting_id", "user_id", "is_team", "spans", "engagement")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How somebody stands in one session. The moments are None for somebody who was not in.

    ``spans`` are when somebody was in. ``correction`` is what a teacher said of it, and then ``standing`` and
    ``credit`` are that; the rest is always what was measured. ``engagement`` is None where no server told it.
    ``counts`` is false in a session that nobody led: participants open rooms too, and nobody gives points to themselves
    or takes them from others. What a teacher said counts all the same.
    """

    standing: Standing
    credit: float
    time: timedelta = timedelta()
    first_in: datetime | None = None
    last_out: datetime | None = None
    sources: frozenset[Source] = frozenset()
    spans: tuple[Span, ...] = ()
    engagement: Engagement | None = None
    correction: Corrected | None = None
    counts: bool = True


@dataclass(frozen=True, kw_only=True)
class Line:
    """One person, with an entry for each session of the sheet. Whoever was there as ``is_team`` is no participant."""

    user_id: int
    is_team: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Sessions of a room in the order of time, and lines of people."""

    sessions: tuple[Session, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Kept:
    """What is kept of one person in one meeting, as it is kept."""

    meeting_id: int
    user_id: int
    is_team: bool
    spans: str
    engagement: str


ABSENT = Entry(standing=Standing.ABSENT, credit=0.0)
_ABSENT_UNCOUNTED = replace(ABSENT, counts=False)


def sessions_in(room_pk: int, opens_at: datetime | None = None, *, meetings: int | None = None) -> list[Session]:
    """Give the sessions of a room in the order of time, or those of its newest ``meetings``. One query."""
    return sessions_of(_times(room_pk, meetings), opens_at)


def people_in(sessions: Sequence[Session]) -> dict[int, bool]:
    """Say who was in any of the sessions or is said to have been, and whether as course team. Two queries."""
    meeting_ids = _meeting_ids(sessions)
    there = Presence.objects.filter(meeting__in=meeting_ids).order_by()
    people = dict.fromkeys(corrections.people(meeting_ids), False)
    for user_id, is_team in there.values_list("user_id", "is_team").distinct():
        people[user_id] = is_team or people.get(user_id, False)
    return people


def lines_of(sessions: Sequence[Session], rules: Rules, user_ids: Collection[int]) -> list[Line]:
    """Give the lines of some users, whether they were in or not. Two queries."""
    meeting_ids = _meeting_ids(sessions)
    there = Presence.objects.filter(meeting__in=meeting_ids, user_id__in=user_ids).order_by("pk")
    known: dict[int, dict[int, _Kept]] = defaultdict(dict)
    for row in there.values_list(*_COLUMNS).iterator():
        kept = _Kept(*row)
        known[kept.user_id][kept.meeting_id] = kept
    said = corrections.counting(meeting_ids, user_ids)
    return [_line(user_id, known.get(user_id, {}), said, sessions, rules) for user_id in dict.fromkeys(user_ids)]


def absent_from(session: Session) -> Entry:
    """Give the entry of somebody who was not in."""
    return ABSENT if session.was_led else _ABSENT_UNCOUNTED


def _meeting_ids(sessions: Sequence[Session]) -> list[int]:
    return [meeting_id for session in sessions for meeting_id in session.meeting_ids]


def _times(room_pk: int, at_most: int | None) -> list[MeetingTimes]:
    """Give the meetings in which participants were, as far as that is not forgotten.

    One whose end nobody told ends with the last who left (``clocks.real_end``).
    """
    there = Presence.objects.filter(meeting=OuterRef("pk"))
    # Whoever is alone leads nobody: where everybody may lead, nobody gives points to themselves that way.
    others = Presence.objects.filter(meeting=OuterRef("meeting")).exclude(user_id=OuterRef("user_id"))
    last_out = Subquery(there.order_by("-last_out").values("last_out")[:1])
    newest_first = (
        Meeting.objects.filter(Exists(there.filter(is_team=False)), room=room_pk, ended_at__isnull=False)
        .filter(forgotten_at=None)
        .annotate(
            over_at=Case(When(why_ended=Meeting.Ending.GONE, then=last_out), default=F("ended_at")),
            was_led=Exists(there.filter(Exists(others), led=True)),
        )
        .order_by("-started_at")
    )
    rows = newest_first.values_list("pk", "started_at", "over_at", "was_led")[:at_most]
    return [
        MeetingTimes(meeting_id=pk, began_at=began_at, ended_at=ended_at, had_participants=True, was_led=was_led)
        for pk, began_at, ended_at, was_led in rows
    ]


def _line(
    user_id: int,
    kept: Mapping[int, _Kept],
    said: Mapping[tuple[int, int], Corrected],
    sessions: Sequence[Session],
    rules: Rules,
) -> Line:
    return Line(
        user_id=user_id,
        is_team=any(one.is_team for one in kept.values()),
        entries=tuple(_entry(user_id, kept, said, session, rules) for session in sessions),
    )


def _entry(
    user_id: int,
    kept: Mapping[int, _Kept],
    said: Mapping[tuple[int, int], Corrected],
    session: Session,
    rules: Rules,
) -> Entry:
    mine = [kept[meeting_id] for meeting_id in session.meeting_ids if meeting_id in kept]
    measured = _measured(mine, session, rules) if mine else absent_from(session)
    # Sessions may grow together when an earlier meeting is settled late, and then the newest word counts.
    found = [said[meeting_id, user_id] for meeting_id in session.meeting_ids if (meeting_id, user_id) in said]
    if not found:
        return measured
    newest = max(found, key=lambda one: one.correction_id)
    return replace(
        measured,
        standing=newest.standing,
        credit=corrected(newest.standing, measured.standing, measured.credit, rules),
        correction=newest,
        counts=True,
    )


def _measured(mine: Sequence[_Kept], session: Session, rules: Rules) -> Entry:
    spans = written.read(mine[0].spans)
    if len(mine) > 1:
        spans = united([span for one in mine for span in written.read(one.spans)], timedelta())
    if not spans:
        return absent_from(session)
    time = attended(spans, session.held, rules)
    return Entry(
        standing=standing(time, session.held, rules),
        credit=credit(time, session.held, rules),
        time=time,
        first_in=spans[0].begin,
        last_out=spans[-1].end,
        sources=frozenset[Source]().union(*(span.sources for span in spans)),
        spans=spans,
        engagement=_engagement([one.engagement for one in mine if one.engagement]),
        counts=session.was_led,
    )


def _engagement(told: Sequence[str]) -> Engagement | None:
    """Add up what somebody did in the meetings of a session."""
    if not told:
        return None
    counts = [json.loads(one) for one in told]
    return Engagement(**{each.name: sum(one.get(each.name, 0) for one in counts) for each in fields(Engagement)})
