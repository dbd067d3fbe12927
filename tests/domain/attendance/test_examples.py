"""The examples of docs/attendance.md are true."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bbb_xblock.domain import rules
from bbb_xblock.domain.attendance import credit
from bbb_xblock.domain.attendance.credit import Held, Rules, Standing
from bbb_xblock.domain.attendance.presence import Source, united
from bbb_xblock.domain.attendance.results import results_of
from bbb_xblock.domain.attendance.sheet import ABSENT, Entry
from tests.domain.attendance.test_presence import at, span
from tests.domain.attendance.test_results import ADA, line, sheet

PAGE = (Path(__file__).parents[3] / "docs/attendance.md").read_text("utf-8")


def rows_under(heading: str) -> list[list[str]]:
    """Give the cells of the table under a heading, without its head."""
    _, _, rest = PAGE.partition(f"\n## {heading}\n")
    lines = [text for text in rest.partition("\n## ")[0].splitlines() if text.startswith("|")]
    return [[cell.strip() for cell in text.strip("|").split("|")] for text in lines[2:]]


def rules_in(chosen: str) -> Rules:
    """Read what the author chose: the options in backticks."""
    written = dict(re.findall(r"`(\w+)=(\w+)`", chosen))
    values = {name: int(text) if text.isdigit() else text for name, text in written.items()}
    return credit.rules_of(rules.session_options({"grade_points": 10} | values, {}, frozenset()))


def per_cent(value: float) -> str:
    return f"{round(value * 100)} %"


@pytest.mark.parametrize(("chosen", "length", "visits", "standing", "worth"), rows_under("Examples: one session"))
def test_one_session(chosen, length, visits, standing, worth):
    found, held = rules_in(chosen), Held(began_at=at(0), ended_at=at(int(length)))
    stays = re.findall(r"(-?\d+)–(\d+)", visits)
    spans = united([span(int(begin), int(end), Source.REPORT) for begin, end in stays], timedelta())
    time = credit.attended(spans, held, found)
    assert credit.standing(time, held, found).value == standing
    assert per_cent(credit.credit(time, held, found)) == worth


@pytest.mark.parametrize(("chosen", "each", "grade", "present"), rows_under("Examples: several sessions"))
def test_several_sessions(chosen, each, grade, present):
    worths = each.split(", ")
    entries = [entry_of(worth) for worth in worths]
    made_up = {place for place, worth in enumerate(worths) if worth == "made up"}
    result = results_of(sheet(line(ADA, *entries)), rules_in(chosen), {ADA: made_up} if made_up else {})[ADA]
    assert (per_cent(result.value), "yes" if result.was_present else "no") == (grade, present)


def entry_of(worth: str) -> Entry:
    if worth in ("0 %", "made up"):
        return ABSENT
    if worth == "excused":
        return Entry(standing=Standing.EXCUSED, credit=0.0)
    value = int(worth.removesuffix(" %")) / 100
    return Entry(standing=Standing.PRESENT if value == 1 else Standing.PARTLY, credit=value)
