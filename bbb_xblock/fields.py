"""The fields of the block, made from the table of options.

Everything here can be read and changed by every author and travels in course files. So there is no address, secret,
meeting id or other state of a server among them. Where the author did not set a field, the operator's default applies.
"""

import json
import re
import types
from collections.abc import Mapping
from typing import Any, Final

from xblock.core import XBlockMixin
from xblock.fields import Boolean, Integer, List, Scope, String

from bbb_xblock.edx import dates
from bbb_xblock.options import OPTIONS
from bbb_xblock.options.kinds import Choices, Files, Number, Switch
from bbb_xblock.options.option import Option

# Stands for a value that could not be read.
UNREADABLE: Final = object()

# Block field -> option.
OPTION_OF_FIELD: Final[Mapping[str, Option]] = types.MappingProxyType(
    {option.field_name: option for option in OPTIONS.values()}
)


# No option takes as many.
MOST_ITEMS = 1000
# MongoDB's whole numbers have 64 bits.
_TOO_LARGE = 2**63
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def authored_options(block: Any) -> dict[str, Any]:
    """Give a block's options as :func:`readable_options` does, with times that are told by the course's dates resolved.

    The platform is asked for those dates, if there are such times.
    """
    return dates.made_absolute(readable_options(block), str(block.scope_ids.usage_id))


def readable_options(block: Any) -> dict[str, Any]:
    """Give a block's options by name; None where the author left one open or a course file holds rubbish."""
    return {name: None if value is UNREADABLE else value for name, value in written_options(block).items()}


def written_options(block: Any) -> dict[str, Any]:
    """Give a block's options by name: None where the author left one open, UNREADABLE what cannot even be read."""
    return {option.name: _value_set_on(block, field_name) for field_name, option in OPTION_OF_FIELD.items()}


def _value_set_on(block: Any, field_name: str) -> Any:
    if not block.fields[field_name].is_set_on(block):
        return None
    try:
        return getattr(block, field_name)
    except (TypeError, ValueError, OverflowError):
        return UNREADABLE


class _Kept:
    """Keeps what it cannot read, so that a hand-made course file can be imported and exported, and Studio names it."""

    def from_string(self, serialized: str | None) -> Any:
        """Read the JSON of a course file; None stands for an element without text."""
        return self.from_json(None if serialized is None else _taken_apart(serialized))

    def from_json(self, value: Any) -> Any:
        """Read a stored value."""
        try:
            return super().from_json(value)  # type: ignore[misc]
        except (TypeError, ValueError, OverflowError):
            return value

    def enforce_type(self, value: Any) -> Any:
        """Read a value that is being set."""
        return self.from_json(value)


def _taken_apart(serialized: str) -> Any:
    """Read JSON, unless that makes what the platform's stores cannot hold, or what takes long to copy and to write."""
    try:
        value = json.loads(serialized, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return serialized
    items = value if isinstance(value, list) else [value]
    return value if len(items) <= MOST_ITEMS and all(map(_can_be_stored, items)) else serialized


def _can_be_stored(item: object) -> bool:
    if isinstance(item, str):
        return not _HALF_A_PAIR.search(item)
    return item is None or (isinstance(item, int) and abs(item) < _TOO_LARGE)


class NumberField(_Kept, Integer):
    """A whole number."""

    def from_json(self, value: Any) -> Any:
        """Read a stored value; what is too large for a store stays a text."""
        number = super().from_json(value)
        return number if not isinstance(number, int) or abs(number) < _TOO_LARGE else str(value)


class SwitchField(_Kept, Boolean):
    """On or off; nothing else passes for one of them."""

    def from_json(self, value: Any) -> Any:
        """Read a stored value."""
        return {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value


class ChoicesField(_Kept, List):
    """A list of choices or of names."""

    def from_json(self, value: Any) -> Any:
        """Read a stored value; a list, or nothing."""
        return value if value is None or isinstance(value, list) else [value]


# Kind -> the type of its fields; texts for all others.
_TYPES: Final[Mapping[type, Any]] = types.MappingProxyType(
    {Switch: SwitchField, Number: NumberField, Choices: ChoicesField, Files: ChoicesField}
)


def _declaration(option: Option) -> Any:
    """Give the field of an option."""
    return _TYPES.get(type(option.kind), String)(
        display_name=option.label,
        help=option.help,
        default=option.kind.plain(option.default),
        scope=Scope.settings,
    )


def _fill(namespace: dict[str, Any]) -> None:
    namespace["__doc__"] = "What an author chooses for a live session."
    namespace["__module__"] = __name__
    namespace |= {name: _declaration(option) for name, option in OPTION_OF_FIELD.items()}


SessionFields: Any = types.new_class("SessionFields", (XBlockMixin,), exec_body=_fill)
