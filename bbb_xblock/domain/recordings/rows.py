"""The rows of recordings: made and kept up to date from what servers say, any number of times with one result.

A server is believed only about rooms that were on it, and about meetings that are not another room's.
"""

import itertools
import json
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from bbb_xblock import bbb
from bbb_xblock.domain.recordings import reading
from bbb_xblock.domain.recordings.rules import WAIT
from bbb_xblock.models import Meeting, Recording, Room

log = logging.getLogger(__name__)

State = Recording.State

AT_ONCE = 100
# Of what one server tells of one room: more than a class that meets every day has in ten years.
MOST_IN_ROOM = 4000
# What was asked so much later than now was asked by a machine whose clock is wrong, and is not newer than all else.
UNBELIEVABLE = timedelta(minutes=10)

# A recording that a server tells of, its room and, if it is known, its meeting.
_About = tuple[Room, Meeting | None, bbb.Recording]


@dataclass(frozen=True)
class Tally:
    """How many recordings a server told of that were believed, and how many rows are new, changed, and gone."""

    told: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.told + other.told, self.new + other.new, self.changed + other.changed, self.gone + other.gone)


def take_in(server_slug: str, found: Iterable[bbb.Recording], asked_at: datetime | None = None) -> Tally:
    """Write rows from what a server says of its recordings; about rooms that were never on it, it is not believed.

    ``asked_at`` is when it was asked, now if left out: an older answer does not overwrite a newer one. Only so many
    recordings are held in memory at once, however many are ``found``.
    """
    when, tally, each = asked_at or timezone.now(), Tally(), iter(found)
    while some := list(itertools.islice(each, AT_ONCE)):
        tally += _take_in(server_slug, some, when)
    return tally


def expect(room: Room, record_id: str, server: str) -> Recording:
    """Make the row of a recording that BigBlueButton has announced and not yet listed, unless there is one."""
    now = timezone.now()
    meeting = room.meetings.filter(internal_id=record_id).first()
    ended_at = (meeting and meeting.ended_at) or now
    row, is_new = Recording.objects.get_or_create(
        record_id=record_id,
        server=server,
        defaults={
            "room": room,
            "state": State.EXPECTED,
            "since": ended_at,
            "started_at": meeting.started_at if meeting else now,
            "ended_at": ended_at,
            "keep_days": _keep_days(meeting or _meeting_before(room, server, now)),
            "made_at": now,
        },
    )
    if is_new:
        log.info("room %s: recording %s is expected from server %s", room.meeting_id, row.pk, server)
    return row


def not_named(server: str, rooms: Collection[Room], asked_at: datetime) -> QuerySet[Recording]:
    """Give the recordings of rooms that a server did not name when it was asked for all of theirs.

    Those that are known to be gone are left out, but for breakout rooms: nobody asks for those by their room.
    """
    known = Recording.objects.filter(server=server, room__in=rooms).exclude(state=State.DELETED)
    unseen = Q(seen_at=None) | Q(seen_at__lt=asked_at)
    return known.filter(unseen).exclude(state=State.GONE, is_breakout=False)


def miss(missed: Iterable[Recording], asked_at: datetime) -> Tally:
    """Store that a server was asked for recordings by name and has them not (any more). They are kept, as gone.

    One that is still awaited may take its time.
    """
    pks = [row.pk for row in missed if row.state not in Recording.AWAITED]
    gone = _not_newer(asked_at).filter(pk__in=pks).exclude(state=State.GONE)
    return Tally(gone=gone.update(state=State.GONE, since=asked_at, is_published=False, asked_at=asked_at))


def give_up(rooms: Collection[Room]) -> Tally:
    """Store that recordings are not awaited any longer, however their servers are."""
    now = timezone.now()
    late = Recording.objects.filter(room__in=rooms, state__in=Recording.AWAITED, since__lte=now - WAIT)
    return Tally(gone=late.update(state=State.GONE, since=now))


def _take_in(server: str, told: Sequence[bbb.Recording], asked_at: datetime) -> Tally:
    by_id = {each.record_id: each for each in told if len(each.record_id) <= reading.LONGEST_ID}
    known = _known(server, by_id)
    changed = sum(_change(row, by_id[row.record_id], asked_at) for row in known.values())
    seen = _not_newer(asked_at).filter(pk__in=[row.pk for row in known.values()])
    seen.update(asked_at=asked_at, seen_at=asked_at)
    believed = _believed(server, [each for each in by_id.values() if each.record_id not in known])
    rows = [_new(server, *about, asked_at) for about in _fitting(server, believed)]
    # Somebody else may make the same rows at the same moment.
    Recording.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        log.info("server %s: %d new recordings", server, len(rows))
    return Tally(told=len(known) + len(rows), new=len(rows), changed=changed)


def _known(server: str, told: Mapping[str, bbb.Recording]) -> dict[str, Recording]:
    """Give the rows that a server may say something of; a recording does not change its room."""
    rows = Recording.objects.filter(server=server, record_id__in=told).select_related("room")
    # Databases find texts in another case as well.
    same = (row for row in rows if row.record_id in told)
    return {
        row.record_id: row for row in same if row.is_breakout or told[row.record_id].meeting_id == row.room.meeting_id
    }


def _believed(server: str, told: Sequence[bbb.Recording]) -> list[_About]:
    """Give what is about rooms that were on that server, with the room and, if it is known, the meeting."""
    ids = {each.record_id: _room_id(each) for each in told}
    on_it = Room.objects.filter(meeting_id__in=set(ids.values()), meetings__server=server).distinct()
    rooms = {room.meeting_id: room for room in on_it}
    meetings = {meeting.internal_id: meeting for meeting in Meeting.objects.filter(internal_id__in=ids)}
    found = []
    for each in told:
        room, meeting = rooms.get(ids[each.record_id]), meetings.get(each.record_id)
        if room and (meeting is None or (meeting.room_id, meeting.server) == (room.pk, server)):
            found.append((room, meeting, each))
    return found


def _fitting(server: str, believed: Sequence[_About]) -> list[_About]:
    """Leave out what a server tells of a room beyond ``MOST_IN_ROOM``: it may make up any number."""
    rooms = {room for room, *_ in believed}
    of_rooms = Recording.objects.filter(server=server, room__in=rooms).order_by().values_list("room")
    known = Counter(dict(of_rooms.annotate(Count("pk")))) if rooms else Counter[int]()
    fitting = []
    for about in believed:
        room, *_ = about
        known[room.pk] += 1
        if known[room.pk] <= MOST_IN_ROOM:
            fitting.append(about)
        else:
            log.warning("room %s: server %s tells of too many recordings", room.meeting_id, server)
    return fitting


def _room_id(told: bbb.Recording) -> str:
    return told.metadata.get(reading.ROOM_KEY, "") if told.is_breakout else told.meeting_id


def _new(server: str, room: Room, meeting: Meeting | None, told: bbb.Recording, asked_at: datetime) -> Recording:
    columns = reading.columns(told)
    started_at = reading.moment(told.start_time_ms) or columns["ended_at"] or asked_at
    made_in = _meeting_before(room, server, started_at) if meeting is None and told.is_breakout else meeting
    is_waiting = columns["state"] in Recording.AWAITED
    return Recording(
        room=room,
        server=server,
        record_id=told.record_id,
        started_at=started_at,
        since=min(columns["ended_at"] or asked_at, asked_at) if is_waiting else asked_at,
        keep_days=_keep_days(made_in),
        made_at=timezone.now(),
        asked_at=asked_at,
        seen_at=asked_at,
        **columns,
    )


def _change(row: Recording, told: bbb.Recording, asked_at: datetime) -> bool:
    """Store what is otherwise than before; says whether anything is."""
    columns = reading.columns(told)
    if columns["ended_at"] is None:
        del columns["ended_at"]
    changes = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if row.state == State.EXPECTED and (started_at := reading.moment(told.start_time_ms)):
        changes["started_at"] = started_at
    if "state" in changes:
        changes["since"] = asked_at
        log.info("recording %s is %s", row.pk, changes["state"].value)
    return bool(changes) and _is_written(row, changes, asked_at)


def _is_written(row: Recording, changes: Mapping[str, Any], asked_at: datetime) -> bool:
    """Store changes, unless a newer answer was stored; says whether they are.

    Databases that were made long ago take less than all of Unicode (MySQL with utf8mb3: no emoji). Then the name stays,
    and keeps neither the rest nor other recordings from being stored.
    """
    written = {**changes, "changed_at": timezone.now()}
    same = _not_newer(asked_at).filter(pk=row.pk)
    try:
        with transaction.atomic():
            return same.update(**written) == 1
    except DatabaseError:
        log.warning("recording %s: the database does not take what its server tells; the name is left out", row.pk)
    rest = {column: value for column, value in changes.items() if column != "name"}
    return bool(rest) and same.update(**rest, changed_at=written["changed_at"]) == 1


def _not_newer(asked_at: datetime) -> QuerySet[Recording]:
    newest = Q(asked_at=None) | Q(asked_at__lte=asked_at) | Q(asked_at__gt=timezone.now() + UNBELIEVABLE)
    return Recording.objects.filter(newest)


def _meeting_before(room: Room, server: str, moment: datetime) -> Meeting | None:
    """Give the meeting to which a breakout room belonged, as far as its time tells."""
    return room.meetings.filter(server=server, started_at__lte=moment).order_by("-started_at").first()


def _keep_days(meeting: Meeting | None) -> int:
    """Give for how many days the author of a meeting wanted its recordings to be kept; 0 is for ever."""
    return int(json.loads(meeting.options).get("recording_days", 0)) if meeting else 0
