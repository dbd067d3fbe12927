"""Writes docs/configuration.md from bbb_xblock/knobs.py, so that the page cannot say anything else than the code.

``python docs/render_configuration.py`` writes the file; with ``--check`` it only compares and exits with 1 if the
file is stale.
"""

import sys
import typing
from dataclasses import fields
from pathlib import Path

from bbb_xblock.knobs import Knobs, NamePolicy

PAGE = Path(__file__).with_name("configuration.md")
TEXT = Path(__file__).with_name("configuration.template.md")
KINDS = {
    bool: "True or False",
    int: "whole number",
    float: "number",
    NamePolicy: ", ".join(f"`{policy.value}`" for policy in NamePolicy),
}


def rendered() -> str:
    """Give the page as it should be."""
    kinds = typing.get_type_hints(Knobs)
    rows = []
    for knob in fields(Knobs):
        kind, low, high = kinds[knob.name], knob.metadata["low"], knob.metadata["high"]
        limits = f"{KINDS[kind]}, {low} to {high}" if high else KINDS[kind]
        rows.append(f"| `{knob.name.upper()}` | `{knob.default!s}` | {limits} | {knob.metadata['meaning']} |")
    return TEXT.read_text(encoding="utf-8").replace("{{ KNOBS }}", "\n".join(rows))


def main() -> int:
    """Write the page, or say that it is stale."""
    page = rendered()
    if "--check" in sys.argv:
        fresh = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page
        print("docs/configuration.md is up to date." if fresh else "docs/configuration.md is stale. Run: make docs")
        return 0 if fresh else 1
    PAGE.write_text(page, encoding="utf-8")
    print("Wrote docs/configuration.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
