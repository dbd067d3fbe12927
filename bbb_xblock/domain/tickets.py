"""Tickets and page tokens: signed proofs that a page of ours was shown to this person.

The platform's ``handler_noauth`` route runs any handler without CSRF and access checks, and anonymous GETs reach
handlers (edx-platform lms/djangoapps/courseware/block_render.py, ``_invoke_xblock_handler``). A handler that acts
therefore asks for one of these. They are bound to person, block and purpose and signed by Django with a key derived
from ``SECRET_KEY``. They hold a user id and a usage key, no name.

- A *session ticket* lives as long as its page, and works only together with the same person's session.
- A *page token* is good for looking, without a session.
- A *portable ticket* lets its bearer in, without a session, once and within two minutes.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core import signing
from django.utils import timezone

from bbb_xblock.domain.data import Access, Person, Placement, PortableTicket, Question, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.options import OPTIONS, SessionOptions


class Purpose(StrEnum):
    """What a session ticket is good for; one for another purpose is refused."""

    JOIN = "join"
    STATUS = "status"
    END = "end"
    TRY_ROOM = "try_room"


# From the page's newest answer to a click, and for a browser to open.
PORTABLE_SECONDS = 120

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
_PORTABLE_SALT = "bbb_xblock.ticket.portable"
_BACK_SALT = "bbb_xblock.ticket.back"
_QUESTION_SALT = "bbb_xblock.ticket.question"
# Seconds in which somebody writes a name.
QUESTION_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page token says: who looks at which room, and whether the page's links need portable tickets."""

    visit: Visit
    is_portable: bool


@contextmanager
def _refusing_other_shapes() -> Iterator[None]:
    """Refuse what an earlier version of ours has signed, which may hold more or less than is read today."""
    try:
        yield
    except (ValueError, TypeError):
        raise Refusal(Code.TICKET_REFUSED) from None


def issue(person: Person, placement: Placement, purpose: Purpose) -> str:
    """Make a session ticket."""
    return _dumps(_claims(person, placement), _salt(purpose))


def check(ticket: str, person: Person, placement: Placement, purpose: Purpose, *, max_age: int) -> None:
    """Raise :class:`Refusal` unless the ticket is ours, young enough (seconds), for this person, block and purpose."""
    if _loads(ticket, _salt(purpose), max_age) != _claims(person, placement):
        raise Refusal(Code.TICKET_REFUSED)


def issue_page_token(
    person: Person,
    placement: Placement,
    options: SessionOptions,
    class_size: int = 0,
    *,
    is_portable: bool = False,
) -> str:
    """Make the token with which a learner's page asks for the status, without a session and without the block.

    It says what the platform and the author had decided when the page was made: this person may see this room, and
    when they wait. So it is good for looking only; whoever joins is checked again. It also says how large the class
    is, so that a question costs no count.
    """
    waits = [OPTIONS[name].kind.plain(getattr(options, name)) for name in _DECIDE_WHO_WAITS]
    about = [class_size, is_portable, person.is_forum_moderator]
    return _dumps([*_who_and_where(person, placement), *about, *waits], _PAGE_SALT)


@_refusing_other_shapes()
def read_page_token(token: str, *, max_age: int) -> Page:
    """Read the token of a learner's page; its visit is that of a participant. Raises :class:`Refusal` for others."""
    claims = _loads(token, _PAGE_SALT, max_age)
    who_and_where, (class_size, is_portable, is_forum_moderator, *waits) = claims[:5], claims[5:]
    visit = _looking(who_and_where, dict(zip(_DECIDE_WHO_WAITS, waits, strict=True)), class_size, is_forum_moderator)
    return Page(visit=visit, is_portable=is_portable)


def issue_portable(person: Person, placement: Placement) -> str:
    """Make a portable ticket. It may stand in an address, where logs see it: for two minutes, and once."""
    ticket = PortableTicket(
        id=secrets.token_urlsafe(12),
        user_id=person.user_id,
        usage_key=placement.usage_key,
        group=placement.group,
        as_moderator=person.is_moderator,
        asked_at=timezone.now(),
    )
    return _portable(ticket, PORTABLE_SECONDS)


def prolong_portable(ticket: PortableTicket) -> str:
    """Make the same ticket, still good for one join, for somebody who writes a name first."""
    return _portable(ticket, PORTABLE_SECONDS + QUESTION_SECONDS)


@_refusing_other_shapes()
def read_portable(ticket: str) -> PortableTicket:
    """Read a portable ticket. Raises :class:`Refusal`; whether it was used before is for the join to say."""
    longest = PORTABLE_SECONDS + QUESTION_SECONDS
    *claims, asked, seconds = _loads(ticket, _PORTABLE_SALT, longest)
    asked_at = datetime.fromtimestamp(asked, UTC)
    if timezone.now() - asked_at > timedelta(seconds=seconds):
        raise Refusal(Code.TICKET_EXPIRED)
    ticket_id, user_id, usage_key, group, as_moderator = claims
    return PortableTicket(
        id=ticket_id,
        user_id=user_id,
        usage_key=usage_key,
        group=group,
        as_moderator=as_moderator,
        asked_at=asked_at,
    )


def _portable(ticket: PortableTicket, seconds: int) -> str:
    claims = [ticket.id, ticket.user_id, ticket.usage_key, ticket.group, ticket.as_moderator]
    return _dumps([*claims, int(ticket.asked_at.timestamp()), seconds], _PORTABLE_SALT)


def issue_way_back(person: Person, placement: Placement) -> str:
    """Make the token of the address to which BigBlueButton sends back people who came with a portable ticket."""
    return _dumps(_who_and_where(person, placement), _BACK_SALT)


@_refusing_other_shapes()
def read_way_back(token: str, *, max_age: int) -> Visit:
    """Give the visit of somebody who comes back, good for nothing but saying so. Raises :class:`Refusal`."""
    return _looking(_loads(token, _BACK_SALT, max_age), {})


def _who_and_where(person: Person, placement: Placement) -> list[Any]:
    return [person.user_id, *_place(placement)]


def _place(placement: Placement) -> list[str]:
    return [placement.usage_key, placement.course_key, placement.org, placement.group]


def _looking(
    who_and_where: list[Any], authored: dict[str, Any], class_size: int = 0, is_forum_moderator: bool = False
) -> Visit:
    user_id, usage_key, course_key, org, group = who_and_where
    return Visit(
        person=Person(
            user_id=user_id,
            anonymous_id="",
            username="",
            full_name="",
            is_moderator=False,
            is_forum_moderator=is_forum_moderator,
        ),
        access=Access(may_load=True, is_enrolled=True),
        placement=Placement(usage_key=usage_key, course_key=course_key, org=org, group=group),
        authored=authored,
        class_size=class_size,
    )


def issue_question(question: Question) -> str:
    """Make the ticket that comes back with the answer: it says who is asked, so that no session is needed."""
    return _dumps([question.user_id, *_place(question.placement), question.path], _QUESTION_SALT)


@_refusing_other_shapes()
def question_of(ticket: str) -> Question:
    """Give the question that is answered. Raises :class:`Refusal` for a ticket that is not ours or too old."""
    user_id, usage_key, course_key, org, group, path = _loads(ticket, _QUESTION_SALT, QUESTION_SECONDS)
    place = Placement(usage_key=usage_key, course_key=course_key, org=org, group=group)
    return Question(user_id=user_id, placement=place, path=path)


def _dumps(claims: Sequence[Any], salt: str) -> str:
    return signing.dumps(list(claims), salt=salt, compress=True)


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
