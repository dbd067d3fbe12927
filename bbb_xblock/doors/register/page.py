"""The attendance register as a page: sessions across and people down, or one session and when people were in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from django.utils import timezone

from bbb_xblock.domain.attendance.sessions import Session
from bbb_xblock.domain.attendance.sheet import Entry, Line
from bbb_xblock.doors import rendering
from bbb_xblock.doors.register import timeline
from bbb_xblock.doors.register.wanted import Found
from bbb_xblock.options.texts import Translator
from bbb_xblock.words import attendance as words
from bbb_xblock.words import schedule

# An address of the same page, with other questions.
Address = Callable[..., str]


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """For whom a page is written: their language, the clocks of the course, and where links of theirs go."""

    found: Found
    zone: ZoneInfo
    i18n: Translator
    address: Address

    def time(self, moment: datetime | None) -> str:
        return schedule.time_of_day(moment, self.zone) if moment else ""

    def date(self, moment: datetime) -> str:
        return schedule.moment_of(moment, self.zone, timezone.now(), self.i18n).words

    def name(self, user_id: int | None) -> str:
        return self.found.names.get(user_id or 0, "") or self.i18n.gettext("Guest")

    def go(self, **more: object) -> str:
        return self.address(**self.found.wanted.query(**more))


def html(found: Found, zone: ZoneInfo, i18n: Translator, address: Address, **frame: Any) -> str:
    """Write the page; ``address`` gives its address with other questions (``wanted.read``)."""
    reader = _Reader(found=found, zone=zone, i18n=i18n, address=address)
    sessions = [_heading(session, reader) for session in found.register.sessions]
    is_one = bool(found.wanted.session)
    return rendering.render(
        "register.html",
        i18n,
        sessions=sessions,
        one=sessions[0] if is_one and sessions else None,
        table=_table(reader, sessions, is_one=is_one) if found.lines else "",
        found=found,
        pages=_pages(reader),
        standings=words.standings(i18n),
        place=schedule.place_of(zone),
        all_url=reader.go(session=0),
        plain_url=address(),
        asks=dict(parse_qsl(urlsplit(address()).query)),
        file_url=address(**{"as": "csv"}),
        **frame,
    )


def _table(reader: _Reader, sessions: Sequence[Mapping[str, Any]], *, is_one: bool) -> str:
    if not is_one:
        rows = [_row(line, reader) for line in reader.found.lines]
        return rendering.render("register_table.html", reader.i18n, sessions=sessions, rows=rows)
    (session,) = reader.found.register.sessions
    entries = [line.entries[0] for line in reader.found.lines]
    scale = timeline.scale_of(session, entries)
    return rendering.render(
        "session_table.html",
        reader.i18n,
        one=sessions[0],
        rows=[_row(line, reader) | _time_of(line.entries[0], scale, reader) for line in reader.found.lines],
        begin=reader.time(scale.begin),
        end=reader.time(scale.end),
        width=timeline.WIDTH,
        has_engagement=any(entry.engagement for entry in entries),
    )


def _heading(session: Session, reader: _Reader) -> dict[str, Any]:
    began_at, key = session.held.began_at, session.meeting_ids[0]
    return {
        "id": key,
        "iso": began_at.isoformat(timespec="minutes"),
        "date": reader.date(began_at),
        "length": words.minutes(session.held.length, reader.i18n),
        "url": reader.go(session=key),
        "note": "" if session.was_led else reader.i18n.gettext(words.NOT_LED_FOR_TEAM),
    }


def _row(line: Line, reader: _Reader) -> dict[str, Any]:
    return {
        "user_id": line.user_id,
        "name": reader.name(line.user_id),
        "is_team": line.is_team,
        "cells": [_cell(entry, reader) for entry in line.entries],
    }


def _cell(entry: Entry, reader: _Reader) -> dict[str, Any]:
    correction = entry.correction
    return {
        "standing": entry.standing.value,
        "word": words.standing(entry.standing, reader.i18n),
        "minutes": words.minutes(entry.time, reader.i18n) if entry.first_in else "",
        "came": reader.time(entry.first_in),
        "left": reader.time(entry.last_out),
        "correction": correction
        and {
            "id": correction.correction_id,
            "reason": correction.reason,
            "by": reader.name(correction.by_user_id),
            "at": reader.date(correction.made_at),
        },
    }


def _time_of(entry: Entry, scale: timeline.Scale, reader: _Reader) -> dict[str, Any]:
    return {
        "bars": scale.bars(entry.spans),
        "spans": [
            {
                "begin": reader.time(span.begin),
                "end": reader.time(span.end),
                "source": words.source(span.sources, reader.i18n),
            }
            for span in entry.spans
        ],
        "engagement": entry.engagement,
        "talked": words.minutes_and_seconds(entry.engagement.talk_seconds) if entry.engagement else "",
    }


def _pages(reader: _Reader) -> dict[str, str]:
    """Give where other people and other sessions are; what is not there is empty."""
    found, page = reader.found, reader.found.page
    back = found.wanted.back
    return {
        "previous": reader.go(page=page.previous_page_number()) if page.has_previous() else "",
        "next": reader.go(page=page.next_page_number()) if page.has_next() else "",
        "earlier": reader.go(back=back + 1) if found.register.before and not found.wanted.session else "",
        "later": reader.go(back=back - 1) if back and found.register.after and not found.wanted.session else "",
    }
