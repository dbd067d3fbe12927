"""What the card says of a session's times, in words and on the clocks of the course.

The card's script writes the times anew on the clocks of the reader; without scripts they stay as they are here.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from bbb_xblock.options import SessionOptions
from bbb_xblock.options.texts import Translator

# Below so many of a unit, time is told in it: "90 minutes", "30 hours".
_MINUTES, _HOURS = 120, 36


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A point in time as ISO text and in words."""

    iso: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A session's times. ``place`` names the course's zone, ``zone`` is its name for scripts.

    ``enters`` is from when those who lead can come in, where they wait for it; ``countdown`` is empty from the
    opening on.
    """

    opens: Moment | None
    closes: Moment | None
    enters: Moment | None
    countdown: str
    place: str
    zone: str


def of(options: SessionOptions, zone: ZoneInfo, now: datetime, i18n: Translator, *, leads: bool) -> Schedule:
    """Say a session's times to somebody who leads it or takes part."""
    opens, closes = options.opens_at, options.closes_at
    enters = opens - timedelta(minutes=options.lead_minutes) if opens and options.lead_minutes and leads else None
    return Schedule(
        opens=moment_of(opens, zone, now, i18n) if opens else None,
        closes=moment_of(closes, zone, now, i18n, after=opens) if closes else None,
        enters=moment_of(enters, zone, now, i18n) if enters and is_ahead(options, now) and now < enters else None,
        countdown=_countdown(opens - now, i18n) if opens and is_ahead(options, now) else "",
        place=place_of(zone),
        zone=zone.key,
    )


def is_ahead(options: SessionOptions, now: datetime) -> bool:
    """Say whether a session has an opening, and it lies ahead."""
    is_over = options.closes_at is not None and options.closes_at <= now
    return options.opens_at is not None and options.opens_at > now and not is_over


def with_place(moment: datetime, i18n: Translator) -> str:
    """Say a time on the clocks of its own zone, with the zone's place: right for every reader."""
    return _placed("MONTH_DAY_FORMAT", moment, i18n)


def in_full(moment: datetime, i18n: Translator) -> str:
    """Say a time as :func:`with_place` does, and its year."""
    return _placed("DATE_FORMAT", moment, i18n)


def time_of_day(moment: datetime, zone: ZoneInfo) -> str:
    """Say the time of a moment on the clocks of a zone."""
    return str(date_format(moment.astimezone(zone), "TIME_FORMAT"))


def place_of(zone: ZoneInfo) -> str:
    """Name a zone by its place, as people call it: "Buenos Aires"."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def moment_of(
    moment: datetime, zone: ZoneInfo, now: datetime, i18n: Translator, after: datetime | None = None
) -> Moment:
    """Say a time; only that of the day if it is the same day as ``after``, which stands before it."""
    there = moment.astimezone(zone)
    time = date_format(there, "TIME_FORMAT")
    if after and after.astimezone(zone).date() == there.date():
        return Moment(iso=moment.isoformat(), words=time)
    style = "MONTH_DAY_FORMAT" if there.year == now.astimezone(zone).year else "DATE_FORMAT"
    said = i18n.gettext("{date}, {time}").format(date=_date(there, style), time=time)
    return Moment(iso=moment.isoformat(), words=said)


def _placed(style: str, moment: datetime, i18n: Translator) -> str:
    said = i18n.gettext("{date}, {time} ({place})")
    zone = moment.tzinfo if isinstance(moment.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    return said.format(date=_date(moment, style), time=date_format(moment, "TIME_FORMAT"), place=place_of(zone))


def _date(there: datetime, style: str) -> str:
    return f"{date_format(there, 'l')}, {date_format(there, style)}"


def _countdown(left: timedelta, i18n: Translator) -> str:
    minutes = math.ceil(left.total_seconds() / 60)
    if minutes < _MINUTES:
        said = i18n.ngettext("Starts in {count} minute", "Starts in {count} minutes", minutes)
        return said.format(count=minutes)
    hours = round(minutes / 60)
    if hours < _HOURS:
        return i18n.ngettext("Starts in {count} hour", "Starts in {count} hours", hours).format(count=hours)
    days = round(minutes / 1440)
    return i18n.ngettext("Starts in {count} day", "Starts in {count} days", days).format(count=days)
