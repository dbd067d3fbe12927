"""The use cases of a meeting: look at a room, ask for its status, join it, come back, end it.

A join into a room that was seen running a moment ago costs no call to BigBlueButton. Otherwise one of all who click
takes the room's lease, asks ``getMeetingInfo`` and, if there is no meeting, makes one with ``create``; the others are
told at once to come back. The pages never ask BigBlueButton: ``status`` does, for all of them together and at most
once in ``STATUS_SECONDS``.
"""

import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from random import random
from typing import Any, ParamSpec, TypeVar

from django.db import Error as DatabaseTrouble
from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.bbb import (
    ApiError,
    BBBError,
    ChecksumRefused,
    Client,
    CreateMeeting,
    GuestPolicy,
    JoinMeeting,
    JoinUrl,
    MeetingInfo,
    MeetingNotFound,
)
from bbb_xblock.config import CourseConfig
from bbb_xblock.domain import happenings, names, receipts, rooms, rules, servers
from bbb_xblock.domain.data import Person, Placement, RoomState, RoomStatus, SessionOptions, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.leases import lease
from bbb_xblock.models import Join, Meeting, Room

log = logging.getLogger(__name__)

# Somebody who is sent back within so many seconds is let in afresh once; the second time they get an explanation.
AFRESH_SECONDS = 120

_NO_TABLES = "the tables of bbb_xblock cannot be used; have its migrations been run?"

P = ParamSpec("P")
T = TypeVar("T")


def _with_tables(use_case: Callable[P, T]) -> Callable[P, T]:
    """Turn any trouble with the database into a refusal, so that people get a sentence and not a crash."""

    @functools.wraps(use_case)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return use_case(*args, **kwargs)
        except DatabaseTrouble:
            log.exception(_NO_TABLES)
        raise Refusal(Code.OUT_OF_ORDER)

    return guarded


def look(visit: Visit) -> RoomStatus:
    """Say what is known of the room without a call to BigBlueButton and without writing; never raises."""
    try:
        room = rooms.known(visit.placement)
        return _with_people(_status(visit, room, _course(visit.placement)), room)
    except DatabaseTrouble:
        log.exception(_NO_TABLES)
        as_moderator = visit.person is not None and visit.person.is_moderator
        return RoomStatus(state=RoomState.NOT_CONFIGURED, check_id="E010" if as_moderator else "")


@_with_tables
def status(visit: Visit) -> RoomStatus:
    """Say what the room is like now; asks BigBlueButton if nobody did within ``STATUS_SECONDS``."""
    course = _course(visit.placement)
    seen = rooms.known(visit.placement)
    status = _status(visit, seen, course)
    if status.state in (RoomState.REFUSED, RoomState.NOT_CONFIGURED):
        return status
    room = seen or rooms.of(visit.placement)
    if rooms.take_turn_to_ask(room, course.knobs.status_seconds):
        try:
            _ask(room, _client_of(room, course))
        except Refusal as refusal:
            log.info("room %s: status is %s", room.meeting_id, refusal.code.value)
        status = _status(visit, room, course)
    return _with_people(status, room)


@_with_tables
def join(visit: Visit) -> JoinUrl:
    """Let the person in: give the signed address of the running meeting, making the meeting if need be.

    Raises :class:`Refusal` with the code that says why not.
    """
    person = rules.check_person(visit.person, visit.access)
    if visit.ticket:
        rooms.check_unused(visit.ticket)
    course = _course(visit.placement)
    options = _options(visit.authored, course)
    room = rooms.of(visit.placement)
    known = _known_meeting(room, course, options, person)
    shown_name = names.in_the_room(person, visit, course.knobs.name_policy)
    meeting = known or _ensured_meeting(visit, room, course, options, person)
    client = servers.of_meeting(meeting.server, course)
    rooms.let_in(meeting, person, visit.ticket)
    happenings.joined(room, meeting, person)
    log.info("room %s: user %s joins as %s", room.meeting_id, person.user_id, rules.role_of(person).value)
    return client.join_url(
        JoinMeeting(
            meeting_id=room.meeting_id,
            full_name=shown_name,
            role=rules.role_of(person),
            user_id=person.anonymous_id,
            create_time=meeting.create_time,
            error_redirect_url=visit.back_url or None,
            logout_url=visit.back_url or None,
        )
    )


@_with_tables
def end(visit: Visit) -> RoomStatus:
    """End the session for everybody. Ending one that is over already is fine; the new status comes back.

    Raises :class:`Refusal`: ``moderators_only``, or why the person or the server refuses.
    """
    person = rules.check_person(visit.person, visit.access)
    if not person.is_moderator:
        raise Refusal(Code.MODERATORS_ONLY)
    course = _course(visit.placement)
    room = rooms.of(visit.placement)
    if room.current:
        client = servers.of_meeting(room.current.server, course)
        try:
            client.end(room.meeting_id)
        except MeetingNotFound:
            log.info("room %s: the meeting was over already", room.meeting_id)
        except BBBError as error:
            raise Refusal(_noted_failure(room, client, error)) from None
        rooms.lose_meeting(room, Meeting.Ending.ENDED_HERE)
        log.info("room %s: user %s ended the meeting", room.meeting_id, person.user_id)
    return _with_people(_status(visit, room, course), room)


@_with_tables
def come_back(visit: Visit, errors: str, *, may_go_in: bool = True) -> JoinUrl | None:
    """Take in that BigBlueButton sent somebody back. None means that they left as people do.

    When it says that the meeting is gone, what is believed of the room is dropped, and somebody who has just been let
    in gets, once, a fresh way in; ``may_go_in`` is false where no person is there to follow it. Otherwise raises
    :class:`Refusal` with the reason.
    """
    try:
        rules.check_return(errors)
    except Refusal as refusal:
        if refusal.code is not Code.MEETING_ENDED or not _may_enter(visit):
            raise
        first_time = may_go_in and _has_just_joined_once(visit)
        rooms.doubt(visit.placement, at_once=first_time)
        if not first_time:
            raise
    else:
        return None
    return join(visit)


def options_of(placement: Placement, authored: Mapping[str, Any]) -> SessionOptions:
    """Give what applies to a session: the author's choices, and the operator's where those count."""
    return _options(authored, _course(placement))


def check_id(placement: Placement) -> str:
    """Give the id of the start-up check that explains why sessions here are not configured; empty if they are."""
    return servers.check_id(_course(placement))


def _known_meeting(room: Room, course: CourseConfig, options: SessionOptions, person: Person) -> Meeting | None:
    """Give the meeting if it needs no new question; raise :class:`Refusal` if the newest answer refuses the person."""
    knobs = course.knobs
    just_asked = rooms.was_asked_about(room, knobs.status_seconds)
    snapshot = rooms.snapshot(room)
    if snapshot.trouble and just_asked:
        # Nobody waits for a server that did not answer the last person a moment ago.
        raise Refusal(snapshot.trouble)
    confirmed = rooms.was_confirmed(room, knobs.known_running_seconds)
    state = rules.state_of(snapshot, options, rules.role_of(person))
    if confirmed or just_asked:
        # Only BigBlueButton knows for certain who has a seat; it lets the others go back with a word.
        was_in = state is RoomState.FULL and _has_joined(room.current, person)
        rules.check_room(state, already_in=was_in)
    return room.current if confirmed else None


def _may_enter(visit: Visit) -> bool:
    try:
        rules.check_person(visit.person, visit.access)
    except Refusal:
        return False
    return True


def _has_just_joined_once(visit: Visit) -> bool:
    room, since = rooms.known(visit.placement), timezone.now() - timedelta(seconds=AFRESH_SECONDS)
    if room is None or visit.person is None:
        return False
    return Join.objects.filter(meeting__room=room, user_id=visit.person.user_id, joined_at__gt=since).count() == 1


def _has_joined(meeting: Meeting | None, person: Person) -> bool:
    return Join.objects.filter(meeting=meeting, user_id=person.user_id).exists()


def _ensured_meeting(
    visit: Visit, room: Room, course: CourseConfig, options: SessionOptions, person: Person
) -> Meeting:
    """Find or make the meeting, holding the room's lease. Raises :class:`Refusal` (``starting``) if another does."""
    with lease(room, course.knobs.lease_seconds):
        # The holder before may just have made it.
        known = _known_meeting(room, course, options, person)
        if known:
            return known
        info = _ask_where_it_is(room, course)
        state = rules.state_of(rooms.snapshot(room), options, rules.role_of(person))
        present = {attendee.user_id for attendee in info.attendees} if info else set()
        rules.check_room(state, already_in=person.anonymous_id in present)
        return room.current or _make(room, course, options, visit.back_url)


def _ask_where_it_is(room: Room, course: CourseConfig) -> MeetingInfo | None:
    """Ask the room's server. If it is gone and the course has another, the meeting is given up and None comes back."""
    client = _client_of(room, course)
    try:
        return _ask(room, client)
    except Refusal as refusal:
        others = [c for c in servers.for_new_meetings(course, room.meeting_id) if c.endpoint != client.endpoint]
        if refusal.code is not Code.SERVER_UNREACHABLE or not others:
            raise
    log.warning("room %s: server %s is given up", room.meeting_id, client.endpoint.slug)
    rooms.lose_meeting(room)
    return None


def _make(room: Room, course: CourseConfig, options: SessionOptions, back_url: str) -> Meeting:
    """Make the meeting on the first server that can."""
    code = Code.NOT_CONFIGURED
    for client in servers.for_new_meetings(course, room.meeting_id):
        try:
            return _make_on(client, room, options, back_url)
        except BBBError as error:
            code = _noted_failure(room, client, error)
        if code is not Code.SERVER_UNREACHABLE:
            break
    raise Refusal(code)


def _make_on(client: Client, room: Room, options: SessionOptions, back_url: str) -> Meeting:
    wanted = _create_parameters(room, options, back_url)
    created = client.create(receipts.wanting_callbacks(wanted, room, client.endpoint.slug))
    if created.duplicate and rooms.ask(room, client) is None:
        # The meeting before is on its way out, and there cannot be two of one id: it takes a moment.
        raise Refusal(Code.STARTING)
    return rooms.begin_meeting(room, client, created.internal_meeting_id, created.create_time, options)


def _ask(room: Room, client: Client) -> MeetingInfo | None:
    """Ask about the room; a failure is kept on the room and raised as a refusal."""
    try:
        return rooms.ask(room, client)
    except BBBError as error:
        code = _noted_failure(room, client, error)
    raise Refusal(code)


def _noted_failure(room: Room, client: Client, error: BBBError) -> Code:
    log.warning("room %s: %s", room.meeting_id, error)
    code = Code.SERVER_UNREACHABLE
    if isinstance(error, ApiError):
        code = Code.SIGNATURE_REFUSED if isinstance(error, ChecksumRefused) else Code.SERVER_REFUSED
    else:
        servers.failed(client.endpoint.slug, error)
    rooms.note_trouble(room, code)
    return code


def _client_of(room: Room, course: CourseConfig) -> Client:
    """Give the server where the room's meeting is or would be."""
    if room.current:
        return servers.of_meeting(room.current.server, course)
    return servers.for_new_meetings(course, room.meeting_id)[0]


def _create_parameters(room: Room, options: SessionOptions, back_url: str) -> CreateMeeting:
    return CreateMeeting(
        meeting_id=room.meeting_id,
        name=rules.meeting_name(options.title),
        welcome=rules.welcome_html(options.welcome) or None,
        record=options.record,
        mute_on_start=options.mute_on_start,
        max_participants=options.max_participants or None,
        logout_url=back_url or None,
        # The server's own default may be a waiting room that the author never chose.
        guest_policy=GuestPolicy.ALWAYS_ACCEPT,
        meta={"bbb-origin": "Open edX", "bbb-context-id": room.course_key},
    )


def _status(visit: Visit, room: Room | None, course: CourseConfig) -> RoomStatus:
    try:
        person = rules.check_person(visit.person, visit.access)
    except Refusal as refusal:
        return RoomStatus(state=RoomState.REFUSED, refusal=refusal.code)
    goes_on = room is not None and room.current is not None and course.knobs.enabled
    if not goes_on and (check_id := servers.check_id(course)):
        return RoomStatus(state=RoomState.NOT_CONFIGURED, check_id=check_id if person.is_moderator else "")
    options = _options(visit.authored, course)
    snapshot = rooms.snapshot(room)
    return RoomStatus(
        state=rules.state_of(snapshot, options, rules.role_of(person)),
        participants=snapshot.participants,
        max_participants=options.max_participants,
        as_moderator=person.is_moderator,
        may_be_recorded=options.record,
        refusal=snapshot.trouble,
        next_seconds=rules.next_question_seconds(course.knobs.poll_seconds, visit.class_size, random()),  # noqa: S311
    )


def _with_people(status: RoomStatus, room: Room | None) -> RoomStatus:
    """Add who is in, for moderators."""
    may_see = room is not None and status.as_moderator and status.participants
    return replace(status, people=tuple(rooms.people(room))) if may_see and room else status


def _options(authored: Mapping[str, Any], course: CourseConfig) -> SessionOptions:
    return rules.session_options(authored, course.defaults, course.locked)


def _course(placement: Placement) -> CourseConfig:
    return config.for_course(placement.course_key, placement.org)
