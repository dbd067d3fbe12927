"""Page tokens: with one, a learner's page asks what the room is like now, without a session and without the block."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bbb_xblock.domain import rules
from bbb_xblock.domain.data import Access, Person, Placement, Visit
from bbb_xblock.domain.tickets import signed
from bbb_xblock.options import OPTIONS, SessionOptions

_KIND = "page"
# The options on which it depends for one person what the room is like and which recordings there are to see, and how
# those are called that have no name.
_DECIDE = (
    "title",
    "kind",
    "opens_at",
    "closes_at",
    "who_leads",
    "lead_minutes",
    "wait_for_moderator",
    "max_participants",
    "keep_seat",
    "record",
    "shown_recordings",
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page token says: who looks at which room, since when, and whether its links need portable tickets."""

    visit: Visit
    issued_at: datetime
    needs_portable: bool


def issue(visit: Visit, class_size: int = 0, *, needs_portable: bool = False) -> str:
    """Make the token of a page. Raises :class:`Refusal` for somebody who is not signed in.

    It says what the platform and the author had decided when the page was made: this person may see this room, when
    they wait, and whether recordings are shown. So it is good for looking only; whoever joins is checked again. It also
    says how large the class is, so that a question costs no count.
    """
    chosen = [OPTIONS[name].kind.plain(getattr(visit.options, name)) for name in _DECIDE]
    is_forum_moderator = signed.person_of(visit).is_forum_moderator
    about = [signed.now(), class_size, needs_portable, visit.access.is_visitor, is_forum_moderator]
    return signed.sign([*signed.who_and_where(visit), *about, *chosen], _KIND)


@signed.refusing_other_shapes()
def read(token: str, *, max_age: int = signed.LONGEST_PAGE_SECONDS) -> Page:
    """Read the token of a page; its visit is that of a participant. Raises :class:`Refusal` for others.

    How old it may be is a matter of its course: :func:`~bbb_xblock.domain.tickets.signed.check_age`.
    """
    claims = signed.read(token, _KIND, max_age)
    who_and_where, about, chosen = claims[:4], claims[4:9], claims[9:]
    issued, class_size, needs_portable, is_visitor, is_forum_moderator = about
    visit = _looking(
        who_and_where,
        rules.session_options(dict(zip(_DECIDE, chosen, strict=True)), {}, frozenset()),
        class_size=class_size,
        is_visitor=is_visitor,
        is_forum_moderator=is_forum_moderator,
    )
    return Page(visit=visit, issued_at=signed.moment(issued), needs_portable=needs_portable)


def _looking(
    who_and_where: list[Any],
    options: SessionOptions,
    *,
    class_size: int,
    is_visitor: bool,
    is_forum_moderator: bool,
) -> Visit:
    user_id, usage_key, course_key, group = who_and_where
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
        placement=Placement(usage_key=usage_key, course_key=course_key, group=group),
        options=options,
        class_size=class_size,
    )
