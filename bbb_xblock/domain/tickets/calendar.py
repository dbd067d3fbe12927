"""Calendar tickets: the address of a session's file for calendars holds one. It shows a time and lets nobody in."""

from bbb_xblock.domain.data import CalendarTicket, Visit
from bbb_xblock.domain.tickets import signed

_KIND = "calendar"


def issue(visit: Visit) -> str:
    """Make the ticket of the link for a calendar. Raises :class:`Refusal` for somebody who is not signed in."""
    about = [signed.person_of(visit).is_moderator, visit.access.is_visitor, signed.now()]
    return signed.sign([*signed.who_and_where(visit), *about], _KIND)


@signed.refusing_other_shapes()
def read(ticket: str) -> CalendarTicket:
    """Read the ticket of a calendar's link. Raises :class:`Refusal`.

    How old it may be is a matter of its course: :func:`~bbb_xblock.domain.tickets.signed.check_age`.
    """
    claims = signed.read(ticket, _KIND, signed.LONGEST_PAGE_SECONDS)
    user_id, usage_key, _course_key, group, as_moderator, as_visitor, issued = claims
    return CalendarTicket(
        user_id=user_id,
        usage_key=usage_key,
        group=group,
        as_moderator=as_moderator,
        as_visitor=as_visitor,
        issued_at=signed.moment(issued),
    )
