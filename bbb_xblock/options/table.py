"""The one table of what an author may choose for a session.

Everything else is read from it: the fields of the block, what an operator may set in DEFAULTS and LOCKED, how values
are cleaned, the documents, the editor. A new option is one line in ``session.py``, ``room.py``,
``recordings.py``, ``attendance.py`` or ``progress.py``, a use in ``domain/wishes.py`` or elsewhere, and a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Final

from bbb_xblock.options.attendance import Attendance
from bbb_xblock.options.choices import Group
from bbb_xblock.options.kinds import Files, Line, Text
from bbb_xblock.options.option import HAS_BOTH, HAS_RECORDINGS, HAS_ROOM, Condition, Option, made
from bbb_xblock.options.progress import Progress
from bbb_xblock.options.recordings import After, Recording
from bbb_xblock.options.room import Look, People, Permissions, Slides, SoundAndPicture
from bbb_xblock.options.session import Basics, PlanB, Texts, Time


@dataclass(frozen=True, kw_only=True)
class SessionOptions(
    Basics,
    Texts,
    Time,
    Slides,
    People,
    Recording,
    SoundAndPicture,
    Permissions,
    Look,
    Attendance,
    Progress,
    After,
    PlanB,
):
    """What applies to a session: chosen by author and operator, cleaned and clamped (``rules.session_options``)."""


# Each group with the conditions of all its options.
_GROUPS: Final[Mapping[Group, tuple[type, tuple[Condition, ...]]]] = MappingProxyType(
    {
        Group.BASICS: (Basics, ()),
        Group.TEXTS: (Texts, ()),
        Group.TIME: (Time, (HAS_ROOM,)),
        Group.SLIDES: (Slides, (HAS_ROOM,)),
        Group.PEOPLE: (People, (HAS_ROOM,)),
        Group.RECORDING: (Recording, (HAS_BOTH,)),
        Group.SOUND_AND_PICTURE: (SoundAndPicture, (HAS_ROOM,)),
        Group.PERMISSIONS: (Permissions, (HAS_ROOM,)),
        Group.LOOK: (Look, (HAS_ROOM,)),
        Group.ATTENDANCE: (Attendance, (HAS_ROOM,)),
        Group.PROGRESS: (Progress, ()),
        Group.AFTER: (After, (HAS_RECORDINGS,)),
        Group.PLAN_B: (PlanB, (HAS_ROOM,)),
    }
)

OPTIONS: Final[Mapping[str, Option]] = MappingProxyType(
    {
        field.name: made(field, group, conditions)
        for group, (options, conditions) in _GROUPS.items()
        for field in fields(options)
    }
)


def to_remember(options: SessionOptions) -> dict[str, Any]:
    """Give what differs from the table's defaults and is no text, as JSON holds it."""
    return {
        option.name: option.kind.plain(value)
        for option in OPTIONS.values()
        if (value := getattr(options, option.name)) != option.default
        and not isinstance(option.kind, Line | Text | Files)
    }
