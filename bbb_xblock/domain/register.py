"""The attendance register of a session: who was there, when and for how long, for the course team."""

from collections.abc import Collection
from dataclasses import replace

from bbb_xblock.domain import rooms, rules
from bbb_xblock.domain.attendance import settling, sheet
from bbb_xblock.domain.attendance.credit import rules_of
from bbb_xblock.domain.attendance.sheet import Line, Sheet
from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tables import needs_tables

# So many fit on a page; those before are in the file.
MOST_SESSIONS = 200
# Meetings whose end was told to nobody, or when no worker was there, wait to be settled until somebody looks.
SETTLED_AT_ONCE = 20


@needs_tables
def of(visit: Visit, enrolled: Collection[int]) -> Sheet:
    """Give the register, with a line for everybody ``enrolled`` (user ids) and everybody who was ever in.

    Raises :class:`Refusal`: ``moderators_only``, or why the person may see nothing here.
    """
    if not rules.check_person(visit.person, visit.access).is_moderator:
        raise Refusal(Code.MODERATORS_ONLY)
    room = rooms.known(visit.placement)
    if room is None:
        return Sheet(sessions=(), lines=())
    for meeting_id in sheet.unsettled(room)[:SETTLED_AT_ONCE]:
        settling.settle(meeting_id)
    found = sheet.sheet_of(room, rules_of(visit.options), MOST_SESSIONS, visit.options.opens_at)
    return _with_absent(found, enrolled) if found.sessions else found


def _with_absent(found: Sheet, enrolled: Collection[int]) -> Sheet:
    never_in = sorted(set(enrolled) - {line.user_id for line in found.lines})
    nothing = tuple(sheet.ABSENT for _ in found.sessions)
    absent = (Line(user_id=user_id, is_moderator=False, entries=nothing) for user_id in never_in)
    return replace(found, lines=(*found.lines, *absent))
