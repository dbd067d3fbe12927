"""Tickets and page tokens: signed proofs that a page of ours was shown to this person.

The platform's ``handler_noauth`` route runs any handler without CSRF and access checks, and anonymous GETs reach
handlers (edx-platform lms/djangoapps/courseware/block_render.py, ``_invoke_xblock_handler``). A handler that acts
therefore asks for one of these. They are bound to person, block and purpose, signed by Django with a key derived from
``SECRET_KEY``, and live as long as a page does. They hold a user id and a usage key, no name.
"""

from enum import StrEnum
from typing import Any

from django.core import signing

from bbb_xblock.domain.data import Access, Person, Placement, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.options import OPTIONS, SessionOptions


class Purpose(StrEnum):
    """What a ticket is good for; one for another purpose is refused."""

    JOIN = "join"
    STATUS = "status"
    END = "end"


_PAGE_SALT = "bbb_xblock.ticket.page"
# The options on which the state of a room depends for one person.
_DECIDE_WHO_WAITS = (
    "kind",
    "opens_at",
    "closes_at",
    "who_leads",
    "lead_minutes",
    "wait_for_moderator",
    "max_participants",
    "keep_seat",
)


def issue(person: Person, placement: Placement, purpose: Purpose) -> str:
    """Make a session ticket: it works only together with the same person's session."""
    return signing.dumps(_claims(person, placement), salt=_salt(purpose), compress=True)


def check(ticket: str, person: Person, placement: Placement, purpose: Purpose, *, max_age: int) -> None:
    """Raise :class:`Refusal` unless the ticket is ours, young enough (seconds), for this person, block and purpose."""
    if _loads(ticket, _salt(purpose), max_age) != _claims(person, placement):
        raise Refusal(Code.TICKET_REFUSED)


def issue_page_token(person: Person, placement: Placement, options: SessionOptions) -> str:
    """Make the token with which a learner's page asks for the status, without a session and without the block.

    It says what the platform and the author had decided when the page was made: this person may see this room, and
    when they wait. So it is good for looking only; whoever joins is checked again.
    """
    claims = [person.user_id, placement.usage_key, placement.course_key, placement.org, placement.group]
    waits = [OPTIONS[name].kind.plain(getattr(options, name)) for name in _DECIDE_WHO_WAITS]
    return signing.dumps([*claims, person.is_forum_moderator, *waits], salt=_PAGE_SALT, compress=True)


def visit_of_page(token: str, *, max_age: int) -> Visit:
    """Give the visit of a learner's page, never as one of the course team. Raises :class:`Refusal` for other tokens."""
    claims = _loads(token, _PAGE_SALT, max_age)
    user_id, usage_key, course_key, org, group, is_forum_moderator, *waits = claims
    person = Person(
        user_id=user_id,
        anonymous_id="",
        username="",
        full_name="",
        is_moderator=False,
        is_forum_moderator=is_forum_moderator,
    )
    return Visit(
        person=person,
        access=Access(may_load=True, is_enrolled=True),
        placement=Placement(usage_key=usage_key, course_key=course_key, org=org, group=group),
        authored=dict(zip(_DECIDE_WHO_WAITS, waits, strict=True)),
    )


def _loads(ticket: str, salt: str, max_age: int) -> list[Any]:
    if not ticket:
        raise Refusal(Code.TICKET_MISSING)
    try:
        claims: list[Any] = signing.loads(ticket, salt=salt, max_age=max_age)
    except signing.SignatureExpired:
        raise Refusal(Code.TICKET_EXPIRED) from None
    except (signing.BadSignature, ValueError):
        # ValueError: the text is not even one that could be signed, such as half of a surrogate pair.
        raise Refusal(Code.TICKET_REFUSED) from None
    return claims


def _claims(person: Person, placement: Placement) -> list[str]:
    return [str(person.user_id), placement.usage_key]


def _salt(purpose: Purpose) -> str:
    return f"bbb_xblock.ticket.session.{purpose.value}"
