"""The BigBlueButton protocol in plain Python: usable without Django, without Open edX, without the rest of bbb_xblock.

::

    from bbb_xblock.bbb import Client, CreateMeeting, Endpoint, JoinMeeting, Role, Secret

    client = Client(Endpoint("main", "https://bbb.example.org/bigbluebutton/", Secret("…")))
    meeting = client.create(CreateMeeting(meeting_id="physics-101", name="Physics 101"))
    link = client.join_url(
        JoinMeeting(
            meeting_id="physics-101", full_name="Ada Example", role=Role.VIEWER, create_time=meeting.create_time
        )
    )
    link.reveal()
"""

from bbb_xblock.bbb.attendance import AnalyticsReport, analytics, entries_of, without_people
from bbb_xblock.bbb.callbacks import RecordingReady, check_bearer, recording_ready
from bbb_xblock.bbb.checksum import Algorithm, checksum, signed_query, verify
from bbb_xblock.bbb.client import Client
from bbb_xblock.bbb.documents import modules_body
from bbb_xblock.bbb.endpoint import Endpoint, api_root
from bbb_xblock.bbb.errors import (
    ApiError,
    BBBError,
    CallbackUnreadable,
    CallUnsupported,
    ChecksumRefused,
    ConnectionRefused,
    Instead,
    ListEndless,
    MeetingNotFound,
    NameNotResolved,
    NotJSON,
    NotXML,
    Redirected,
    ReplyError,
    ReplyTooLarge,
    SignatureRejected,
    TimedOut,
    TLSFailed,
    TrackRefused,
    TransportError,
    UnexpectedStatus,
)
from bbb_xblock.bbb.params import (
    WIRE_NAMES,
    CreateMeeting,
    Document,
    GuestPolicy,
    JoinMeeting,
    RecordingsQuery,
    Role,
    query,
)
from bbb_xblock.bbb.recordings import PlaybackFormat, Preview, Recording, RecordingsPage, RecordingState
from bbb_xblock.bbb.report import CallReport
from bbb_xblock.bbb.responses import Attendee, CreatedMeeting, MeetingInfo, Product, ServerVersion
from bbb_xblock.bbb.secret import JoinUrl, PlaybackUrl, Secret
from bbb_xblock.bbb.tls import TLSFault
from bbb_xblock.bbb.tracks import TextTrack, TrackKind

__all__ = [
    "WIRE_NAMES",
    "Algorithm",
    "AnalyticsReport",
    "ApiError",
    "Attendee",
    "BBBError",
    "CallReport",
    "CallUnsupported",
    "CallbackUnreadable",
    "ChecksumRefused",
    "Client",
    "ConnectionRefused",
    "CreateMeeting",
    "CreatedMeeting",
    "Document",
    "Endpoint",
    "GuestPolicy",
    "Instead",
    "JoinMeeting",
    "JoinUrl",
    "ListEndless",
    "MeetingInfo",
    "MeetingNotFound",
    "NameNotResolved",
    "NotJSON",
    "NotXML",
    "PlaybackFormat",
    "PlaybackUrl",
    "Preview",
    "Product",
    "Recording",
    "RecordingReady",
    "RecordingState",
    "RecordingsPage",
    "RecordingsQuery",
    "Redirected",
    "ReplyError",
    "ReplyTooLarge",
    "Role",
    "Secret",
    "ServerVersion",
    "SignatureRejected",
    "TLSFailed",
    "TLSFault",
    "TextTrack",
    "TimedOut",
    "TrackKind",
    "TrackRefused",
    "TransportError",
    "UnexpectedStatus",
    "analytics",
    "api_root",
    "check_bearer",
    "checksum",
    "entries_of",
    "modules_body",
    "query",
    "recording_ready",
    "signed_query",
    "verify",
    "without_people",
]
