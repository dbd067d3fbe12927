"""The meeting of a room: known to run, found, or made, by one person for all who click at the same moment."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from django.utils import timezone

from bbb_xblock.bbb import (
    ApiError,
    BBBError,
    ChecksumRefused,
    Client,
    CreatedMeeting,
    CreateMeeting,
    Document,
    MeetingInfo,
    ReplyError,
    TimedOut,
)
from bbb_xblock.config import CourseConfig
from bbb_xblock.domain import callbacks, rooms, rules, servers, slides, wishes
from bbb_xblock.domain.data import Person, RoomState, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.leases import lease
from bbb_xblock.domain.slides import Slides
from bbb_xblock.models import Join, Meeting, Room
from bbb_xblock.options import SessionOptions

log = logging.getLogger(__name__)


def ask(room: Room, client: Client) -> MeetingInfo | None:
    """Ask about the room; a failure is kept on the room and raised as a refusal."""
    try:
        return rooms.ask(room, client)
    except BBBError as error:
        code = noted_failure(room, client, error)
    raise Refusal(code)


def noted_failure(room: Room, client: Client, error: BBBError) -> Code:
    """Keep a failure on the room, and give the code that tells it."""
    log.warning("room %s: %s", room.meeting_id, error)
    code = Code.SERVER_UNREACHABLE
    if isinstance(error, ApiError):
        code = Code.SIGNATURE_REFUSED if isinstance(error, ChecksumRefused) else Code.SERVER_REFUSED
    else:
        servers.failed(client.endpoint.slug, error)
    rooms.note_trouble(room, code)
    return code


def client_of(room: Room, course: CourseConfig) -> Client:
    """Give the server where the room's meeting is or would be."""
    if room.current:
        return servers.of_meeting(room.current.server, course)
    return servers.for_new_meetings(course, room.meeting_id)[0]


def known_meeting(room: Room, course: CourseConfig, options: SessionOptions, person: Person) -> Meeting | None:
    """Give the meeting if it needs no new question; raise :class:`Refusal` if the newest answer refuses the person."""
    knobs = course.knobs
    just_asked = rooms.was_asked_about(room, knobs.status_seconds)
    snapshot = rooms.snapshot(room)
    if snapshot.trouble and just_asked:
        # Nobody waits for a server that did not answer the last person a moment ago.
        raise Refusal(snapshot.trouble)
    confirmed = rooms.was_confirmed(room, knobs.known_running_seconds)
    state = rules.state_of(snapshot, options, rules.role_of(person, options), timezone.now())
    if confirmed or just_asked:
        # Only BigBlueButton knows for certain who has a seat; it lets the others go back with a word.
        was_in = state is RoomState.FULL and _has_joined(room.current, person)
        rules.check_room(state, already_in=was_in)
    return room.current if confirmed else None


def _has_joined(meeting: Meeting | None, person: Person) -> bool:
    return Join.objects.filter(meeting=meeting, user_id=person.user_id).exists()


def ensured_meeting(visit: Visit, room: Room, course: CourseConfig, person: Person) -> Meeting:
    """Find or make the meeting, holding the room's lease. Raises :class:`Refusal` (``starting``) if another does."""
    with lease(room, course.knobs.lease_seconds):
        # The holder before may just have made it.
        options = visit.options
        known = known_meeting(room, course, options, person)
        if known:
            return known
        info = _ask_where_it_is(room, course)
        state = rules.state_of(rooms.snapshot(room), options, rules.role_of(person, options), timezone.now())
        present = {attendee.user_id for attendee in info.attendees} if info else set()
        rules.check_room(state, already_in=person.anonymous_id in present)
        return room.current or _make(visit, room, course)


def _ask_where_it_is(room: Room, course: CourseConfig) -> MeetingInfo | None:
    """Ask the room's server. If it is gone and the course has another, the meeting is given up and None comes back."""
    client = client_of(room, course)
    try:
        return ask(room, client)
    except Refusal as refusal:
        others = [c for c in servers.for_new_meetings(course, room.meeting_id) if c.endpoint != client.endpoint]
        if refusal.code is not Code.SERVER_UNREACHABLE or not others:
            raise
    log.warning("room %s: server %s is given up", room.meeting_id, client.endpoint.slug)
    rooms.lose_meeting(room)
    return None


def _make(visit: Visit, room: Room, course: CourseConfig) -> Meeting:
    """Make the meeting on the first server that can."""
    code, shown = Code.NOT_CONFIGURED, slides.of_room(visit.options, course, visit.open_file)
    for client in servers.for_new_meetings(course, room.meeting_id):
        try:
            return _make_on(client, room, visit, shown)
        except BBBError as error:
            code = noted_failure(room, client, error)
        if code is not Code.SERVER_UNREACHABLE:
            break
    raise Refusal(code)


def _make_on(client: Client, room: Room, visit: Visit, shown: Slides) -> Meeting:
    def wanted(shown: Slides) -> CreateMeeting:
        asked = wishes.create_meeting(
            visit.options,
            meeting_id=room.meeting_id,
            course_key=room.course_key,
            back_url=visit.back_url,
            now=timezone.now(),
            note=slides.note(shown.left_out),
        )
        return callbacks.wanting_callbacks(asked, room, client.endpoint.slug)

    created = _created(client, shown, wanted)
    if created.duplicate and rooms.ask(room, client) is None:
        # The meeting before is on its way out, and there cannot be two of one id: it takes a moment.
        raise Refusal(Code.STARTING)
    return rooms.begin_meeting(room, client, created.internal_meeting_id, created.create_time, visit.options)


def _created(client: Client, shown: Slides, wanted: Callable[[Slides], CreateMeeting]) -> CreatedMeeting:
    """Ask for the meeting with its slides; where that fails and they may be why, once more without them.

    BigBlueButton fetches slides before it answers. Where that took too long, the meeting is there already, and the
    second answer says so.
    """
    try:
        return _in_a_layout(client, wanted(shown), shown.documents)
    except (ApiError, ReplyError, TimedOut) as error:
        if isinstance(error, ChecksumRefused) or not shown.documents:
            raise
        log.warning("server %s made no meeting with %d slides: %s", client.endpoint.slug, len(shown.documents), error)
    return _in_a_layout(client, wanted(shown.without_documents()))


def _in_a_layout(client: Client, wanted: CreateMeeting, documents: Iterable[Document] = ()) -> CreatedMeeting:
    """Ask for the meeting; where the server does not take the layout, for one in its own."""
    try:
        return client.create(wanted, documents)
    except ApiError as error:
        # BigBlueButton 4.0 refuses layouts of older servers, and no answer tells beforehand which it knows.
        if isinstance(error, ChecksumRefused) or not wanted.meeting_layout:
            raise
    log.info("server %s refused a meeting with the layout %s", client.endpoint.slug, wanted.meeting_layout)
    return client.create(replace(wanted, meeting_layout=None), documents)
