"""Tickets and page tokens: signed proofs that a page of ours was shown to this person.

The platform's ``handler_noauth`` route runs any handler without CSRF and access checks, and anonymous GETs reach
handlers (edx-platform lms/djangoapps/courseware/block_render.py, ``_invoke_xblock_handler``). A handler that acts
therefore asks for one of these. They are bound to person, block and purpose and signed by Django with a key derived
from ``SECRET_KEY``. They hold a user id and a usage key, no name.

- A *session ticket* lives as long as its page, and works only together with the same person's session.
- A *page token* is good for looking, without a session.
- A *calendar ticket* shows the session's time, without a session.
- A *portable ticket* lets its bearer in, without a session, once and within two minutes; twelve for somebody who has
  to wait or to write a name first.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core import signing
from django.utils import timezone

from bbb_xblock.domain.data import Access, CalendarTicket, Person, Placement, PortableTicket, Question, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.options import OPTIONS, SessionOptions


class Purpose(StrEnum):
    """What a session ticket is good for; one for another purpose is refused."""

    JOIN = "join"
    STATUS = "status"
    END = "end"
    BACK = "back"
    TRY_ROOM = "try_room"
    RECORDINGS = "recordings"


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
# No page is older (``knobs.py``, ``page_seconds``).
LONGEST_PAGE_SECONDS = 604_800

_PORTABLE_SALT = "bbb_xblock.ticket.portable"
_CALENDAR_SALT = "bbb_xblock.ticket.calendar"
_BACK_SALT = "bbb_xblock.ticket.back"
_QUESTION_SALT = "bbb_xblock.ticket.question"
# Seconds in which somebody writes a name.
QUESTION_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page token says: who looks at which room, since when, and whether its links need portable tickets."""

    visit: Visit
    issued_at: datetime
    needs_portable: bool


@contextmanager
def _refusing_other_shapes() -> Iterator[None]:
    """Refuse what an earlier version of ours has signed, which may hold more or less than is read today."""
    try:
        yield
    except (ValueError, TypeError):
        raise Refusal(Code.TICKET_REFUSED) from None


def issue(visit: Visit, purpose: Purpose) -> str:
    """Make a session ticket. Raises :class:`Refusal` for somebody who is not signed in."""
    return _dumps([*_claims(visit), visit.access.is_visitor], _salt(purpose))


@_refusing_other_shapes()
def check(ticket: str, visit: Visit, purpose: Purpose, *, max_age: int) -> Visit:
    """Give the visit of somebody who shows a session ticket: ours, young enough (seconds), for this person and block.

    Where the page was shown to somebody enrolled, being sent through LTI does not stand in for that any more. Raises
    :class:`Refusal` for any other ticket.
    """
    *claims, as_visitor = _loads(ticket, _salt(purpose), max_age)
    if claims != _claims(visit):
        raise Refusal(Code.TICKET_REFUSED)
    return replace(visit, access=replace(visit.access, is_visitor=visit.access.is_visitor and as_visitor is True))


def issue_page_token(
    visit: Visit, options: SessionOptions, class_size: int = 0, *, needs_portable: bool = False
) -> str:
    """Make the token with which a learner's page asks for the status, without a session and without the block.

    It says what the platform and the author had decided when the page was made: this person may see this room, and
    when they wait. So it is good for looking only; whoever joins is checked again. It also says how large the class
    is, so that a question costs no count.
    """
    waits = [OPTIONS[name].kind.plain(getattr(options, name)) for name in _DECIDE_WHO_WAITS]
    is_forum_moderator = visit.person is not None and visit.person.is_forum_moderator
    about = [_now(), class_size, needs_portable, visit.access.is_visitor, is_forum_moderator]
    return _dumps([*_who_and_where(visit), *about, *waits], _PAGE_SALT)


@_refusing_other_shapes()
def read_page_token(token: str, *, max_age: int = LONGEST_PAGE_SECONDS) -> Page:
    """Read the token of a learner's page; its visit is that of a participant. Raises :class:`Refusal` for others.

    How old it may be is a matter of its course: :func:`check_age`.
    """
    claims = _loads(token, _PAGE_SALT, max_age)
    who_and_where, about, waits = claims[:5], claims[5:10], claims[10:]
    issued, class_size, needs_portable, is_visitor, is_forum_moderator = about
    visit = _looking(
        who_and_where,
        dict(zip(_DECIDE_WHO_WAITS, waits, strict=True)),
        class_size=class_size,
        is_visitor=is_visitor,
        is_forum_moderator=is_forum_moderator,
    )
    return Page(visit=visit, issued_at=_moment(issued), needs_portable=needs_portable)


def check_age(issued_at: datetime, seconds: float) -> None:
    """Raise :class:`Refusal` (``ticket_expired``) for what was made longer ago than so many seconds."""
    if timezone.now() - issued_at > timedelta(seconds=seconds):
        raise Refusal(Code.TICKET_EXPIRED)


def issue_portable(visit: Visit) -> str:
    """Make a portable ticket. It may stand in an address, where logs see it: for two minutes, and once.

    Raises :class:`Refusal` for somebody who is not signed in.
    """
    person = _person(visit)
    ticket = PortableTicket(
        id=secrets.token_urlsafe(12),
        user_id=person.user_id,
        usage_key=visit.placement.usage_key,
        group=visit.placement.group,
        as_moderator=person.is_moderator,
        as_visitor=visit.access.is_visitor,
        asked_at=timezone.now(),
    )
    return _portable(ticket, PORTABLE_SECONDS)


def prolong_portable(ticket: PortableTicket) -> str:
    """Make the same ticket, still good for one join, for somebody who waits or writes a name first."""
    return _portable(ticket, PORTABLE_SECONDS + QUESTION_SECONDS)


@_refusing_other_shapes()
def read_portable(ticket: str) -> PortableTicket:
    """Read a portable ticket. Raises :class:`Refusal`; whether it was used before is for the join to say."""
    claims = _loads(ticket, _PORTABLE_SALT, LONGEST_PAGE_SECONDS)
    ticket_id, user_id, usage_key, group, as_moderator, as_visitor, asked, seconds = claims
    if timezone.now() - _moment(asked) > timedelta(seconds=seconds):
        raise Refusal(Code.LINK_EXPIRED)
    return PortableTicket(
        id=ticket_id,
        user_id=user_id,
        usage_key=usage_key,
        group=group,
        as_moderator=as_moderator,
        as_visitor=as_visitor,
        asked_at=_moment(asked),
    )


def issue_calendar(visit: Visit) -> str:
    """Make the ticket of the link for a calendar: it shows the session's time and lets nobody in.

    Raises :class:`Refusal` for somebody who is not signed in.
    """
    person = _person(visit)
    about = [person.is_moderator, visit.access.is_visitor, _now()]
    return _dumps([*_who_and_where(visit), *about], _CALENDAR_SALT)


@_refusing_other_shapes()
def read_calendar(ticket: str) -> CalendarTicket:
    """Read the ticket of a calendar's link. Raises :class:`Refusal`. How old it may be: :func:`check_age`."""
    claims = _loads(ticket, _CALENDAR_SALT, LONGEST_PAGE_SECONDS)
    user_id, usage_key, _course_key, _org, group, as_moderator, as_visitor, issued = claims
    return CalendarTicket(
        user_id=user_id,
        usage_key=usage_key,
        group=group,
        as_moderator=as_moderator,
        as_visitor=as_visitor,
        issued_at=_moment(issued),
    )


def issue_way_back(ticket: PortableTicket) -> str:
    """Make the token of the address to which BigBlueButton sends back somebody who came with a portable ticket.

    It names the ticket and no person: in older versions everybody in the room is sent to the address of the first.
    """
    return _dumps([ticket.id], _BACK_SALT)


@_refusing_other_shapes()
def read_way_back(token: str, *, max_age: int = LONGEST_PAGE_SECONDS) -> str:
    """Give the id of the portable ticket with which somebody came. Raises :class:`Refusal`."""
    (ticket_id,) = _loads(token, _BACK_SALT, max_age)
    return str(ticket_id)


def issue_question(question: Question) -> str:
    """Make the ticket that comes back with the answer: it says who is asked, so that no session is needed."""
    claims = [question.user_id, *_place(question.placement), question.path, question.ticket_id]
    return _dumps(claims, _QUESTION_SALT)


@_refusing_other_shapes()
def read_question(ticket: str) -> Question:
    """Give the question that is answered. Raises :class:`Refusal` for a ticket that is not ours or too old."""
    user_id, usage_key, course_key, org, group, path, ticket_id = _loads(ticket, _QUESTION_SALT, QUESTION_SECONDS)
    place = Placement(usage_key=usage_key, course_key=course_key, org=org, group=group)
    return Question(user_id=user_id, placement=place, path=path, ticket_id=ticket_id)


def _portable(ticket: PortableTicket, seconds: int) -> str:
    who = [ticket.id, ticket.user_id, ticket.usage_key, ticket.group, ticket.as_moderator, ticket.as_visitor]
    return _dumps([*who, int(ticket.asked_at.timestamp()), seconds], _PORTABLE_SALT)


def _who_and_where(visit: Visit) -> list[Any]:
    return [_person(visit).user_id, *_place(visit.placement)]


def _place(placement: Placement) -> list[str]:
    return [placement.usage_key, placement.course_key, placement.org, placement.group]


def _person(visit: Visit) -> Person:
    if visit.person is None:
        raise Refusal(Code.NOT_SIGNED_IN)
    return visit.person


def _looking(
    who_and_where: list[Any],
    authored: dict[str, Any],
    *,
    class_size: int,
    is_visitor: bool,
    is_forum_moderator: bool,
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
        access=Access(may_load=True, is_enrolled=not is_visitor, is_visitor=is_visitor),
        placement=Placement(usage_key=usage_key, course_key=course_key, org=org, group=group),
        authored=authored,
        class_size=class_size,
    )


def _now() -> int:
    return int(timezone.now().timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _dumps(claims: Sequence[Any], salt: str) -> str:
    return signing.dumps(list(claims), salt=salt, compress=True)


def _loads(ticket: str, salt: str, max_age: int) -> list[Any]:
    if not ticket:
        raise Refusal(Code.TICKET_MISSING)
    try:
        claims = signing.loads(ticket, salt=salt, max_age=max_age)
    except signing.SignatureExpired:
        raise Refusal(Code.TICKET_EXPIRED) from None
    except (signing.BadSignature, ValueError):
        # ValueError: the text is not even one that could be signed, such as half of a surrogate pair.
        raise Refusal(Code.TICKET_REFUSED) from None
    if not isinstance(claims, list):
        raise Refusal(Code.TICKET_REFUSED)
    return claims


def _claims(visit: Visit) -> list[str]:
    return [str(_person(visit).user_id), visit.placement.usage_key]


def _salt(purpose: Purpose) -> str:
    return f"bbb_xblock.ticket.session.{purpose.value}"
