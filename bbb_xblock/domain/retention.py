"""What is forgotten: everything personal after a while, and everything about a person who is to be forgotten.

Both may be done any number of times, and ask nobody but the database.
"""

import functools
import json
import logging
import operator
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from bbb_xblock import bbb, config
from bbb_xblock.domain.attendance import forgetting, settling
from bbb_xblock.models import (
    MOST_TRIES,
    Adoption,
    ChosenName,
    Correction,
    Join,
    Meeting,
    Outcome,
    Presence,
    Receipt,
    Room,
    Sighting,
    Viewing,
)

log = logging.getLogger(__name__)


# A meeting whose attendance nobody worked out for so long was forgotten by everybody.
NEVER = timedelta(days=30)

_BEFORE = {
    "presences": forgetting.presences,
    "corrections": forgetting.corrections,
    "viewings": forgetting.viewings,
}


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What is past its time: ``rows`` of them, the oldest from ``oldest``, None if there are none.

    ``what`` is "joins", "viewings", "names", "presences", "corrections", "sightings" or "receipts". ``setting`` names
    the setting that says how many ``days`` they are kept, empty for sightings; 0 days mean for ever.
    """

    what: str
    setting: str
    days: int
    rows: int
    oldest: datetime | None


@dataclass(frozen=True)
class _Kept:
    """One kind of rows with its setting: those whose time is over, and the column that tells their age."""

    what: str
    setting: str
    days: int
    old: QuerySet[Any]
    moment: str


def overdue() -> list[Overdue]:
    """Say what :func:`forget_old` would delete, and delete nothing."""
    return [
        Overdue(
            what=kept.what,
            setting=kept.setting,
            days=kept.days,
            rows=kept.old.count(),
            oldest=kept.old.aggregate(oldest=Min(kept.moment))["oldest"],
        )
        for kept in _everything_kept()
    ]


def forget_old(at_most: int) -> int:
    """Delete some rows of each kind whose time is over, ``at_most`` of each; says how many."""
    return sum(_delete(kept, at_most) for kept in _everything_kept() if kept.days)


def forget_person(user_id: int, anonymous_ids: Collection[str] = ()) -> None:
    """Forget who a user was: in joins, attendance, rooms, recordings and analytics, and what name they chose.

    ``anonymous_ids`` are those the platform knows of. What is left says that somebody was there. Joins come last: they
    know ids that the platform may not know any more.
    """
    joins, ids = Join.objects.filter(user_id=user_id), ids_of(user_id, anonymous_ids)
    _leave_rooms(ids)
    _leave_analytics(ids)
    ChosenName.objects.filter(user_id=user_id).delete()
    Viewing.objects.filter(user_id=user_id).update(user_id=None)
    Adoption.objects.filter(user_id=user_id).update(user_id=None)
    Outcome.objects.filter(user_id=user_id).delete()
    Correction.objects.filter(user_id=user_id).delete()
    Correction.objects.filter(by_user_id=user_id).update(by_user_id=None)
    Correction.objects.filter(undone_by=user_id).update(undone_by=None)
    forgotten = _leave_meetings(joins, user_id, ids)
    log.info("user %s is forgotten, in %s joins", user_id, forgotten)


def ids_of(user_id: int, anonymous_ids: Collection[str]) -> frozenset[str]:
    """Give the anonymous ids of a user: those that the platform knows of, and those of joins and attendance."""
    kept = [table.objects.filter(user_id=user_id).values_list("anonymous_id", flat=True) for table in (Join, Presence)]
    return frozenset({*anonymous_ids, *kept[0], *kept[1]} - {""})


def holds(field: str, ids: frozenset[str]) -> Q:
    """Say which rows have one of the ids in a text; without ids, none."""
    return functools.reduce(operator.or_, (Q(**{f"{field}__contains": one}) for one in ids), Q(pk__in=[]))


@transaction.atomic
def _leave_meetings(joins: QuerySet[Join], user_id: int, ids: frozenset[str]) -> int:
    """Forget clicks and what followed from them; says in how many joins."""
    # Whoever works out attendance at this moment waits, and then finds nobody of this name.
    meetings = Meeting.objects.filter(pk__in=list(joins.values_list("meeting", flat=True)))
    list(meetings.select_for_update().order_by("pk").values_list("pk", flat=True))
    Sighting.objects.filter(anonymous_id__in=ids).delete()
    Presence.objects.filter(user_id=user_id).delete()
    return joins.update(user_id=None, anonymous_id="")


def _leave_rooms(ids: frozenset[str]) -> None:
    for room in Room.objects.filter(holds("present", ids)):
        others = [one for one in json.loads(room.present) if one not in ids]
        # Unless the room has been asked about meanwhile: then the newer answer counts.
        Room.objects.filter(pk=room.pk, present=room.present).update(present=json.dumps(others))


def _leave_analytics(ids: frozenset[str]) -> None:
    """Rewrite the reports. Their digests stay, so that a report that comes once more does not bring anybody back."""
    reports = Receipt.objects.filter(holds("body", ids), kind=Receipt.Kind.ANALYTICS)
    for pk in list(reports.values_list("pk", flat=True)):
        body = Receipt.objects.values_list("body", flat=True).get(pk=pk)
        Receipt.objects.filter(pk=pk).update(body=bbb.without_people(body, ids))


def _everything_kept() -> Iterator[_Kept]:
    knobs = config.for_site().knobs
    for what, setting, days, rows_before, moment in (
        ("joins", "JOIN_DAYS", knobs.join_days, _joins_before, "joined_at"),
        ("viewings", "JOIN_DAYS", knobs.join_days, _viewings_before, "viewed_at"),
        ("names", "JOIN_DAYS", knobs.join_days, _names_before, "chosen_at"),
        ("presences", "ATTENDANCE_DAYS", knobs.attendance_days, _presences_before, "last_out"),
        ("corrections", "ATTENDANCE_DAYS", knobs.attendance_days, _corrections_before, "made_at"),
        ("sightings", "", settling.FOR_GOOD.days, _sightings_before, "seen_at"),
        ("receipts", "RECEIPT_DAYS", knobs.receipt_days, _receipts_before, "worked_at"),
    ):
        rows = rows_before(timezone.now() - timedelta(days=days))
        yield _Kept(what, setting, days, rows if days else rows.none(), moment)


def _joins_before(end: datetime) -> QuerySet[Any]:
    return Join.objects.filter(joined_at__lt=end)


def _viewings_before(end: datetime) -> QuerySet[Any]:
    return Viewing.objects.filter(viewed_at__lt=end)


def _names_before(end: datetime) -> QuerySet[Any]:
    """Give the names of people who chose them long ago and were let in nowhere since."""
    still_comes = Join.objects.filter(user_id=OuterRef("user_id"), joined_at__gte=end)
    return ChosenName.objects.filter(~Exists(still_comes), chosen_at__lt=end)


def _presences_before(end: datetime) -> QuerySet[Any]:
    return Presence.objects.filter(last_out__lt=end)


def _corrections_before(end: datetime) -> QuerySet[Any]:
    return Correction.objects.filter(made_at__lt=end)


def _sightings_before(end: datetime) -> QuerySet[Any]:
    """Give the sightings from which everything has been worked out that will be."""
    done = Meeting.objects.filter(settling.settled_for_good(), ended_at__lt=end)
    return Sighting.objects.filter(Q(meeting__in=done) | Q(seen_at__lt=end - NEVER))


def _receipts_before(end: datetime) -> QuerySet[Any]:
    """Give what was worked on long ago, and what is parked for as long."""
    return Receipt.objects.filter(Q(worked_at__lt=end) | Q(tries__gte=MOST_TRIES, worked_at=None, received_at__lt=end))


def _delete(kept: _Kept, at_most: int) -> int:
    """Delete in two steps, because MariaDB cannot limit a deletion that Django makes."""
    found = list(kept.old.order_by().values_list("pk", flat=True)[:at_most])
    if found and kept.what in _BEFORE:
        _BEFORE[kept.what](found)
    deleted, _ = kept.old.model.objects.filter(pk__in=found).delete()
    return int(deleted)
