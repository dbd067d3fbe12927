"""What can go wrong when talking to BigBlueButton.

::

    BBBError
    ├── TransportError            no complete answer arrived; trying again later may help
    │   ├── TimedOut
    │   ├── ConnectionRefused
    │   ├── TLSFailed
    │   └── NameNotResolved
    ├── ReplyError                an answer arrived, and BigBlueButton did not write it
    │   ├── UnexpectedStatus
    │   │   └── Redirected
    │   ├── NotXML
    │   ├── NotJSON
    │   ├── ReplyTooLarge
    │   └── ListEndless
    ├── ApiError                  BigBlueButton understood the call and said no
    │   ├── ChecksumRefused
    │   ├── MeetingNotFound
    │   ├── CallUnsupported
    │   └── TrackRefused
    ├── SignatureRejected         what reached us was not signed with a secret of ours
    └── CallbackUnreadable        what reached us was signed and makes no sense

``str()`` of any of them is one plain line for the operator. It names the call and never holds an address, a query,
a secret, a checksum or words chosen by the server.
"""

import re
from enum import StrEnum

from bbb_xblock.bbb.tls import TLSFault

_CALL = re.compile(r"[^A-Za-z0-9_/]")
_KEY = re.compile(r"[^A-Za-z0-9_ ]")
_LONGEST = 64


class BBBError(Exception):
    """Anything that went wrong between us and BigBlueButton.

    ``call`` is the name of the API call, for example ``getMeetingInfo``.
    """

    def __init__(self, call: str = "") -> None:
        cleaned = _CALL.sub("", call)[:_LONGEST]
        super().__init__(cleaned)
        self.call = cleaned or "the call"

    def __str__(self) -> str:
        return f"BigBlueButton could not be asked for {self.call}"


class TransportError(BBBError):
    """No complete answer arrived: the connection broke or could not be made."""

    def __str__(self) -> str:
        return f"The connection to BigBlueButton broke during {self.call}"


class TimedOut(TransportError):
    """No complete answer arrived in time; the server may or may not have done what was asked.

    ``seconds`` is the limit that was reached, 0 if unknown.
    """

    def __init__(self, call: str = "", seconds: float = 0) -> None:
        super().__init__(call)
        self.args = (*self.args, seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        within = f"within {self.seconds:g} s" if self.seconds else "in time"
        return f"BigBlueButton did not answer {self.call} {within}"


class ConnectionRefused(TransportError):
    """Nothing listens at the server's address and port."""

    def __str__(self) -> str:
        return f"The BigBlueButton server refused the connection for {self.call}"


class TLSFailed(TransportError):
    """The TLS handshake failed; ``why`` says what was wrong, most often with the certificate."""

    def __init__(self, call: str = "", why: TLSFault = TLSFault.OTHER) -> None:
        super().__init__(call)
        self.args = (*self.args, why)
        self.why = why

    def __str__(self) -> str:
        return f"No trusted TLS connection to BigBlueButton could be made for {self.call} ({self.why})"


class NameNotResolved(TransportError):
    """The server's host name has no address."""

    def __str__(self) -> str:
        return f"The host name of the BigBlueButton server could not be resolved for {self.call}"


class ReplyError(BBBError):
    """An answer arrived that BigBlueButton did not write: a proxy's page, half an answer, another service."""

    def __str__(self) -> str:
        return f"The answer to {self.call} did not come from BigBlueButton"


class UnexpectedStatus(ReplyError):
    """The answer had an HTTP ``status`` other than 200, which BigBlueButton uses for success and failure alike."""

    def __init__(self, status: int, call: str = "") -> None:
        super().__init__(call)
        self.args = (status, *self.args)
        self.status = status

    def __str__(self) -> str:
        return f"The BigBlueButton server answered {self.call} with HTTP status {self.status}"


class Redirected(UnexpectedStatus):
    """The answer sent us to another address, where we did not go; ``to_https`` if only TLS was missing here.

    BigBlueButton redirects nothing but people who join, so this was a proxy, a portal or a login page.
    """

    def __init__(self, status: int, call: str = "", to_https: bool = False) -> None:
        super().__init__(status, call)
        self.args = (*self.args, to_https)
        self.to_https = to_https

    def __str__(self) -> str:
        return f"The BigBlueButton server sent {self.call} to another address (HTTP status {self.status})"


class Instead(StrEnum):
    """What an answer looked like that should have been a reply of BigBlueButton."""

    NOTHING = "nothing"
    LOGIN_PAGE = "a login page"
    WEB_PAGE = "a web page"
    SOMETHING = "something else"


class NotXML(ReplyError):
    """The answer was no well-formed BigBlueButton reply, did not tell its meeting, or held a document type.

    ``instead`` says what it looked like.
    """

    def __init__(self, call: str = "", instead: Instead = Instead.SOMETHING) -> None:
        super().__init__(call)
        self.args = (*self.args, instead)
        self.instead = instead

    def __str__(self) -> str:
        return f"The BigBlueButton server answered {self.call} with something that is not a BigBlueButton reply"


class NotJSON(ReplyError):
    """The answer to one of the few calls that are answered in JSON was something else."""

    def __str__(self) -> str:
        return f"The BigBlueButton server answered {self.call} with something that is not the JSON of BigBlueButton"


class ReplyTooLarge(ReplyError):
    """The answer was longer than we are willing to read."""

    def __str__(self) -> str:
        return f"The BigBlueButton server answered {self.call} with more data than is accepted"


class ListEndless(ReplyError):
    """The server had still more to list after as many pages as are accepted."""

    def __str__(self) -> str:
        return f"The BigBlueButton server listed more pages in {self.call} than are accepted"


class ApiError(BBBError):
    """BigBlueButton answered with returncode FAILED.

    ``message_key`` is BigBlueButton's own key, reduced to letters, digits, ``_`` and spaces, at most 64 of them; it is
    empty where the server sent none (BBB API docs, errors).
    """

    def __init__(self, message_key: str = "", call: str = "") -> None:
        super().__init__(call)
        self.message_key = _KEY.sub("", message_key)[:_LONGEST]
        self.args = (self.message_key, *self.args)

    def __str__(self) -> str:
        return f"BigBlueButton refused {self.call} ({self.message_key or 'no reason given'})"


class ChecksumRefused(ApiError):
    """The server holds another secret, or does not accept our checksum algorithm (``checksumError``)."""

    def __str__(self) -> str:
        return f"BigBlueButton refused the checksum of {self.call}: check the shared secret and the checksum algorithm"


class MeetingNotFound(ApiError):
    """The meeting is not known, or not any more."""

    def __str__(self) -> str:
        return f"BigBlueButton knows no such meeting or recording ({self.call}: {self.message_key or 'not found'})"


class CallUnsupported(ApiError):
    """There is no such call at this server, for instance because a balancer stands in front of it."""

    def __str__(self) -> str:
        return f"The BigBlueButton server does not offer {self.call}; most balancers do not"


class TrackRefused(ApiError):
    """The captions were not taken: the file is empty, its language or kind is no such thing, or it was not stored."""

    def __str__(self) -> str:
        return f"BigBlueButton did not take the captions ({self.call}: {self.message_key or 'no reason given'})"


class SignatureRejected(BBBError):
    """What came to us carries no signature, several, or one that no secret of ours explains.

    That is a query without the right checksum, or a callback without the right token.
    """

    def __str__(self) -> str:
        return f"The signature of {self.call} is missing or wrong"


class CallbackUnreadable(BBBError):
    """The body of a callback is not what BigBlueButton sends; ``call`` is the name of the callback."""

    def __str__(self) -> str:
        return f"What was sent as {self.call} is not what BigBlueButton sends"


_BY_KEY: dict[str, type[ApiError]] = {
    "checksumError": ChecksumRefused,
    "notFound": MeetingNotFound,
    "invalidMeetingIdentifier": MeetingNotFound,
    "meetingForciblyEnded": MeetingNotFound,
    "meetingNotFound": MeetingNotFound,
    "noRecordings": MeetingNotFound,
    "unsupportedRequest": CallUnsupported,
    "notImplemented": CallUnsupported,
    "paramError": TrackRefused,
    "invalidKind": TrackRefused,
    "invalidLang": TrackRefused,
    "empty_uploaded_text_track": TrackRefused,
    "upload_text_track_failed": TrackRefused,
}


def api_error(message_key: str, call: str) -> ApiError:
    """Make the most precise error for a message key of BigBlueButton."""
    return _BY_KEY.get(message_key, ApiError)(message_key, call)
