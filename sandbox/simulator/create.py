"""create: rules, idempotency, metadata (BBB API docs and bbb-web ApiController)."""

import random
import re
from datetime import UTC, datetime
from html import unescape

from lxml import etree

from .callbacks import BALANCER_SCOPE
from .meetings import SimMeeting, internal_meeting_id, random_id
from .replies import RefusedError, add, note, response
from .signing import ApiRequest
from .world import World

META_NAME = re.compile(r"meta_([a-zA-Z][a-zA-Z0-9-]*)")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
RECORDING_READY = ("bbb-recording-ready-url", "bn-recording-ready-url", "canvas-recording-ready-url")
DIAL_NUMBER = "613-555-1234"


def create(world: World, request: ApiRequest) -> etree._Element:
    """Create a meeting, or say that it is there already."""
    params = {name: clean(value) for name, value in request.params.items() if name != "checksum"}
    meeting_id = checked_meeting_id(world, request, missing_key="missingParamMeetingID")
    _check_values(world, params)
    known = world.meetings.get(meeting_id)
    if known is not None:
        return _once_more(known, params)
    bridge = _voice_bridge(world, params)
    parent_id = _parent(world, params)
    create_time = world.next_create_time()
    metadata = _metadata(params)
    meeting = SimMeeting(
        external_id=meeting_id,
        internal_id=internal_meeting_id(meeting_id, create_time),
        name=params["name"],
        create_time=create_time,
        created_at=world.now(),
        params=params,
        metadata=metadata,
        attendee_password=params.get("attendeePW") or random_id(8),
        moderator_password=params.get("moderatorPW") or random_id(8),
        voice_bridge=bridge,
        server=request.server,
        ready_urls=_ready_urls(world, metadata),
        parent_id=parent_id,
        documents=world.slides.of(request),
    )
    meeting.word_to_moderators = _plain(params.get("moderatorOnlyMessage", ""), meeting)
    if welcome := params.get("welcome"):
        world.say(meeting, "", _plain(welcome, meeting))
    world.server = request.server
    world.add_meeting(meeting)
    return note(_described(meeting), "", "")


def clean(value: str) -> str:
    """Strip control characters and outer spaces, as the server does with every value."""
    return CONTROL.sub("", value).strip()


def checked_meeting_id(world: World, request: ApiRequest, missing_key: str) -> str:
    """Return the meeting id of a call; raise RefusedError if it breaks the server's rules."""
    given = request.params.get("meetingID", "")
    if not clean(given):
        key = "missingParameterMeetingID" if world.mode.pool == "bbblb" else missing_key
        raise RefusedError(key, "You must provide a meeting ID", validation=True)
    if clean(given) != given:
        raise RefusedError("validationError", "Invalid meeting ID", validation=True)
    if "," in given:
        raise RefusedError("validationError", "Meeting ID cannot contain ','", validation=True)
    room = 256 - (len(BALANCER_SCOPE) if world.mode.pool == "bbblb" else 0)
    if not 2 <= len(given) <= room:
        raise RefusedError("sizeError", "Meeting ID must be between 2 and 256 characters", validation=True)
    return given


def created_on(create_time: int) -> str:
    """Return the time as Java's Date.toString() writes it, in UTC."""
    return datetime.fromtimestamp(create_time / 1000, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")


def _check_values(world: World, params: dict[str, str]) -> None:
    name = params.get("name", "")
    if not name:
        key = "missingParameterName" if world.mode.pool == "bbblb" else "validationError"
        raise RefusedError(key, "You must provide a meeting name", validation=True)
    if not 2 <= len(name) <= 256:
        raise RefusedError("sizeError", "Meeting name must be between 2 and 256 characters", validation=True)
    for password in ("attendeePW", "moderatorPW"):
        if params.get(password) and not 2 <= len(params[password]) <= 64:
            raise RefusedError("sizeError", "Password must be between 2 and 64 characters", validation=True)
    for flag in ("record", "isBreakoutRoom", "isBreakout"):
        if params.get(flag, "false").lower() not in ("", "true", "false"):
            raise RefusedError("validationError", f"{flag} must be a boolean value (true or false)", validation=True)
    if not re.fullmatch(r"-?\d*", params.get("voiceBridge", "")):
        raise RefusedError("validationError", "Voice bridge must be a number", validation=True)
    if params.get("meetingLayout") in world.mode.refused_layouts:
        raise RefusedError("validationError", "This meeting layout is no longer supported", validation=True)


def _once_more(meeting: SimMeeting, params: dict[str, str]) -> etree._Element:
    attendee, moderator = params.get("attendeePW", ""), params.get("moderatorPW", "")
    neither = not attendee and not moderator
    if neither or (attendee == meeting.attendee_password and moderator == meeting.moderator_password):
        message = "This conference was already in existence and may currently be in progress."
        return note(_described(meeting), "duplicateWarning", message)
    raise RefusedError(
        "idNotUnique", "A meeting already exists with that meeting ID.  Please use a different meeting ID."
    )


def _voice_bridge(world: World, params: dict[str, str]) -> str:
    taken = {meeting.voice_bridge for meeting in world.meetings.values()}
    wanted = params.get("voiceBridge", "")
    if wanted and world.mode.pool != "scalelite":
        if wanted in taken:
            raise RefusedError("nonUniqueVoiceBridge", "The selected voice bridge is already in use.", as_list=True)
        return wanted
    digits = 9 if world.mode.pool == "scalelite" else 5
    while True:
        bridge = str(random.randint(10 ** (digits - 1), 10**digits - 2))  # noqa: S311 - a phone number, no secret
        if bridge not in taken:
            return bridge


def _parent(world: World, params: dict[str, str]) -> str:
    if params.get("isBreakout", params.get("isBreakoutRoom", "")).lower() != "true":
        return ""
    parent = world.meetings.get(params.get("parentMeetingID", ""))
    if parent is None:
        raise RefusedError("parentMeetingIdMissing", "No parent meeting ID was provided for the breakout room.")
    return parent.internal_id


def _metadata(params: dict[str, str]) -> dict[str, str]:
    found = {}
    for name, value in params.items():
        if value and (match := META_NAME.fullmatch(name)):
            found[match.group(1).lower()] = value
    return found


def _ready_urls(world: World, metadata: dict[str, str]) -> list[str]:
    """Find who is told about recordings. Pools take these out of the metadata (Scalelite, bbblb)."""
    if world.mode.pool == "bbblb":
        return [metadata.pop(name) for name in list(metadata) if name.endswith("-recording-ready-url")]
    if world.mode.pool == "scalelite":
        found = [metadata.pop(name, "") for name in ("bn-recording-ready-url", "bbb-recording-ready-url")]
    else:
        found = [metadata.get(name, "") for name in RECORDING_READY]
    return [url for url in found if url][:1]


def _plain(html: str, meeting: SimMeeting) -> str:
    """Return a welcome message without its tags, with the names filled in."""
    for mark, value in (
        ("%%CONFNAME%%", meeting.name),
        ("%%DIALNUM%%", meeting.params.get("dialNumber") or DIAL_NUMBER),
        ("%%CONFNUM%%", meeting.voice_bridge),
        ("%%SERVERURL%%", meeting.server),
    ):
        html = html.replace(mark, value)
    text = re.sub(r"<br\s*/?>", "\n", html)
    return unescape(re.sub(r"<[^>]*>", "", text))


def _described(meeting: SimMeeting) -> etree._Element:
    root = response()
    add(root, "meetingID", meeting.external_id)
    add(root, "internalMeetingID", meeting.internal_id)
    add(root, "parentMeetingID", meeting.parent_id or "bbb-none")
    add(root, "attendeePW", meeting.attendee_password)
    add(root, "moderatorPW", meeting.moderator_password)
    add(root, "createTime", meeting.create_time)
    add(root, "voiceBridge", meeting.voice_bridge)
    add(root, "dialNumber", meeting.params.get("dialNumber") or DIAL_NUMBER)
    add(root, "createDate", created_on(meeting.create_time))
    add(root, "hasUserJoined", meeting.started_at is not None)
    add(root, "duration", meeting.number("duration", 0))
    add(root, "hasBeenForciblyEnded", meeting.forcibly_ended)
    return root
