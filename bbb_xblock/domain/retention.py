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

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from bbb_xblock import bbb, config
from bbb_xblock.models import ChosenName, Join, Receipt, Room

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What is past its time: ``rows`` of them, the oldest from ``oldest``, None if there are none.

    ``setting`` names the setting that says how many ``days`` they are kept; 0 days mean for ever.
    """

    setting: str
    days: int
    rows: int
    oldest: datetime | None


def overdue() -> list[Overdue]:
    """Say what :func:`forget_old` would delete, and delete nothing."""
    found = []
    for setting, days, rows, moment in _kept():
        oldest = rows.aggregate(oldest=Min(moment))["oldest"]
        found.append(Overdue(setting=setting, days=days, rows=rows.count(), oldest=oldest))
    return found


def forget_old(at_most: int) -> int:
    """Delete some of the joins and receipts whose time is over, ``at_most`` of each; says how many there were."""
    return sum(_delete(rows, at_most) for _, days, rows, _ in _kept() if days)


def forget_person(user_id: int, anonymous_ids: Collection[str] = ()) -> None:
    """Forget who a user was: in joins, rooms and analytics, and what name they chose.

    ``anonymous_ids`` are those the platform knows of. What is left says that somebody was there. Joins come last: they
    know ids that the platform may not know any more.
    """
    joins = Join.objects.filter(user_id=user_id)
    ids = frozenset({*anonymous_ids, *joins.values_list("anonymous_id", flat=True)} - {""})
    if ids:
        _leave_rooms(ids)
        _leave_analytics(ids)
    ChosenName.objects.filter(user_id=user_id).delete()
    forgotten = joins.update(user_id=None, anonymous_id="")
    log.info("user %s is forgotten, in %s joins", user_id, forgotten)


def _leave_rooms(ids: frozenset[str]) -> None:
    for room in Room.objects.filter(_holds("present", ids)):
        others = [one for one in json.loads(room.present) if one not in ids]
        # Unless the room has been asked about meanwhile: then the newer answer counts.
        Room.objects.filter(pk=room.pk, present=room.present).update(present=json.dumps(others))


def _leave_analytics(ids: frozenset[str]) -> None:
    """Rewrite the reports. Their digests stay, so that a report that comes once more does not bring anybody back."""
    reports = Receipt.objects.filter(_holds("body", ids), kind=Receipt.Kind.ANALYTICS)
    for pk in list(reports.values_list("pk", flat=True)):
        body = Receipt.objects.values_list("body", flat=True).get(pk=pk)
        Receipt.objects.filter(pk=pk).update(body=bbb.without_people(body, ids))


def _holds(field: str, ids: frozenset[str]) -> Q:
    return functools.reduce(operator.or_, (Q(**{f"{field}__contains": one}) for one in ids))


def _kept() -> Iterator[tuple[str, int, QuerySet[Any], str]]:
    """Give for each table the setting, its days, the rows that are older, and the column that tells their age."""
    knobs = config.for_course("", "").knobs
    for setting, days, model, moment in (
        ("JOIN_DAYS", knobs.join_days, Join, "joined_at"),
        ("RECEIPT_DAYS", knobs.receipt_days, Receipt, "worked_at"),
    ):
        every = model._default_manager.all()
        yield setting, days, every.filter(**{f"{moment}__lt": _days_ago(days)}) if days else every.none(), moment


def _days_ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def _delete(rows: QuerySet[Any], at_most: int) -> int:
    """Delete in two steps, because MariaDB cannot limit a deletion that Django makes."""
    found = list(rows.order_by().values_list("pk", flat=True)[:at_most])
    deleted, _ = rows.model.objects.filter(pk__in=found).delete()
    return int(deleted)
