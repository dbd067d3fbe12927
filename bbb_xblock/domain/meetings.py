"""The use cases of a meeting: look at a room, ask for its status, join it. The only writer of rooms.

A join into a room that was seen running a moment ago costs no call to BigBlueButton; everybody else asks
``getMeetingInfo`` and, if there is no meeting, makes one with ``create``, which BigBlueButton answers with the same
meeting however many people ask (API docs, create, "idempotent"). The pages never ask: ``status`` does, for all of
them together and at most once in ``STATUS_SECONDS``.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.bbb import (
    ApiError,
    BBBError,
    ChecksumRefused,
    Client,
    CreateMeeting,
    Endpoint,
    GuestPolicy,
    JoinMeeting,
    JoinUrl,
    MeetingInfo,
    MeetingNotFound,
)
from bbb_xblock.config import CourseConfig, NotConfigured, ServerState
from bbb_xblock.domain import rules
from bbb_xblock.domain.data import Person, Placement, RoomSnapshot, RoomState, RoomStatus, SessionOptions, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.models import Room

log = logging.getLogger(__name__)


def look(visit: Visit) -> RoomStatus:
    """Say what is known of the room without a call to BigBlueButton and without writing; never raises."""
    try:
        room = Room.objects.filter(meeting_id=_meeting_id(visit.placement)).first()
    except DatabaseError:
        log.exception("the tables of bbb_xblock cannot be read; have its migrations been run?")
        as_moderator = visit.person is not None and visit.person.is_moderator
        return RoomStatus(state=RoomState.NOT_CONFIGURED, finding="E010", as_moderator=as_moderator)
    return _status(visit, room)


def status(visit: Visit) -> RoomStatus:
    """Say what the room is like now; asks BigBlueButton if nobody did within ``STATUS_SECONDS``. Never raises."""
    known = look(visit)
    if known.state in (RoomState.REFUSED, RoomState.NOT_CONFIGURED):
        return known
    course = _course(visit.placement)
    room = _room(visit.placement)
    if _take_turn_to_ask(room, course):
        try:
            _ask(Client(_configured(course)), room)
        except Refusal as refusal:
            log.info("room %s: status is %s", room.meeting_id, refusal.code.value)
    return _status(visit, room)


def join(visit: Visit) -> JoinUrl:
    """Let the person in: give the signed address of the running meeting, making the meeting if need be.

    Raises :class:`Refusal` with the code that says why not.
    """
    person = rules.check_person(visit.person, visit.access)
    course = _course(visit.placement)
    options = rules.session_options(visit.authored, course.defaults, course.locked)
    client = Client(_configured(course))
    room = _room(visit.placement)
    create_time = _known_create_time(room, course, options, person) or _ensure_running(
        client, room, options, person, visit.back_url
    )
    log.info("room %s: user %s joins as %s", room.meeting_id, person.user_id, rules.role_of(person).value)
    return client.join_url(
        JoinMeeting(
            meeting_id=room.meeting_id,
            full_name=rules.display_name(person),
            role=rules.role_of(person),
            user_id=person.anonymous_id,
            create_time=create_time,
            error_redirect_url=visit.back_url or None,
            logout_url=visit.back_url or None,
        )
    )


def come_back(visit: Visit, errors: str) -> None:
    """Take in that BigBlueButton sent somebody back; raise :class:`Refusal` if it did so because of an error.

    When it says that the meeting is gone, what is believed of the room is dropped, so that the next join asks afresh.
    """
    try:
        rules.check_return(errors)
    except Refusal as refusal:
        if refusal.code is Code.MEETING_ENDED and visit.access.may_load:
            Room.objects.filter(meeting_id=_meeting_id(visit.placement)).update(confirmed_at=None, asked_at=None)
        raise


def finding(placement: Placement) -> str:
    """Give the id of the start-up check that explains why sessions here are not configured; empty if they are."""
    try:
        _endpoint(_course(placement))
    except NotConfigured as problem:
        return problem.check_id
    return ""


def _known_create_time(room: Room, course: CourseConfig, options: SessionOptions, person: Person) -> str:
    """Give the create time of a meeting that needs no new question, else an empty text."""
    if _is_fresh(room.asked_at, course.knobs.status_seconds) and room.trouble:
        # Nobody waits for a server that did not answer the last person a moment ago.
        raise Refusal(Code(room.trouble))
    if not room.create_time or not _is_fresh(room.confirmed_at, course.knobs.known_running_seconds):
        return ""
    state = rules.state_of(_snapshot(room), options, rules.role_of(person))
    if state is RoomState.FULL:
        # Only the server knows whether this person has a seat already.
        return ""
    rules.check_room(state, already_in=False)
    return room.create_time


def _ensure_running(client: Client, room: Room, options: SessionOptions, person: Person, back_url: str) -> str:
    """Find or make the meeting and give its create time."""
    info = _ask(client, room)
    state = rules.state_of(_snapshot(room), options, rules.role_of(person))
    present = {attendee.user_id for attendee in info.attendees} if info else set()
    rules.check_room(state, already_in=person.anonymous_id in present)
    if info:
        return info.create_time
    with _failures_remembered(room):
        created = client.create(_create_parameters(room, options, back_url))
    room.server = client.endpoint.slug
    room.internal_meeting_id = created.internal_meeting_id
    room.create_time = created.create_time
    room.confirmed_at = timezone.now()
    room.save()
    return created.create_time


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


def _ask(client: Client, room: Room) -> MeetingInfo | None:
    """Ask BigBlueButton about the room and store the answer; None means that there is no such meeting."""
    info = None
    room.asked_at = timezone.now()
    with _failures_remembered(room):
        try:
            info = client.get_meeting_info(room.meeting_id)
        except MeetingNotFound:
            info = None
    if info and info.has_been_forcibly_ended:
        info = None
    room.trouble = ""
    room.create_time = info.create_time if info else ""
    room.internal_meeting_id = info.internal_meeting_id if info else ""
    room.participants = info.participant_count if info else 0
    room.moderators = info.moderator_count if info else 0
    room.confirmed_at = room.asked_at if info else None
    room.save()
    return info


@contextmanager
def _failures_remembered(room: Room) -> Iterator[None]:
    """Turn a failed call into a refusal and keep its code on the room, so that the pages can say so."""
    try:
        yield
        return
    except BBBError as error:
        code = _code_of(error)
        log.warning("room %s: %s", room.meeting_id, error)
    room.trouble = code.value
    room.save()
    raise Refusal(code)


def _code_of(error: BBBError) -> Code:
    if isinstance(error, ChecksumRefused):
        return Code.SIGNATURE_REFUSED
    return Code.SERVER_REFUSED if isinstance(error, ApiError) else Code.SERVER_UNREACHABLE


def _take_turn_to_ask(room: Room, course: CourseConfig) -> bool:
    """Claim the next question about a room, by one compare-and-set update: one page asks for all."""
    now = timezone.now()
    due = Q(asked_at=None) | Q(asked_at__lte=now - timedelta(seconds=course.knobs.status_seconds))
    return Room.objects.filter(due, pk=room.pk).update(asked_at=now) == 1


def _status(visit: Visit, room: Room | None) -> RoomStatus:
    try:
        person = rules.check_person(visit.person, visit.access)
    except Refusal as refusal:
        return RoomStatus(state=RoomState.REFUSED, refusal=refusal.code.value)
    course = _course(visit.placement)
    if problem := finding(visit.placement):
        return RoomStatus(state=RoomState.NOT_CONFIGURED, finding=problem, as_moderator=person.is_moderator)
    options = rules.session_options(visit.authored, course.defaults, course.locked)
    snapshot = _snapshot(room) if room else RoomSnapshot()
    return RoomStatus(
        state=rules.state_of(snapshot, options, rules.role_of(person)),
        participants=snapshot.participants,
        max_participants=options.max_participants,
        as_moderator=person.is_moderator,
        next_seconds=course.knobs.poll_seconds,
    )


def _snapshot(room: Room) -> RoomSnapshot:
    return RoomSnapshot(
        exists=bool(room.create_time),
        participants=room.participants,
        moderators=room.moderators,
        trouble=room.trouble,
    )


def _room(placement: Placement) -> Room:
    room, _ = Room.objects.get_or_create(
        meeting_id=_meeting_id(placement),
        defaults={
            "usage_key": placement.usage_key,
            "course_key": placement.course_key,
            "group": placement.group,
        },
    )
    return room


def _meeting_id(placement: Placement) -> str:
    return rules.meeting_id(site=config.site_salt(), usage_key=placement.usage_key, group=placement.group)


def _course(placement: Placement) -> CourseConfig:
    return config.for_course(placement.course_key, placement.org)


def _configured(course: CourseConfig) -> Endpoint:
    try:
        return _endpoint(course)
    except NotConfigured as problem:
        log.warning("a session is not configured (%s): %s", problem.check_id, problem)
    raise Refusal(Code.NOT_CONFIGURED)


def _endpoint(course: CourseConfig) -> Endpoint:
    """Give the first server of the course that takes new meetings. Raises ``NotConfigured``."""
    if not course.knobs.enabled:
        raise NotConfigured("W004", "Live sessions are switched off for this course.", "Set ENABLED to True.")
    if not course.servers:
        raise NotConfigured("W001", "No server is chosen for this course.", "Set SERVER.")
    # An unknown slug is kept: the finding about it says more than "no active server".
    active = [s for s in course.servers if s not in config.servers() or config.server_state(s) is ServerState.ACTIVE]
    if not active:
        raise NotConfigured("W005", "No server of this course takes new meetings.", "Set the STATE of one to active.")
    return config.endpoint(active[0], course.knobs)


def _is_fresh(moment: datetime | None, seconds: int) -> bool:
    return moment is not None and timezone.now() - moment < timedelta(seconds=seconds)
