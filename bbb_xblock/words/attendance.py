"""What pages say of attendance."""

from datetime import timedelta

from bbb_xblock.domain.attendance.credit import Standing
from bbb_xblock.domain.attendance.presence import Source
from bbb_xblock.domain.attendance.sheet import Entry
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Measure
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _

_STANDINGS = {
    Standing.PRESENT: _("Present"),
    Standing.PARTLY: _("Partly"),
    Standing.ABSENT: _("Absent"),
    Standing.EXCUSED: _("Excused"),
}
# From the one that knows most to the one that knows least.
_SOURCES = {
    Source.REPORT: _("reported by the classroom server"),
    Source.LOOK: _("seen in the room"),
    Source.JOIN: _("clicked Join"),
}
_OWN = {
    Standing.PRESENT: _("This counts as present."),
    Standing.PARTLY: _("This counts as partly present."),
    Standing.ABSENT: _("This counts as absent."),
    Standing.EXCUSED: _("You are excused: this session does not count."),
}
# Of a session in which nobody led others: to those who took part, and to those who can correct it.
NOT_LED = _("Nobody met a moderator in this session, so it counts for nothing.")
NOT_LED_FOR_TEAM = _(
    "Nobody met a moderator in this session, so it counts only for those whose attendance you correct."
)


def attendance_rule(options: SessionOptions, i18n: Translator) -> str:
    """Say what counts as present."""
    if options.attendance_measure is Measure.MINUTES:
        said = i18n.ngettext(
            "Whoever was there for {count} minute of a session was present.",
            "Whoever was there for {count} minutes of a session was present.",
            options.attendance_minutes,
        )
        return said.format(count=options.attendance_minutes)
    said = i18n.gettext("Whoever was there for {share} per cent of a session was present.")
    return said.format(share=options.attendance_share)


def own_attendance(entry: Entry, length: timedelta, i18n: Translator) -> str:
    """Say to somebody how long they were in a session that was so long, what that counts as, and why."""
    there, total = whole_minutes(entry.time), whole_minutes(length)
    if entry.first_in is None:
        said = i18n.gettext("You were not there.")
    else:
        said = i18n.ngettext(
            "You were there for {there} of {count} minute.", "You were there for {there} of {count} minutes.", total
        ).format(there=min(there, total), count=total)
    worth = _OWN[entry.standing] if entry.counts else NOT_LED
    parts = [said, i18n.gettext(worth)]
    if entry.correction:
        parts.append(i18n.gettext("Your course team decided this: {reason}").format(reason=entry.correction.reason))
    return " ".join(parts)


def standing(value: Standing, i18n: Translator) -> str:
    """Name how somebody stands."""
    return i18n.gettext(_STANDINGS[value])


def standings(i18n: Translator) -> list[tuple[str, str]]:
    """Give how people may stand, to choose from."""
    return [(value.value, i18n.gettext(label)) for value, label in _STANDINGS.items()]


def source(sources: frozenset[Source], i18n: Translator) -> str:
    """Say where it is known from that somebody was in, by the best of the sources; without any they were away."""
    for one, label in _SOURCES.items():
        if one in sources:
            return i18n.gettext(label)
    return i18n.gettext("short absence, passed over")


def minutes(time: timedelta, i18n: Translator) -> str:
    """Say how long something was."""
    count = whole_minutes(time)
    return i18n.ngettext("{count} minute", "{count} minutes", count).format(count=count)


def whole_minutes(time: timedelta) -> int:
    """Round a time to minutes."""
    return round(time.total_seconds() / 60)


def minutes_and_seconds(seconds: int) -> str:
    """Write how long something was as a clock does: 2:05."""
    return f"{seconds // 60}:{seconds % 60:02}"


def own_grade(options: SessionOptions, value: float | None, i18n: Translator) -> str:
    """Say to somebody what their attendance is worth so far, and which sessions count; ``value`` is of 1, or None."""
    points = f"{(value or 0) * options.grade_points:.4g}"
    said = i18n.ngettext(
        "So far your attendance is worth {points} of {count} point.",
        "So far your attendance is worth {points} of {count} points.",
        options.grade_points,
    ).format(points=points, count=options.grade_points)
    if not options.grade_sessions:
        return f"{said} {i18n.gettext('All sessions count.')}"
    which = i18n.ngettext("Your best session counts.", "Your best {count} sessions count.", options.grade_sessions)
    return f"{said} {which.format(count=options.grade_sessions)}"
