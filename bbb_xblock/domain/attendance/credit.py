"""What presence is worth, by the rules that an author chose. Pure.

A *standing* is what a teacher reads: present, partly, absent, excused. A *credit* is what a grade is made of: 0 to 1.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bbb_xblock.domain.attendance.presence import Span, total
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Curve, Measure

# In how many steps a stepped credit goes from nothing to everything.
STEPS = 4


class Standing(StrEnum):
    """How somebody stands in one session."""

    PRESENT = "present"
    PARTLY = "partly"
    ABSENT = "absent"
    EXCUSED = "excused"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How presence is measured. ``needed`` is in minutes, or in per cent of the session, for the whole credit.

    Whoever comes within ``late_minutes`` of the beginning counts as there from the beginning. ``best_of`` says how many
    sessions count, the best ones; 0 means all that were held.
    """

    measure: Measure = Measure.SHARE
    needed: int = 75
    late_minutes: int = 5
    curve: Curve = Curve.FULL
    best_of: int = 0


@dataclass(frozen=True, kw_only=True)
class Held:
    """A session that took place."""

    began_at: datetime
    ended_at: datetime

    @property
    def length(self) -> timedelta:
        """Say how long it was."""
        return self.ended_at - self.began_at


def rules_of(options: SessionOptions) -> Rules:
    """Give the rules that follow from what an author chose."""
    by_minutes = options.attendance_measure is Measure.MINUTES
    return Rules(
        measure=options.attendance_measure,
        needed=options.attendance_minutes if by_minutes else options.attendance_share,
        late_minutes=options.attendance_late_minutes,
        curve=options.grade_curve,
        best_of=options.grade_sessions,
    )


def attended(spans: Sequence[Span], held: Held, rules: Rules) -> timedelta:
    """Say how long somebody was in a session; the spans do not overlap. Coming a little late costs nothing."""
    seen = total(spans, held.began_at, held.ended_at)
    if not seen:
        return seen
    late = max(min(span.begin for span in spans if span.end > held.began_at) - held.began_at, timedelta())
    return seen + late if late <= timedelta(minutes=rules.late_minutes) else seen


def credit(time: timedelta, held: Held, rules: Rules) -> float:
    """Give what so much time in a session is worth, 0 to 1. No time is worth nothing, whatever is needed."""
    if time <= timedelta():
        return 0.0
    needed = timedelta(minutes=rules.needed) if rules.measure is Measure.MINUTES else held.length * rules.needed / 100
    # Nobody can be longer in a session than it was.
    needed = min(needed, held.length)
    part = min(time / needed, 1.0) if needed else 1.0
    if rules.curve is Curve.FULL:
        return float(part == 1)
    return math.floor(part * STEPS) / STEPS if rules.curve is Curve.STEPPED else part


def standing(time: timedelta, held: Held, rules: Rules) -> Standing:
    """Say how somebody stands who was in a session for so long."""
    if time <= timedelta():
        return Standing.ABSENT
    is_enough = credit(time, held, rules) == 1
    return Standing.PRESENT if is_enough else Standing.PARTLY


def of_series(credits: Sequence[float | None], rules: Rules) -> float | None:
    """Give what several sessions are worth together, 0 to 1: the mean of the best ``best_of``, or of all.

    Sessions of the ``best_of`` that were not held yet are worth nothing yet, so that another session never makes it
    less. None stands for a session from which somebody is excused: it is one less that counts. None comes back if none
    does.
    """
    counted = sorted((value for value in credits if value is not None), reverse=True)
    if not counted:
        return None
    excused = len(credits) - len(counted)
    wanted = max(rules.best_of - excused, 1) if rules.best_of else len(counted)
    return sum(counted[:wanted]) / wanted


def corrected(said: Standing, measured: Standing, worth: float, rules: Rules) -> float:
    """Give what a session is worth to somebody of whom a teacher said how they stand; ``worth`` is what was measured.

    Being partly there is worth what was measured, if that was partly too, and otherwise the half, where less than the
    needed time is worth anything. An excused session counts for nothing and against nobody (:func:`of_series`).
    """
    if said is Standing.PARTLY:
        half = 0.0 if rules.curve is Curve.FULL else 0.5
        return worth if measured is Standing.PARTLY else half
    return float(said is Standing.PRESENT)
