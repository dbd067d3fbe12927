"""The attendance register as a file, for other programs.

It is long and narrow, one row for each person and session, in English and always with the same columns
(docs/attendance.md): it stays the same however many sessions there are.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import datetime

from bbb_xblock.domain.attendance.credit import Standing
from bbb_xblock.domain.attendance.sessions import Session
from bbb_xblock.domain.attendance.sheet import Entry, Line
from bbb_xblock.domain.register import Register

_PERSON = ("name", "user_id", "role")
_SESSION = ("session_began", "session_ended")
_ATTENDANCE = ("standing", "minutes", "first_in", "last_out", "known_from", "credit")
_ENGAGEMENT = ("chats", "talks", "talk_seconds", "raised_hands", "emojis", "poll_votes")
_CORRECTION = ("corrected_by", "corrected_at", "reason")
COLUMNS = (*_PERSON, *_SESSION, *_ATTENDANCE, *_ENGAGEMENT, *_CORRECTION)

# A spreadsheet takes a text that begins so for a formula, some also where the sign is a wide one or stands after spaces
# (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_SPACES = ("\t", "\r", "\n")


def write(register: Register, lines: Iterable[Line], names: Mapping[int, str]) -> str:
    """Write the file: CSV with a line of headings, times in ISO 8601 and UTC."""
    written = io.StringIO()
    # Excel reads UTF-8 only where a byte order mark says so.
    written.write("\ufeff")
    # In some languages spreadsheets cut lines at semicolons; in quotes nobody's text becomes two.
    rows = csv.writer(written, quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    for line in lines:
        for session, entry in zip(register.sessions, line.entries, strict=True):
            rows.writerow(_values(line, session, entry, names))
    return written.getvalue()


def minutes_of(entry: Entry) -> int:
    """Round the time of somebody in a session to minutes."""
    return round(entry.time.total_seconds() / 60)


def _values(line: Line, session: Session, entry: Entry, names: Mapping[int, str]) -> tuple[object, ...]:
    correction = entry.correction
    return (
        _harmless(names.get(line.user_id, "")),
        line.user_id,
        "course_team" if line.is_team else "participant",
        _iso(session.held.began_at),
        _iso(session.held.ended_at),
        entry.standing.value,
        minutes_of(entry),
        _iso(entry.first_in),
        _iso(entry.last_out),
        " ".join(sorted(entry.sources)),
        f"{entry.credit:.2f}" if _has_credit(line, entry) else "",
        *(astuple(entry.engagement) if entry.engagement else [""] * len(_ENGAGEMENT)),
        correction.by_user_id if correction else "",
        _iso(correction.made_at if correction else None),
        _harmless(correction.reason if correction else ""),
    )


def _has_credit(line: Line, entry: Entry) -> bool:
    return entry.counts and not line.is_team and entry.standing is not Standing.EXCUSED


def _harmless(text: str) -> str:
    """Write a text that somebody chose so that no spreadsheet calculates with it."""
    return f"'{text}" if text.startswith(_SPACES) or text.lstrip().startswith(_FORMULA) else text


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
