"""What an author's editor sends, read and checked before anything of it is kept.

It is the body that the platform's own editor sends: ``{"values": {field: value}, "defaults": [field]}``. Only what the
author changed stands in it; ``defaults`` are the fields that are to follow the operator's default again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bbb_xblock.config import CourseConfig
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.fields import OPTION_OF_FIELD
from bbb_xblock.options import OPTIONS, moments
from bbb_xblock.options.choices import Anchor
from bbb_xblock.options.kinds import Moment, Problem
from bbb_xblock.options.option import Option
from bbb_xblock.options.problems import problems_of
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _

# All texts at their longest, in letters of which each takes twelve bytes in JSON, fit twice: who wrote too much is
# told which field it is.
LONGEST_EDITS = 250_000

_LOCKED = Problem(_("“{label}” is set by your platform and cannot be changed. Use the default to save the rest."))
# The table's own sentence is for operators and course files, who write times as text.
_DATE = Problem(
    _("“{label}” must be a whole date with a time, from the year {first} to {last}, or empty."),
    {"first": moments.YEARS[0], "last": moments.YEARS[-1]},
)
_COUNTED = Problem(
    _("“{label}” must have a whole number of days from 0 to {most}, and a whole time of day or none."),
    {"most": moments.MOST_DAYS},
)
_NO_DATE = _(
    "“{label}” follows a date that is not set: {date}. Until somebody sets it, it is as if “{label}” were empty."
)


@dataclass(frozen=True)
class Edits:
    """New values and options to leave to the operator again, both by the option's name."""

    values: Mapping[str, Any] = field(default_factory=dict)
    defaults: frozenset[str] = frozenset()

    def after(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """Give what would stand in the block; None for what is left to the operator."""
        return {**written, **dict.fromkeys(self.defaults), **self.values}


def read(body: Mapping[str, Any]) -> Edits:
    """Read a body. Raises :class:`Refusal` (``bad_request``) for another shape and for unknown fields."""
    values, defaults = body.get("values"), body.get("defaults")
    if not isinstance(values, dict) or not isinstance(defaults, list):
        raise Refusal(Code.BAD_REQUEST)
    names = [*values, *defaults]
    if not all(isinstance(name, str) and name in OPTION_OF_FIELD for name in names) or len(set(names)) < len(names):
        raise Refusal(Code.BAD_REQUEST)
    return Edits(
        values={OPTION_OF_FIELD[name].name: value for name, value in values.items()},
        defaults=frozenset(OPTION_OF_FIELD[name].name for name in defaults),
    )


def read_time(body: Mapping[str, Any]) -> tuple[str, Any]:
    """Read ``{"field": …, "value": …}`` of an option that is a time; give its name and the value.

    Raises :class:`Refusal` (``bad_request``) for another shape and for other fields.
    """
    field_name = body.get("field")
    option = OPTION_OF_FIELD.get(field_name) if isinstance(field_name, str) else None
    if option is None or not isinstance(option.kind, Moment) or set(body) != {"field", "value"}:
        raise Refusal(Code.BAD_REQUEST)
    return option.name, body["value"]


def problems(edits: Edits, written: Mapping[str, Any], course: CourseConfig) -> Iterator[tuple[Option, Problem]]:
    """Yield what is wrong with the edits, and with what stood in the block (``written``) and is not edited."""
    for name in edits.values:
        if name in course.locked:
            yield OPTIONS[name], _LOCKED
    after = edits.after(written)
    given = {
        name: after[name]
        for name in OPTIONS
        if name not in course.locked and (after[name] is not None or name in edits.values)
    }
    for option, problem in problems_of(given):
        is_unreadable = isinstance(option.kind, Moment) and option.kind.problem(given[option.name])
        yield option, _unreadable(given[option.name]) if is_unreadable else problem


def _unreadable(time: Any) -> Problem:
    """Give the problem of a time by the form that its author chose."""
    return _COUNTED if isinstance(time, str) and time.startswith(tuple(Anchor)) else _DATE


def no_date(anchor: Anchor) -> Problem:
    """Give the problem of a time that is told by a date which is not there."""
    return Problem(_NO_DATE, {"date": anchor.label})


def sentence(option: Option, problem: Problem, i18n: Translator) -> str:
    """Say a problem in the reader's language."""
    values = {name: i18n.gettext(value) if isinstance(value, str) else value for name, value in problem.values.items()}
    return i18n.gettext(problem.message).format(label=i18n.gettext(option.label), **values)


def to_store(edits: Edits) -> Iterator[tuple[str, Any]]:
    """Yield the fields to set with their values, cleaned as the course file is to hold them."""
    for name, value in edits.values.items():
        option = OPTIONS[name]
        yield option.field_name, option.kind.plain(option.kind.usable(value, option.default))


def to_leave_open(edits: Edits) -> Iterator[str]:
    """Yield the fields to delete."""
    return (OPTIONS[name].field_name for name in edits.defaults)
