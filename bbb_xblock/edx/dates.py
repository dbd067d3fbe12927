"""The dates of a course by which authors tell times, and those times made absolute.

A date is the one for everybody: what the platform moves for one person, such as an extension, moves no class. One that
nobody has set, or that cannot be asked for, is not there.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from opaque_keys.edx.keys import CourseKey

from bbb_xblock import config
from bbb_xblock.domain.data import Placement
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.edx import courses
from bbb_xblock.options import OPTIONS
from bbb_xblock.options.choices import Anchor
from bbb_xblock.options.kinds import Moment
from bbb_xblock.options.moments import Relative, resolve

log = logging.getLogger(__name__)

# What the platform takes for the start of whatever nobody has set one for (edx-platform
# xmodule/course_metadata_utils.py, ``DEFAULT_START_DATE``).
NEVER_SET = datetime(2030, 1, 1, tzinfo=UTC)

# The names of the options that are times.
TIMES = tuple(name for name, option in OPTIONS.items() if isinstance(option.kind, Moment))


def made_absolute(authored: Mapping[str, Any], usage_id: str) -> dict[str, Any]:
    """Give the options of a block with every time a point in time, in ISO text; None where the date is not there."""
    told = told_by_dates(authored)
    if not told:
        return dict(authored)
    found = _resolved(told, usage_id)
    return {**authored, **{name: OPTIONS[name].kind.plain(found[name]) if found[name] else None for name in told}}


def told_by_dates(authored: Mapping[str, Any]) -> dict[str, Relative]:
    """Give those of the options that are told by a date of the course, by name."""
    times = {name: OPTIONS[name].kind.usable(authored[name], None) for name in TIMES}
    return {name: value for name, value in times.items() if isinstance(value, Relative)}


def _resolved(told: Mapping[str, Relative], usage_id: str) -> dict[str, datetime | None]:
    try:
        placement = courses.placement_at(usage_id)
    except Refusal:
        return dict.fromkeys(told)
    anchors = _anchors({relative.anchor for relative in told.values()}, placement)
    zone = config.for_course(placement.course_key).zone
    return {name: resolve(relative, anchors, zone) for name, relative in told.items()}


def _anchors(wanted: Iterable[Anchor], placement: Placement) -> dict[Anchor, datetime]:
    """Ask the platform for those dates that are wanted."""
    found = {anchor: _DATES[anchor](placement) for anchor in wanted}
    return {anchor: date for anchor, date in found.items() if date and date != NEVER_SET}


def _course_start(placement: Placement) -> datetime | None:
    """One query (edx-platform openedx/core/djangoapps/content/course_overviews/models.py)."""
    try:
        from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
    except (ImportError, RuntimeError):
        # RuntimeError: Django's word for a model whose app is not installed.
        log.error("the platform's course overviews cannot be imported; no time can be told by the start of a course")
        return None
    course_key = CourseKey.from_string(placement.course_key)
    start: datetime | None = CourseOverview.objects.filter(id=course_key).values_list("start", flat=True).first()
    return start


def _subsection_date(name: str) -> Callable[[Placement], datetime | None]:
    """Read a date that blocks inherit from their subsection (edx-platform xmodule/modulestore/inheritance.py).

    From the stored block: the one of a page may have the dates of one learner.
    """

    def read(placement: Placement) -> datetime | None:
        try:
            date = getattr(courses.stored_block(placement), name, None)
        except ImportError:
            log.error("the platform's modulestore cannot be imported; no time can be told by a subsection's dates")
            return None
        except Refusal:
            return None
        return date if isinstance(date, datetime) and date.tzinfo else None

    return read


_DATES: Mapping[Anchor, Callable[[Placement], datetime | None]] = {
    Anchor.COURSE_START: _course_start,
    Anchor.SUBSECTION_START: _subsection_date("start"),
    Anchor.SUBSECTION_DUE: _subsection_date("due"),
}
