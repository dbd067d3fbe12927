"""What the platform is to be told of participants, and what it was told: each change once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from bbb_xblock.domain.attendance.results import Result
from bbb_xblock.domain.attendance.series import series_of
from bbb_xblock.models import Join, Outcome, Recording, Room, Viewing
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Completion

# So many people are worked out and told at a time. What a worker that dies has told and not remembered is told again,
# which changes nothing.
AT_ONCE = 200
_NOTED = ("value", "since", "is_overridden", "is_partly_forgotten", "is_complete", "told_at")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is new of one person. ``value`` is the grade to tell, None if it stays; ``completes`` if that is to be told.

    ``before`` is the grade that was told last. A grade that ``is_kept`` is told as it was last, because attendance from
    which it was worked out is forgotten and too little would follow from the rest. ``since`` is when the first session
    began from which it was worked out; ``was_forgotten`` if the grade before rests on attendance that is forgotten. It
    goes ``only_up`` where it is forgotten as well what was told before.
    """

    user_id: int
    value: float | None = None
    completes: bool = False
    before: float | None = None
    since: datetime | None = None
    is_kept: bool = False
    was_forgotten: bool = False
    only_up: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the grade is another than before."""
        return self.value is not None and self.value != (self.before or 0.0)

    @property
    def is_higher(self) -> bool:
        """Whether the grade is more than before."""
        return (self.value or 0.0) > (self.before or 0.0)


def changes(room: Room, options: SessionOptions, *, afresh: bool = False) -> Iterator[list[Change]]:
    """Give what the platform does not know yet, of at most ``AT_ONCE`` people at a time.

    ``afresh`` gives every grade, whatever was told before and wherever it goes: the course team wants it so. Grades
    that a teacher wrote stay as they are. At most eight queries, and three for each lot of people.
    """
    series, done = series_of(room, options), _completed_by_doing(room, options)
    # Of whom nothing counts any more, a grade may still be there.
    graded = Outcome.objects.filter(room=room, value__isnull=False).values_list("user_id", flat=True)
    people = sorted({*series.people(), *done, *(graded if options.grade_points else ())})
    only_up = _is_partly_forgotten(room)
    for begin in range(0, len(people), AT_ONCE):
        some = people[begin:][:AT_ONCE]
        known = {row.user_id: row for row in Outcome.objects.filter(room=room, user_id__in=some)}
        results = series.results(some)
        found = [
            replace(
                _grade(user_id, results.get(user_id), known.get(user_id), options, afresh=afresh),
                completes=_completes(user_id in done, results.get(user_id), known.get(user_id), options, afresh=afresh),
                only_up=only_up and user_id not in known,
            )
            for user_id in some
        ]
        yield [change for change in found if change.value is not None or change.completes]


def anew(room: Room, options: SessionOptions, user_id: int) -> Change:
    """Give the grade of one person by the rules of now, whatever was told before.

    Whoever was never there has nothing. Of whom nothing is left, in a room of which something is forgotten, nobody can
    say so any more: their grade may only go up.
    """
    row = Outcome.objects.filter(room=room, user_id=user_id).first()
    result = series_of(room, options).results([user_id]).get(user_id)
    change = _worked_out(user_id, result, row, options, afresh=True)
    return replace(change, only_up=row is None and _is_partly_forgotten(room))


def _is_partly_forgotten(room: Room) -> bool:
    """Say whether attendance in a room went by its age, and with it perhaps what the platform was told of somebody."""
    return room.meetings.exclude(forgotten_at=None).exists()


def is_complete(room: Room | None, user_id: int) -> bool:
    """Say whether the platform was told that somebody has completed the room's block. One query."""
    return room is not None and Outcome.objects.filter(room=room, user_id=user_id, is_complete=True).exists()


def told(room_pk: int, user_id: int) -> float | None:
    """Give the grade of which the platform was told last, 0 to 1; None if there is none. One query."""
    return Outcome.objects.filter(room=room_pk, user_id=user_id).values_list("value", flat=True).first()


def may_fall(options: SessionOptions) -> bool:
    """Say whether grades may go down: the mean of all sessions cannot be kept without it."""
    return options.grade_may_fall or not options.grade_sessions


def note(room: Room, told: Iterable[Change], *, overridden: bool | None = None) -> dict[int, float]:
    """Remember what the platform was told. Three queries.

    ``overridden`` says whether a teacher wrote the grades, False that they are to count no more. Where the rules made
    them (None) and a teacher wrote another one meanwhile, that one stays: those are given back, to be told again.
    """
    by_user, now = {change.user_id: change for change in told}, timezone.now()
    # Somebody else may make the same row at this moment.
    new = (Outcome(room=room, user_id=one, told_at=now) for one in by_user)
    Outcome.objects.bulk_create(new, ignore_conflicts=True)
    rows = list(Outcome.objects.filter(room=room, user_id__in=by_user))
    written: dict[int, float] = {}
    for row in rows:
        change = by_user[row.user_id]
        if change.value is not None and overridden is None and row.is_overridden:
            written[row.user_id] = row.value or 0.0
        elif change.value is not None and not change.is_kept:
            _write(row, change, overridden=bool(overridden))
        row.is_complete |= change.completes
        row.told_at = now
    Outcome.objects.bulk_update(rows, _NOTED)
    return written


def _write(row: Outcome, change: Change, *, overridden: bool) -> None:
    row.value, row.is_overridden = change.value, overridden
    if not overridden:
        row.since = change.since
        # Unless something went while this was worked out.
        row.is_partly_forgotten &= not change.was_forgotten


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


def _grade(
    user_id: int, result: Result | None, told: Outcome | None, options: SessionOptions, *, afresh: bool
) -> Change:
    """Give the grade that is to be told, if one is. Nothing is what the platform takes for granted."""
    change = _worked_out(user_id, result, told, options, afresh=afresh)
    value, before = change.value or 0.0, change.before or 0.0
    is_news = bool(value or before) if afresh else value != before and (value > before or may_fall(options))
    # There is no result of the course team.
    is_graded = options.grade_points and (result or change.is_kept) and not (told and told.is_overridden)
    return change if is_graded and is_news else Change(user_id=user_id, before=change.before)


def _completes(
    has_done: bool, result: Result | None, told: Outcome | None, options: SessionOptions, *, afresh: bool
) -> bool:
    was_present = options.completed_by is Completion.PRESENCE and result is not None and result.was_present
    return (has_done or was_present) and not (told and told.is_complete and not afresh)


def _completed_by_doing(room: Room, options: SessionOptions) -> set[int]:
    """Give who has joined, or opened a recording, where that is enough. Two queries at most."""
    rows: QuerySet[Join] | QuerySet[Viewing]
    if options.completed_by is Completion.JOIN:
        rows = Join.objects.filter(meeting__room=room)
    elif options.completed_by is Completion.VIEWING:
        rows = Viewing.objects.filter(recording__in=Recording.objects.shown_in(room.pk).order_by())
    else:
        return set()
    return set(filter(None, rows.order_by().values_list("user_id", flat=True).distinct()))
