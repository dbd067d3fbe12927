"""The attendance register as a page and as a file, for the course team.

The file is long and narrow, one row for each person and session, in English and always with the same columns: it is
for other programs, and stays the same however many sessions there are.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.utils import timezone

from bbb_xblock import rendering, schedule
from bbb_xblock.domain.attendance.credit import Standing
from bbb_xblock.domain.attendance.sessions import Session
from bbb_xblock.domain.attendance.sheet import Entry, Line, Sheet
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _

PEOPLE_ON_A_PAGE = 50
SESSIONS_ON_A_PAGE = 15

COLUMNS = (
    "name",
    "user_id",
    "role",
    "session_began",
    "session_ended",
    "standing",
    "minutes",
    "first_in",
    "last_out",
    "known_from",
    "credit",
)
# A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

_STANDINGS = {
    Standing.PRESENT: _("Present"),
    Standing.PARTLY: _("Partly"),
    Standing.ABSENT: _("Absent"),
    Standing.EXCUSED: _("Excused"),
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How somebody stands in one session, in words; ``detail`` says when they came and left, empty for nobody."""

    standing: str
    word: str
    time: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One person of the page."""

    name: str
    leads: bool
    cells: tuple[Cell, ...]


def page(sheet: Sheet, names: Mapping[int, str], zone: ZoneInfo, number: str, i18n: Translator, **frame: Any) -> str:
    """Write the page; ``number`` is which of its pages is wanted, and may be anything."""
    shown = Sheet(
        sessions=sheet.sessions[-SESSIONS_ON_A_PAGE:],
        lines=tuple(
            Line(user_id=line.user_id, is_moderator=line.is_moderator, entries=line.entries[-SESSIONS_ON_A_PAGE:])
            for line in _in_order(sheet, names)
        ),
    )
    people = Paginator(shown.lines, PEOPLE_ON_A_PAGE).get_page(number)
    return rendering.render(
        "register.html",
        i18n,
        sessions=[_heading(session, zone, i18n) for session in shown.sessions],
        left_out=len(sheet.sessions) - len(shown.sessions),
        rows=[_row(line, names, zone, i18n) for line in people],
        people=people,
        place=schedule.place_of(zone),
        **frame,
    )


def file(sheet: Sheet, names: Mapping[int, str]) -> str:
    """Write the file: CSV with a line of headings, times in ISO 8601 and UTC."""
    written = io.StringIO()
    # Excel reads UTF-8 only where a byte order mark says so.
    written.write("\ufeff")
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for line in _in_order(sheet, names):
        for session, entry in zip(sheet.sessions, line.entries, strict=True):
            rows.writerow(_values(line, session, entry, names))
    return written.getvalue()


def _values(line: Line, session: Session, entry: Entry, names: Mapping[int, str]) -> tuple[object, ...]:
    return (
        _harmless(names.get(line.user_id, "")),
        line.user_id,
        "moderator" if line.is_moderator else "participant",
        _iso(session.held.began_at),
        _iso(session.held.ended_at),
        entry.standing.value,
        _minutes(entry),
        _iso(entry.first_in),
        _iso(entry.last_out),
        " ".join(sorted(entry.sources)),
        "" if line.is_moderator else f"{entry.credit:.2f}",
    )


def _harmless(text: str) -> str:
    """Write a text that somebody chose so that no spreadsheet calculates with it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _in_order(sheet: Sheet, names: Mapping[int, str]) -> list[Line]:
    """Sort people by name; those who led come last, and before them those whose name is not known."""
    return sorted(
        sheet.lines,
        key=lambda line: (line.is_moderator, not names.get(line.user_id), names.get(line.user_id, "").casefold()),
    )


def _heading(session: Session, zone: ZoneInfo, i18n: Translator) -> dict[str, str]:
    began = session.held.began_at
    minutes = round(session.held.length.total_seconds() / 60)
    return {
        "iso": began.isoformat(timespec="minutes"),
        "date": schedule.moment_of(began, zone, timezone.now(), i18n).words,
        "length": i18n.ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes),
    }


def _row(line: Line, names: Mapping[int, str], zone: ZoneInfo, i18n: Translator) -> Row:
    return Row(
        name=names.get(line.user_id, "") or i18n.gettext("Guest"),
        leads=line.is_moderator,
        cells=tuple(_cell(entry, zone, i18n) for entry in line.entries),
    )


def _cell(entry: Entry, zone: ZoneInfo, i18n: Translator) -> Cell:
    word = i18n.gettext(_STANDINGS[entry.standing])
    if entry.first_in is None or entry.last_out is None:
        return Cell(standing=entry.standing.value, word=word, time="", detail="")
    minutes = _minutes(entry)
    came, left = (schedule.time_of_day(moment, zone) for moment in (entry.first_in, entry.last_out))
    return Cell(
        standing=entry.standing.value,
        word=word,
        time=i18n.ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes),
        detail=i18n.gettext("{came} to {left}").format(came=came, left=left),
    )


def _minutes(entry: Entry) -> int:
    return round(entry.time.total_seconds() / 60)


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
