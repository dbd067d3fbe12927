"""The attendance register of a session: who was there, when and for how long, for the course team."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bbb_xblock import config
from bbb_xblock.domain import happenings, making, rooms, rules
from bbb_xblock.domain.attendance import corrections, settling, sheet
from bbb_xblock.domain.attendance.credit import Rules, Standing, rules_of
from bbb_xblock.domain.attendance.sessions import Session
from bbb_xblock.domain.attendance.sheet import Entry, Line
from bbb_xblock.domain.data import Person, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.models import Meeting, Room
from bbb_xblock.options.texts import clean_line

# So many are in a file; its rows, one for each person and session, are held in memory, 750 bytes each.
MOST_SESSIONS, MOST_ROWS = 200, 200_000
# People corrected by one click: all of a page, and more than fit on one.
MOST_AT_ONCE = 200
LONGEST_REASON = 255
# What people see of their own attendance, and among how many of the newest meetings it is looked for.
OWN_SESSIONS, OWN_MEETINGS = 3, 20


@dataclass(frozen=True, kw_only=True)
class Part:
    """Which sessions somebody wants to see: one, by the meeting with which it began; else the newest ``at_most``, or
    those before, ``back`` times as many.
    """

    session_id: int = 0
    back: int = 0
    at_most: int = MOST_SESSIONS


@dataclass(frozen=True, kw_only=True)
class Register:
    """Some sessions in the order of time, with so many ``before`` and ``after`` them, and everybody by user id.

    ``people`` says who is of the course team. Lines are made of those who are asked for (:func:`lines`).
    """

    sessions: tuple[Session, ...] = ()
    before: int = 0
    after: int = 0
    people: Mapping[int, bool] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)


@needs_tables
def of(visit: Visit, enrolled: Collection[int], part: Part) -> Register:
    """Give a part of the register, with everybody ``enrolled`` (user ids) and everybody who was in.

    Raises :class:`Refusal`: ``moderators_only``, or why the person may see nothing here.
    """
    _member(visit)
    room = rooms.known(visit.placement)
    if room is None:
        return Register()
    settling.settle_left(room)
    sessions = sheet.sessions_in(room.pk, visit.options.opens_at)
    begin, end = _bounds(sessions, part)
    shown = sessions[begin:end]
    people = dict.fromkeys(enrolled, False) | sheet.people_in(shown) if shown else {}
    return Register(
        sessions=tuple(shown),
        before=begin,
        after=len(sessions) - end,
        people=people,
        rules=rules_of(visit.options),
    )


@needs_tables
def lines(register: Register, user_ids: Sequence[int]) -> list[Line]:
    """Give the lines of some people of a register, in their order. Two queries."""
    found = {line.user_id: line for line in sheet.lines_of(register.sessions, register.rules, user_ids)}
    return [replace(found[user_id], is_team=register.people[user_id]) for user_id in user_ids]


@needs_tables
def own(visit: Visit, room_pk: int) -> list[tuple[Session, Entry]]:
    """Give the person's own attendance in the newest sessions, the newest first. Three queries, one if there are none.

    Raises :class:`Refusal` for somebody who may see nothing here.
    """
    person = rules.check_person(visit.person, visit.access)
    held = sheet.sessions_in(room_pk, visit.options.opens_at, meetings=OWN_MEETINGS)[-OWN_SESSIONS:]
    if not held:
        return []
    (line,) = sheet.lines_of(held, rules_of(visit.options), [person.user_id])
    return list(zip(held, line.entries, strict=True))[::-1]


@needs_tables
def correct(
    visit: Visit, enrolled: Collection[int], session_id: int, user_ids: Sequence[int], standing: Standing, reason: str
) -> list[int]:
    """Say how people stand in a session, whatever was measured. Gives the keys of the corrections, to undo them.

    Raises :class:`Refusal`: ``not_valid`` without a reason, ``bad_request`` for a session or people that are not in
    the register.
    """
    person, room = _member(visit), _used(visit)
    said = clean_line(reason, LONGEST_REASON)
    if not said:
        raise Refusal(Code.NOT_VALID)
    register = of(visit, enrolled, Part(session_id=session_id))
    if not register.sessions or not 0 < len(user_ids) <= MOST_AT_ONCE or not set(user_ids) <= register.people.keys():
        raise Refusal(Code.BAD_REQUEST)
    meeting = Meeting.objects.get(pk=register.sessions[0].meeting_ids[0])
    made = corrections.correct(meeting, user_ids, standing, said, person.user_id)
    happenings.corrected(room, meeting, person, standing.value, len(made))
    return made


@needs_tables
def undo(visit: Visit, ids: Sequence[int]) -> int:
    """Take corrections back. Says how many; one that was undone already, or is of another room, is none."""
    person, room = _member(visit), _used(visit)
    if not 0 < len(ids) <= MOST_AT_ONCE:
        raise Refusal(Code.BAD_REQUEST)
    undone = corrections.undo(room, ids, person.user_id)
    for meeting in {one.meeting_id: one.meeting for one in undone}.values():
        happenings.restored(room, meeting, person, sum(one.meeting_id == meeting.pk for one in undone))
    return len(undone)


@needs_tables
def to_look_at(visit: Visit) -> int:
    """Give the key of the room whose attendance a member of the course team wants to have worked out anew, 0 if it was
    never used.
    """
    _member(visit)
    room = rooms.known(visit.placement)
    return room.pk if room else 0


@needs_tables
def used(visit: Visit) -> Room:
    """Give the room to a member of the course team. Raises :class:`Refusal` (``bad_request``) if it was never used."""
    _member(visit)
    return _used(visit)


def look_again(room_pk: int) -> None:
    """Ask who is in a room now, if its meeting goes on, and work out anew who was in the newest of those before."""
    room = Room.objects.select_related("current").get(pk=room_pk)
    if room.current:
        # After a failure, which is kept with the room, what was known before is still so.
        with suppress(Refusal):
            making.ask(room, making.client_of(room, config.for_course(room.course_key)))
    settling.settle_ended(Meeting.objects.filter(room=room))


def _member(visit: Visit) -> Person:
    return rules.check_member(visit.person, visit.access)


def _used(visit: Visit) -> Room:
    room = rooms.known(visit.placement)
    if room is None:
        raise Refusal(Code.BAD_REQUEST)
    return room


def _bounds(sessions: Sequence[Session], part: Part) -> tuple[int, int]:
    """Say from where to where the wanted sessions are; nothing is wanted of a session that is not there."""
    if part.session_id:
        places = [place for place, session in enumerate(sessions) if part.session_id in session.meeting_ids]
        return (places[0], places[0] + 1) if places else (0, 0)
    # Nobody gets further back than to the first.
    back = min(part.back, max(len(sessions) - 1, 0) // part.at_most)
    end = len(sessions) - back * part.at_most
    return max(end - part.at_most, 0), end
