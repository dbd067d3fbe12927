"""The answers about recordings as values (BBB API docs, getRecordings).

The same leniency and the same bounds as in ``responses``. Addresses that are not http or https, or longer than 2,048
characters, are left out: they end up as links. Scalelite and bbblb leave out elements and write others in words of
their own; whoever reads a :class:`Recording` need not know who answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bbb_xblock.bbb.ids import is_id
from bbb_xblock.bbb.messages import Reply
from bbb_xblock.bbb.parser import Element, count, flag, is_link, number, success, text, texts

#: Keys of metadata under which platforms write, by ``updateRecordings``, how a recording is called and what it shows.
TITLE_KEY, DESCRIPTION_KEY = "name", "description"

_TRUE = ("true", "published")


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A thumbnail of a recording. ``width`` and ``height`` are in pixels, 0 if unknown."""

    url: str = field(repr=False)
    width: int = 0
    height: int = 0
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class PlaybackFormat:
    """One way to watch a recording. ``size`` is in bytes, 0 if unknown.

    ``url`` may be a link that works once, where Scalelite protects recordings: ask for it when it is needed.
    ``type`` is for instance presentation, video, podcast, notes. ``length_minutes`` is 0 for formats without a length.
    """

    type: str
    url: str = field(repr=False)
    length_minutes: int = 0
    size: int = 0
    previews: tuple[Preview, ...] = ()


class RecordingState(StrEnum):
    """Where a recording is on its way. A deleted one is still listed by BigBlueButton, when any state is asked for."""

    PROCESSING = "processing"
    PROCESSED = "processed"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One recording. Times are in milliseconds since 1970, sizes are in bytes; 0 if unknown.

    ``record_id`` is printable and at most 256 characters long. A recording in processing has no formats.
    ``is_protected`` is None where the server does not say, and that is everywhere but on Scalelite: the formats of a
    protected recording have addresses that work once.
    """

    record_id: str
    meeting_id: str = ""
    internal_meeting_id: str = ""
    name: str = ""
    state: RecordingState = RecordingState.UNPUBLISHED
    is_protected: bool | None = None
    start_time_ms: int = 0
    end_time_ms: int = 0
    participants: int = 0
    size: int = 0
    raw_size: int = 0
    is_breakout: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    formats: tuple[PlaybackFormat, ...] = ()

    @property
    def published(self) -> bool:
        """Whether people who have the address can watch it."""
        return self.state is RecordingState.PUBLISHED

    @property
    def title(self) -> str:
        """What somebody called it, or the name of its meeting."""
        return self.metadata.get(TITLE_KEY) or self.name

    @property
    def description(self) -> str:
        """What somebody wrote about it; empty if nobody did."""
        return self.metadata.get(DESCRIPTION_KEY, "")


@dataclass(frozen=True, kw_only=True)
class RecordingsPage:
    """One answer to ``getRecordings``.

    ``listed`` is how many recordings the server listed, those without a usable id included. ``total`` is how many
    there are on all pages; None if the server does not say, because it was not asked for a page or knows none.
    """

    recordings: tuple[Recording, ...] = ()
    listed: int = 0
    total: int | None = None


def page(reply: Reply) -> RecordingsPage:
    """Read the answer to ``getRecordings``; recordings without a usable id are skipped."""
    root = success(reply)
    found = root.findall("recordings/recording")
    pagination = root.find("pagination")
    return RecordingsPage(
        recordings=tuple(_recording(each) for each in found if is_id(text(each, "recordID"))),
        listed=len(found),
        total=None if pagination is None else number(pagination, "totalElements"),
    )


def published(reply: Reply) -> bool:
    """Read the answer to ``publishRecordings``: true or false, and on bbblb published or unpublished."""
    return _is_published(success(reply))


def _recording(element: Element) -> Recording:
    record_id, metadata = text(element, "recordID"), texts(element, "metadata")
    formats = tuple(_format(each) for each in element.iterfind("playback/format") if is_link(text(each, "url")))
    return Recording(
        record_id=record_id,
        meeting_id=text(element, "meetingID") or metadata.get("meetingId", ""),
        internal_meeting_id=text(element, "internalMeetingID") or record_id,
        name=text(element, "name") or metadata.get("meetingName", ""),
        state=_state(element),
        is_protected=None if element.find("protected") is None else flag(element, "protected"),
        start_time_ms=number(element, "startTime"),
        end_time_ms=number(element, "endTime"),
        participants=count(element, "participants"),
        size=number(element, "size") or sum(each.size for each in formats),
        raw_size=number(element, "rawSize"),
        is_breakout=flag(element, "isBreakout") or metadata.get("isBreakout", "").lower() == "true",
        metadata=metadata,
        formats=formats,
    )


def _state(element: Element) -> RecordingState:
    """Give the state; where there is none, or none we know, what ``published`` says."""
    written = text(element, "state").lower()
    if written in list(RecordingState):
        return RecordingState(written)
    return RecordingState.PUBLISHED if _is_published(element) else RecordingState.UNPUBLISHED


def _is_published(element: Element) -> bool:
    return text(element, "published").lower() in _TRUE


def _format(element: Element) -> PlaybackFormat:
    images = element.iterfind("preview/images/image")
    return PlaybackFormat(
        type=text(element, "type"),
        url=text(element, "url"),
        length_minutes=count(element, "length"),
        size=number(element, "size"),
        previews=tuple(_preview(each) for each in images if is_link((each.text or "").strip())),
    )


def _preview(image: Element) -> Preview:
    return Preview(
        url=(image.text or "").strip(),
        width=_pixels(image, "width"),
        height=_pixels(image, "height"),
        alt=image.get("alt", ""),
    )


def _pixels(image: Element, name: str) -> int:
    written = image.get(name, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 0
