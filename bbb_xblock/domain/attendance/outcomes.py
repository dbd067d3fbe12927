"""What the platform is to be told of participants, and what it was told: each change once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from bbb_xblock.bbb import Role
from bbb_xblock.domain.attendance import sheet as sheets
from bbb_xblock.domain.attendance.credit import rules_of
from bbb_xblock.domain.attendance.results import Result, results_of
from bbb_xblock.domain.attendance.sheet import Sheet
from bbb_xblock.models import Join, Meeting, Outcome, Recording, Room, Viewing
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Completion

# More than any series has.
MOST_SESSIONS = 500
PARTICIPANT = Role.VIEWER.value


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is new of one person. ``value`` is the grade to tell, None if it stays; ``completes`` if that is to be told.

    ``before`` is the grade that was told last.
    """

    user_id: int
    value: float | None = None
    completes: bool = False
    before: float | None = None

    @property
    def is_new(self) -> bool:
        """Whether the grade is another than before."""
        return self.value is not None and self.value != (self.before or 0.0)


def changes(room: Room, options: SessionOptions, *, afresh: bool = False) -> list[Change]:
    """Give what the platform does not know yet, by user id. At most seven queries, whatever there is.

    ``afresh`` gives every grade, whatever was told before and wherever it goes: the course team wants it so. Grades
    that a teacher wrote stay as they are.
    """
    known = {row.user_id: row for row in Outcome.objects.filter(room=room)}
    results = results_in(room, options)
    complete = _complete(room, options, results)
    grades = results if options.grade_points else {}
    found = []
    for user_id in sorted({*grades, *complete}):
        row = known.get(user_id)
        value = grades[user_id].value if user_id in grades else None
        change = Change(
            user_id=user_id,
            value=value if _is_news(value, row, options, afresh=afresh) else None,
            completes=user_id in complete and not (row and row.is_complete and not afresh),
            before=row.value if row else None,
        )
        if change.value is not None or change.completes:
            found.append(change)
    return found


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


def note(room: Room, told: Iterable[Change], *, overridden: bool | None = None) -> dict[int, float]:
    """Remember what the platform was told. Three queries.

    ``overridden`` says whether a teacher wrote the grades, False that they are to count no more. Where the rules made
    them (None) and a teacher wrote another one meanwhile, that one stays: those are given back, to be told again.
    """
    by_user = {change.user_id: change for change in told}
    # Somebody else may make the same row at this moment.
    Outcome.objects.bulk_create((Outcome(room=room, user_id=one) for one in by_user), ignore_conflicts=True)
    rows = list(Outcome.objects.filter(room=room, user_id__in=by_user))
    written: dict[int, float] = {}
    for row in rows:
        change = by_user[row.user_id]
        if change.value is not None and overridden is None and row.is_overridden:
            written[row.user_id] = row.value or 0.0
        elif change.value is not None:
            row.value, row.is_overridden = change.value, bool(overridden)
        row.is_complete |= change.completes
        row.told_at = timezone.now()
    Outcome.objects.bulk_update(rows, ["value", "is_overridden", "is_complete", "told_at"])
    return written


def _is_news(value: float | None, told: Outcome | None, options: SessionOptions, *, afresh: bool) -> bool:
    """Say whether a grade is to be told. Nothing is what the platform takes for granted."""
    if value is None or (told and told.is_overridden):
        return False
    before = (told.value if told else None) or 0.0
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
