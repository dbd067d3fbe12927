"""What all tickets have in common: claims that are signed, read again, and refused where they are not ours."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.utils import timezone

from bbb_xblock.domain.data import Person, Placement, Visit
from bbb_xblock.domain.errors import Code, Refusal

# No page is older (``knobs.py``, ``page_seconds``).
LONGEST_PAGE_SECONDS = 604_800


def sign(claims: Sequence[Any], kind: str) -> str:
    """Make a ticket of some claims; it is good for nothing but tickets of its kind."""
    return signing.dumps(list(claims), salt=_salt(kind), compress=True)


def read(ticket: str, kind: str, max_age: int) -> list[Any]:
    """Give the claims. Raises :class:`Refusal` if there is no ticket, if it is of another kind or too old (seconds)."""
    if not ticket:
        raise Refusal(Code.TICKET_MISSING)
    try:
        claims = signing.loads(ticket, salt=_salt(kind), max_age=max_age)
    except signing.SignatureExpired:
        raise Refusal(Code.TICKET_EXPIRED) from None
    except (signing.BadSignature, ValueError):
        # ValueError: the text is not even one that could be signed, such as half of a surrogate pair.
        raise Refusal(Code.TICKET_REFUSED) from None
    if not isinstance(claims, list):
        raise Refusal(Code.TICKET_REFUSED)
    return claims


def sign_for(seconds: int, claims: Sequence[Any], issued_at: datetime, kind: str) -> str:
    """Make a ticket that says itself how long it is good, counted from its first issue."""
    return sign([*claims, int(issued_at.timestamp()), seconds], kind)


def read_living(ticket: str, kind: str) -> tuple[list[Any], datetime]:
    """Give the claims of such a ticket, and when it was first issued. Raises :class:`Refusal` (``link_expired``)."""
    *claims, issued, seconds = read(ticket, kind, LONGEST_PAGE_SECONDS)
    if timezone.now() - moment(issued) > timedelta(seconds=seconds):
        raise Refusal(Code.LINK_EXPIRED)
    return claims, moment(issued)


@contextmanager
def refusing_other_shapes() -> Iterator[None]:
    """Refuse what an earlier version of ours has signed, which may hold more or less than is read today."""
    try:
        yield
    except (ValueError, TypeError):
        raise Refusal(Code.TICKET_REFUSED) from None


def check_age(issued_at: datetime, seconds: float) -> None:
    """Raise :class:`Refusal` (``ticket_expired``) for what was made longer ago than so many seconds."""
    if timezone.now() - issued_at > timedelta(seconds=seconds):
        raise Refusal(Code.TICKET_EXPIRED)


def person_of(visit: Visit) -> Person:
    """Give who is there. Raises :class:`Refusal` for somebody who is not signed in."""
    if visit.person is None:
        raise Refusal(Code.NOT_SIGNED_IN)
    return visit.person


def who_and_where(visit: Visit) -> list[Any]:
    """Claim who is where. Raises :class:`Refusal` for somebody who is not signed in."""
    return [person_of(visit).user_id, *place(visit.placement)]


def place(placement: Placement) -> list[str]:
    """Claim a place."""
    return [placement.usage_key, placement.course_key, placement.group]


def now() -> int:
    """Claim the present time."""
    return int(timezone.now().timestamp())


def moment(seconds: int) -> datetime:
    """Give the time that was claimed."""
    return datetime.fromtimestamp(seconds, UTC)


def _salt(kind: str) -> str:
    return f"bbb_xblock.ticket.{kind}"
