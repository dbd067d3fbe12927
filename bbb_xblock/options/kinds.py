"""The kinds of values that an option may have.

Each kind answers two questions. ``problem``: what is wrong with a value, for the editor and the operator, who can mend
it. ``usable``: what to make of a value, whatever it is, where nobody can mend it any more: numbers are clamped, texts
cut, and anything else that does not fit becomes the default.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from bbb_xblock.options import moments
from bbb_xblock.options.choices import Labelled
from bbb_xblock.options.filenames import MEDIA_TYPES, can_be_slides
from bbb_xblock.options.moments import Relative
from bbb_xblock.options.texts import clean_line, clean_lines
from bbb_xblock.options.texts import marked as _

LONGEST_ADDRESS = 500
MOST_FILES = 10


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value: a sentence to be translated, and what fills its gaps. It never holds the value.

    The sentence has a gap ``{label}`` for the option's label as well.
    """

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


class ValueKind(Protocol):
    """What an option needs of its kind. ``name`` picks the control in the editor."""

    name: str

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value; None if nothing is."""

    def usable(self, value: object, default: Any) -> Any:
        """Make something that works of any value."""

    def plain(self, value: Any) -> Any:
        """Give the value as course files, settings and JSON hold it."""


class _Plain:
    """Values that are stored as they are."""

    def plain(self, value: Any) -> Any:
        """Give the value unchanged."""
        return value


@dataclass(frozen=True)
class Switch(_Plain):
    """On or off."""

    name = "switch"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        return None if isinstance(value, bool) else Problem(_("“{label}” must be on or off."))

    def usable(self, value: object, default: Any) -> bool:
        """Take nothing but True and False."""
        return value if isinstance(value, bool) else bool(default)


@dataclass(frozen=True)
class Number(_Plain):
    """A whole number from ``low`` to ``high``."""

    low: int
    high: int
    name = "number"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return None
        limits = {"low": self.low, "high": self.high}
        return Problem(_("“{label}” must be a whole number between {low} and {high}."), limits)

    def usable(self, value: object, default: Any) -> int:
        """Clamp whole numbers."""
        given = value if isinstance(value, int) and not isinstance(value, bool) else default
        return max(self.low, min(int(given), self.high))


@dataclass(frozen=True)
class Line(_Plain):
    """One line of plain text, at most ``limit`` characters; ``required`` if it may not be empty."""

    limit: int
    required: bool = False
    name = "line"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        if not isinstance(value, str):
            return Problem(_("“{label}” must be a text."))
        least = 1 if self.required else 0
        if least <= len(value.strip()) <= self.limit and (not self.required or clean_line(value, self.limit)):
            return None
        if self.required:
            return Problem(_("“{label}” must have between 1 and {limit} characters."), {"limit": self.limit})
        return Problem(_("“{label}” must have at most {limit} characters."), {"limit": self.limit})

    def usable(self, value: object, default: Any) -> str:
        """Clean and cut texts."""
        cleaned = clean_line(value, self.limit) if isinstance(value, str) else ""
        return cleaned or (str(default) if self.required or not isinstance(value, str) else "")


@dataclass(frozen=True)
class Text(_Plain):
    """Several lines of plain text, at most ``limit`` characters."""

    limit: int
    name = "text"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        return Line(self.limit).problem(value)

    def usable(self, value: object, default: Any) -> str:
        """Clean and cut texts."""
        return clean_lines(value, self.limit) if isinstance(value, str) else str(default)


@dataclass(frozen=True)
class Address(_Plain):
    """An address that begins with ``https:``, or nothing: people's browsers open it."""

    name = "address"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        if value == "" or (isinstance(value, str) and _is_https(value)):
            return None
        return Problem(
            _("“{label}” must be a full address that begins with https://, at most {limit} characters long."),
            {"limit": LONGEST_ADDRESS},
        )

    def usable(self, value: object, default: Any) -> str:
        """Take nothing but addresses that begin with ``https:``."""
        return value if isinstance(value, str) and not self.problem(value) else str(default)


@dataclass(frozen=True)
class Colour(_Plain):
    """A colour as ``#RRGGBB``, or nothing."""

    name = "colour"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        if isinstance(value, str) and re.fullmatch(r"(#[0-9A-Fa-f]{6})?", value):
            return None
        return Problem(_("“{label}” must be a colour such as #0a3055."))

    def usable(self, value: object, default: Any) -> str:
        """Take nothing but colours."""
        return value if isinstance(value, str) and not self.problem(value) else str(default)


@dataclass(frozen=True)
class Choice:
    """One of the values of an enumeration."""

    among: type[Labelled]
    name = "choice"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        if isinstance(value, str) and value in set(self.among):
            return None
        known = ", ".join(f"“{choice.value}”" for choice in self.among)
        return Problem(_("“{label}” must be one of {known}."), {"known": known})

    def usable(self, value: object, default: Any) -> Any:
        """Take nothing but known values."""
        return _members(self.among)[value] if isinstance(value, str) and not self.problem(value) else default

    def plain(self, value: Any) -> str:
        """Give the value's text."""
        return str(value)


@dataclass(frozen=True)
class Choices:
    """Any of the values of an enumeration."""

    among: type[Labelled]
    name = "choices"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        items = value if isinstance(value, list | tuple | set | frozenset) else [None]
        return next(filter(None, (Choice(self.among).problem(item) for item in items)), None)

    def usable(self, value: object, default: Any) -> tuple[Any, ...]:
        """Take the known values, each once, in the order of the enumeration."""
        if not isinstance(value, list | tuple | set | frozenset):
            return tuple(default)
        given = {item for item in value if isinstance(item, str)}
        return tuple(choice for choice in self.among if choice.value in given)

    def plain(self, value: Iterable[Any]) -> list[str]:
        """Give the values' texts."""
        return [str(item) for item in value]


@dataclass(frozen=True)
class Files:
    """Names of course files that can be slides, in the author's order, each once."""

    name = "files"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        if isinstance(value, list | tuple) and len(value) <= MOST_FILES and len(_file_names(value)) == len(value):
            return None
        return Problem(
            _("“{label}” must be at most {most} names of course files, each once, that end in one of: {endings}."),
            {"most": MOST_FILES, "endings": ", ".join(f".{ending}" for ending in MEDIA_TYPES)},
        )

    def usable(self, value: object, default: Any) -> tuple[str, ...]:
        """Take the first names that can be slides."""
        return tuple(_file_names(value)[:MOST_FILES] if isinstance(value, list | tuple) else default)

    def plain(self, value: Iterable[str]) -> list[str]:
        """Give the names."""
        return list(value)


@dataclass(frozen=True)
class Moment:
    """A point in time, or nothing: as ISO text with its zone, or told by another date (``moments.py``)."""

    name = "moment"

    def problem(self, value: object) -> Problem | None:
        """Say what is wrong with a value."""
        if value in ("", None) or _moment(value):
            return None
        return Problem(
            _(
                "“{label}” must be a date and time with its zone, such as 2026-11-24T14:00:00Z, or told by another "
                "date, such as {relative}."
            ),
            {"relative": "course_start+P7DT14:00"},
        )

    def usable(self, value: object, default: Any) -> datetime | Relative | None:
        """Read texts; anything else is no time."""
        if value == "":
            return None
        read = _moment(value)
        return read or (default if isinstance(default, datetime | Relative) else None)

    def plain(self, value: datetime | Relative | None) -> str:
        """Write the time in UTC, or as it is told."""
        if isinstance(value, Relative):
            return str(value)
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if value else ""


def _members(among: type[Labelled]) -> dict[str, Labelled]:
    return {choice.value: choice for choice in among}


def _file_names(items: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(item for item in items if isinstance(item, str) and can_be_slides(item)))


def _moment(value: object) -> datetime | Relative | None:
    if relative := moments.read(value):
        return relative
    if isinstance(value, Relative):
        return value
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or value.tzinfo is None or value.year not in moments.YEARS:
        return None
    return value.astimezone(UTC).replace(microsecond=0)


def _is_https(text: str) -> bool:
    if len(text) > LONGEST_ADDRESS or not text.isascii() or not text.isprintable() or set(text) & set(" \"'<>\\^`{|}"):
        return False
    try:
        parts = urlsplit(text)
        # Asking for the port is what makes urlsplit look at it.
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False
