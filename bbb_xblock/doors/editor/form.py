"""The editor's form as values: groups of rows and the presets, ready for the template and its script.

The script knows no option and no word. All it goes by is the JSON of each row (:attr:`Row.data`) and of each preset.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bbb_xblock.config import CourseConfig
from bbb_xblock.doors.editor import edits
from bbb_xblock.doors.editor.edits import Edits
from bbb_xblock.options import OPTIONS, SessionOptions, moments, presets
from bbb_xblock.options.choices import Anchor, Group
from bbb_xblock.options.kinds import Choice, Choices, Files, Moment, Number, Switch
from bbb_xblock.options.option import Option
from bbb_xblock.options.presets import Preset
from bbb_xblock.options.texts import Translator
from bbb_xblock.words import schedule


@dataclass(frozen=True, kw_only=True)
class Row:
    """One option in the form. ``name`` is the field's; ``control`` says what to draw; values are as JSON holds them."""

    name: str
    control: str
    label: str
    help: str
    value: Any
    shown_default: str
    is_chosen: bool
    is_locked: bool
    problem: str
    data: str
    choices: tuple[tuple[str, str, bool], ...] = ()
    low: int | None = None
    high: int | None = None
    # Of a time: the dates from which it may be counted, and what it comes to if it is.
    anchors: tuple[tuple[str, str], ...] = ()
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class FormGroup:
    """A headed part of the form."""

    slug: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Fill:
    """One option that a preset sets: its field, its label, the value in words, whether that is a time."""

    name: str
    label: str
    words: str
    is_time: bool


@dataclass(frozen=True, kw_only=True)
class Card:
    """One preset in the form. ``data`` maps fields to values; ``counts`` says "changes n options" for each n."""

    slug: str
    label: str
    line: str
    fills: tuple[Fill, ...]
    data: str
    counts: str


def groups(
    written: Mapping[str, Any], course: CourseConfig, i18n: Translator, told: Mapping[str, str] = MappingProxyType({})
) -> list[FormGroup]:
    """Give the form. ``written`` is what stands in the block, None where the author left an option open.

    ``told`` says by name what times come to that are counted from a date of the course (``counted.py``).
    """
    found = edits.problems(Edits(), written, course)
    wrong = {option.name: edits.sentence(option, problem, i18n) for option, problem in found}
    rows = [
        (option.group, _row(option, written[name], course, wrong.get(name, ""), told.get(name, ""), i18n))
        for name, option in OPTIONS.items()
    ]
    return [
        FormGroup(slug=group.value, label=i18n.gettext(group.label), rows=tuple(row for g, row in rows if g is group))
        for group in Group
    ]


def _row(option: Option, written: Any, course: CourseConfig, problem: str, said: str, i18n: Translator) -> Row:
    is_locked = option.name in course.locked
    is_chosen = written is not None and not is_locked
    default = _default(option, course)
    value = _shown(option, written, default) if is_chosen else default
    data = {
        "kind": option.kind.name,
        "default": default,
        "off": option.kind.plain(option.default),
        "chosen": is_chosen,
        "mend": bool(problem),
        "when": [
            {"field": OPTIONS[condition.option].field_name, "values": condition.values} for condition in option.when
        ],
        "value": value,
    }
    return Row(
        name=option.field_name,
        control=option.kind.name,
        label=i18n.gettext(option.label),
        help=i18n.gettext(option.help),
        value=value,
        shown_default=in_words(option, default, i18n),
        is_chosen=is_chosen,
        is_locked=is_locked,
        problem=problem,
        data=json.dumps(data),
        choices=_choices(option, value, i18n),
        anchors=_anchors(i18n) if isinstance(option.kind, Moment) else (),
        said="" if is_locked else said,
        **_limits(option),
    )


def _default(option: Option, course: CourseConfig) -> Any:
    """Give what counts where the author left the option open."""
    return option.kind.plain(option.kind.usable(course.defaults.get(option.name), option.default))


def _shown(option: Option, written: Any, default: Any) -> Any:
    """Give what the author wrote, even if it is wrong, as far as the control can show it."""
    if isinstance(option.kind, Files) and isinstance(written, list):
        return [name for name in written if isinstance(name, str)]
    if isinstance(option.kind, Switch | Number | Choice | Choices | Moment) or not isinstance(written, str):
        return option.kind.plain(option.kind.usable(written, option.kind.usable(default, option.default)))
    return written


def _limits(option: Option) -> dict[str, int]:
    if isinstance(option.kind, Moment):
        return {"low": 0, "high": moments.MOST_DAYS}
    return {"low": option.kind.low, "high": option.kind.high} if isinstance(option.kind, Number) else {}


def _anchors(i18n: Translator) -> tuple[tuple[str, str], ...]:
    return tuple((anchor.value, i18n.gettext(anchor.label)) for anchor in Anchor)


def _choices(option: Option, value: Any, i18n: Translator) -> tuple[tuple[str, str, bool], ...]:
    if not isinstance(option.kind, Choice | Choices):
        return ()
    taken = value if isinstance(option.kind, Choices) else [value]
    return tuple((choice.value, i18n.gettext(choice.label), choice.value in taken) for choice in option.kind.among)


def in_words(option: Option, value: Any, i18n: Translator) -> str:
    """Say a value as people read it; times stay as they are, and nothing at all stays empty."""
    if isinstance(option.kind, Switch):
        return i18n.gettext("On") if value else i18n.gettext("Off")
    if isinstance(option.kind, Choice | Choices):
        return ", ".join(label for _, label, taken in _choices(option, value, i18n) if taken)
    return ", ".join(value) if isinstance(option.kind, Files) else str(value)


def cards(course: CourseConfig, i18n: Translator) -> list[Card]:
    """Give the presets. Each sets anew every option that any of them sets, but for those the operator keeps.

    What the one preset set and the other does not name goes back to the default, so that they never mix.
    """
    touched = {name for preset in course.presets.values() for name in preset.options}
    free = [option for option in OPTIONS.values() if option.name in touched - course.locked]
    return [_card(slug, preset, free, course, i18n) for slug, preset in course.presets.items()]


def _card(slug: str, preset: Preset, free: Iterable[Option], course: CourseConfig, i18n: Translator) -> Card:
    values = {
        option: option.kind.plain(option.kind.usable(preset.options.get(option.name), None))
        if option.name in preset.options
        else _default(option, course)
        for option in free
    }
    is_ours = presets.OURS.get(slug) is preset
    counts = [_count(number, i18n) for number in range(len(values) + 1)]
    return Card(
        slug=slug,
        label=i18n.gettext(preset.label) if is_ours else preset.label,
        line=i18n.gettext(preset.line) if is_ours else preset.line,
        fills=tuple(_fill(option, value, i18n) for option, value in values.items()),
        data=json.dumps({option.field_name: value for option, value in values.items()}),
        counts=json.dumps(counts),
    )


def _fill(option: Option, value: Any, i18n: Translator) -> Fill:
    return Fill(
        name=option.field_name,
        label=i18n.gettext(option.label),
        words=in_words(option, value, i18n),
        is_time=isinstance(option.kind, Moment) and bool(value),
    )


def _count(number: int, i18n: Translator) -> str:
    if not number:
        return i18n.gettext("Changes nothing")
    return i18n.ngettext("Changes {count} option", "Changes {count} options", number).format(count=number)


def set_counts(i18n: Translator) -> str:
    """Give "n set" for each number of options that a group may have, as JSON."""
    numbers = range(1, len(OPTIONS) + 1)
    return json.dumps(["", *(i18n.ngettext("{count} set", "{count} set", n).format(count=n) for n in numbers)])


def row_words(course: CourseConfig, i18n: Translator) -> dict[str, str]:
    """Give the words that every row repeats."""
    return {
        "default": i18n.gettext("Default of your platform:"),
        "locked": i18n.gettext("Set by your platform"),
        "reset": i18n.gettext("Use the default"),
        "your_time": i18n.gettext("Your time zone:"),
        "from": i18n.gettext("On a date, or counted from"),
        "on_a_date": i18n.gettext("On a date"),
        "counted_from": i18n.gettext("Counted from"),
        "date": i18n.gettext("Date and time"),
        "days": i18n.gettext("Days"),
        "side": i18n.gettext("Before or after"),
        "after": i18n.gettext("After"),
        "before": i18n.gettext("Before"),
        "at": i18n.gettext("Time of day"),
        "clocks": i18n.gettext("Time zone of the course: {place}. Empty: at that date's own time of day.").format(
            place=schedule.place_of(course.zone)
        ),
    }


def differing(options: SessionOptions, course: CourseConfig, i18n: Translator) -> Iterator[Fill]:
    """Yield the options that apply to a session and differ from the operator's defaults."""
    for option in OPTIONS.values():
        value = option.kind.plain(getattr(options, option.name))
        if value != _default(option, course):
            yield _fill(option, value, i18n)
