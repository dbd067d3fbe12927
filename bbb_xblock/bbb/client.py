"""One method per call of the BigBlueButton API."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn, TypeVar
from urllib.parse import urlencode

import requests

from bbb_xblock.bbb import listing, responses, tracks, wire
from bbb_xblock.bbb import recordings as recorded
from bbb_xblock.bbb.checksum import signed_query
from bbb_xblock.bbb.documents import modules_body
from bbb_xblock.bbb.endpoint import Endpoint
from bbb_xblock.bbb.errors import ApiError, BBBError, Redirected, ReplyError, UnexpectedStatus
from bbb_xblock.bbb.ids import LONGEST_ADDRESS, batches, listed
from bbb_xblock.bbb.messages import Reply, Request
from bbb_xblock.bbb.params import CreateMeeting, Document, JoinMeeting, RecordingsQuery, clean, meta_pairs, query
from bbb_xblock.bbb.parser import success
from bbb_xblock.bbb.recordings import Recording, RecordingsPage
from bbb_xblock.bbb.report import CallReport, report
from bbb_xblock.bbb.responses import CreatedMeeting, MeetingInfo, ServerVersion
from bbb_xblock.bbb.secret import JoinUrl, SignedUrl
from bbb_xblock.bbb.tracks import TextTrack, TrackKind

T = TypeVar("T")
_OK = 200
# Some answers are JSON and the refusals of the same calls XML.
_ANY = "*/*"


class Client:
    """Talks to one BigBlueButton server or balancer. Making one sends nothing.

    ``session`` is a :class:`requests.Session` to use instead of the one shared in this process. ``watch`` is told of
    every call when it is over, whether it went well or not.

    A method sends one request, unless it says otherwise, and raises a :class:`~bbb_xblock.bbb.errors.BBBError`:
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
        return self.get_recordings_page(params).recordings

    def get_recordings_page(self, params: RecordingsQuery) -> RecordingsPage:
        """List the recordings that match, and tell how many there are on all pages, where the server knows pages."""
        return self._ask(self._request("getRecordings", query(params)), recorded.page)

    def every_recording(self, params: RecordingsQuery) -> Iterator[Recording]:
        """Yield all recordings that match, each once, with as many calls as it takes, each when it is needed.

        No address gets longer than :data:`~bbb_xblock.bbb.ids.LONGEST_ADDRESS`, and no page longer than 100 where the
        server knows pages. What was yielded before an error is not the whole list.

        Raises:
            ListEndless: the server does not come to an end.
        """
        widest = replace(params, record_ids=None, meeting_ids=None, offset=listing.LARGEST_OFFSET, limit=100)
        for part in listing.split(params, self._room("getRecordings", query(widest))):
            yield from listing.every_recording(self.get_recordings_page, part)

    def get_recordings_by_id(
        self, record_ids: Iterable[str], states: Sequence[str] = ("any",)
    ) -> tuple[Recording, ...]:
        """List exactly the recordings with these ids that exist; no ids find nothing, and ask nothing.

        BigBlueButton takes ids for beginnings; what else it lists for that is left out here. Many take several calls.
        """
        wanted = tuple(dict.fromkeys(record_ids))
        if not wanted:
            return ()
        found = self.every_recording(RecordingsQuery(record_ids=wanted, states=states))
        by_id = {recording.record_id: recording for recording in found}
        return tuple(by_id[each] for each in wanted if each in by_id)

    def batches(self, record_ids: Iterable[str], meta: Mapping[str, str] | None = None) -> Iterator[tuple[str, ...]]:
        """Cut ids into lists that each fit into one call that publishes, deletes or updates with this ``meta``."""
        changes = urlencode([("publish", "false"), *meta_pairs(meta or {})])
        return batches(record_ids, self._room("publishRecordings", changes))

    def publish_recordings(self, record_ids: Sequence[str], *, publish: bool) -> bool:
        """Publish recordings, or withdraw them; tell whether the server says that they are published now.

        Raises:
            MeetingNotFound: none of them exists.
            ValueError: one of the ids is none.
        """
        wanted = "true" if publish else "false"
        request = self._request("publishRecordings", _pairs(recordID=listed(record_ids), publish=wanted))
        return self._ask(request, recorded.published)

    def delete_recordings(self, record_ids: Sequence[str]) -> None:
        """Delete recordings.

        Raises:
            MeetingNotFound: none of them exists. Some balancers report success instead.
            ValueError: one of the ids is none.
        """
        self._ask(self._request("deleteRecordings", _pairs(recordID=listed(record_ids))), responses.done)

    def update_recordings(
        self, record_ids: Sequence[str], meta: Mapping[str, str], protect: bool | None = None
    ) -> bool:
        """Change the metadata of recordings; an empty text removes a key on Scalelite. False: nothing was changed.

        ``protect`` makes addresses work once, or for ever again; Scalelite alone knows it, others do not look at it.

        Raises:
            MeetingNotFound: none of them exists.
            ValueError: a key of ``meta`` would be dropped by the server, or one of the ids is none.
        """
        protection = [] if protect is None else [("protect", "true" if protect else "false")]
        changes = urlencode([("recordID", clean(listed(record_ids))), *protection, *meta_pairs(meta)])
        return self._ask(self._request("updateRecordings", changes), responses.updated)

    def get_recording_text_tracks(self, record_id: str) -> tuple[TextTrack, ...]:
        """List the captions and subtitles of a recording.

        Raises:
            MeetingNotFound: the recording does not exist.
            CallUnsupported: the server does not offer this.
        """
        request = self._request("getRecordingTextTracks", _pairs(recordID=listed([record_id])))
        return self._ask(replace(request, accept=_ANY), tracks.text_tracks, tracks.text_tracks)

    def put_recording_text_track(
        self, record_id: str, kind: TrackKind, lang: str, label: str, file_name: str, content: bytes
    ) -> None:
        """Give captions or subtitles to a recording, in place of those of the same kind and language.

        ``lang`` is a language tag such as ``pt-BR``, ``label`` what people choose from. ``content`` is SRT, SSA, ASS
        or WebVTT. The server looks at it afterwards, for minutes, and says nothing if it cannot use it.

        Raises:
            MeetingNotFound: the recording does not exist.
            TrackRefused: the file is empty, or kind or language are no such thing.
            CallUnsupported: the server does not offer this.
        """
        unsigned = _pairs(recordID=listed([record_id]), kind=kind, lang=lang, label=label)
        body, content_type = tracks.upload(file_name, content)
        request = self._request("putRecordingTextTrack", unsigned, body)
        self._ask(replace(request, content_type=content_type, accept=_ANY), tracks.taken, tracks.taken)

    def insert_document(self, meeting_id: str, documents: Iterable[Document]) -> None:
        """Give slides to a running meeting. The server takes them in afterwards and reports nothing of it."""
        self._ask(
            self._request("insertDocument", _pairs(meetingID=meeting_id), modules_body(documents)), responses.done
        )

    def version(self) -> ServerVersion:
        """Ask the API root what it is. The one call that is not signed: it proves an address, not a secret."""
        return self._ask(self._request("version", None), responses.server_version)

    def _room(self, call: str, unsigned: str) -> int:
        """Give the characters that are left for ids in the address of this call."""
        return LONGEST_ADDRESS - len(self._signed(call, unsigned)) - len("&meetingID=")

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

    def _ask(self, request: Request, read: Callable[[Reply], T], refusal: Callable[[Reply], object] = success) -> T:
        started = time.monotonic()
        failure: BBBError | None = None
        try:
            reply = wire.exchange(request, self._session)
            if reply.status != _OK:
                _refuse(reply, refusal, is_plain=self.endpoint.url.startswith("http:"))
            return read(reply)
        except BBBError as error:
            failure = error
            raise
        finally:
            if self._watch:
                self._watch(report(request.call, self.endpoint.slug, time.monotonic() - started, failure))


def _refuse(reply: Reply, refusal: Callable[[Reply], object], *, is_plain: bool) -> NoReturn:
    """Raise what a status other than 200 means: bbblb sends BigBlueButton's own failures with one, proxies do not."""
    failure: ApiError | None = None
    try:
        refusal(reply)
    except ApiError as error:
        failure = error
    except ReplyError:
        pass
    if failure is None and reply.location and reply.status // 100 == 3:
        to_https = is_plain and reply.location.lower().startswith("https:")
        raise Redirected(reply.status, reply.call, to_https)
    raise failure or UnexpectedStatus(reply.status, reply.call)


def _pairs(**values: str) -> str:
    return urlencode([(name, clean(value)) for name, value in values.items()])
