"""One method per call of the BigBlueButton API."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NoReturn, TypeVar
from urllib.parse import urlencode

import requests

from bbb_xblock.bbb import recordings as recorded
from bbb_xblock.bbb import responses, wire
from bbb_xblock.bbb.checksum import signed_query
from bbb_xblock.bbb.documents import modules_body
from bbb_xblock.bbb.endpoint import Endpoint
from bbb_xblock.bbb.errors import ApiError, BBBError, NotXML, Redirected, UnexpectedStatus
from bbb_xblock.bbb.messages import Reply, Request
from bbb_xblock.bbb.params import CreateMeeting, Document, JoinMeeting, RecordingsQuery, clean, meta_pairs, query
from bbb_xblock.bbb.parser import success
from bbb_xblock.bbb.recordings import Recording
from bbb_xblock.bbb.report import CallReport, report
from bbb_xblock.bbb.responses import CreatedMeeting, MeetingInfo, ServerVersion
from bbb_xblock.bbb.secret import JoinUrl, SignedUrl

T = TypeVar("T")
_OK = 200


class Client:
    """Talks to one BigBlueButton server or balancer. Making one sends nothing.

    ``session`` is a :class:`requests.Session` to use instead of the one shared in this process. ``watch`` is told of
    every call when it is over, whether it went well or not.

    Every method but :meth:`join_url` sends one request and raises a :class:`~bbb_xblock.bbb.errors.BBBError`:
    ``TransportError`` if no answer arrived, ``ReplyError`` if it was not BigBlueButton's, ``ApiError`` if
    BigBlueButton refused.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        session: requests.Session | None = None,
        watch: Callable[[CallReport], None] | None = None,
    ) -> None:
        self.endpoint = endpoint
        self._session = session
        self._watch = watch

    def __repr__(self) -> str:
        return f"Client({self.endpoint!r})"

    def create(self, params: CreateMeeting, documents: Iterable[Document] = ()) -> CreatedMeeting:
        """Create the meeting, or learn that it runs already (``duplicate``). Documents make the call a POST.

        Raises:
            ApiError: ``idNotUnique``, if a meeting with this id runs and was created with passwords.
        """
        slides = tuple(documents)
        return self._ask(
            self._request("create", query(params), modules_body(slides) if slides else b""), responses.created_meeting
        )

    def join_url(self, params: JoinMeeting) -> JoinUrl:
        """Sign the address that lets one person in. No request is made, and nobody is told."""
        return JoinUrl(self._signed("join", query(params)))

    def is_meeting_running(self, meeting_id: str) -> bool:
        """Tell whether anybody is in the meeting; false also if it is unknown."""
        return self._ask(self._request("isMeetingRunning", _pairs(meetingID=meeting_id)), responses.running)

    def end(self, meeting_id: str) -> None:
        """Ask for the end of the meeting. It happens a moment later.

        Raises:
            MeetingNotFound: it does not exist, for instance because it has ended already.
        """
        self._ask(self._request("end", _pairs(meetingID=meeting_id)), responses.done)

    def get_meeting_info(self, meeting_id: str) -> MeetingInfo:
        """Tell about one meeting and the people in it.

        Raises:
            MeetingNotFound: it does not exist, or not any more.
        """
        return self._ask(self._request("getMeetingInfo", _pairs(meetingID=meeting_id)), responses.meeting_info)

    def get_meetings(self) -> tuple[MeetingInfo, ...]:
        """List all meetings of the server, empty ones and those of other clients included."""
        return self._ask(self._request("getMeetings", ""), responses.meetings)

    def get_recordings(self, params: RecordingsQuery) -> tuple[Recording, ...]:
        """List the recordings that match; none is an empty tuple, not an error."""
        return self._ask(self._request("getRecordings", query(params)), recorded.recordings)

    def publish_recordings(self, record_ids: Sequence[str], *, publish: bool) -> None:
        """Publish recordings, or withdraw them.

        Raises:
            MeetingNotFound: none of them exists.
        """
        wanted = "true" if publish else "false"
        self._ask(
            self._request("publishRecordings", _pairs(recordID=",".join(record_ids), publish=wanted)), responses.done
        )

    def delete_recordings(self, record_ids: Sequence[str]) -> None:
        """Delete recordings.

        Raises:
            MeetingNotFound: none of them exists. Some balancers report success instead.
        """
        self._ask(self._request("deleteRecordings", _pairs(recordID=",".join(record_ids))), responses.done)

    def update_recordings(self, record_ids: Sequence[str], meta: Mapping[str, str]) -> bool:
        """Change the metadata of recordings; an empty text removes a key on Scalelite. False: nothing was changed.

        Raises:
            MeetingNotFound: none of them exists.
            ValueError: a key of ``meta`` would be dropped by the server.
        """
        changes = urlencode([("recordID", clean(",".join(record_ids))), *meta_pairs(meta)])
        return self._ask(self._request("updateRecordings", changes), responses.updated)

    def insert_document(self, meeting_id: str, documents: Iterable[Document]) -> None:
        """Give slides to a running meeting. The server takes them in afterwards and reports nothing of it."""
        self._ask(
            self._request("insertDocument", _pairs(meetingID=meeting_id), modules_body(documents)), responses.done
        )

    def version(self) -> ServerVersion:
        """Ask the API root what it is. The one call that is not signed: it proves an address, not a secret."""
        return self._ask(self._request("version", None), responses.server_version)

    def _signed(self, call: str, unsigned: str) -> str:
        signed = signed_query(call, unsigned, self.endpoint.secret, self.endpoint.algorithm)
        return f"{self.endpoint.url}{call}?{signed}"

    def _request(self, call: str, unsigned: str | None, body: bytes = b"") -> Request:
        return Request(
            call=call,
            url=SignedUrl(self.endpoint.url.rstrip("/") if unsigned is None else self._signed(call, unsigned)),
            body=body,
            connect_timeout=self.endpoint.connect_timeout,
            read_timeout=self.endpoint.read_timeout,
            total_timeout=self.endpoint.total_timeout,
        )

    def _ask(self, request: Request, read: Callable[[Reply], T]) -> T:
        started = time.monotonic()
        failure: BBBError | None = None
        try:
            reply = wire.exchange(request, self._session)
            if reply.status != _OK:
                _refuse(reply, is_plain=self.endpoint.url.startswith("http:"))
            return read(reply)
        except BBBError as error:
            failure = error
            raise
        finally:
            if self._watch:
                self._watch(report(request.call, self.endpoint.slug, time.monotonic() - started, failure))


def _refuse(reply: Reply, *, is_plain: bool) -> NoReturn:
    """Raise what a status other than 200 means: bbblb sends BigBlueButton's own failures with one, proxies do not."""
    failure: ApiError | None = None
    try:
        success(reply)
    except ApiError as error:
        failure = error
    except NotXML:
        pass
    if failure is None and reply.location and reply.status // 100 == 3:
        to_https = is_plain and reply.location.lower().startswith("https:")
        raise Redirected(reply.status, reply.call, to_https)
    raise failure or UnexpectedStatus(reply.status, reply.call)


def _pairs(**values: str) -> str:
    return urlencode([(name, clean(value)) for name, value in values.items()])
