"""The answer to ``getRecordings`` as values (BBB API docs, getRecordings).

The same leniency and the same bounds as in ``responses``. Addresses that are not http or https are left out: they end
up as links.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bbb_xblock.bbb.messages import Reply
from bbb_xblock.bbb.parser import Element, count, flag, number, success, text, texts


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


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One recording. Times are in milliseconds since 1970, ``size`` is in bytes, 0 if unknown.

    ``state`` is processing, processed, published, unpublished or deleted. A recording in processing has no formats.
    """

    record_id: str
    meeting_id: str = ""
    internal_meeting_id: str = ""
    name: str = ""
    state: str = ""
    published: bool = False
    start_time_ms: int = 0
    end_time_ms: int = 0
    participants: int = 0
    size: int = 0
    is_breakout: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    formats: tuple[PlaybackFormat, ...] = ()


def recordings(reply: Reply) -> tuple[Recording, ...]:
    """Read the answer to ``getRecordings``; recordings without an id are skipped."""
    found = success(reply).iterfind("recordings/recording")
    return tuple(_recording(each) for each in found if text(each, "recordID"))


def _recording(element: Element) -> Recording:
    return Recording(
        record_id=text(element, "recordID"),
        meeting_id=text(element, "meetingID"),
        internal_meeting_id=text(element, "internalMeetingID"),
        name=text(element, "name"),
        state=text(element, "state"),
        published=flag(element, "published"),
        start_time_ms=number(element, "startTime"),
        end_time_ms=number(element, "endTime"),
        participants=count(element, "participants"),
        size=number(element, "size"),
        is_breakout=flag(element, "isBreakout"),
        metadata=texts(element, "metadata"),
        formats=tuple(_format(each) for each in element.iterfind("playback/format") if _is_link(text(each, "url"))),
    )


def _format(element: Element) -> PlaybackFormat:
    images = element.iterfind("preview/images/image")
    return PlaybackFormat(
        type=text(element, "type"),
        url=text(element, "url"),
        length_minutes=count(element, "length"),
        size=number(element, "size"),
        previews=tuple(_preview(each) for each in images if _is_link((each.text or "").strip())),
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


def _is_link(address: str) -> bool:
    return address.lower().startswith(("https://", "http://"))
