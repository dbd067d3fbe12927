"""Every simple setting of the operator with its type, default, limits and meaning.

``config/`` reads them, ``checks.py`` checks them, ``docs/configuration.md`` is written from them.
"""

import typing
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class NamePolicy(StrEnum):
    """Under which name participants come into a room. The course team always comes in under the full name."""

    ASK = "ask"
    FULL_NAME = "full_name"
    USERNAME = "username"
    PSEUDONYM = "pseudonym"


class SlidesWay(StrEnum):
    """How BigBlueButton gets the slides of a room."""

    AUTO = "auto"
    ADDRESS = "address"
    INLINE = "inline"


def _knob(default: Any, meaning: str, *, low: float = 0, high: float = 0) -> Any:
    return field(default=default, metadata={"meaning": meaning, "low": low, "high": high})


@dataclass(frozen=True, kw_only=True)
class Knobs:
    """Every simple setting: the key is the upper-case name; each may also stand in ``ORGS`` and ``COURSES``."""

    enabled: bool = _knob(True, "Whether live sessions are offered at all.")
    name_policy: NamePolicy = _knob(
        NamePolicy.ASK,
        "The name under which participants come in: `ask` is the profile's full name, and who has none is asked once; "
        "`full_name` takes the username instead of asking; `username`; or a `pseudonym` that is the same in the whole "
        "course. The course team always comes in under the full name. The random usernames of people who "
        "come through LTI are never shown.",
    )
    time_zone: str = _knob(
        "",
        "The zone of a course's clocks, such as `Europe/Berlin`: times that are told by the course's dates follow it, "
        "and people elsewhere see it beside their own time. Empty: Django's `TIME_ZONE`.",
    )
    connect_timeout: float = _knob(
        3.05, "Seconds to wait until a BigBlueButton server accepts the connection.", low=0.1, high=30
    )
    read_timeout: float = _knob(8.0, "Seconds to wait for the answer of a BigBlueButton server.", low=0.1, high=60)
    slides_way: SlidesWay = _knob(
        SlidesWay.AUTO,
        "How BigBlueButton gets the slides of a room: `address`, it fetches them from the LMS, with signed addresses "
        "that work for half an hour; `inline`, they travel in the call that makes the room, about 1.4 MB of them "
        "together; `auto` is `address` where `LMS_ROOT_URL` is a public https address, and `inline` elsewhere, since "
        "BigBlueButton fetches from public hosts only. Choose `inline` for an LMS that BigBlueButton cannot reach.",
    )
    known_running_seconds: int = _knob(
        10, "Seconds for which a meeting that was seen running needs no new question to the server.", low=0, high=300
    )
    status_seconds: int = _knob(
        5, "Seconds between two questions to the server about one room, for all pages together.", low=1, high=300
    )
    poll_seconds: int = _knob(
        15,
        "Seconds after which an open page asks for the room's state again. In large classes learners' pages ask later "
        "(a second for every 50 people enrolled, two minutes at most), and each a little sooner or later than others.",
        low=5,
        high=600,
    )
    lease_seconds: int = _knob(
        30, "Seconds after which another click may make the room if the process making it died.", low=5, high=300
    )
    rest_seconds: int = _knob(
        60, "Seconds for which a server that did not answer is tried after all others.", low=0, high=3600
    )
    page_seconds: int = _knob(
        43200, "Seconds for which the Join link of a page works after the page was made.", low=60, high=604800
    )
    show_addresses_to_authors: bool = _knob(
        False,
        "Whether authors who check the room in Studio see what operators see: names of servers, addresses, paths and "
        "keys of the settings. They never see a secret.",
    )
    recording_notice: bool = _knob(
        False,
        "Whether the course page says above the Join button of a session that may be recorded: whoever joins agrees to "
        "being recorded. BigBlueButton can ask once more in the room (`announce_recording`).",
    )
    recording_news: bool = _knob(
        False,
        "Whether everybody in a course gets a notice when a recording is ready that all of them may see. It is one of "
        "the platform's, of the kind of its course updates, and sent once, where the platform has such notices.",
    )
    join_days: int = _knob(
        365,
        "Days for which it is kept who was let in when, who opened which recording, and who of the course team had a "
        "room show a recording of another: a course and the questions "
        "after it last about a year. The name that somebody chose goes when that person has not joined for so long. "
        "0 keeps it for ever. For the whole site, so it counts at the top level only.",
        low=0,
        high=36500,
    )
    attendance_days: int = _knob(
        730,
        "Days for which it is kept who was in which session and for how long, how the course team corrected it, and "
        "which grade the platform was told. Sessions are forgotten whole, after the last who was in. Grades that were "
        "told stay with the platform; sessions that are forgotten count for no new grade, so choose more days than a "
        "course has. 0 keeps it for ever. For the whole site, so it counts at the top level "
        "only.",
        low=0,
        high=36500,
    )
    attendance_notice: bool = _knob(
        False,
        "Whether the course page tells learners above the Join button that attendance is taken.",
    )
    recording_days: int = _knob(
        0,
        "Days after its session for which a recording is kept on its server; authors may choose fewer. 0 keeps it for "
        "ever. `bbb_purge --yes` deletes what is past its time, and nothing else does.",
        low=0,
        high=36500,
    )
    receipt_days: int = _knob(
        30,
        "Days for which what BigBlueButton sent is kept after it was worked on, to look into trouble; analytics hold "
        "names. What nobody ever worked on is kept for 30 days more. "
        "0 keeps it for ever. For the whole site, so it counts at the top level only.",
        low=0,
        high=36500,
    )


# Worked out once: every question of every page reads the settings anew.
_KNOBS = {knob.name: knob for knob in fields(Knobs)}
_KINDS = typing.get_type_hints(Knobs)


def knob_problem(name: str, value: object) -> str:
    """Say in one sentence what is wrong with a knob's value; empty when it is right."""
    kind, limits = _KINDS[name], _KNOBS[name].metadata
    low, high = limits["low"], limits["high"]
    if issubclass(kind, StrEnum):
        return "" if value in list(kind) else f"must be one of: {', '.join(kind)}."
    if kind is str:
        return "" if value == "" or is_time_zone(value) else "must be the name of a time zone, such as Europe/Berlin."
    if kind is bool:
        return "" if isinstance(value, bool) else "must be True or False."
    allowed = (int, float) if kind is float else (int,)
    if isinstance(value, bool) or not isinstance(value, allowed):
        return "must be a number." if kind is float else "must be a whole number."
    return "" if low <= value <= high else f"must be between {low} and {high}."


def knob_value(name: str, value: Any) -> Any:
    """Give a right value as the knob has it."""
    kind = _KINDS[name]
    return kind(value) if issubclass(kind, StrEnum) else value


def is_time_zone(name: object) -> bool:
    """Say whether a value is the name of a time zone."""
    try:
        return isinstance(name, str) and bool(ZoneInfo(name))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        # OSError: the name of a folder of zones, or one too long.
        return False
