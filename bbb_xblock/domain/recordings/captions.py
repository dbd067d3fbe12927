"""Captions that somebody uploads: a file of text, WebVTT or SubRip, checked before a server sees it.

Sources: BBB API docs, putRecordingTextTrack; W3C WebVTT, section 4.1; SubRip has no standard, its timings look the same
with a comma.
"""

import re
from dataclasses import dataclass, field

from bbb_xblock.bbb import TrackKind
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.options.texts import clean_line

# A lecture of three hours takes about 300 KB.
LONGEST_CAPTIONS = 500_000
LONGEST_LABEL = 64

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_IS_WEBVTT = re.compile(r"WEBVTT([ \t\n]|$)")
_TIMING = re.compile(r"^(\d{1,3}:)?[0-5]\d:[0-5]\d[.,]\d{3} +--> +(\d{1,3}:)?[0-5]\d:[0-5]\d[.,]\d{3}", re.MULTILINE)
# What no text holds, and what a browser puts where a file is not written in UTF-8.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


@dataclass(frozen=True, kw_only=True)
class Captions:
    """One track: its kind, its language ("en", "pt-BR"), what the player calls it, and the file's text."""

    kind: TrackKind
    language: str
    label: str
    text: str = field(repr=False)

    @property
    def file_name(self) -> str:
        """A name of ours that tells the server the type."""
        return "captions.vtt" if _IS_WEBVTT.match(self.text) else "captions.srt"


def checked(*, kind: object, language: object, label: object, text: object) -> Captions:
    """Check what came from a browser. Raises :class:`Refusal` with the reason."""
    if not (isinstance(text, str) and isinstance(language, str) and isinstance(kind, str) and kind in set(TrackKind)):
        raise Refusal(Code.BAD_REQUEST)
    if not _LANGUAGE.fullmatch(language):
        raise Refusal(Code.CAPTIONS_LANGUAGE)
    if len(text.encode("utf-8", "replace")) > LONGEST_CAPTIONS:
        raise Refusal(Code.CAPTIONS_TOO_LONG)
    plain = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    if _NOT_TEXT.search(plain) or not _TIMING.search(plain) or not _is_encodable(plain):
        raise Refusal(Code.CAPTIONS_NOT_READ)
    shown = clean_line(label, LONGEST_LABEL) or language
    return Captions(kind=TrackKind(kind), language=language, label=shown, text=plain)


def _is_encodable(text: str) -> bool:
    """Say whether it can be written in UTF-8: JSON may hold halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
