"""What is forgotten: everything personal after a while, and everything about a person who is to be forgotten.

Both may be done any number of times, and ask nobody but the database.
"""

import functools
import json
import logging
import operator
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from bbb_xblock import bbb
from bbb_xblock.domain import ages
from bbb_xblock.models import (
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


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What is past its time: ``rows`` of them, the oldest from ``oldest``, None if there are none.

    ``what`` is the kind, as ``ages.py`` names it. ``setting`` names the setting that says how many ``days`` they are
    kept, empty where the days are fixed; 0 days mean for ever.
    """

    what: str
    setting: str
    days: int
    rows: int
    oldest: datetime | None


def overdue() -> list[Overdue]:
    """Say what :func:`forget_old` would forget, and forget nothing."""
    return [
        Overdue(
            what=kept.what,
            setting=kept.setting,
            days=kept.days,
            rows=kept.past.count(),
            oldest=kept.past.aggregate(oldest=Min(kept.moment))["oldest"],
        )
        for kept in ages.everything_kept()
    ]


def forget_old(at_most: int) -> int:
    """Forget some rows of each kind whose time is over, ``at_most`` of each; says how many."""
    return sum(kept.forget(at_most) for kept in ages.everything_kept() if kept.days)


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
