"""What somebody wants to see of a register, read from an address and found: which sessions, and whose lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from bbb_xblock.domain import register
from bbb_xblock.domain.attendance.credit import Standing
from bbb_xblock.domain.attendance.sheet import Line
from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.register import Part, Register
from bbb_xblock.edx import cohorts, courses, users

PEOPLE_ON_A_PAGE = 50
SESSIONS_ON_A_PAGE = 15
LONGEST_SEARCH = 100
# What has more digits is no key of a row, on any database.
_MOST_DIGITS = 18


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """``search`` is a part of a name, ``standing`` what somebody is in any of the sessions, ``cohort`` an id.

    ``session`` is the meeting with which the one wanted session began, 0 for the newest, of which ``back`` pages are
    left out. ``page`` may be anything.
    """

    search: str = ""
    standing: Standing | None = None
    cohort: int = 0
    session: int = 0
    back: int = 0
    page: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether only some people are wanted."""
        return bool(self.search or self.standing or self.cohort)

    def query(self, **more: object) -> dict[str, str]:
        """Give what an address says that asks for the same, with ``more`` in place of some of it."""
        said = {
            "search": self.search,
            "standing": self.standing or "",
            "cohort": self.cohort,
            "session": self.session,
            "back": self.back,
        }
        return {name: str(value) for name, value in (said | more).items() if value}


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of lines in the order of names. ``names`` are of everybody on it, and of whoever corrected something."""

    wanted: Wanted
    register: Register
    page: Page[int]
    lines: Sequence[Line]
    names: Mapping[int, str]
    cohorts: Mapping[int, str]


def read(query: Mapping[str, str]) -> Wanted:
    """Read an address. What cannot be read is not wanted."""
    standing = query.get("standing", "")
    return Wanted(
        search=query.get("search", "").strip()[:LONGEST_SEARCH],
        standing=Standing(standing) if standing in tuple(Standing) else None,
        cohort=_number(query.get("cohort", "")),
        session=_number(query.get("session", "")),
        back=_number(query.get("back", "")),
        page=query.get("page", ""),
    )


def find(visit: Visit, wanted: Wanted) -> Found:
    """Find a page of the register. Raises :class:`Refusal` for everybody outside the course team."""
    part = Part(session_id=wanted.session, back=wanted.back, at_most=SESSIONS_ON_A_PAGE)
    found = register.of(visit, courses.learners(visit.placement), part)
    names = users.names_of(found.people, visit.placement)
    asked = _asked_for(visit, wanted, found, names)
    if wanted.standing:
        # Only then everybody's lines have to be read.
        lines = {line.user_id: line for line in register.lines(found, asked)}
        asked = [one for one in asked if any(entry.standing is wanted.standing for entry in lines[one].entries)]
    page = Paginator(asked, PEOPLE_ON_A_PAGE).get_page(wanted.page)
    shown = register.lines(found, list(page.object_list))
    by = {entry.correction.by_user_id for line in shown for entry in line.entries if entry.correction} - {None}
    unknown = [user_id for user_id in by if user_id is not None and user_id not in names]
    return Found(
        wanted=wanted,
        register=found,
        page=page,
        lines=shown,
        names=names | (users.names_of(unknown, visit.placement) if unknown else {}),
        cohorts=cohorts.names(visit.placement) if found.sessions else {},
    )


def everything(visit: Visit) -> tuple[Register, list[Line], dict[int, str]]:
    """Give the whole register, for a file: with all lines in the order of names, and the names.

    Of a very large class, only the newest sessions.
    """
    enrolled = courses.learners(visit.placement)
    most = max(1, register.MOST_ROWS // max(1, len(enrolled)))
    found = register.of(visit, enrolled, Part(at_most=min(most, register.MOST_SESSIONS)))
    names = users.names_of(found.people, visit.placement)
    return found, register.lines(found, _in_order(found, names)), names


def _asked_for(visit: Visit, wanted: Wanted, found: Register, names: Mapping[int, str]) -> list[int]:
    asked = _in_order(found, names)
    if wanted.search:
        asked = [one for one in asked if wanted.search.casefold() in names.get(one, "").casefold()]
    if wanted.cohort:
        members = cohorts.members(visit.placement, wanted.cohort)
        asked = [one for one in asked if one in members]
    return asked


def _in_order(found: Register, names: Mapping[int, str]) -> list[int]:
    """Sort people by name; the course team comes last, and before them those whose name is not known."""
    return sorted(
        found.people, key=lambda one: (found.people[one], not names.get(one), names.get(one, "").casefold(), one)
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
