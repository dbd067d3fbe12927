"""Play tickets: they open recordings where there is no session. One may stand in an address, where logs see it: so it
is good for two minutes; for somebody who chooses on a page of ours how to open a recording, for twelve.
"""

from django.utils import timezone

from bbb_xblock.domain.data import PlayTicket, Visit
from bbb_xblock.domain.tickets import portable, question, signed

_KIND = "playing"


def issue(visit: Visit) -> str:
    """Make a play ticket. Raises :class:`Refusal` for somebody who is not signed in."""
    person = signed.person_of(visit)
    ticket = PlayTicket(
        user_id=person.user_id,
        usage_key=visit.placement.usage_key,
        group=visit.placement.group,
        as_moderator=person.is_moderator,
        as_visitor=visit.access.is_visitor,
        issued_at=timezone.now(),
    )
    return _written(ticket, portable.LIFE_SECONDS)


def prolong(ticket: PlayTicket) -> str:
    """Make the same ticket, good for longer after its first issue, for somebody who reads before choosing."""
    return _written(ticket, portable.LIFE_SECONDS + question.LIFE_SECONDS)


@signed.refusing_other_shapes()
def read(ticket: str) -> PlayTicket:
    """Read a play ticket. Raises :class:`Refusal` (``link_expired`` for one that is too old)."""
    claims, issued_at = signed.read_living(ticket, _KIND)
    user_id, usage_key, group, as_moderator, as_visitor = claims
    return PlayTicket(
        user_id=user_id,
        usage_key=usage_key,
        group=group,
        as_moderator=as_moderator,
        as_visitor=as_visitor,
        issued_at=issued_at,
    )


def _written(ticket: PlayTicket, seconds: int) -> str:
    who = [ticket.user_id, ticket.usage_key, ticket.group, ticket.as_moderator, ticket.as_visitor]
    return signed.sign_for(seconds, who, ticket.issued_at, _KIND)
