"""Portable tickets: they let their bearer in where there is no session. One may stand in an address, where logs see it:
so it is good for two minutes, and once.
"""

import secrets

from django.utils import timezone

from bbb_xblock.domain.data import PortableTicket, Visit
from bbb_xblock.domain.tickets import question, signed

# From the page's newest answer to a click, and for a browser to open.
LIFE_SECONDS = 120

_KIND = "portable"
_BACK = "back"


def issue(visit: Visit) -> str:
    """Make a portable ticket. Raises :class:`Refusal` for somebody who is not signed in."""
    person = signed.person_of(visit)
    ticket = PortableTicket(
        id=secrets.token_urlsafe(12),
        user_id=person.user_id,
        usage_key=visit.placement.usage_key,
        group=visit.placement.group,
        as_moderator=person.is_moderator,
        as_visitor=visit.access.is_visitor,
        asked_at=timezone.now(),
    )
    return _written(ticket, LIFE_SECONDS)


def prolong(ticket: PortableTicket) -> str:
    """Make the same ticket, still good for one join, for somebody who waits or writes a name first."""
    return _written(ticket, LIFE_SECONDS + question.LIFE_SECONDS)


@signed.refusing_other_shapes()
def read(ticket: str) -> PortableTicket:
    """Read a portable ticket. Raises :class:`Refusal`; whether it was used before is for the join to say."""
    claims, asked_at = signed.read_living(ticket, _KIND)
    ticket_id, user_id, usage_key, group, as_moderator, as_visitor = claims
    return PortableTicket(
        id=ticket_id,
        user_id=user_id,
        usage_key=usage_key,
        group=group,
        as_moderator=as_moderator,
        as_visitor=as_visitor,
        asked_at=asked_at,
    )


def issue_way_back(ticket: PortableTicket) -> str:
    """Make the token of the address to which BigBlueButton sends back somebody who came with a portable ticket.

    It names the ticket and no person: in older versions everybody in the room is sent to the address of the first.
    """
    return signed.sign([ticket.id], _BACK)


@signed.refusing_other_shapes()
def read_way_back(token: str, *, max_age: int = signed.LONGEST_PAGE_SECONDS) -> str:
    """Give the id of the portable ticket with which somebody came. Raises :class:`Refusal`."""
    (ticket_id,) = signed.read(token, _BACK, max_age)
    return str(ticket_id)


def _written(ticket: PortableTicket, seconds: int) -> str:
    who = [ticket.id, ticket.user_id, ticket.usage_key, ticket.group, ticket.as_moderator, ticket.as_visitor]
    return signed.sign_for(seconds, who, ticket.asked_at, _KIND)
