"""Pure decisions about recordings: how long one is waited for, when servers are asked again, when one is deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Servers work for hours on a recording, after a failure for days; what has not come then does not come.
WAIT = timedelta(days=14)
# What can be asked about and cannot be reached is tried again after so long.
UNREACHABLE_PAUSE = timedelta(hours=6)
# By what part a pause is shorter or longer than others, so that what ended together is not asked for together.
SPREAD = 0.25


@dataclass(frozen=True)
class _Pace:
    """A quarter of the age is the pause, within these limits, and until that age; None is for ever."""

    shortest: timedelta
    longest: timedelta
    until: timedelta | None = None


# A meeting that may have been recorded, of which nothing was heard yet.
UNHEARD = "unheard"
_PACES: Mapping[str, _Pace] = {
    UNHEARD: _Pace(timedelta(minutes=10), timedelta(days=1), WAIT),
    "expected": _Pace(timedelta(minutes=2), timedelta(hours=6)),
    "processing": _Pace(timedelta(minutes=2), timedelta(hours=6)),
    "ready": _Pace(timedelta(days=1), timedelta(days=30)),
    "gone": _Pace(timedelta(days=1), timedelta(days=30), timedelta(days=90)),
}


def pause(state: str, age: timedelta, chance: float = 0.5) -> timedelta | None:
    """Say how long to wait before a server is asked again about something so old; None if it need not be.

    ``state`` is that of a recording or ``UNHEARD``; ``chance`` is between 0 and 1.
    """
    pace = _PACES.get(state)
    if pace is None or (pace.until is not None and age > pace.until):
        return None
    return min(max(age / 4, pace.shortest), pace.longest) * (1 - SPREAD + 2 * SPREAD * chance)


def deletes_at(ended_at: datetime, *days: int) -> datetime | None:
    """Say when a recording is past its time: the smallest of several numbers of days counts, 0 is for ever."""
    kept = [each for each in days if each]
    return ended_at + timedelta(days=min(kept)) if kept else None
