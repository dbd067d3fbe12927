"""Figures and tables: percentiles, promises, Markdown that can also be read on a screen."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Promise:
    """A promise about counts or ratios, what was measured, and whether it was kept."""

    text: str
    measured: str
    kept: bool


@dataclass
class Section:
    """One part of the report: what was done, what was counted, what was timed, what was promised about it."""

    title: str
    story: str
    counts: str
    timings: str = ""
    promises: list[Promise] = field(default_factory=list)


def percentile(values: Iterable[float], share: float) -> float:
    """Give the smallest value that so large a share of the values does not exceed; 0 of none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Iterable[float]) -> float:
    """Give the middle value."""
    return percentile(values, 0.5)


def counted(counts: Counter[str]) -> str:
    """Write how often each thing happened, the most frequent first."""
    return ", ".join(f"{number:,} × {name}" for name, number in counts.most_common()) or "none"


def seconds(value: float) -> str:
    """Write a time as people read it."""
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay out a Markdown table whose columns line up; numbers stand at the right."""
    cells = [[str(cell) for cell in header], *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(3, *(len(row[column]) for row in cells)) for column in range(len(header))]
    signs = [">" if all(_is_number(row[column]) for row in cells[1:]) else "<" for column in range(len(header))]
    shapes = list(zip(widths, signs, strict=True))
    lines = [
        " | ".join(f"{text:{sign}{width}}" for text, (width, sign) in zip(row, shapes, strict=True)) for row in cells
    ]
    rule = "|".join("-" * (width + 1) + {">": ":", "<": "-"}[sign] for width, sign in shapes)
    first, *rest = (f"| {line} |" for line in lines)
    return "\n".join([first, f"|{rule}|", *rest])


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").removesuffix(" ms").removesuffix(" s").isdigit()
