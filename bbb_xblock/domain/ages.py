"""How long personal data is kept, kind by kind: which rows are past their time, and how they go.

Attendance goes session by session. A meeting is marked as forgotten before the first row of it goes, so that nobody
looks absent because the rows of a large class go bit by bit; the mark says of nobody that they were there, and stays.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from bbb_xblock import config
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

# What nobody worked out or worked on for so much longer was forgotten by everybody.
NEVER = timedelta(days=30)

Rows = QuerySet[Any]
Before = Callable[[datetime], Rows]
Marks = Callable[[Collection[int]], None]


@dataclass(frozen=True)
class Kept:
    """One kind of rows with its setting: those past their time, the column that tells their age, and how they go.

    ``days`` are those of the setting ``setting``, or fixed ones where that is empty; 0 days mean for ever. ``marks``
    takes the keys of rows that are about to go, and marks what was worked out from them.
    """

    what: str
    setting: str
    days: int
    past: Rows
    moment: str
    goes: Callable[[Rows], int]
    marks: Marks

    def forget(self, at_most: int) -> int:
        """Forget some of the rows; says how many."""
        # In two steps, because MariaDB cannot limit a change that Django makes.
        found = list(self.past.order_by().values_list("pk", flat=True)[:at_most])
        if not found:
            return 0
        self.marks(found)
        return self.goes(self.past.model.objects.filter(pk__in=found))


def everything_kept() -> Sequence[Kept]:
    """Give every kind of rows that tells of people."""
    knobs = config.for_site().knobs
    joins, attendance = ("JOIN_DAYS", knobs.join_days), ("ATTENDANCE_DAYS", knobs.attendance_days)
    receipts, some_days = ("RECEIPT_DAYS", knobs.receipt_days), ("", settling.FOR_GOOD.days)
    return (
        _kept("joins", joins, _joins_before, "joined_at"),
        _kept("viewings", joins, _viewings_before, "viewed_at", marks=forgetting.viewings),
        _kept("adoptions", joins, _adoptions_before, "adopted_at", goes=_become_nobodys),
        _kept("names", joins, _names_before, "chosen_at"),
        _kept("presences", attendance, _presences_before, "last_out", marks=_mark_sessions),
        _kept("corrections", attendance, _corrections_before, "made_at", marks=forgetting.corrections),
        _kept("outcomes", attendance, _outcomes_before, "told_at"),
        _kept("sightings", some_days, _sightings_before, "seen_at"),
        _kept("present", some_days, _rooms_before, "confirmed_at", goes=_become_empty),
        _kept("receipts", receipts, _receipts_before, "worked_at"),
    )


def _are_deleted(rows: Rows) -> int:
    deleted, _ = rows.delete()
    return int(deleted)


def _become_nobodys(rows: Rows) -> int:
    return rows.update(user_id=None)


def _become_empty(rows: Rows) -> int:
    # A server may have been asked meanwhile.
    return rows.filter(confirmed_at__lt=timezone.now() - settling.FOR_GOOD).update(present="[]")


def _mark_nothing(keys: Collection[int]) -> None:
    """Nothing is worked out from these rows, or it does no harm when they are gone."""


def _mark_sessions(keys: Collection[int]) -> None:
    """Mark the grades first: without the mark on a meeting they are still what follows from attendance."""
    forgetting.presences(keys)
    meetings = set(Presence.objects.filter(pk__in=keys).values_list("meeting", flat=True))
    Meeting.objects.filter(pk__in=meetings, forgotten_at=None).update(forgotten_at=timezone.now())


def _kept(
    what: str,
    days_of: tuple[str, int],
    before: Before,
    moment: str,
    goes: Callable[[Rows], int] = _are_deleted,
    marks: Marks = _mark_nothing,
) -> Kept:
    setting, days = days_of
    past = before(timezone.now() - timedelta(days=days))
    return Kept(what, setting, days, past if days else past.none(), moment, goes, marks)


def _joins_before(end: datetime) -> Rows:
    return Join.objects.filter(joined_at__lt=end)


def _viewings_before(end: datetime) -> Rows:
    return Viewing.objects.filter(viewed_at__lt=end)


def _adoptions_before(end: datetime) -> Rows:
    return Adoption.objects.filter(user_id__isnull=False, adopted_at__lt=end)


def _names_before(end: datetime) -> Rows:
    """Give the names of people who chose them long ago and were let in nowhere since."""
    still_comes = Join.objects.filter(user_id=OuterRef("user_id"), joined_at__gte=end)
    return ChosenName.objects.filter(~Exists(still_comes), chosen_at__lt=end)


def _presences_before(end: datetime) -> Rows:
    """Give the presences in meetings that everybody had left by then."""
    return Presence.objects.filter(~Exists(_later_in(end)), last_out__lt=end)


def _corrections_before(end: datetime) -> Rows:
    """Give the corrections in the same meetings, however late they were made."""
    return Correction.objects.filter(~Exists(_later_in(end)), meeting__started_at__lt=end)


def _later_in(end: datetime) -> QuerySet[Presence]:
    return Presence.objects.filter(meeting=OuterRef("meeting"), last_out__gte=end)


def _outcomes_before(end: datetime) -> Rows:
    """Give what the platform was told so long ago, of people of whose attendance there nothing is kept."""
    kept = Presence.objects.filter(meeting__room=OuterRef("room"), user_id=OuterRef("user_id"), last_out__gte=end)
    return Outcome.objects.filter(~Exists(kept), told_at__lt=end)


def _sightings_before(end: datetime) -> Rows:
    """Give the sightings from which everything has been worked out that will be."""
    done = Meeting.objects.filter(settling.settled_for_good(), ended_at__lt=end)
    return Sighting.objects.filter(Q(meeting__in=done) | Q(seen_at__lt=end - NEVER))


def _rooms_before(end: datetime) -> Rows:
    """Give the rooms of which the last answer of a server is so old that those who were in are in no more."""
    return Room.objects.filter(confirmed_at__lt=end).exclude(present="[]")


def _receipts_before(end: datetime) -> Rows:
    """Give what was worked on long ago, what is parked for as long, and what nobody ever worked on."""
    parked, waiting = Q(tries__gte=MOST_TRIES, received_at__lt=end), Q(received_at__lt=end - NEVER)
    return Receipt.objects.filter(Q(worked_at__lt=end) | Q(parked | waiting, worked_at=None))
