"""The calls about meetings, other than create and join (bbb-web ApiController and its get-meeting-info template)."""

from lxml import etree

from .create import DIAL_NUMBER, checked_meeting_id, clean, created_on
from .meetings import Participant, SimMeeting
from .replies import RefusedError, add, add_named, note, response
from .signing import ApiRequest
from .world import World


def is_meeting_running(world: World, request: ApiRequest) -> etree._Element:
    """Say whether somebody is in the room; a meeting that nobody knows is not running."""
    meeting_id = checked_meeting_id(world, request, "missingParamMeetingID")
    meeting = world.meetings.get(meeting_id)
    root = response()
    add(root, "running", meeting is not None and bool(meeting.participants))
    return root


def get_meeting_info(world: World, request: ApiRequest) -> etree._Element:
    """Describe one meeting and who is in it."""
    root = response()
    _describe(world, root, _meeting(world, request), with_note=True)
    return root


def get_meetings(world: World, request: ApiRequest) -> etree._Element:
    """Describe all meetings."""
    root = response()
    meetings = add(root, "meetings")
    for meeting in world.meetings.values():
        _describe(world, add(meetings, "meeting"), meeting, with_note=False)
    if not world.meetings and world.mode.pool != "bbblb":
        note(root, "noMeetings", "no meetings were found on this server")
    return root


def get_sessions(world: World, request: ApiRequest) -> etree._Element:
    """List one entry per session."""
    root = response()
    sessions = add(root, "sessions")
    for meeting, person in world.seats.values():
        entry = add(sessions, "meeting")
        add(entry, "meetingID", meeting.internal_id)
        add(entry, "meetingName", meeting.name)
        add(entry, "userName", person.full_name)
    if not world.seats:
        # The misspelling is the server's.
        note(root, "noSessions", "no sessions were found on this serverr")
    return root


def end(world: World, request: ApiRequest) -> etree._Element:
    """Ask for the end of a meeting. The answer comes before the end does."""
    meeting = _meeting(world, request)
    password = request.params.get("password", "")
    if password and password != meeting.moderator_password:
        raise RefusedError("invalidPassword", "The supplied moderator password is incorrect", validation=True)
    world.end(meeting)
    message = (
        "A request to end the meeting was sent. Please wait a few seconds, and then use the getMeetingInfo "
        "or isMeetingRunning API calls to verify that it was ended."
    )
    return note(response(), "sentEndMeetingRequest", message)


def insert_document(world: World, request: ApiRequest) -> etree._Element:
    """Take slides for a running meeting. Failures of this call have no messageKey."""
    meeting_id = checked_meeting_id(world, request, "missingParamMeetingID")
    meeting = world.meetings.get(meeting_id)
    if meeting is None:
        root = response("FAILED")
        add(root, "message", f"Meeting with id [{meeting_id}] not found.")
        return root
    if "presentation" in meeting.params.get("disabledFeatures", "").split(","):
        root = response("FAILED")
        add(root, "message", "Presentation feature is disabled, ignoring.")
        return root
    meeting.documents.extend(world.slides.of(request))
    root = response()
    add(root, "message", "Presentation is being uploaded")
    return root


def send_chat_message(world: World, request: ApiRequest) -> etree._Element:
    """Put a line into the public chat from outside (3.0)."""
    meeting_id = checked_meeting_id(world, request, "missingParamMeetingID")
    message = clean(request.params.get("message", ""))
    sender = clean(request.params.get("userName", "")) or "System"
    if not 1 <= len(message) <= 500:
        raise RefusedError("sizeError", "Message must be between 1 and 500 characters", validation=True)
    if len(sender) > 255:
        raise RefusedError("sizeError", "User name must be at most 255 characters", validation=True)
    meeting = world.meetings.get(meeting_id)
    if meeting is None:
        raise RefusedError("meetingNotFound", "Meeting not found or not active")
    world.say(meeting, sender, message)
    return note(response(), "", "")


def _meeting(world: World, request: ApiRequest) -> SimMeeting:
    meeting_id = checked_meeting_id(world, request, "missingParamMeetingID")
    if meeting_id not in world.meetings:
        raise RefusedError("notFound", "A meeting with that ID does not exist", validation=True)
    return world.meetings[meeting_id]


def _describe(world: World, parent: etree._Element, meeting: SimMeeting, with_note: bool) -> None:
    add(parent, "meetingName", meeting.name)
    add(parent, "meetingID", meeting.external_id)
    add(parent, "internalMeetingID", meeting.internal_id)
    add(parent, "createTime", meeting.create_time)
    add(parent, "createDate", created_on(meeting.create_time))
    add(parent, "voiceBridge", meeting.voice_bridge)
    add(parent, "dialNumber", meeting.params.get("dialNumber") or DIAL_NUMBER)
    add(parent, "attendeePW", meeting.attendee_password)
    add(parent, "moderatorPW", meeting.moderator_password)
    add(parent, "running", bool(meeting.participants))
    add(parent, "duration", meeting.number("duration", 0))
    add(parent, "hasUserJoined", meeting.started_at is not None)
    add(parent, "recording", meeting.is_recordable)
    add(parent, "hasBeenForciblyEnded", meeting.forcibly_ended)
    add(parent, "startTime", meeting.create_time)
    add(parent, "endTime", 0)
    add(parent, "participantCount", len(meeting.participants))
    for counter in ("listenerCount", "voiceParticipantCount", "videoCount"):
        add(parent, counter, 0)
    add(parent, "maxUsers", meeting.number("maxParticipants", 0))
    add(parent, "moderatorCount", sum(person.is_moderator for person in meeting.participants))
    attendees = add(parent, "attendees")
    presenter = meeting.presenter()
    for person in meeting.participants:
        _describe_person(attendees, meeting, person, person is presenter)
    add_named(add(parent, "metadata"), meeting.metadata)
    if with_note:
        note(parent, "", "")
    _describe_breakouts(world, parent, meeting)


def _describe_person(attendees: etree._Element, meeting: SimMeeting, person: Participant, presents: bool) -> None:
    attendee = add(attendees, "attendee")
    add(attendee, "userID", person.user_id)
    add(attendee, "fullName", person.full_name)
    add(attendee, "role", person.role)
    add(attendee, "isPresenter", presents)
    for state in ("isListeningOnly", "hasJoinedVoice", "hasVideo"):
        add(attendee, state, False)
    add(attendee, "clientType", "HTML5")
    if userdata := meeting.userdata.get(person.user_id):
        add_named(add(attendee, "customdata"), userdata)


def _describe_breakouts(world: World, parent: etree._Element, meeting: SimMeeting) -> None:
    """Breakout facts stand directly in the answer, not in an element of their own (get-meeting-info.ftlx)."""
    add(parent, "isBreakout", meeting.is_breakout)
    if meeting.is_breakout:
        add(parent, "parentMeetingID", meeting.parent_id)
        add(parent, "sequence", meeting.number("sequence", 0))
        add(parent, "freeJoin", meeting.flag("freeJoin"))
    breakouts = list(world.breakouts_of(meeting))
    if breakouts:
        rooms = add(parent, "breakoutRooms")
        for breakout in breakouts:
            add(rooms, "breakout", breakout.external_id)
