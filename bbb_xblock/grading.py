"""Grades and completion: worked out from attendance, and told to the platform by a worker, each change once."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from bbb_xblock.domain import happenings, meetings, rooms
from bbb_xblock.domain.attendance import due, outcomes, settling
from bbb_xblock.domain.attendance.due import Turn
from bbb_xblock.domain.attendance.outcomes import Change
from bbb_xblock.domain.data import Placement
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx import courses, progress
from bbb_xblock.fields import authored_options
from bbb_xblock.models import Room
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Completion

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Course:
    """The published block of a room, and what its author chose."""

    placement: Placement
    block: Any
    options: SessionOptions


@dataclass(frozen=True, kw_only=True)
class _Told:
    """How many grades the platform took, and whether it took everything."""

    grades: int = 0
    is_all: bool = True


def grade(room_pk: int) -> bool:
    """Tell the platform what is new of a room, if somebody asked for it; false means: try again later."""
    turn = due.take(room_pk)
    if turn is None:
        return True
    settling.settle_left(turn.room)
    is_done = not settling.is_waiting_for_report(turn.room) and _tell_all(turn).is_all
    due.end(turn, is_done=is_done)
    return is_done


def preview(room: Room) -> list[Change]:
    """Give the grades that :func:`regrade` would change, also down, and those that it keeps; tell nothing.

    Raises :class:`Refusal`: ``no_access`` if the block is gone, ``out_of_order`` if the platform cannot be asked.
    """
    try:
        course = _course_of(room.usage_key)
        worked_out = chain.from_iterable(outcomes.changes(room, course.options, afresh=True))
        changes = [one for one in worked_out if one.is_new or one.is_kept]
        users = progress.takers(course.placement, [change.user_id for change in changes])
    except ImportError:
        raise Refusal(Code.OUT_OF_ORDER) from None
    return [change for change in changes if change.user_id in users]


def regrade(room_pk: int, by_user_id: int) -> bool:
    """Tell the platform every grade of a room anew, also one that it has lost or that goes down.

    False means that some were not taken, or that somebody else is telling grades of the room at this moment: each costs
    the platform dozens of queries, and however often somebody clicks, only one worker is busy with it.
    """
    room = Room.objects.filter(pk=room_pk).first()
    if room is None:
        return True
    turn = due.seize(room)
    if turn is None:
        return False
    told = _tell_all(turn, afresh=True)
    if told.grades:
        happenings.regraded(room, by_user_id, told.grades)
        log.info("room %s: user %s had %s grades told anew", room.meeting_id, by_user_id, told.grades)
    due.end(turn, is_done=told.is_all)
    return told.is_all


def complete(usage_key: str, user_id: int) -> None:
    """Tell the platform that somebody has completed a block: who joined, or opened a page with nothing left to do."""
    course = _course_of(usage_key)
    room = rooms.of(course.placement)
    if course.options.completed_by is not Completion.NEVER and not outcomes.is_complete(room, user_id):
        _tell(room, course, [Change(user_id=user_id, completes=True)])


def rescore(usage_key: str, user_id: int, *, only_if_higher: bool) -> None:
    """Tell the grade of one person anew, in place of what a teacher wrote. Whoever was never there gets nothing."""
    course = _course_of(usage_key)
    room = rooms.of(course.placement)
    change = outcomes.anew(room, course.options, user_id)
    if change.is_kept or (change.only_up and not change.is_higher):
        log.info("room %s: the grade of user %s stays: attendance went by its age", room.meeting_id, user_id)
    if (only_if_higher or change.only_up) and not change.is_higher:
        return
    _tell(room, course, [change], only_if_higher=only_if_higher, overridden=False)


def override(usage_key: str, user_id: int, value: float) -> None:
    """Tell the grade, 0 to 1, that a teacher wrote for one person. It stays until somebody rescores that person."""
    course = _course_of(usage_key)
    change = Change(user_id=user_id, value=min(max(value, 0.0), 1.0))
    _tell(rooms.of(course.placement), course, [change], only_if_higher=False, overridden=True)


def _course_of(usage_key: str) -> _Course:
    placement = courses.placement_at(usage_key)
    block = courses.stored_block(placement)
    return _Course(placement=placement, block=block, options=meetings.options_of(placement, authored_options(block)))


def _tell_all(turn: Turn, *, afresh: bool = False) -> _Told:
    room, told = turn.room, list[_Told]()
    try:
        course = _course_of(room.usage_key)
        only_if_higher = not (afresh or outcomes.may_fall(course.options))
        for changes in outcomes.changes(room, course.options, afresh=afresh):
            told.append(_tell(room, course, changes, only_if_higher=only_if_higher))
            due.prolong(turn)
        return _Told(grades=sum(each.grades for each in told), is_all=all(each.is_all for each in told))
    except Refusal as refusal:
        # The block is gone or not published; if it comes back, the next session is told with all before.
        log.info("room %s: nothing is told of grades and completion: %s", room.meeting_id, refusal.code.value)
        return _Told()
    except ImportError:
        log.exception("room %s: the platform cannot be told of grades and completion", room.meeting_id)
        return _Told(is_all=False)


def _tell(
    room: Room,
    course: _Course,
    changes: Sequence[Change],
    *,
    only_if_higher: bool = True,
    overridden: bool | None = None,
) -> _Told:
    """Tell the platform, and remember what it took."""
    users = progress.takers(course.placement, [change.user_id for change in changes])
    # The course team is mostly not enrolled, and nobody expects grades of it.
    if left_out := [change.user_id for change in changes if change.user_id not in users and change.value is not None]:
        log.info("room %s: users %s are not in the course any more, and get no grade", room.meeting_id, left_out)
    wanted = [change for change in changes if change.user_id in users]
    answers = [_taken(course, one, users[one.user_id], only_if_higher=only_if_higher) for one in wanted]
    taken = [change for change in answers if change]
    for user_id, value in outcomes.note(room, taken, overridden=overridden).items():
        progress.give_grade(course.block, users[user_id], value, only_if_higher=False)
    return _Told(grades=sum(change.value is not None for change in taken), is_all=len(taken) == len(wanted))


def _taken(course: _Course, change: Change, user: Any, *, only_if_higher: bool) -> Change | None:
    """Tell of one person, and give what the platform knows now; None if it did not take the grade."""
    completes = change.completes and progress.complete(course.placement, user)
    if change.value is not None and not progress.give_grade(
        course.block, user, change.value, only_if_higher=only_if_higher or change.only_up
    ):
        return None
    return replace(change, completes=completes)
