"""Session tickets: they work together with the session of the person who saw the page."""

from dataclasses import replace
from enum import StrEnum

from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets import signed


class Purpose(StrEnum):
    """What a session ticket is good for; one for another purpose is refused."""

    JOIN = "join"
    STATUS = "status"
    END = "end"
    BACK = "back"
    TRY_ROOM = "try_room"
    MANAGE = "manage"
    PLAY = "play"
    ATTENDANCE = "attendance"
    CHANGE_ATTENDANCE = "change_attendance"


def issue(visit: Visit, purpose: Purpose) -> str:
    """Make a session ticket. Raises :class:`Refusal` for somebody who is not signed in."""
    return signed.sign([*_claims(visit), visit.access.is_visitor], _kind(purpose))


@signed.refusing_other_shapes()
def check(ticket: str, visit: Visit, purpose: Purpose, *, max_age: int) -> Visit:
    """Give the visit of somebody who shows a session ticket: ours, young enough (seconds), for this person and block.

    Where the page was shown to somebody enrolled, being sent through LTI does not stand in for that any more. Raises
    :class:`Refusal` for any other ticket.
    """
    *claims, as_visitor = signed.read(ticket, _kind(purpose), max_age)
    if claims != _claims(visit):
        raise Refusal(Code.TICKET_REFUSED)
    return replace(visit, access=replace(visit.access, is_visitor=visit.access.is_visitor and as_visitor is True))


def _claims(visit: Visit) -> list[str]:
    return [str(signed.person_of(visit).user_id), visit.placement.usage_key]


def _kind(purpose: Purpose) -> str:
    return f"session.{purpose.value}"
