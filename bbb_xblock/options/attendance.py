"""Options of attendance: what counts as having been there."""

from dataclasses import dataclass

from bbb_xblock.options.choices import Measure
from bbb_xblock.options.kinds import Choice, Number
from bbb_xblock.options.option import Condition, option
from bbb_xblock.options.texts import marked as _

_DAY_MINUTES = 1440


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """Who counts as present."""

    attendance_measure: Measure = option(
        Measure.SHARE,
        Choice(Measure),
        _("Attendance is measured by"),
        _("The course team sees for each session who was there, and for how long."),
    )
    attendance_share: int = option(
        75,
        Number(1, 100),
        _("Per cent of the session"),
        _("Whoever was there for so much of it was present; less is partly present."),
        Condition("attendance_measure", (Measure.SHARE,)),
    )
    attendance_minutes: int = option(
        45,
        Number(1, _DAY_MINUTES),
        _("Minutes"),
        _("Whoever was there for so long was present, and in a shorter session whoever was there all the time."),
        Condition("attendance_measure", (Measure.MINUTES,)),
    )
    attendance_late_minutes: int = option(
        5,
        Number(0, _DAY_MINUTES),
        _("Minutes to come late"),
        _("Whoever comes within so many minutes of the beginning counts as there from the beginning."),
    )
