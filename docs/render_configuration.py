"""Writes the pages about settings and options from the code, so that they cannot say anything else.

``configuration.md`` comes from bbb_xblock/knobs.py and bbb_xblock/options/, ``authors.md`` from the latter; what
stands around the lists is in the templates beside them. ``python docs/render_configuration.py`` writes the pages; with
``--check`` it only compares and exits with 1 if one is stale.
"""

import sys
import typing
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from bbb_xblock.knobs import Knobs, NamePolicy, SlidesWay
from bbb_xblock.options import OPTIONS
from bbb_xblock.options.choices import Group
from bbb_xblock.options.filenames import MEDIA_TYPES
from bbb_xblock.options.kinds import (
    LONGEST_ADDRESS,
    MOST_FILES,
    Address,
    Choice,
    Choices,
    Colour,
    Files,
    Line,
    Moment,
    Number,
    Text,
)
from bbb_xblock.options.option import Option

DOCS = Path(__file__).parent
PAGES = ("configuration.md", "authors.md")
KINDS = {
    bool: "True or False",
    int: "whole number",
    float: "number",
    str: "text: the name of a time zone, or nothing",
    **{kind: ", ".join(f"`{each.value}`" for each in kind) for kind in (NamePolicy, SlidesWay)},
}


def rendered(page: str) -> str:
    """Give a page as it should be."""
    text = DOCS.joinpath(page).with_suffix(".template.md").read_text(encoding="utf-8")
    parts = {"KNOBS": knobs(), "OPTIONS": options_for_operators(), "OPTIONS_BY_GROUP": options_for_authors()}
    for name, lines in parts.items():
        text = text.replace("{{ " + name + " }}", "\n".join(lines))
    return text


def knobs() -> Iterator[str]:
    """Yield a row for each knob."""
    kinds = typing.get_type_hints(Knobs)
    for knob in fields(Knobs):
        kind, low, high = kinds[knob.name], knob.metadata["low"], knob.metadata["high"]
        limits = f"{KINDS[kind]}, {low} to {high}" if high else KINDS[kind]
        default = "–" if knob.default == "" else f"`{knob.default!s}`"
        yield f"| `{knob.name.upper()}` | {default} | {limits} | {knob.metadata['meaning']} |"


def options_for_operators() -> Iterator[str]:
    """Yield a row for each option."""
    for option in OPTIONS.values():
        default = option.kind.plain(option.default)
        yield f"| `{option.name}` | `{default!r}` | {values_of(option)} | {option.label}. {option.help} |"


def options_for_authors() -> Iterator[str]:
    """Yield a heading for each group and a line for each option."""
    for group in Group:
        yield f"\n## {group.label}\n"
        for option in OPTIONS.values():
            if option.group is group:
                yield f"* **{option.label}.** {option.help}{''.join(choices_of(option))}"


def values_of(option: Option) -> str:
    """Say in a few words what an operator may write."""
    match option.kind:
        case Number(low, high):
            return f"whole number, {low} to {high}"
        case Line(limit) | Text(limit):
            return f"text, at most {limit} characters"
        case Address():
            return f"text: an address that begins with `https://`, at most {LONGEST_ADDRESS} characters; or nothing"
        case Colour():
            return "text: `#RRGGBB`, or nothing"
        case Moment():
            return "text: date and time with the zone, such as `2026-11-24T14:00:00Z`, or nothing"
        case Choice(among):
            return ", ".join(f"`{choice.value!r}`" for choice in among)
        case Choices(among):
            return "list of " + ", ".join(f"`{choice.value!r}`" for choice in among)
        case Files():
            return f"list of at most {MOST_FILES} names of course files"
        case _:
            return "True or False"


def choices_of(option: Option) -> Iterator[str]:
    """Yield what authors may choose, where that is a list."""
    if isinstance(option.kind, Files):
        yield f" At most {MOST_FILES}, that end in one of: {', '.join(f'.{ending}' for ending in MEDIA_TYPES)}."
    if isinstance(option.kind, Choice | Choices):
        yield " To choose from: " + "; ".join(choice.label for choice in option.kind.among) + "."


def is_fresh(page: str) -> bool:
    """Say whether a page is as it should be."""
    path = DOCS / page
    return path.is_file() and path.read_text(encoding="utf-8") == rendered(page)


def main() -> int:
    """Write the pages, or say which are stale."""
    if "--check" in sys.argv:
        stale = [page for page in PAGES if not is_fresh(page)]
        for page in PAGES:
            print(f"docs/{page} is stale. Run: make docs" if page in stale else f"docs/{page} is up to date.")
        return 1 if stale else 0
    for page in PAGES:
        DOCS.joinpath(page).write_text(rendered(page), encoding="utf-8")
        print(f"Wrote docs/{page}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
