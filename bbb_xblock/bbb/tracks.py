"""Captions and subtitles of a recording: what is sent, and the answers, which are JSON (BBB API docs, text tracks).

Refusals may come as JSON or as XML, with status 200 or another one. Balancers do not offer these calls and say so in
words of their own, or with status 404.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from urllib3.filepost import encode_multipart_formdata

from bbb_xblock.bbb.errors import CallUnsupported, NotJSON, api_error
from bbb_xblock.bbb.messages import Reply
from bbb_xblock.bbb.params import clean
from bbb_xblock.bbb.parser import is_link, success, text

_MISSING = (404, 405, 501)
# Other keys beside SUCCESS mean that nothing was taken.
_TAKEN = ("", "upload_text_track_success")
_LONGEST_TEXT = 256


class TrackKind(StrEnum):
    """Subtitles are what was said, in another language for instance; captions also tell what could be heard."""

    SUBTITLES = "subtitles"
    CAPTIONS = "captions"


@dataclass(frozen=True, kw_only=True)
class TextTrack:
    """One text track of a recording. Texts are at most 256 characters long, and empty where the server tells nothing.

    ``lang`` is a language tag such as ``pt-BR``, ``source`` for instance upload or live. ``url`` leads to WebVTT.
    """

    kind: str = ""
    lang: str = ""
    label: str = ""
    source: str = ""
    url: str = field(default="", repr=False)


def upload(file_name: str, content: bytes) -> tuple[bytes, str]:
    """Write a file as a form with the one part ``file``; give the body and its content type.

    BigBlueButton takes SRT, SSA, ASS and WebVTT, tells them apart by what is in them, and looks at it only afterwards.
    """
    kind = "text/vtt" if file_name.lower().endswith(".vtt") else "application/x-subrip"
    return encode_multipart_formdata({"file": (clean(file_name), content, kind)})


def taken(reply: Reply) -> None:
    """Read the answer to ``putRecordingTextTrack``.

    Raises:
        NotJSON: it is no answer of BigBlueButton.
        ApiError: the track was refused; the subclass follows the messageKey, whatever the returncode.
    """
    key = _text(answer(reply), "messageKey")
    if key not in _TAKEN:
        raise api_error(key, reply.call)


def text_tracks(reply: Reply) -> tuple[TextTrack, ...]:
    """Read the answer to ``getRecordingTextTracks``; what is no track in the list is skipped.

    Raises:
        NotJSON: it is no answer of BigBlueButton.
        ApiError: the recording is not known, or the call not offered.
    """
    found = answer(reply).get("tracks")
    if not isinstance(found, list):
        raise NotJSON(reply.call)
    return tuple(_track(each) for each in found if isinstance(each, dict))


def answer(reply: Reply) -> dict[str, Any]:
    """Give the members of an answer that says SUCCESS, whatever its HTTP status.

    Raises:
        NotJSON: it is no answer of BigBlueButton.
        NotXML: the same, where it looks like XML.
        ApiError: it says FAILED, or there is no such call at this address.
    """
    if reply.status in _MISSING and b"returncode" not in reply.body:
        raise CallUnsupported("", reply.call)
    if reply.body.lstrip().startswith(b"<"):
        return {"messageKey": text(success(reply), "messageKey")}
    members = _response(reply.body)
    returncode = _text(members, "returncode")
    if returncode == "FAILED":
        raise api_error(_text(members, "messageKey"), reply.call)
    if returncode != "SUCCESS":
        raise NotJSON(reply.call)
    return members


def _response(body: bytes) -> dict[str, Any]:
    """Give the members of ``response``; none if there is no such thing."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    members = found.get("response") if isinstance(found, dict) else None
    return members if isinstance(members, dict) else {}


def _track(members: dict[str, Any]) -> TextTrack:
    url = _text(members, "href")
    texts = {name: _text(members, name)[:_LONGEST_TEXT] for name in ("kind", "lang", "label", "source")}
    return TextTrack(**texts, url=url if is_link(url) else "")


def _text(members: dict[str, Any], name: str) -> str:
    found = members.get(name)
    return clean(found) if isinstance(found, str) else ""
