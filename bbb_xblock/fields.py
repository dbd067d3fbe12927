"""The fields of the block: declarations only.

Everything here can be read and changed by every author and travels in course files. So there is no address, secret,
meeting id or other state of a server among them. Where the author did not set a field, the operator's default applies.
"""

from typing import Any, Final

from xblock.core import XBlockMixin
from xblock.fields import Boolean, Integer, Scope, String

from bbb_xblock.domain.rules import DEFAULT_TITLE, MAX_PARTICIPANTS


def _(message: str) -> str:
    """Mark a text for translation; Studio translates it."""
    return message


# Block field -> name of the option in SessionOptions, DEFAULTS and LOCKED.
OPTIONS: Final = {
    "display_name": "title",
    "welcome": "welcome",
    "record": "record",
    "wait_for_moderator": "wait_for_moderator",
    "mute_on_start": "mute_on_start",
    "max_participants": "max_participants",
}


def authored_options(block: Any) -> dict[str, Any]:
    """Give a block's options by name; None where the author left one open or a course file holds rubbish."""
    return {option: value_set_on(block, field_name) for field_name, option in OPTIONS.items()}


def value_set_on(block: Any, field_name: str) -> Any:
    """Give what the author set; None where nothing is set or a course file holds rubbish."""
    if not block.fields[field_name].is_set_on(block):
        return None
    try:
        return getattr(block, field_name)
    except (TypeError, ValueError, OverflowError):
        return None


class SessionFields(XBlockMixin):
    """What an author chooses for a live session."""

    display_name = String(
        display_name=_("Title"),
        help=_("The name of the session, in the course and in the room."),
        default=DEFAULT_TITLE,
        scope=Scope.settings,
    )
    welcome = String(
        display_name=_("Welcome text"),
        help=_("Shown in the room's chat to everybody who comes in. Plain text."),
        default="",
        multiline_editor=True,
        scope=Scope.settings,
    )
    record = Boolean(
        display_name=_("Allow recording"),
        help=_("Moderators may record the session. Participants are told when recording is on."),
        default=False,
        scope=Scope.settings,
    )
    wait_for_moderator = Boolean(
        display_name=_("Wait for a moderator"),
        help=_("Learners can come in only after a member of the course team has."),
        default=False,
        scope=Scope.settings,
    )
    mute_on_start = Boolean(
        display_name=_("Mute microphones at the start"),
        help=_("Everybody comes in with the microphone off and can turn it on."),
        default=False,
        scope=Scope.settings,
    )
    max_participants = Integer(
        display_name=_("Most people in the room"),
        help=_("How many people may be in the room at once. 0 means no limit."),
        default=0,
        values={"min": 0, "max": MAX_PARTICIPANTS},
        scope=Scope.settings,
    )
