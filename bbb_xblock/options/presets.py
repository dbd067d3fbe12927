"""Presets: kinds of sessions, each of which sets many options at once. The operator may add, change and remove some."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from bbb_xblock.options.choices import Feature, Layout, Leaders, WaitingRoom
from bbb_xblock.options.problems import default_problem
from bbb_xblock.options.texts import marked as _

# Keys of an operator's preset.
KEYS: Final = frozenset({"LABEL", "LINE", "OPTIONS"})


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One kind of session: a label, one line of explanation, and the options it sets, as settings hold them."""

    label: str
    line: str
    options: Mapping[str, Any]


OURS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "lecture": Preset(
            label=_("Lecture"),
            line=_("One speaks, many listen and write."),
            options={
                "wait_for_moderator": True,
                "mute_on_start": True,
                "moderators_unmute": True,
                "lock_camera": True,
                "lock_microphone": True,
                "lock_private_chat": True,
                "lock_notes": True,
                "layout": Layout.PRESENTATION_FOCUS,
                "record": True,
            },
        ),
        "seminar": Preset(
            label=_("Seminar"),
            line=_("Everybody speaks, sees and writes."),
            options={"wait_for_moderator": True, "mute_on_start": True, "layout": Layout.SMART},
        ),
        "office_hours": Preset(
            label=_("Office hours"),
            line=_("One after the other is let in, in private."),
            options={
                "wait_for_moderator": True,
                "waiting_room": WaitingRoom.EVERYBODY,
                "hide_people": True,
                "lock_private_chat": True,
                "layout": Layout.VIDEO_FOCUS,
            },
        ),
        "exam": Preset(
            label=_("Exam"),
            line=_("Supervised: only moderators see cameras, nobody talks to each other."),
            options={
                "wait_for_moderator": True,
                "mute_on_start": True,
                "cameras_for_moderators": True,
                "lock_microphone": True,
                "lock_private_chat": True,
                "lock_public_chat": True,
                "lock_notes": True,
                "hide_people": True,
                "hide_cursors": True,
                "hide_annotations": True,
                "features_off": [Feature.BREAKOUT_ROOMS, Feature.SCREENSHARE, Feature.USER_REACTIONS],
            },
        ),
        "group_work": Preset(
            label=_("Group work"),
            line=_("Learners meet by themselves, at any time, with equal rights."),
            options={"who_leads": Leaders.EVERYBODY, "layout": Layout.SMART},
        ),
    }
)


def preset_problem(given: object) -> str:
    """Say in one English sentence what is wrong with an operator's preset; empty when it is right.

    ``None`` is right: it takes one of our presets away.
    """
    if given is None:
        return ""
    if not isinstance(given, Mapping) or set(given) - KEYS:
        return f"A preset is a dictionary with the keys {', '.join(sorted(KEYS))}, or None."
    if not isinstance(given.get("LABEL"), str) or not given["LABEL"].strip():
        return "A preset needs a LABEL."
    if not isinstance(given.get("LINE", ""), str):
        return "The LINE of a preset is a text."
    options = given.get("OPTIONS")
    if not isinstance(options, Mapping) or not options:
        return "A preset needs OPTIONS: a dictionary of options with their values."
    return next(filter(None, (default_problem(name, value) for name, value in options.items())), "")


def offered(given: Mapping[str, Any]) -> dict[str, Preset]:
    """Give ours and the operator's by slug, in this order, without those taken away. ``given`` has no problems."""
    made = {
        slug: preset and Preset(label=preset["LABEL"], line=preset.get("LINE", ""), options=preset["OPTIONS"])
        for slug, preset in given.items()
    }
    return {slug: preset for slug, preset in {**OURS, **made}.items() if preset}
