"""Tickets and page tokens: signed proofs that a page of ours was shown to this person.

The platform's ``handler_noauth`` route runs any handler without CSRF and access checks, and anonymous GETs reach
handlers (edx-platform lms/djangoapps/courseware/block_render.py, ``_invoke_xblock_handler``). A handler that acts
therefore asks for one of these. They are bound to person, block and purpose, signed by Django with a key derived from
``SECRET_KEY``, and live as long as a page does. They hold a user id and a usage key, no name.
"""

from enum import StrEnum

from django.core import signing

from bbb_xblock.domain.data import Person, Placement
from bbb_xblock.domain.errors import Code, Refusal


class Purpose(StrEnum):
    """What a ticket is good for; one for another purpose is refused."""

    JOIN = "join"
    STATUS = "status"
    END = "end"


def issue(person: Person, placement: Placement, purpose: Purpose) -> str:
    """Make a session ticket: it works only together with the same person's session."""
    return signing.dumps(_claims(person, placement), salt=_salt(purpose), compress=True)


def check(ticket: str, person: Person, placement: Placement, purpose: Purpose, *, max_age: int) -> None:
    """Raise :class:`Refusal` unless the ticket is ours, young enough (seconds), for this person, block and purpose."""
    if not ticket:
        raise Refusal(Code.TICKET_MISSING)
    try:
        claims = signing.loads(ticket, salt=_salt(purpose), max_age=max_age)
    except signing.SignatureExpired:
        raise Refusal(Code.TICKET_EXPIRED) from None
    except (signing.BadSignature, ValueError):
        # ValueError: the text is not even one that could be signed, such as half of a surrogate pair.
        raise Refusal(Code.TICKET_REFUSED) from None
    if claims != _claims(person, placement):
        raise Refusal(Code.TICKET_REFUSED)


def _claims(person: Person, placement: Placement) -> list[str]:
    return [str(person.user_id), placement.usage_key]


def _salt(purpose: Purpose) -> str:
    return f"bbb_xblock.ticket.session.{purpose.value}"
