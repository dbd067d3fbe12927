"""BigBlueButton's replies as values (BBB API docs, responses).

What the server leaves out or writes oddly becomes an empty text, 0, false or an empty collection, and counters are
clamped to 0..1,000,000. Refused, as ``NotXML``, is a reply that does not tell which meeting it is about: by its id, its
internal id (at most 128 letters, digits, ``_`` and ``-``) and its create time (a whole number above 0, at most 18
digits). A join link made without the last two would outlive its meeting. Texts come from people and are to be escaped
on output. ``repr`` leaves out names of people and metadata.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum

from bbb_xblock.bbb.errors import NotXML
from bbb_xblock.bbb.messages import Reply
from bbb_xblock.bbb.parser import Element, count, digits, flag, number, success, text, texts

_INTERNAL_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, kw_only=True)
class CreatedMeeting:
    """The answer to ``create``.

    ``create_time`` is in milliseconds since 1970, as text, the way ``join`` wants it back.
    ``duplicate`` tells that the meeting ran already and the options of this call were ignored.
    """

    meeting_id: str
    internal_meeting_id: str
    create_time: str
    duplicate: bool = False
    has_user_joined: bool = False
    has_been_forcibly_ended: bool = False
    duration_minutes: int = 0
    voice_bridge: str = ""
    dial_number: str = ""


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One person in a meeting. ``role`` is MODERATOR, VIEWER or, for people on the phone, DIAL-IN-USER.

    ``user_id`` is the id given in the join link, or an internal one if there was none.
    """

    user_id: str
    full_name: str = field(default="", repr=False)
    role: str = ""
    is_presenter: bool = False
    is_listening_only: bool = False
    has_joined_voice: bool = False
    has_video: bool = False
    client_type: str = ""
    custom_data: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class MeetingInfo:
    """One meeting as ``getMeetingInfo`` and ``getMeetings`` tell it.

    ``running`` means that somebody is in it. ``recording`` means that it was created with recording allowed.
    ``max_users`` is 0 without a limit, ``end_time_ms`` 0 before the end. Keys of ``metadata`` are lower-case.
    """

    meeting_id: str
    internal_meeting_id: str
    create_time: str
    name: str = ""
    running: bool = False
    has_user_joined: bool = False
    has_been_forcibly_ended: bool = False
    participant_count: int = 0
    moderator_count: int = 0
    listener_count: int = 0
    voice_participant_count: int = 0
    video_count: int = 0
    max_users: int = 0
    recording: bool = False
    duration_minutes: int = 0
    start_time_ms: int = 0
    end_time_ms: int = 0
    is_breakout: bool = False
    attendees: tuple[Attendee, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)


class Product(StrEnum):
    """What answers at an API root, as far as it shows: the real thing, one of two balancers, or some balancer."""

    BIGBLUEBUTTON = "BigBlueButton"
    SCALELITE = "Scalelite"
    BBBLB = "bbblb"
    BALANCER = "a balancer"


@dataclass(frozen=True, kw_only=True)
class ServerVersion:
    """What the API root tells. ``api`` is 2.0 everywhere; ``bbb`` is empty unless the operator reveals it.

    ``graphql`` is true from BigBlueButton 3.0 on; balancers tell nothing. ``clock_ms`` is the time at which the server
    says it answered, in milliseconds since 1970 and in whole seconds, 0 if it does not say.
    """

    product: Product = Product.BIGBLUEBUTTON
    api: str = ""
    bbb: str = ""
    html5_plugin_sdk: str = ""
    graphql: bool = False
    clock_ms: int = 0


def created_meeting(reply: Reply) -> CreatedMeeting:
    """Read the answer to ``create``."""
    root = _about_a_meeting(reply)
    return CreatedMeeting(
        meeting_id=text(root, "meetingID"),
        internal_meeting_id=text(root, "internalMeetingID"),
        create_time=digits(root, "createTime"),
        duplicate=text(root, "messageKey") == "duplicateWarning",
        has_user_joined=flag(root, "hasUserJoined"),
        has_been_forcibly_ended=flag(root, "hasBeenForciblyEnded"),
        duration_minutes=count(root, "duration"),
        voice_bridge=text(root, "voiceBridge"),
        dial_number=text(root, "dialNumber"),
    )


def meeting_info(reply: Reply) -> MeetingInfo:
    """Read the answer to ``getMeetingInfo``."""
    return _meeting(_about_a_meeting(reply))


def meetings(reply: Reply) -> tuple[MeetingInfo, ...]:
    """Read the answer to ``getMeetings``; meetings without an id, internal id or create time are skipped."""
    return tuple(_meeting(each) for each in success(reply).iterfind("meetings/meeting") if _is_identified(each))


def running(reply: Reply) -> bool:
    """Read the answer to ``isMeetingRunning``."""
    return flag(success(reply), "running")


def updated(reply: Reply) -> bool:
    """Read the answer to ``updateRecordings``: balancers say false, and SUCCESS, where they changed nothing."""
    return flag(success(reply), "updated")


def done(reply: Reply) -> None:
    """Read an answer that says nothing beyond SUCCESS."""
    success(reply)


def server_version(reply: Reply) -> ServerVersion:
    """Read the answer of the API root."""
    root = success(reply)
    return ServerVersion(
        product=_product(root),
        clock_ms=_clock_ms(reply.date),
        api=text(root, "apiVersion") or text(root, "version"),
        bbb=text(root, "bbbVersion"),
        html5_plugin_sdk=text(root, "html5PluginSdkVersion"),
        graphql=bool(text(root, "graphqlWebsocketUrl") or text(root, "graphqlApiUrl")),
    )


def _product(root: Element) -> Product:
    """Scalelite tells a version and perhaps its build, bbblb a version and ``info`` (their sources)."""
    if root.find("apiVersion") is not None or root.find("bbbVersion") is not None:
        return Product.BIGBLUEBUTTON
    if root.find("build") is not None:
        return Product.SCALELITE
    return Product.BBBLB if root.find("info") is not None else Product.BALANCER


def _clock_ms(date: str) -> int:
    try:
        return max(0, int(parsedate_to_datetime(date).timestamp() * 1000))
    except (ValueError, TypeError, OverflowError):
        return 0


def _about_a_meeting(reply: Reply) -> Element:
    root = success(reply)
    if not _is_identified(root):
        raise NotXML(reply.call)
    return root


def _is_identified(element: Element) -> bool:
    internal_id, created = text(element, "internalMeetingID"), digits(element, "createTime")
    return bool(text(element, "meetingID") and _INTERNAL_ID.fullmatch(internal_id) and created.strip("0"))


def _meeting(element: Element) -> MeetingInfo:
    return MeetingInfo(
        meeting_id=text(element, "meetingID"),
        internal_meeting_id=text(element, "internalMeetingID"),
        name=text(element, "meetingName"),
        create_time=digits(element, "createTime"),
        running=flag(element, "running"),
        has_user_joined=flag(element, "hasUserJoined"),
        has_been_forcibly_ended=flag(element, "hasBeenForciblyEnded"),
        participant_count=count(element, "participantCount"),
        moderator_count=count(element, "moderatorCount"),
        listener_count=count(element, "listenerCount"),
        voice_participant_count=count(element, "voiceParticipantCount"),
        video_count=count(element, "videoCount"),
        max_users=count(element, "maxUsers"),
        recording=flag(element, "recording"),
        duration_minutes=count(element, "duration"),
        start_time_ms=number(element, "startTime"),
        end_time_ms=number(element, "endTime"),
        is_breakout=flag(element, "isBreakout"),
        attendees=tuple(_attendee(each) for each in element.iterfind("attendees/attendee")),
        metadata=texts(element, "metadata"),
    )


def _attendee(element: Element) -> Attendee:
    return Attendee(
        user_id=text(element, "userID"),
        full_name=text(element, "fullName"),
        role=text(element, "role"),
        is_presenter=flag(element, "isPresenter"),
        is_listening_only=flag(element, "isListeningOnly"),
        has_joined_voice=flag(element, "hasJoinedVoice"),
        has_video=flag(element, "hasVideo"),
        client_type=text(element, "clientType"),
        custom_data=texts(element, "customdata"),
    )
