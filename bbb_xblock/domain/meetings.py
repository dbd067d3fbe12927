"""The use cases of a meeting: look at a room, ask for its status, join it, come back, end it.

A join into a room that was seen running a moment ago costs no call to BigBlueButton. Otherwise one of all who click
takes the room's lease, asks ``getMeetingInfo`` and, if there is no meeting, makes one with ``create``; the others are
told at once to come back. The pages never ask BigBlueButton: ``status`` does, for all of them together and at most
once in ``STATUS_SECONDS``.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import random
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.bbb import BBBError, JoinUrl, MeetingNotFound, Role
from bbb_xblock.config import CourseConfig
from bbb_xblock.domain import happenings, looks, making, names, rooms, rules, servers, wishes
from bbb_xblock.domain.attendance import completing
from bbb_xblock.domain.data import Entrant, Placement, RoomState, RoomStatus, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.recordings import shelf, sweep
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.models import Meeting, Room
from bbb_xblock.options import SessionOptions

log = logging.getLogger(__name__)

# Somebody who is sent back within so many seconds is let in afresh once; the second time they get an explanation.
AFRESH_SECONDS = 120
# How often a page asks that waits for a recording and for nothing else.
AWAIT_SECONDS = 60
# For so long after its closing a session may still go on.
LATE_END = timedelta(hours=12)

# Nothing changes by itself but the clock, so BigBlueButton is not asked.
_NOBODY_IN = (
    RoomState.REFUSED,
    RoomState.NOT_CONFIGURED,
    RoomState.RECORDINGS_ONLY,
    RoomState.NOT_OPEN_YET,
    RoomState.OVER,
)


def look(visit: Visit) -> RoomStatus:
    """Say what is known of the room without a call to BigBlueButton and without writing; never raises."""
    try:
        return _look(visit)
    except Refusal:
        as_moderator = visit.person is not None and visit.person.is_moderator
        return RoomStatus(state=RoomState.NOT_CONFIGURED, check_id="E010" if as_moderator else "")


@needs_tables
def _look(visit: Visit) -> RoomStatus:
    room, course = rooms.known(visit.placement), _course(visit.placement)
    seen = _with_shelf(_with_people(_status(visit, room, course), visit, room), visit, room)
    completing.looked(visit, seen, room)
    return replace(seen, room_pk=room.pk) if room else seen


@needs_tables
def status(visit: Visit) -> RoomStatus:
    """Say what the room is like now; asks BigBlueButton if nobody did within ``STATUS_SECONDS``."""
    seen = rooms.known(visit.placement)
    look_again = seen.pk if seen and sweep.takes_turn(seen) else 0
    return replace(_status_now(visit, seen), look_again=look_again)


def _status_now(visit: Visit, seen: Room | None) -> RoomStatus:
    course = _course(visit.placement)
    status = _status(visit, seen, course)
    if status.state in _NOBODY_IN:
        return _with_shelf(status, visit, seen)
    room = seen or rooms.of(visit.placement)
    if rooms.take_turn_to_ask(room, course.knobs.status_seconds):
        try:
            making.ask(room, making.client_of(room, course))
        except Refusal as refusal:
            log.info("room %s: status is %s", room.meeting_id, refusal.code.value)
        looks.somebody_asked(room.current)
        status = _status(visit, room, course)
    return _with_shelf(_with_people(status, visit, room), visit, room)


@needs_tables
def join(visit: Visit, *, ask_name_again: bool = False) -> JoinUrl:
    """Let the person in: give the signed address of the running meeting, making the meeting if need be.

    Raises :class:`Refusal` with the code that says why not; ``name_wanted`` also for ``ask_name_again``, if the person
    has chosen a name before.
    """
    person = rules.check_person(visit.person, visit.access)
    if visit.ticket:
        rooms.check_unused(visit.ticket.id)
    course = _course(visit.placement)
    if ask_name_again and names.chosen_by(visit, course.knobs.name_policy):
        raise Refusal(Code.NAME_WANTED)
    options = visit.options
    role = rules.role_of(person, options)
    if closed := rules.closed_state(options, role, timezone.now()):
        rules.check_room(closed, already_in=False)
    room = rooms.of(visit.placement)
    known = making.known_meeting(room, course, options, person)
    entrant = Entrant(person=person, name=names.in_the_room(person, visit, course.knobs.name_policy), role=role)
    meeting = known or making.ensured_meeting(visit, room, course, person)
    client = servers.of_meeting(meeting.server, course)
    wanted = wishes.join_meeting(visit, entrant, meeting_id=room.meeting_id, create_time=meeting.create_time)
    rooms.let_in(meeting, person, role, visit.ticket)
    happenings.joined(room, meeting, person, role)
    completing.joined(visit, room)
    looks.somebody_came(meeting)
    log.info("room %s: user %s joins as %s", room.meeting_id, person.user_id, role.value)
    return client.join_url(wanted)


@needs_tables
def end(visit: Visit) -> RoomStatus:
    """End the session for everybody. Ending one that is over already is fine; the new status comes back.

    Raises :class:`Refusal`: ``moderators_only``, or why the person or the server refuses.
    """
    person = rules.check_member(visit.person, visit.access)
    course = _course(visit.placement)
    room = rooms.of(visit.placement)
    if room.current:
        client = servers.of_meeting(room.current.server, course)
        try:
            client.end(room.meeting_id)
        except MeetingNotFound:
            log.info("room %s: the meeting was over already", room.meeting_id)
        except BBBError as error:
            raise Refusal(making.noted_failure(room, client, error)) from None
        rooms.lose_meeting(room, Meeting.Ending.ENDED_HERE)
        log.info("room %s: user %s ended the meeting", room.meeting_id, person.user_id)
    return _with_people(_status(visit, room, course), visit, room)


@needs_tables
def come_back(visit: Visit, errors: str, *, proven: bool) -> JoinUrl | None:
    """Take in that BigBlueButton sent somebody back. None means that they left as people do.

    When it says that the meeting is gone, what is believed of the room is dropped, and somebody who has just been let
    in gets, once, a fresh way in; but only if it is ``proven`` that BigBlueButton sent this person. Otherwise raises
    :class:`Refusal` with the reason.
    """
    try:
        rules.check_return(errors)
    except Refusal as refusal:
        last = rooms.last_join(visit.placement, visit.person.user_id) if visit.person else None
        if not proven or refusal.code is not Code.MEETING_ENDED or last is None or not _may_enter(visit):
            raise
        first_time = rooms.joins_since(last, AFRESH_SECONDS) == 1
        rooms.doubt(last, at_once=first_time)
        if not first_time:
            raise
    else:
        return None
    return join(visit)


@needs_tables
def come_back_without_session(ticket_id: str, errors: str) -> None:
    """Take in that BigBlueButton sent somebody back who came with a portable ticket. Nobody is let in again from here.

    Raises :class:`Refusal` with the reason, if there is one beside leaving.
    """
    try:
        rules.check_return(errors)
    except Refusal as refusal:
        if refusal.code is Code.MEETING_ENDED:
            rooms.doubt(rooms.join_with(ticket_id), at_once=False)
        raise


def options_of(placement: Placement, authored: Mapping[str, Any]) -> SessionOptions:
    """Give what applies to a session: the author's choices, and the operator's where those count."""
    course = _course(placement)
    return rules.session_options(authored, course.defaults, course.locked)


def zone_of(placement: Placement) -> ZoneInfo:
    """Give the zone of the course's clocks."""
    return _course(placement).zone


def check_id(placement: Placement) -> str:
    """Give the id of the start-up check that explains why sessions here are not configured; empty if they are."""
    return servers.check_id(_course(placement))


def _may_enter(visit: Visit) -> bool:
    try:
        rules.check_person(visit.person, visit.access)
    except Refusal:
        return False
    return True


def _status(visit: Visit, room: Room | None, course: CourseConfig) -> RoomStatus:
    try:
        person = rules.check_person(visit.person, visit.access)
    except Refusal as refusal:
        return RoomStatus(state=RoomState.REFUSED, refusal=refusal.code)
    goes_on = room is not None and room.current is not None and course.knobs.enabled
    if not goes_on and (check_id := servers.check_id(course)):
        return RoomStatus(state=RoomState.NOT_CONFIGURED, check_id=check_id if person.is_moderator else "")
    options, now = visit.options, timezone.now()
    role = rules.role_of(person, options)
    snapshot = rooms.snapshot(room)
    state = rules.state_of(snapshot, options, role, now)
    until_open = rules.seconds_until_open(options, role, now)
    chance = random()  # noqa: S311
    return RoomStatus(
        state=state,
        participants=snapshot.participants,
        max_participants=options.max_participants,
        as_moderator=role is Role.MODERATOR,
        may_be_recorded=options.record,
        refusal=snapshot.trouble if state is RoomState.TROUBLE else None,
        ended_at=options.closes_at.astimezone(course.zone) if options.closes_at and state is RoomState.OVER else None,
        next_seconds=rules.pause_seconds(state, until_open, course.knobs.poll_seconds, visit.class_size, chance),
    )


def _with_people(status: RoomStatus, visit: Visit, room: Room | None) -> RoomStatus:
    """Add who is in, for the course team: nobody else sees names on the course page, whoever leads."""
    may_see = room is not None and visit.person is not None and visit.person.is_moderator and status.participants
    return replace(status, people=tuple(rooms.people(room))) if may_see and room else status


def _with_shelf(status: RoomStatus, visit: Visit, room: Room | None) -> RoomStatus:
    """Add the version of the list of recordings; a page that has nothing else to wait for goes on asking for them."""
    if status.state in (RoomState.REFUSED, RoomState.NOT_CONFIGURED):
        return status
    mark = shelf.mark(visit, room)
    may_come = mark.is_awaited or _is_being_recorded(status, room, visit.options)
    pause = rules.next_question_seconds(AWAIT_SECONDS, visit.class_size, random()) if may_come else 0  # noqa: S311
    return replace(status, shelf=mark.version, next_seconds=status.next_seconds or (pause if mark.version else 0))


def _is_being_recorded(status: RoomStatus, room: Room | None, options: SessionOptions) -> bool:
    """Say whether a session that has just closed still goes on, or its end was not told yet."""
    goes_on = room is not None and room.current is not None and options.record
    closed_at = options.closes_at if status.state is RoomState.OVER else None
    return bool(goes_on and closed_at and timezone.now() - closed_at < LATE_END)


def _course(placement: Placement) -> CourseConfig:
    return config.for_course(placement.course_key)
