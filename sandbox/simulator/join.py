"""join: the order of checks, guests, seats, and where people are sent when they are refused (bbb-web ApiController)."""

import json
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from flask import Response

from .create import checked_meeting_id, clean
from .meetings import Participant, SimMeeting, is_true, random_id
from .replies import RefusedError, add, failure, note, response, xml_answer
from .signing import ApiRequest, checksum_of
from .world import World

COOKIE = "JSESSIONID"
NODE_API = "/node/bigbluebutton/api/"


def join(world: World, request: ApiRequest) -> Response:
    """Let somebody in. The signature has been checked."""
    meeting = _meeting(world, request)
    params = {name: clean(value) for name, value in request.params.items()}
    full_name = _full_name(world, params)
    for name in ("guest", "auth"):
        if params.get(name, "").lower() not in ("", "true", "false"):
            raise RefusedError("validationError", f"{name} must be a boolean value (true or false)", validation=True)
    _check_create_time(meeting, params)
    role = _role(meeting, params)
    user_id = params.get("userID", "")
    _check_seats(meeting, user_id)
    status = guest_status(meeting, role, params.get("guest", "").lower(), world.authenticated_guest)
    if status == "DENY":
        raise RefusedError(
            "guestDeniedAccess", "You have been denied access to this meeting based on the guest policy."
        )
    internal_id = f"w_{random_id(12)}"
    person = Participant(
        full_name=full_name,
        user_id=user_id or internal_id,
        role=role,
        internal_id=internal_id,
        joined_at=world.now(),
        seen_at=world.now(),
        session_token=random_id(16),
        auth_token=random_id(12),
        cookie=world.browser_session(request.cookie),
        logout_url=_logout_url(world, meeting, params),
        guest_status=status,
        is_bot=is_true(params.get("bot")),
    )
    _keep_userdata(meeting, person, params)
    _close_oldest_session(world, meeting, person)
    world.seat(meeting, person)
    return _welcome(request, meeting, person, params)


def join_through_pool(world: World, request: ApiRequest) -> Response:
    """Send somebody on to the server behind the balancer, signed with that server's secret (Scalelite, bbblb)."""
    meeting_id = checked_meeting_id(world, request, missing_key="missingParamMeetingID")
    if meeting_id not in world.meetings:
        raise RefusedError("notFound", "We could not find a meeting with that meeting ID", always_xml=True)
    query = urlencode({name: value for name, value in request.params.items() if name != "checksum"})
    checksum = checksum_of("join", query.encode(), world.node_secret, "sha256")
    return _redirect(f"{request.server}{NODE_API}join?{query}&checksum={checksum}")


def turned_away(world: World, request: ApiRequest, refusal: RefusedError) -> Response:
    """Answer a refused join: mostly a redirect that carries the reason."""
    params = request.params
    xml_wanted = params.get("redirect", "true").lower() == "false"
    xml_honoured = world.mode.xml_for_validation or not refusal.validation
    from_pool = world.mode.pool and refusal.key in ("checksumError", "missingParamMeetingID")
    if refusal.always_xml or from_pool or (xml_wanted and xml_honoured):
        return xml_answer(failure(refusal))
    targets = [params.get("errorRedirectUrl", ""), params.get("logoutURL", "")]
    if refusal.key == "checksumError" and world.mode.logout_url_per_user:
        # Following an unsigned address would be the open redirect that 3.0.20 closed (CVE-2026-27736).
        targets = []
    target = next((url for url in targets if is_web_address(url)), f"{request.server}/")
    errors = json.dumps([{"key": refusal.key, "message": refusal.message}], separators=(",", ":"))
    parts = urlsplit(target)
    query = f"{parts.query}&errors={quote(errors)}" if parts.query else f"errors={quote(errors)}"
    return _redirect(urlunsplit(parts._replace(query=query)))


def guest_status(meeting: SimMeeting, role: str, guest: str, authenticated_guest: bool = True) -> str:
    """Return ALLOW, WAIT or DENY (bbb-web Meeting.calcGuestStatus). `guest` is "", "true" or "false"."""
    policy = meeting.params.get("guestPolicy", "ALWAYS_ACCEPT")
    if role == "MODERATOR" or guest == "false":
        return "ALLOW"
    if not authenticated_guest and guest != "true":
        return "ALLOW"
    if policy == "ALWAYS_DENY":
        return "DENY"
    if policy == "ASK_MODERATOR" or (policy == "ALWAYS_ACCEPT_AUTH" and guest == "true"):
        return "WAIT"
    return "ALLOW"


def is_web_address(url: str) -> bool:
    """Say whether a browser may be sent there."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and clean(url) == url
    except ValueError:
        return False


def _meeting(world: World, request: ApiRequest) -> SimMeeting:
    meeting_id = checked_meeting_id(world, request, missing_key="missingParamMeetingID")
    meeting = world.meetings.get(meeting_id)
    if meeting is None:
        message = "The meeting ID that you supplied did not match any existing meetings"
        raise RefusedError("invalidMeetingIdentifier", message, validation=True)
    if meeting.forcibly_ended:
        message = "You can not re-join a meeting that has already been forcibly ended."
        raise RefusedError("meetingForciblyEnded", message, validation=True)
    return meeting


def _full_name(world: World, params: dict[str, str]) -> str:
    name = params.get("fullName", "")
    if not name and world.mode.names_in_parts:
        name = f"{params.get('firstName', '')} {params.get('lastName', '')}".strip()
    if not name:
        raise RefusedError("missingParamFullName", "You must provide your name", validation=True)
    return name


def _check_create_time(meeting: SimMeeting, params: dict[str, str]) -> None:
    if "createTime" in params and params["createTime"] != str(meeting.create_time):
        message = "The createTime parameter submitted mismatches with the current meeting."
        raise RefusedError("mismatchCreateTimeParam", message)


def _role(meeting: SimMeeting, params: dict[str, str]) -> str:
    role = params.get("role", "").upper()
    if role in ("MODERATOR", "VIEWER"):
        return role
    password = params.get("password", "")
    if password and password == meeting.moderator_password:
        return "MODERATOR"
    if password and password == meeting.attendee_password:
        return "VIEWER"
    if password:
        message = "You must enter a valid password"
    elif role:
        message = "You must either send the valid role of the user, or the password, should the user already be known."
    else:
        message = "You must send the 'role' parameter, or the password, should the user already be known."
    raise RefusedError("Params required", message, always_xml=True)


def _check_seats(meeting: SimMeeting, user_id: str) -> None:
    if not meeting.has_seat_for(user_id):
        raise RefusedError(
            "maxParticipantsReached", "The number of participants allowed for this meeting has been reached."
        )


def _logout_url(world: World, meeting: SimMeeting, params: dict[str, str]) -> str:
    own = params.get("logoutURL", "") if world.mode.logout_url_per_user else ""
    wanted = (own, meeting.params.get("logoutURL", ""))
    return next((url for url in wanted if is_web_address(url)), f"{meeting.server}/")


def _keep_userdata(meeting: SimMeeting, person: Participant, params: dict[str, str]) -> None:
    for name, value in params.items():
        parts = name.split("-")
        if parts[0] == "userdata" and len(parts) == 2 and parts[1]:
            meeting.userdata.setdefault(person.user_id, {})[parts[1]] = value


def _close_oldest_session(world: World, meeting: SimMeeting, person: Participant) -> None:
    same = [other for other in meeting.participants if other.user_id == person.user_id and not other.stays]
    for oldest in same[: max(0, len(same) + 1 - world.max_sessions_per_user)]:
        world.leave(meeting, oldest)


def _welcome(request: ApiRequest, meeting: SimMeeting, person: Participant, params: dict[str, str]) -> Response:
    waits = person.guest_status == "WAIT"
    page = "guest-lobby" if waits else "html5client"
    url = f"{request.server}/{page}/?sessionToken={person.session_token}"
    if params.get("redirect", "true").lower() == "false":
        root = response()
        if waits:
            note(root, "guestWait", "Guest waiting for approval to join meeting.")
        else:
            note(root, "successfullyJoined", "You have joined successfully.")
        add(root, "meeting_id", meeting.internal_id)
        add(root, "user_id", person.internal_id)
        add(root, "auth_token", person.auth_token)
        add(root, "session_token", person.session_token)
        add(root, "guestStatus", person.guest_status)
        add(root, "url", url)
        answer = xml_answer(root)
    else:
        answer = _redirect(url)
    # No SameSite, as there. The real server adds Secure; that would lose the cookie on plain HTTP.
    answer.set_cookie(COOKIE, person.cookie, path="/", httponly=True)
    return answer


def _redirect(url: str) -> Response:
    answer = Response(status=302, content_type="text/html;charset=utf-8")
    # Left as it is: a framework that tidies the address would change what was signed.
    answer.autocorrect_location_header = False
    answer.headers["Location"] = url
    answer.headers["Cache-Control"] = "no-cache"
    return answer
