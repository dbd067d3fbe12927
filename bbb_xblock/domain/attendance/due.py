"""Which rooms the platform is to be told of again: marked in their rows first, worked on by whoever takes the turn.

The mark is written together with what made it necessary, and goes when the work is done. So nothing is lost with a
worker or a queue: the next task finds the mark.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.dispatch import Signal
from django.utils import timezone

from bbb_xblock.models import Room

# Longer than telling of some people takes; whoever died in it is followed by somebody else.
TURN = timedelta(minutes=10)

asked = Signal()
"""Sent with ``room_pk`` when a room has become due."""

completed = Signal()
"""Sent with ``usage_key`` and ``user_id`` when somebody has completed a block."""


@dataclass(kw_only=True)
class Turn:
    """Leave for one worker to tell of a room, until the moment when somebody else may."""

    room: Room
    until: datetime


def ask(room_pk: int) -> None:
    """Have the platform told of a room soon."""
    Room.objects.filter(pk=room_pk).update(grades_due_at=timezone.now())
    asked.send_robust(Room, room_pk=room_pk)


def take(room_pk: int) -> Turn | None:
    """Take the turn at a room that is due; None if it is not, or somebody else has it."""
    room = Room.objects.filter(pk=room_pk).first()
    return seize(room) if room and room.grades_due_at else None


def seize(room: Room) -> Turn | None:
    """Take the turn at a room, due or not; None if somebody else has it."""
    now = timezone.now()
    if room.grades_due_at and room.grades_due_at > now:
        return None
    until = now + TURN
    unchanged = Room.objects.filter(pk=room.pk, grades_due_at=room.grades_due_at)
    return Turn(room=room, until=until) if unchanged.update(grades_due_at=until) else None


def prolong(turn: Turn) -> None:
    """Go on with a turn: nobody else takes it for as long again, unless the room has become due anew meanwhile."""
    until = timezone.now() + TURN
    if Room.objects.filter(pk=turn.room.pk, grades_due_at=turn.until).update(grades_due_at=until):
        turn.until = until


def end(turn: Turn, *, is_done: bool) -> None:
    """Take the mark away, or give the turn back for another try, unless the room has become due anew meanwhile."""
    mark = None if is_done else timezone.now()
    Room.objects.filter(pk=turn.room.pk, grades_due_at=turn.until).update(grades_due_at=mark)


def waiting(at_most: int) -> list[int]:
    """Give some rooms that are due, those that have waited longest first."""
    late = Room.objects.filter(grades_due_at__lte=timezone.now()).order_by("grades_due_at")
    return list(late.values_list("pk", flat=True)[:at_most])
