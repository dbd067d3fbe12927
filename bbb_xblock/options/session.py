"""Options of the session as the course has it: what and when it is, its texts, what else there is to do."""

from dataclasses import dataclass
from datetime import datetime

from bbb_xblock.options.choices import Leaders, SessionKind
from bbb_xblock.options.kinds import Address, Choice, Line, Moment, Number, Text
from bbb_xblock.options.option import HAS_ROOM, Condition, option
from bbb_xblock.options.texts import marked as _

LONGEST_TITLE = 255
_DAY_MINUTES = 1440


@dataclass(frozen=True, kw_only=True)
class Basics:
    """What it is, when it is and who leads it."""

    title: str = option(
        "Live session",
        Line(LONGEST_TITLE, required=True),
        _("Title"),
        _("The name of the session, in the course and in the room."),
    )
    kind: SessionKind = option(
        SessionKind.ALL,
        Choice(SessionKind),
        _("What it is"),
        _("A session may have a room to meet in, a list of recordings, or both."),
    )
    opens_at: datetime | None = option(
        None,
        Moment(),
        _("Opens"),
        _("When participants can come in. Empty: at any time."),
        HAS_ROOM,
    )
    closes_at: datetime | None = option(
        None,
        Moment(),
        _("Closes"),
        _("When the session is over for everybody. Empty: never."),
        HAS_ROOM,
    )
    who_leads: Leaders = option(
        Leaders.COURSE_TEAM,
        Choice(Leaders),
        _("Who leads"),
        _("Those who lead come in as moderators: they may mute and remove people, share slides and end the session."),
        HAS_ROOM,
    )


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What the course page and the room say."""

    description: str = option(
        "", Text(2000), _("Description"), _("Shown on the course page, above the Join button. Plain text.")
    )
    welcome: str = option(
        "",
        Text(4000),
        _("Welcome text"),
        _("Shown in the room's chat to everybody who comes in. Plain text."),
        HAS_ROOM,
    )
    moderator_message: str = option(
        "",
        Text(1000),
        _("Message for moderators"),
        _("Shown in the room's chat to moderators only. Plain text."),
        HAS_ROOM,
    )


@dataclass(frozen=True, kw_only=True)
class Time:
    """How long, and who comes in earlier."""

    lead_minutes: int = option(
        10,
        Number(0, _DAY_MINUTES),
        _("Minutes for moderators before it opens"),
        _("Moderators can come in so many minutes earlier than participants."),
        Condition("opens_at"),
    )
    duration_minutes: int = option(
        0,
        Number(0, _DAY_MINUTES),
        _("Longest duration in minutes"),
        _("The session ends by itself after so many minutes. 0 means no limit."),
    )


@dataclass(frozen=True, kw_only=True)
class PlanB:
    """Where people go when the classroom server does not answer."""

    plan_b_text: str = option(
        "",
        Text(1000),
        _("Plan B"),
        _("Shown when the classroom server does not answer: what participants do then. Plain text."),
    )
    plan_b_link: str = option(
        "", Address(), _("Link of plan B"), _("Where participants go then. It begins with https://.")
    )
