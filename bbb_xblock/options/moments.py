"""Times that are told by another date: a number of days before or after it, at a time of day.

As text: ``course_start+P7DT14:00`` is seven days after the day on which the course starts, at two in the afternoon;
``subsection_due-P1D`` is a day before the subsection is due, at the same time of day. Days are those of the calendar
and times of day those of the clocks in the course's zone, so that daylight saving moves no class.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bbb_xblock.options.choices import Anchor

# Years that every database, browser and calendar takes.
YEARS = range(2000, 2101)
# As many as the form has digits for.
MOST_DAYS = 9999
# The number of days is a duration and the rest a time of day, both as in ISO 8601.
_FORM = re.compile(
    rf"(?P<anchor>{'|'.join(Anchor)})(?P<sign>[+-])P(?P<days>0|[1-9][0-9]{{0,3}})D(?:T(?P<at>[01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9]))?"
)


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A time told by another date: ``days`` after ``anchor`` (before, if less than 0), ``at`` a time of day.

    Without a time of day it is that of the other date.
    """

    anchor: Anchor
    days: int
    at: time | None = None

    def __str__(self) -> str:
        """Write the text that :func:`read` reads."""
        at = f"T{self.at:%H:%M}" if self.at else ""
        return f"{self.anchor.value}{'-' if self.days < 0 else '+'}P{abs(self.days)}D{at}"

    def is_never_after(self, other: "Relative") -> bool:
        """Say whether this is at or before another time whatever the dates are, which is known of one date only."""
        if self.anchor is not other.anchor or (self.at is None) != (other.at is None):
            return False
        return (self.days, self.at or time.min) <= (other.days, other.at or time.min)


def read(text: object) -> Relative | None:
    """Read a text; None if it is of another form."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    anchor = next(anchor for anchor in Anchor if anchor.value == found["anchor"])
    at = time.fromisoformat(found["at"]) if found["at"] else None
    return Relative(anchor=anchor, days=int(found["sign"] + found["days"]), at=at)


def resolve(relative: Relative, anchors: Mapping[Anchor, datetime], zone: ZoneInfo) -> datetime | None:
    """Give the point in time, in UTC; None if the other date is not there or the time is out of all bounds.

    A time of day that clocks skip when daylight saving begins is as much later as they are put forward; of one that
    comes twice when it ends, the first counts.
    """
    anchor = anchors.get(relative.anchor)
    if anchor is None or anchor.year not in YEARS:
        return None
    there = anchor.astimezone(zone)
    at = relative.at or there.time()
    found = datetime.combine(there.date() + timedelta(days=relative.days), at, zone).astimezone(UTC)
    return found.replace(microsecond=0) if found.year in YEARS else None
