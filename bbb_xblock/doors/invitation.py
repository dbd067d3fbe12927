"""A session as a file for calendars: when it is and where its course page is, and no way into the room."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.utils import timezone
from icalendar import Calendar, Event

from bbb_xblock.options import SessionOptions
from bbb_xblock.options.texts import Translator


def ics(options: SessionOptions, *, uid: str, unit_url: str, i18n: Translator) -> bytes:
    """Write an iCalendar file (RFC 5545) with one event. The session must have an opening.

    ``uid`` is the same for every file about a session, so that a calendar changes what it has. ``unit_url`` is empty
    where it is not known.
    """
    if options.opens_at is None:
        raise ValueError("a session without an opening is no event")
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(unit_url).hostname or 'bbb-xblock.invalid'}")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", options.opens_at.astimezone(UTC))
    if ends := _ends(options.opens_at, options):
        event.add("dtend", ends.astimezone(UTC))
    event.add("summary", options.title)
    if unit_url:
        event.add("url", unit_url)
        # Some calendars show no address of an event.
        event.add("description", i18n.gettext("Join on the course page: {address}").format(address=unit_url))
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//bbb-xblock//live session//EN")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _ends(opens: datetime, options: SessionOptions) -> datetime | None:
    if options.closes_at:
        return options.closes_at
    return opens + timedelta(minutes=options.duration_minutes) if options.duration_minutes else None
