"""Options of completion and grade: what the platform is told of those who were there."""

from dataclasses import dataclass
from datetime import datetime

from bbb_xblock.options.choices import Completion, Curve
from bbb_xblock.options.kinds import Choice, Moment, Number
from bbb_xblock.options.option import HAS_ROOM, Condition, option, switch
from bbb_xblock.options.texts import marked as _

MOST_POINTS = 1000
MOST_SESSIONS = 100

_IS_GRADED = Condition("grade_points")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """When the component is complete for a participant, and what attendance is worth."""

    completed_by: Completion = option(
        Completion.JOIN,
        Choice(Completion),
        _("Complete when participants"),
        _("Where there is nothing left to join, to attend or to watch, opening the page is enough."),
    )
    grade_points: int = option(
        0,
        Number(0, MOST_POINTS),
        _("Points for attendance"),
        _("Whoever was present gets so many points; the course team gets none. 0 means that nothing is graded."),
        HAS_ROOM,
    )
    grade_curve: Curve = option(
        Curve.FULL,
        Choice(Curve),
        _("Whoever was there for less time gets"),
        _("Points for those who count as partly present."),
        _IS_GRADED,
    )
    grade_sessions: int = option(
        1,
        Number(0, MOST_SESSIONS),
        _("Sessions that count"),
        _(
            "Of several sessions so many count, each participant's best ones. 0 means all that were held: then whoever "
            "misses one loses points."
        ),
        _IS_GRADED,
    )
    grade_may_fall: bool = switch(
        _("The grade may go down"),
        _("A correction may take points away again that participants have got. If all sessions count, it always may."),
        _IS_GRADED,
    )
    make_up: bool = switch(
        _("Watching the recording makes up for a session"),
        _("Whoever opens the recording of a session counts as present in it, for the grade and for completion."),
        Condition("record"),
    )
    make_up_until: datetime | None = option(
        None,
        Moment(),
        _("Last date to make up"),
        _("Recordings that are opened later make up for nothing. Empty: there is no last date."),
        Condition("make_up"),
    )
