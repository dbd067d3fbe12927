"""Corrections: what the course team says of how people stand in a session, over what was measured.

Each is kept with who said it and when, also when it is undone; the newest that is not undone counts.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from bbb_xblock.domain.attendance import due
from bbb_xblock.domain.attendance.credit import Standing
from bbb_xblock.models import Correction, Meeting, Room

log = logging.getLogger(__name__)

# Rows in one statement.
AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A correction that counts. ``by_user_id`` is None where that person was forgotten; the reason may be personal."""

    correction_id: int
    standing: Standing
    reason: str = field(repr=False)
    by_user_id: int | None
    made_at: datetime


def counting(meeting_ids: Collection[int], user_ids: Collection[int]) -> dict[tuple[int, int], Corrected]:
    """Give what counts of some users, by meeting and user. One query."""
    kept = Correction.objects.filter(meeting__in=meeting_ids, user_id__in=user_ids, undone_at=None)
    return {
        (row.meeting_id, row.user_id): Corrected(
            correction_id=row.pk,
            standing=Standing(row.standing),
            reason=row.reason,
            by_user_id=row.by_user_id,
            made_at=row.made_at,
        )
        for row in kept.order_by("pk")
    }


def people(meeting_ids: Collection[int]) -> set[int]:
    """Give the users of whom something counts. One query."""
    counting = Correction.objects.filter(meeting__in=meeting_ids, undone_at=None)
    return set(counting.order_by().values_list("user_id", flat=True).distinct())


def correct(meeting: Meeting, user_ids: Collection[int], standing: Standing, reason: str, by_user_id: int) -> list[int]:
    """Say how people stand in the session that began with a meeting. Gives the keys of the corrections."""
    now = timezone.now()
    rows = [
        Correction(
            meeting=meeting,
            user_id=user_id,
            standing=standing.value,
            reason=reason,
            by_user_id=by_user_id,
            made_at=now,
        )
        for user_id in user_ids
    ]
    Correction.objects.bulk_create(rows, batch_size=AT_ONCE)
    due.ask(meeting.room_id)
    log.info("meeting %s: user %s corrected %s entries to %s", meeting.pk, by_user_id, len(rows), standing.value)
    # MySQL does not tell the keys of many rows at once.
    made = Correction.objects.filter(meeting=meeting, user_id__in=user_ids, by_user_id=by_user_id, made_at=now)
    return list(made.order_by("pk").values_list("pk", flat=True))


def undo(room: Room, ids: Collection[int], by_user_id: int) -> list[Correction]:
    """Take corrections in a room's sessions back; what counted before counts again. Gives those that did count."""
    found = list(Correction.objects.filter(pk__in=ids, meeting__room=room, undone_at=None).select_related("meeting"))
    Correction.objects.filter(pk__in=[row.pk for row in found], undone_at=None).update(
        undone_by=by_user_id, undone_at=timezone.now()
    )
    due.ask(room.pk)
    log.info("room %s: user %s undid %s corrections", room.meeting_id, by_user_id, len(found))
    return found
