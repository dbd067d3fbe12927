"""What the platform is to be told of participants, and what it was told: each change once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from bbb_xblock.domain.attendance import sheet as sheets
from bbb_xblock.domain.attendance.credit import rules_of
from bbb_xblock.domain.attendance.results import Result, results_of
from bbb_xblock.domain.attendance.sheet import Sheet
from bbb_xblock.models import Join, Meeting, Outcome, Recording, Room, Viewing
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Completion

# More than any series has.
MOST_SESSIONS = 500
_NOTED = ("value", "since", "is_overridden", "is_partly_forgotten", "is_complete", "told_at")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is new of one person. ``value`` is the grade to tell, None if it stays; ``completes`` if that is to be told.

    ``before`` is the grade that was told last. A grade that ``is_kept`` is told as it was last, because attendance from
    which it was worked out is forgotten and too little would follow from the rest. ``since`` is when the first session
    began from which it was worked out; ``was_forgotten`` if the grade before rests on attendance that is forgotten.
    """

    user_id: int
    value: float | None = None
    completes: bool = False
    before: float | None = None
    since: datetime | None = None
    is_kept: bool = False
    was_forgotten: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the grade is another than before."""
        return self.value is not None and self.value != (self.before or 0.0)

    @property
    def is_higher(self) -> bool:
        """Whether the grade is more than before."""
        return (self.value or 0.0) > (self.before or 0.0)


def changes(room: Room, options: SessionOptions, *, afresh: bool = False) -> list[Change]:
    """Give what the platform does not know yet, by user id. At most seven queries, whatever there is.

    ``afresh`` gives every grade, whatever was told before and wherever it goes: the course team wants it so. Grades
    that a teacher wrote stay as they are.
    """
    known = {row.user_id: row for row in Outcome.objects.filter(room=room)}
    results = results_in(room, options)
    complete = _complete(room, options, results)
    graded = set[int]()
    if options.grade_points:
        # Of whom everything is forgotten there is no result any more, and the platform may have lost what was told.
        graded = {*results, *(one for one, row in known.items() if afresh and row.is_partly_forgotten)}
    found = []
    for user_id in sorted({*graded, *complete}):
        row = known.get(user_id)
        change = Change(user_id=user_id, before=row.value if row else None)
        if user_id in graded:
            worked_out = _worked_out(user_id, results.get(user_id), row, options, afresh=afresh)
            change = worked_out if _is_news(worked_out, row, options, afresh=afresh) else change
        completes = user_id in complete and not (row and row.is_complete and not afresh)
        if change.value is not None or completes:
            found.append(replace(change, completes=completes))
    return found


def anew(room: Room, options: SessionOptions, user_id: int) -> Change:
    """Give the grade of one person by the rules of now, whatever was told before.

    Whoever was never there has nothing. Of whom nothing is left, in a room of which something is forgotten, nobody can
    say so any more: the ``value`` is None, and the platform keeps what it has.
    """
    row = Outcome.objects.filter(room=room, user_id=user_id).first()
    change = _worked_out(user_id, results_in(room, options).get(user_id), row, options, afresh=True)
    if change.value or change.before is not None or not _is_forgotten(room):
        return change
    return replace(change, value=None, is_kept=True)


def results_in(room: Room, options: SessionOptions) -> dict[int, Result]:
    """Give what the sessions come to, as far as they count for anything."""
    if not options.grade_points and options.completed_by is not Completion.PRESENCE:
        return {}
    rules = rules_of(options)
    sheet = sheets.sheet_of(room, rules, MOST_SESSIONS, options.opens_at)
    return results_of(sheet, rules, _made_up(room, sheet, options))


def is_complete(room: Room | None, user_id: int) -> bool:
    """Say whether the platform was told that somebody has completed the room's block. One query."""
    return room is not None and Outcome.objects.filter(room=room, user_id=user_id, is_complete=True).exists()


def told(room_pk: int, user_id: int) -> float | None:
    """Give the grade of which the platform was told last, 0 to 1; None if there is none. One query."""
    return Outcome.objects.filter(room=room_pk, user_id=user_id).values_list("value", flat=True).first()


def recordings_of(room: Room) -> QuerySet[Recording]:
    """Give a room's recordings: its own, and those that it adopted."""
    return Recording.objects.filter(Q(room=room) | Q(adoptions__room=room)).order_by()


def may_fall(options: SessionOptions) -> bool:
    """Say whether grades may go down: the mean of all sessions cannot be kept without it."""
    return options.grade_may_fall or not options.grade_sessions


def note(room: Room, told: Iterable[Change], *, overridden: bool = False) -> None:
    """Remember what the platform was told. Three queries."""
    by_user, now = {change.user_id: change for change in told}, timezone.now()
    # Somebody else may make the same row at this moment.
    new = (Outcome(room=room, user_id=one, told_at=now) for one in by_user)
    Outcome.objects.bulk_create(new, ignore_conflicts=True)
    rows = list(Outcome.objects.filter(room=room, user_id__in=by_user))
    for row in rows:
        change = by_user[row.user_id]
        if change.value is not None and not change.is_kept:
            row.value, row.is_overridden = change.value, overridden
            if not overridden:
                row.since = change.since
                # Unless something went while this was worked out.
                row.is_partly_forgotten &= not change.was_forgotten
        row.is_complete |= change.completes
        row.told_at = now
    Outcome.objects.bulk_update(rows, _NOTED)


def _is_forgotten(room: Room) -> bool:
    return Meeting.objects.filter(room=room, forgotten_at__isnull=False).exists()


def _worked_out(
    user_id: int, result: Result | None, told: Outcome | None, options: SessionOptions, *, afresh: bool
) -> Change:
    """Give the grade that follows from attendance, or the one that was told last where that is partly forgotten.

    The best of what is left may be more than that, and is then true. The mean of what is left says nothing of the
    whole, so only another session makes it more.
    """
    value, before = result.value if result else 0.0, told.value if told else None
    change = Change(user_id=user_id, value=value, before=before, since=result.since if result else None)
    if before is None or told is None or not told.is_partly_forgotten:
        return change
    is_more = value > before and bool(options.grade_sessions or not afresh)
    if is_more or value == before:
        return replace(change, was_forgotten=True)
    return replace(change, value=before, is_kept=True)


def _is_news(change: Change, told: Outcome | None, options: SessionOptions, *, afresh: bool) -> bool:
    """Say whether a grade is to be told. Nothing is what the platform takes for granted."""
    value, before = change.value or 0.0, change.before or 0.0
    if told and told.is_overridden:
        return False
    if afresh:
        return bool(value or before)
    return value != before and (value > before or may_fall(options))


def _complete(room: Room, options: SessionOptions, results: Mapping[int, Result]) -> Collection[int]:
    if options.completed_by is Completion.JOIN:
        joins = Join.objects.filter(meeting__room=room).order_by().values_list("user_id", flat=True)
        return set(filter(None, joins.distinct()))
    if options.completed_by is Completion.VIEWING:
        views = Viewing.objects.filter(recording__in=recordings_of(room)).order_by().values_list("user_id", flat=True)
        return set(filter(None, views.distinct()))
    if options.completed_by is Completion.PRESENCE:
        return {user_id for user_id, result in results.items() if result.was_present}
    return ()


def _made_up(room: Room, sheet: Sheet, options: SessionOptions) -> Mapping[int, Collection[int]]:
    """Give the sessions that people make up for by opening a recording in time. Two queries."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    if not options.make_up:
        return found
    internal_ids = dict(Meeting.objects.filter(room=room).values_list("pk", "internal_id"))
    # A recording has the id of its meeting.
    places = {
        internal_ids[meeting_id]: place
        for place, session in enumerate(sheet.sessions)
        for meeting_id in session.meeting_ids
    }
    views = Viewing.objects.filter(recording__room=room, recording__record_id__in=places)
    if options.make_up_until:
        views = views.filter(viewed_at__lte=options.make_up_until)
    for user_id, record_id in views.order_by().values_list("user_id", "recording__record_id").distinct():
        if user_id is not None:
            found[user_id].add(places[record_id])
    return found
