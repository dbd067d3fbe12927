"""Frozen values that cross the floors of the house."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bbb_xblock.bbb import Role
from bbb_xblock.domain.errors import Code
from bbb_xblock.options import SessionOptions


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is asking, as the platform says. Names are kept out of ``repr``, so they cannot reach a log.

    ``anonymous_id`` is the course anonymous id (32 hexadecimal digits), the only id that BigBlueButton gets.
    ``is_moderator`` is true for global staff, course instructors, course staff and limited staff.
    ``is_forum_moderator`` is asked only where it matters, and false elsewhere. ``time_zone`` is the zone
    of the platform's account settings, empty if the person chose none.
    ``username`` is empty where the platform made it up of random letters (``edx.users.came_through_lti``).
    ``viewing_as_learner`` is true when a member of the course team looks at the course as one specific learner: every
    other attribute is then the learner's.
    """

    user_id: int
    anonymous_id: str
    username: str = field(repr=False)
    full_name: str = field(repr=False)
    is_moderator: bool
    is_forum_moderator: bool = False
    viewing_as_learner: bool = False
    time_zone: str = ""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What the platform says a person may do: ``may_load`` the block, and is enrolled in its course.

    ``is_visitor`` is true for people whom another learning platform sent through LTI and who are not enrolled: the
    launch stands in for it. They often have no session where a link opens, and carry a portable ticket.
    """

    may_load: bool
    is_enrolled: bool
    is_visitor: bool = False


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a session stands: opaque keys as texts. ``group`` tells several rooms of one block apart."""

    usage_key: str
    course_key: str
    group: str = ""


class RoomState(StrEnum):
    """What a room is like for one person. Outsiders rely on the values."""

    NOT_CONFIGURED = "not_configured"
    RECORDINGS_ONLY = "recordings_only"
    NOT_OPEN_YET = "not_open_yet"
    OVER = "over"
    WAITING = "waiting"
    READY = "ready"
    LIVE = "live"
    FULL = "full"
    TROUBLE = "trouble"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class RoomSnapshot:
    """What is known of a room without asking BigBlueButton: the newest stored answer.

    ``exists`` means that the meeting was made and has not ended, with or without people in it; it is false as well
    when nothing is known yet. ``trouble`` is the code of the last failed question, None after a good one.
    """

    exists: bool = False
    participants: int = 0
    moderators: int = 0
    trouble: Code | None = None


@dataclass(frozen=True, kw_only=True)
class Present:
    """Somebody who is in a room now: the user, if this site let them in, in which role and since when."""

    user_id: int | None
    is_moderator: bool
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class RoomStatus:
    """What the page shows: the state, how many are in, how many may be, and in which role the person would join.

    ``refusal`` says why, where the person may not join at all or the server is in trouble; ``check_id`` is the id of
    the start-up check that explains why a session is not configured ("E002"), and only the course team gets it;
    ``people`` are those in the room, for moderators; ``ended_at`` is when a session closed that is over, in the
    course's zone.
    ``next_seconds`` says when to ask again; 0 means never. ``look_again`` is the key of a room whose recordings are
    to be asked for now, by somebody for whom nobody waits; 0 for none. ``shelf`` is the version of the list of
    recordings, empty where there is none. ``room_pk`` is the key of the room, 0 if nobody has used it yet; only a look
    at the card tells it.
    """

    state: RoomState
    participants: int = 0
    max_participants: int = 0
    as_moderator: bool = False
    may_be_recorded: bool = False
    refusal: Code | None = None
    check_id: str = ""
    people: tuple[Present, ...] = ()
    ended_at: datetime | None = None
    next_seconds: int = 0
    shelf: str = ""
    look_again: int = 0
    room_pk: int = 0

    @property
    def can_join(self) -> bool:
        """Whether a click on Join makes sense: it lets the person in, or tries a server in trouble again."""
        return self.state in (RoomState.READY, RoomState.LIVE, RoomState.TROUBLE)


@dataclass(frozen=True, kw_only=True)
class PortableTicket:
    """A way in for a page whose links open without a session: for one person and room, once, for two minutes.

    ``id`` is written into the join, which makes a second use impossible. ``as_moderator`` and ``as_visitor`` are what
    the page promised; the platform is asked again, and may only take away.
    """

    id: str
    user_id: int
    usage_key: str
    group: str
    as_moderator: bool
    as_visitor: bool
    asked_at: datetime


@dataclass(frozen=True, kw_only=True)
class CourseFile:
    """A course file that is open for reading: its size in bytes, its content piece by piece, how to close it."""

    size: int
    chunks: Iterable[bytes] = field(repr=False)
    close: Callable[[], None] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class CalendarTicket:
    """Leave for one person to fetch a session's time for their calendar, without a session."""

    user_id: int
    usage_key: str
    group: str
    as_moderator: bool
    as_visitor: bool
    issued_at: datetime


@dataclass(frozen=True, kw_only=True)
class PlayTicket:
    """Leave for one person to open the recordings of a room, without a session."""

    user_id: int
    usage_key: str
    group: str
    as_moderator: bool
    as_visitor: bool
    issued_at: datetime


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Somebody at the door of a room.

    ``person`` is None for somebody who is not signed in. ``options`` are what applies to the session. ``back_url`` is
    where BigBlueButton sends people afterwards, ``own_back_url`` where it sends this one, with a proof of who that is;
    empty if that is unknown.
    ``language`` is that of the course page, as Django names it (``pt-br``).
    ``can_be_asked`` says that the page which asks people for their name has an address on this site. ``ticket`` is the
    portable ticket that stands in for a session. ``class_size`` is how many people the page shares its pace with; 0 if
    that is unknown or does not matter.
    ``open_file`` opens a file of the course by course key and name (``edx.files``), for somebody who may make the room.
    """

    person: Person | None
    access: Access
    placement: Placement
    options: SessionOptions
    back_url: str = ""
    own_back_url: str = field(default="", repr=False)
    language: str = ""
    can_be_asked: bool = False
    ticket: PortableTicket | None = None
    class_size: int = 0
    open_file: Callable[[str, str], CourseFile] | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """Somebody is asked for a name in a course, and then goes on to ``path``, an address of ours with a ticket.

    ``ticket_id`` is that of a portable ticket; empty for somebody who has a session.
    """

    user_id: int
    placement: Placement
    path: str = field(repr=False)
    ticket_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """Somebody who is about to be let in: under which name and in which role. The name is kept out of ``repr``."""

    person: Person
    name: str = field(repr=False)
    role: Role
