"""The rows of recordings: made and kept up to date from what servers say, any number of times with one result.

A server is believed only about rooms that were on it, and about meetings that are not another room's.
"""

import itertools
import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from bbb_xblock import bbb
from bbb_xblock.domain.recordings import reading
from bbb_xblock.models import Meeting, Recording, Room

log = logging.getLogger(__name__)

AT_ONCE = 100
# What was asked so much later than now was asked by a machine whose clock is wrong, and is not newer than all else.
UNBELIEVABLE = timedelta(minutes=10)


def take_in(server_slug: str, found: Iterable[bbb.Recording], asked_at: datetime | None = None) -> None:
    """Write rows from what a server says of its recordings; about rooms that were never on it, it is not believed.

    ``asked_at`` is when it was asked, now if left out: an older answer does not overwrite a newer one.
    """
    when = asked_at or timezone.now()
    each = iter(found)
    while some := list(itertools.islice(each, AT_ONCE)):
        _take_in(server_slug, some, when)


def expect(room: Room, meeting: Meeting) -> Recording:
    """Make the row of a meeting that was recorded, as BigBlueButton said, unless there is one."""
    now = timezone.now()
    ended_at = meeting.ended_at or now
    row, is_new = Recording.objects.get_or_create(
        record_id=meeting.internal_id,
        server=meeting.server,
        defaults={
            "room": room,
            "state": Recording.State.EXPECTED,
            "since": ended_at,
            "started_at": meeting.started_at,
            "ended_at": ended_at,
            "made_at": now,
        },
    )
    if is_new:
        log.info("room %s: recording %s is expected from server %s", room.meeting_id, row.pk, row.server)
    return row


def _take_in(server: str, told: Sequence[bbb.Recording], asked_at: datetime) -> None:
    believed = _believed(server, told)
    known = {row.record_id: row for row in Recording.objects.filter(server=server, record_id__in=believed)}
    new = [_new(server, *believed[record_id], asked_at) for record_id in believed if record_id not in known]
    # Somebody else may make the same rows at the same moment.
    Recording.objects.bulk_create(new, ignore_conflicts=True)
    for record_id, row in known.items():
        # Databases find texts in another case as well.
        if record_id in believed and row.room_id == believed[record_id][0].pk:
            _change(row, believed[record_id][1], asked_at)
    if new:
        log.info("server %s: %d new recordings", server, len(new))


def _believed(server: str, told: Sequence[bbb.Recording]) -> dict[str, tuple[Room, bbb.Recording]]:
    """Give what is about rooms that were on that server, by the id of the recording."""
    on_it = Room.objects.filter(meeting_id__in={each.meeting_id for each in told}, meetings__server=server)
    rooms = {room.meeting_id: room for room in on_it.distinct()}
    theirs = _meetings_of_others(server, {each.record_id for each in told})
    return {
        each.record_id: (rooms[each.meeting_id], each)
        for each in told
        if each.meeting_id in rooms
        and theirs.get(each.record_id, rooms[each.meeting_id].pk) == rooms[each.meeting_id].pk
    }


def _meetings_of_others(server: str, record_ids: Collection[str]) -> dict[str, int]:
    """Give the room of each meeting that has one of these ids; 0 if it was on another server."""
    rows = Meeting.objects.filter(internal_id__in=record_ids).values_list("internal_id", "server", "room_id")
    return {internal_id: room_id if where == server else 0 for internal_id, where, room_id in rows}


def _new(server: str, room: Room, told: bbb.Recording, asked_at: datetime) -> Recording:
    columns = reading.columns(told)
    started_at = reading.moment(told.start_time_ms) or columns["ended_at"] or asked_at
    return Recording(
        room=room,
        server=server,
        record_id=told.record_id,
        started_at=started_at,
        since=asked_at,
        made_at=timezone.now(),
        asked_at=asked_at,
        seen_at=asked_at,
        **columns,
    )


def _change(row: Recording, told: bbb.Recording, asked_at: datetime) -> None:
    columns = reading.columns(told)
    changes = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if "state" in changes:
        changes["since"] = asked_at
        log.info("recording %s is %s", row.pk, columns["state"].value)
    newest = Q(asked_at=None) | Q(asked_at__lte=asked_at) | Q(asked_at__gt=timezone.now() + UNBELIEVABLE)
    Recording.objects.filter(newest, pk=row.pk).update(asked_at=asked_at, seen_at=asked_at, **changes)
