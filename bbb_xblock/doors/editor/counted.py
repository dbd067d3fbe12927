"""Times that are counted from a date of the course: what they come to, and what is wrong with them, in words.

The dates belong to the course and may change without the session.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bbb_xblock.config import CourseConfig
from bbb_xblock.doors.editor import edits
from bbb_xblock.edx import dates
from bbb_xblock.options import OPTIONS
from bbb_xblock.options.problems import problems_of
from bbb_xblock.options.texts import Translator
from bbb_xblock.words import schedule


def said(written: Mapping[str, Any], usage_id: str, zone: ZoneInfo, i18n: Translator) -> dict[str, str]:
    """Say by name what those of the options come to today that are counted from a date, on the clocks of ``zone``."""
    absolute = dates.made_absolute(written, usage_id)
    words = {}
    for name, relative in dates.told_by_dates(written).items():
        moment = OPTIONS[name].kind.usable(absolute[name], None)
        if moment:
            words[name] = i18n.gettext("That is {time}.").format(time=schedule.in_full(moment.astimezone(zone), i18n))
        else:
            words[name] = edits.sentence(OPTIONS[name], edits.no_date(relative.anchor), i18n)
    return words


def problems(written: Mapping[str, Any], usage_id: str, course: CourseConfig, i18n: Translator) -> Iterator[str]:
    """Yield what is wrong with them today, without those that the operator keeps."""
    absolute = dates.made_absolute(written, usage_id)
    told = {name: time for name, time in dates.told_by_dates(written).items() if name not in course.locked}
    for name, relative in told.items():
        if absolute[name] is None:
            yield edits.sentence(OPTIONS[name], edits.no_date(relative.anchor), i18n)
    readable = {name: absolute[name] for name in dates.TIMES if not OPTIONS[name].kind.problem(absolute[name])}
    if told:
        yield from (edits.sentence(option, problem, i18n) for option, problem in problems_of(readable))
