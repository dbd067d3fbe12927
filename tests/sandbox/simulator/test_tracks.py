"""The calls about text tracks."""

import io
from typing import Any

import pytest
from lxml import etree
from werkzeug.test import TestResponse

from sandbox.simulator import Simulator
from sandbox.simulator.recordings import Recording
from tests.sandbox.simulator.calling import API, SECRET, Caller, signed

VTT = b"WEBVTT\n"


@pytest.fixture
def recording(simulator: Simulator) -> Recording:
    return simulator.add_recording("m1")


def put(caller: Caller, content: bytes | None = VTT, **params: str) -> TestResponse:
    query = "&".join(f"{name}={value}" for name, value in params.items())
    file = {} if content is None else {"file": (io.BytesIO(content), "a.vtt")}
    address = API + signed("putRecordingTextTrack", query, caller.simulator.secret)
    return caller.browser.post(address, data=file, content_type="multipart/form-data")


def told(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    response: dict[str, Any] = answer.get_json()["response"]
    return response


def test_a_track_is_kept_listed_and_served(recording: Recording, caller: Caller) -> None:
    answer = told(put(caller, recordID=recording.record_id, kind="subtitles", lang="pt_BR", label="Brasil"))
    assert (answer["returncode"], answer["messageKey"]) == ("SUCCESS", "upload_text_track_success")
    assert answer["recordId"] == recording.record_id
    (track,) = told(caller.send("getRecordingTextTracks", recordID=recording.record_id))["tracks"]
    assert caller.browser.get(track.pop("href")).data == VTT
    assert track == {"kind": "subtitles", "label": "Brasil", "lang": "pt-BR", "source": "upload"}


def test_a_second_track_of_its_kind_and_language_takes_the_place_of_the_first(
    recording: Recording, caller: Caller
) -> None:
    for kind, content in (("subtitles", b"one"), ("captions", b"two"), ("subtitles", b"three")):
        put(caller, content, recordID=recording.record_id, kind=kind, lang="de")
    assert [(track.kind, track.content) for track in recording.tracks] == [
        ("captions", b"two"),
        ("subtitles", b"three"),
    ]
    assert recording.tracks[0].label == "de"


@pytest.mark.parametrize(
    ("changes", "content", "key"),
    [
        ({"recordID": ""}, VTT, "paramError"),
        ({"kind": ""}, VTT, "paramError"),
        ({"lang": ""}, VTT, "paramError"),
        ({"recordID": "unknown"}, VTT, "noRecordings"),
        ({"kind": "poem"}, VTT, "invalidKind"),
        ({"lang": "d1"}, VTT, "invalidLang"),
        ({"lang": "german%20language"}, VTT, "invalidLang"),
        ({}, b"", "empty_uploaded_text_track"),
        ({}, None, "empty_uploaded_text_track"),
    ],
)
def test_what_is_no_track_is_refused_in_json(
    recording: Recording, caller: Caller, changes: dict[str, str], content: bytes | None, key: str
) -> None:
    params = {"recordID": recording.record_id, "kind": "captions", "lang": "de", "label": "Deutsch", **changes}
    answer = told(put(caller, content, **params))
    assert (answer["returncode"], answer["messageKey"]) == ("FAILED", key)
    assert recording.tracks == []


@pytest.mark.parametrize("state", ["processing", "deleted"])
def test_a_recording_that_cannot_be_watched_takes_no_track(simulator: Simulator, caller: Caller, state: str) -> None:
    simulator.processing_seconds = 60
    recording = simulator.add_recording("m1", state=state)
    assert told(put(caller, recordID=recording.record_id, kind="captions", lang="de"))["messageKey"] == "noRecordings"
    assert told(caller.send("getRecordingTextTracks", recordID=recording.record_id))["messageKey"] == "noRecordings"


def test_a_wrong_checksum_is_told_in_xml(recording: Recording, caller: Caller) -> None:
    query = f"recordID={recording.record_id}&kind=captions&lang=de"
    address = API + signed("putRecordingTextTrack", query, "another secret")
    answer = caller.browser.post(address, data={"file": (io.BytesIO(VTT), "a.vtt")})
    assert etree.fromstring(answer.data).findtext("messageKey") == "checksumError"
    assert recording.tracks == []


def test_tracks_are_only_posted(recording: Recording, caller: Caller) -> None:
    params = {"recordID": recording.record_id, "kind": "captions", "lang": "de"}
    assert caller.send("putRecordingTextTrack", **params).status_code == 405


@pytest.mark.parametrize(("mode", "key"), [("scalelite", "unsupportedRequest"), ("bbblb", "notImplemented")])
def test_pools_know_no_tracks(mode: str, key: str) -> None:
    pool = Caller(Simulator(secret=SECRET, mode=mode))
    record_id = pool.simulator.add_recording("m1").record_id
    assert pool.key("getRecordingTextTracks", recordID=record_id) == key
    refused = etree.fromstring(put(pool, recordID=record_id, kind="captions", lang="de").data)
    assert refused.findtext("messageKey") == key
