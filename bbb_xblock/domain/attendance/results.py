"""What the sessions of a room come to for each participant: a grade, and whether they were present. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bbb_xblock.domain.attendance.credit import Rules, Standing, of_series
from bbb_xblock.domain.attendance.sheet import Entry, Sheet, absent_from

# Digits of a grade that count: what rounding makes different is no change.
DIGITS = 4


@dataclass(frozen=True, kw_only=True)
class Result:
    """``value`` is the grade, 0 to 1. ``was_present`` in any session, or is excused from one.

    ``since`` is when the first of the sessions began from which it was worked out; None if there is none.
    """

    value: float
    was_present: bool
    since: datetime | None


def results_of(sheet: Sheet, rules: Rules, made_up: Mapping[int, Collection[int]]) -> dict[int, Result]:
    """Give the results by user id, of whoever was in a session, stands in the sheet or made up for a session.

    ``made_up`` names sessions by their place in the sheet. The course team gets none. Whoever is excused from every
    session that would count gets everything: the platform has no way to leave one person out, and would count nothing.
    Sessions that nobody led are none (``Entry.counts``).
    """
    nothing = tuple(map(absent_from, sheet.sessions))
    entries = dict.fromkeys(made_up, nothing) | {line.user_id: line.entries for line in sheet.lines}
    team = {line.user_id for line in sheet.lines if line.is_team}
    return {
        user_id: _result(sheet, theirs, rules, made_up.get(user_id, ()))
        for user_id, theirs in entries.items()
        if user_id not in team
    }


def _result(sheet: Sheet, entries: tuple[Entry, ...], rules: Rules, made_up: Collection[int]) -> Result:
    there = (Standing.PRESENT, Standing.EXCUSED)
    counted = {place: entry for place, entry in enumerate(entries) if entry.counts}
    # Whoever makes up for a session from which they were excused must not lose by it.
    worth = max(_worth(counted, rules, places) for places in (made_up, ()))
    was_present = any(place in made_up or entry.standing in there for place, entry in counted.items())
    return Result(value=worth, was_present=was_present, since=_since(sheet, counted, rules, made_up))


def _since(sheet: Sheet, counted: Mapping[int, Entry], rules: Rules, made_up: Collection[int]) -> datetime | None:
    """Say when the first session began that counts; if all count, those count too in which somebody was not."""
    for place, entry in counted.items():
        if not rules.best_of or entry.first_in or entry.correction or place in made_up:
            return sheet.sessions[place].held.began_at
    return None


def _worth(counted: Mapping[int, Entry], rules: Rules, made_up: Collection[int]) -> float:
    if not counted:
        return 0.0
    worth = of_series([1.0 if place in made_up else _credit(entry) for place, entry in counted.items()], rules)
    return 1.0 if worth is None else round(worth, DIGITS)


def _credit(entry: Entry) -> float | None:
    return None if entry.standing is Standing.EXCUSED else entry.credit
