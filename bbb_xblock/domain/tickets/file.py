"""File tickets: whoever shows one, which is BigBlueButton, may fetch one course file for a while."""

from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets import signed

# Long enough for a server that queues, and for its second try.
LIFE_SECONDS = 1800

_KIND = "file"


def issue(course_key: str, name: str) -> str:
    """Make the ticket of the address of a course file."""
    return signed.sign([course_key, name], _KIND)


@signed.refusing_other_shapes()
def read(ticket: str, name: str) -> str:
    """Give the course whose file of this name may be fetched. Raises :class:`Refusal`."""
    course_key, signed_name = signed.read(ticket, _KIND, LIFE_SECONDS)
    if name != signed_name:
        raise Refusal(Code.TICKET_REFUSED)
    return str(course_key)
