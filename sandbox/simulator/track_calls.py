"""The calls about text tracks, which are answered in JSON (bbb-web RecordingController)."""

import io
import re
from typing import Any

from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from .create import clean
from .recordings import Recording, TextTrack
from .signing import ApiRequest
from .world import World

KINDS = ("subtitles", "captions")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")

Said = dict[str, Any]


class _NotTakenError(Exception):
    """The call is refused; the arguments are the key and the message."""


def get_tracks(world: World, request: ApiRequest) -> Said:
    """List the text tracks of one recording."""
    try:
        recording = _recording(world, _param(request, "recordID"))
    except _NotTakenError as refusal:
        return _failed(refusal)
    tracks = [
        {
            "href": request.server + track.path(recording.record_id),
            "kind": track.kind,
            "label": track.label,
            "lang": track.lang,
            "source": track.source,
        }
        for track in recording.tracks
    ]
    return {"response": {"returncode": "SUCCESS", "tracks": tracks}}


def put_track(world: World, request: ApiRequest) -> Said:
    """Take a text track, in place of the one of the same kind and language."""
    try:
        record_id, kind, lang = (_param(request, name) for name in ("recordID", "kind", "lang"))
        recording = _recording(world, record_id)
        if kind not in KINDS:
            raise _NotTakenError("invalidKind", f"Invalid kind parameter, expected='subtitles|captions' actual={kind}")
        if not LANGUAGE.fullmatch(lang):
            raise _NotTakenError("invalidLang", f"Malformed lang param, received=<{lang}>")
        content = _file(request)
        if not content:
            raise _NotTakenError("empty_uploaded_text_track", "Empty uploaded text track.")
    except _NotTakenError as refusal:
        return _failed(refusal)
    label = clean(request.params.get("label", "")) or lang
    recording.take_track(TextTrack(kind, lang.replace("_", "-"), label, content))
    success = {"messageKey": "upload_text_track_success", "message": "Text track uploaded successfully"}
    return {"response": {**success, "recordId": record_id, "returncode": "SUCCESS"}}


def _param(request: ApiRequest, name: str) -> str:
    if value := clean(request.params.get(name, "")):
        return value
    raise _NotTakenError("paramError", f"Missing param {name}.")


def _recording(world: World, record_id: str) -> Recording:
    for recording in world.exactly([record_id]):
        if recording.is_done and recording.state != "deleted":
            return recording
    raise _NotTakenError("noRecordings", f"No recording was found for {record_id}.")


def _file(request: ApiRequest) -> bytes:
    mimetype, options = parse_options_header(request.content_type)
    reader = FormDataParser(stream_factory=_in_memory)
    _stream, _form, files = reader.parse(io.BytesIO(request.body), mimetype, len(request.body), options)
    return files["file"].read() if "file" in files else b""


def _in_memory(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> io.BytesIO:
    return io.BytesIO()


def _failed(refusal: _NotTakenError) -> Said:
    key, message = refusal.args
    return {"response": {"returncode": "FAILED", "messageKey": key, "message": message}}
