"""What analytics tell of the people in a meeting (BBB API docs, analytics callback URL; bbb-events).

BigBlueButton sends them after the meeting, if it was made with ``meetingKeepEvents``. Moments are those of the
server's clock, in whole seconds, here in UTC; names are not read. What cannot be read is left out: half of a report is
better than none, and the rest of it is still true.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, zip_longest
from typing import Any

from bbb_xblock.bbb.ids import is_id

#: Most people of one meeting that are read, and most visits of each.
MOST_PEOPLE = 20_000
MOST_VISITS = 1_000
_MOST = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """What somebody did in a meeting; ``talk_seconds`` is how long they spoke, ``chats`` are public messages only."""

    chats: int = 0
    talks: int = 0
    talk_seconds: int = 0
    raised_hands: int = 0
    emojis: int = 0
    poll_votes: int = 0


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Once in and out, on one device. ``left_at`` is None where the report does not say it: at the meeting's end."""

    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Attended:
    """One person of a meeting. ``user_id`` is that of the join link, or BigBlueButton's own (``w_…``) without one.

    ``visits`` are in the order of time and overlap where somebody was in on two devices. ``engagement`` is None where
    the server does not send it.
    """

    user_id: str
    is_moderator: bool
    visits: tuple[Visit, ...]
    engagement: Engagement | None


@dataclass(frozen=True, kw_only=True)
class MeetingReport:
    """A report of analytics, without names. ``started_at`` and ``finished_at`` are None where they cannot be read."""

    started_at: datetime | None
    finished_at: datetime | None
    people: tuple[Attended, ...]


def meeting_report(body: str | bytes) -> MeetingReport:
    """Read the body of analytics; one that is no JSON tells of nobody."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    # Error trackers show the local variables of a frame, and this one holds people's names.
    del body
    data = _object(_object(found).get("data"))
    return MeetingReport(
        started_at=_moment(data.get("start")),
        finished_at=_moment(data.get("finish")),
        people=tuple(_people(_list(data.get("attendees")))),
    )


def _people(entries: list[Any]) -> Iterable[Attended]:
    for entry in map(_object, entries[:MOST_PEOPLE]):
        user_id = entry.get("ext_user_id")
        if isinstance(user_id, str) and is_id(user_id):
            yield Attended(
                user_id=user_id,
                is_moderator=entry.get("moderator") is True,
                visits=_visits(_list(entry.get("joins")), _list(entry.get("leaves"))),
                engagement=_engagement(entry.get("engagement")),
            )


def _visits(joins: list[Any], leaves: list[Any]) -> tuple[Visit, ...]:
    """Pair the two lists in the order of time: somebody is in from the nth join to the nth leave, on any device."""
    ins, outs = (sorted(filter(None, map(_moment, moments[:MOST_VISITS]))) for moments in (joins, leaves))
    pairs = islice(zip_longest(ins, outs), len(ins))
    return tuple(Visit(joined_at=joined, left_at=left) for joined, left in pairs if left is None or left > joined)


def _engagement(entry: object) -> Engagement | None:
    if not isinstance(entry, dict):
        return None
    return Engagement(
        chats=_number(entry, "chats"),
        talks=_number(entry, "talks"),
        talk_seconds=_number(entry, "talk_time"),
        raised_hands=_number(entry, "raisehand"),
        emojis=_number(entry, "emojis"),
        poll_votes=_number(entry, "poll_votes"),
    )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(entry: Mapping[str, Any], name: str) -> int:
    value = entry.get(name)
    return min(max(value, 0), _MOST) if isinstance(value, int) else 0


def _moment(value: object) -> datetime | None:
    """Read a moment with its zone; without one nobody knows when it was."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
