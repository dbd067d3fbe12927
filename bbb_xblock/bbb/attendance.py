"""What analytics tell of a meeting and the people in it (BBB API docs, analytics callback URL; bbb-events).

BigBlueButton sends them after the meeting, if it was made with ``meetingKeepEvents``. Moments are those of the
server's clock, in whole seconds, here in UTC; names are not read. What cannot be read is left out: half of a report is
better than none, and the rest of it is still true.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import filterfalse
from typing import Any

from bbb_xblock.bbb.errors import CallbackUnreadable
from bbb_xblock.bbb.ids import is_id

#: Most people of one meeting that are read, and most stays of each.
MOST_PEOPLE = 20_000
MOST_STAYS = 1_000
# Nobody's clock is so wrong.
_YEARS = range(2000, 2200)
_MOST = 2**31 - 1


@dataclass(frozen=True)
class AnalyticsReport:
    """Which meeting a report of analytics is about. The ids are printable and at most 256 characters long.

    Nothing else of it is kept: the rest tells by name who was there and what they did.
    """

    meeting_id: str
    internal_meeting_id: str


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
class Stay:
    """Once in and out, on one device. ``left_at`` is None where the report does not say it: at the meeting's end."""

    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Attended:
    """One person of a meeting. ``user_id`` is that of the join link, or BigBlueButton's own (``w_…``) without one.

    ``stays`` are in the order of time and overlap where somebody was in on two devices. ``engagement`` is None where
    the server does not send it.
    """

    user_id: str
    is_moderator: bool
    stays: tuple[Stay, ...]
    engagement: Engagement | None


@dataclass(frozen=True, kw_only=True)
class MeetingReport:
    """A report of analytics, without names. ``started_at`` and ``finished_at`` are None where they cannot be read."""

    started_at: datetime | None
    finished_at: datetime | None
    people: tuple[Attended, ...]


def analytics(body: bytes) -> AnalyticsReport:
    """Read which meeting the body of analytics, a JSON object, is about.

    It is up to the caller to limit the size of the body, and to check the token first.

    Raises:
        CallbackUnreadable: it is no JSON object, or an id is missing, not printable or too long.
    """
    members = _members(body)
    report = AnalyticsReport(_id(members, "meeting_id"), _id(members, "internal_meeting_id"))
    # Error trackers show the local variables of a frame, and these hold people's names.
    del body, members
    if not (report.meeting_id and report.internal_meeting_id):
        raise CallbackUnreadable("analytics")
    return report


def meeting_report(body: str | bytes) -> MeetingReport:
    """Read the body of analytics; one that is no JSON tells of nobody."""
    data = _object(_members(body).get("data"))
    # Error trackers show the local variables of a frame, and this one holds people's names.
    del body
    return MeetingReport(
        started_at=_moment(data.get("start")),
        finished_at=_moment(data.get("finish")),
        people=tuple(_people(_list(data.get("attendees")))),
    )


def without_people(report: str, user_ids: Collection[str]) -> str:
    """Take the people with these ``userID`` out of analytics: their entries, and their votes in polls.

    Nothing is left of a report that cannot be read.
    """

    def is_theirs(entry: object) -> bool:
        return isinstance(entry, dict) and str(entry.get("ext_user_id")) in user_ids

    def others(members: dict[str, Any]) -> dict[str, Any]:
        # Votes are told by voter, everything else is a list of entries.
        kept = {name: value for name, value in members.items() if name not in user_ids}
        lists = {name: [*filterfalse(is_theirs, value)] for name, value in kept.items() if isinstance(value, list)}
        return kept | lists

    try:
        return json.dumps(json.loads(report, object_hook=others), sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError):
        return ""


def entries_of(report: str, user_ids: Collection[str]) -> list[Any]:
    """Give what analytics tell of the people with these ``userID``, as it came, without votes in polls."""
    attendees = _list(_object(_members(report).get("data")).get("attendees"))
    return [entry for entry in attendees if _id(_object(entry), "ext_user_id") in user_ids]


def _people(entries: list[Any]) -> Iterable[Attended]:
    for entry in map(_object, entries[:MOST_PEOPLE]):
        if user_id := _id(entry, "ext_user_id"):
            yield Attended(
                user_id=user_id,
                is_moderator=entry.get("moderator") is True,
                stays=_stays(_list(entry.get("joins")), _list(entry.get("leaves"))),
                engagement=_engagement(entry.get("engagement")),
            )


def _stays(joins: list[Any], leaves: list[Any]) -> tuple[Stay, ...]:
    """Pair the two lists in the order of time: somebody is in from the nth join to the nth leave, on any device.

    A leave of somebody who is not in tells nothing.
    """
    ins, outs = (sorted(filter(None, map(_moment, moments[:MOST_STAYS]))) for moments in (joins, leaves))
    return tuple(stay for stay in _paired(ins, outs) if stay.left_at != stay.joined_at)


def _paired(ins: Iterable[datetime], outs: Iterable[datetime]) -> Iterator[Stay]:
    leaving = iter(outs)
    for joined in ins:
        yield Stay(joined_at=joined, left_at=next((left for left in leaving if left >= joined), None))


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


def _members(body: str | bytes) -> Mapping[str, Any]:
    """Give the members of a JSON object; none if the text is something else."""
    try:
        return _object(json.loads(body))
    except (ValueError, RecursionError):
        return {}


def _id(members: Mapping[str, Any], name: str) -> str:
    """Give the id of this name; empty if it is missing or no id."""
    found = members.get(name)
    return found if isinstance(found, str) and is_id(found) else ""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(entry: Mapping[str, Any], name: str) -> int:
    value = entry.get(name)
    # Truth values are numbers to Python.
    return min(max(value, 0), _MOST) if type(value) is int else 0


def _moment(value: object) -> datetime | None:
    """Read a moment with its zone; without one nobody knows when it was."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment and moment.tzinfo and moment.year in _YEARS else None
