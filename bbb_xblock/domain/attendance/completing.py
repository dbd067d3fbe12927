"""When somebody completes a block, noticed while they are there; a worker then tells the platform.

What the queue loses is found in the rows of joins and viewings when the room is next graded (``outcomes``); and a page
that is opened again notices again.
"""

from django.db.models import Exists, OuterRef

from bbb_xblock.bbb import Role
from bbb_xblock.domain.attendance import due, outcomes
from bbb_xblock.domain.data import RoomState, RoomStatus, Visit
from bbb_xblock.models import Join, Recording, Room
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Completion

_CLOSED = (RoomState.OVER, RoomState.RECORDINGS_ONLY, RoomState.NOT_CONFIGURED)
# Nobody comes in now; if there is a closing time, that may change until then.
_SHUT = (RoomState.WAITING, RoomState.FULL)


def joined(visit: Visit, room: Room) -> None:
    """Take in that somebody was let in."""
    if visit.options.completed_by is Completion.JOIN:
        _completed(visit, room)


def watched(visit: Visit, room: Room | None) -> None:
    """Take in that somebody opened a recording."""
    if visit.options.make_up and room is not None:
        due.ask(room.pk)
    if visit.options.completed_by is Completion.VIEWING:
        _completed(visit, room)


def looked(visit: Visit, status: RoomStatus, room: Room | None) -> None:
    """Take in that somebody opened the page, which is enough where there is nothing left to do.

    Three queries at most.
    """
    if is_nothing_left(visit.options, status, room):
        _completed(visit, room)


def is_nothing_left(options: SessionOptions, status: RoomStatus, room: Room | None) -> bool:
    """Say whether nobody can do any more what completes the block."""
    # Whoever has to be present, or to watch, still can when the first session is held.
    is_shut = status.state in _SHUT and options.closes_at is None and options.completed_by is Completion.JOIN
    if options.completed_by is Completion.NEVER or not (status.state in _CLOSED or is_shut):
        return False
    if options.completed_by is Completion.JOIN or room is None:
        return True
    if options.completed_by is Completion.PRESENCE:
        return not _have_met(room)
    # A page that asks again waits for a recording.
    shown = Recording.objects.shown_in(room.pk)
    return not status.next_seconds and not shown.exclude(state__in=Recording.LOST).exists()


def _have_met(room: Room) -> bool:
    """Say whether a participant and somebody else who leads were ever let into one meeting: that was a session."""
    participants = Join.objects.filter(meeting=OuterRef("meeting"), is_team=False)
    participants = participants.exclude(user_id=OuterRef("user_id"))
    return Join.objects.filter(Exists(participants), meeting__room=room, role=Role.MODERATOR.value).exists()


def _completed(visit: Visit, room: Room | None) -> None:
    may = visit.access.is_enrolled or visit.access.is_visitor
    if visit.person is not None and may and not outcomes.is_complete(room, visit.person.user_id):
        due.completed.send_robust(Room, usage_key=visit.placement.usage_key, user_id=visit.person.user_id)
