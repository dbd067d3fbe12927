"""Text tracks of recordings: what is sent, and what comes back in JSON or in something else."""

import contextlib
import json
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import (
    ApiError,
    BBBError,
    CallUnsupported,
    ChecksumRefused,
    Client,
    MeetingNotFound,
    NotJSON,
    NotXML,
    ReplyTooLarge,
    TextTrack,
    TrackKind,
    TrackRefused,
    UnexpectedStatus,
    tracks,
    verify,
    wire,
)
from bbb_xblock.bbb.messages import Reply
from tests.bbb.conftest import SECRET_TEXT
from tests.bbb.leaks import assert_tells_nothing
from tests.bbb.servers import ScriptedServer, http, recorded

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nGrüße\n".encode()
NOT_FOUND = b"<html><head><title>404 Not Found</title></head></html>"


def put(client: Client, lang: str = "de", name: str = "grüße.vtt", content: bytes = VTT) -> None:
    client.put_recording_text_track("r1", TrackKind.SUBTITLES, lang, "Deutsch (Österreich)", name, content)


def told(**members: Any) -> bytes:
    return json.dumps({"response": members}).encode()


def test_a_file_travels_as_a_form_and_everything_else_in_the_signed_address(
    server: ScriptedServer, client: Client
) -> None:
    server.play(http(recorded("putRecordingTextTrack_taken")))
    put(client)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    target = urlsplit(server.targets[0])
    verify("putRecordingTextTrack", target.query, [client.endpoint.secret])
    assert head.startswith(b"POST /bigbluebutton/api/putRecordingTextTrack?")
    sent = {name: values[0] for name, values in parse_qs(target.query).items() if name != "checksum"}
    assert sent == {"recordID": "r1", "kind": "subtitles", "lang": "de", "label": "Deutsch (Österreich)"}
    headers = message_from_bytes(head.partition(b"\r\n")[2])
    assert headers["Accept"] == "*/*"
    (part,) = message_from_bytes(
        b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body
    ).get_payload()
    assert 'form-data; name="file"' in str(part["Content-Disposition"])
    assert (part.get_content_type(), part.get_payload(decode=True)) == ("text/vtt", VTT)


@pytest.mark.parametrize("name", ['a"b.srt', "a\r\nX-Own: yes\r\n\r\n.srt", "ünï.SRT", ""])
def test_no_file_name_breaks_out_of_its_header(name: str) -> None:
    body, content_type = tracks.upload(name, VTT)
    (part,) = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body).get_payload()
    assert part.keys() == ["Content-Disposition", "Content-Type"]
    assert (part.get_content_type(), part.get_payload(decode=True)) == ("application/x-subrip", VTT)


def test_the_tracks_of_a_recording_are_listed(server: ScriptedServer, client: Client) -> None:
    server.play(http(recorded("getRecordingTextTracks_two")), http(recorded("getRecordingTextTracks_none")))
    english, portuguese = client.get_recording_text_tracks("r1")
    base = "https://captions.example.org/textTrack/5e1f0d3c/5e1f0d3c-1700000000000"
    assert english == TextTrack(
        kind=TrackKind.SUBTITLES, lang="en-US", label="English", source="upload", url=f"{base}/subtitles_en-US.vtt"
    )
    assert (portuguese.kind, portuguese.label) == ("captions", "Português")
    assert "example.org" not in repr(english)
    assert client.get_recording_text_tracks("r1") == ()


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "500 Internal Server Error", "404 Not Found"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("putRecordingTextTrack_failed", TrackRefused),
        ("putRecordingTextTrack_empty", TrackRefused),
        ("putRecordingTextTrack_language", TrackRefused),
        ("putRecordingTextTrack_on_scalelite", CallUnsupported),
        ("putRecordingTextTrack_on_bbblb", CallUnsupported),
        ("getRecordingTextTracks_not_found", MeetingNotFound),
        ("create_checksum_error", ChecksumRefused),
    ],
)
def test_every_refusal_has_its_error_whatever_it_is_written_in(
    server: ScriptedServer, client: Client, answer: str, kind: type[ApiError], status: str
) -> None:
    server.play(http(recorded(answer), status))
    with pytest.raises(kind) as caught:
        put(client)
    assert type(caught.value) is kind
    assert_tells_nothing(caught.value)


@pytest.mark.parametrize("status", ["404 Not Found", "405 Method Not Allowed", "501 Not Implemented"])
def test_a_server_without_text_tracks_does_not_offer_them(server: ScriptedServer, client: Client, status: str) -> None:
    server.play(http(NOT_FOUND, status), http(b"{}", status))
    with pytest.raises(CallUnsupported, match="does not offer getRecordingTextTracks"):
        client.get_recording_text_tracks("r1")
    with pytest.raises(CallUnsupported) as caught:
        put(client)
    assert_tells_nothing(caught.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("502 Bad Gateway", NOT_FOUND),
        ("413 Request Entity Too Large", NOT_FOUND),
        ("500 Internal Server Error", recorded("putRecordingTextTrack_taken")),
    ],
)
def test_another_status_is_told(server: ScriptedServer, client: Client, status: str, body: bytes) -> None:
    server.play(http(body, status))
    with pytest.raises(UnexpectedStatus):
        put(client)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Uploaded.",
        b"[]",
        b"null",
        b'"SUCCESS"',
        b"[" * 100_000,
        b'{"response": ' + b"9" * 5000 + b"}",
        b"\xff\xfe",
        told(),
        told(returncode=True),
        told(returncode=["SUCCESS"]),
        told(returncode="MAYBE"),
        b'{"returncode": "SUCCESS"}',
        b'{"response": ["SUCCESS"]}',
    ],
    ids=lambda body: body[:30].decode("ascii", "replace"),
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    for read in (tracks.taken, tracks.text_tracks):
        with pytest.raises(NotJSON) as caught:
            read(Reply(call="putRecordingTextTrack", body=body))
        assert "putRecordingTextTrack" in str(caught.value)


@pytest.mark.parametrize("found", [None, {}, "x", 5])
def test_a_list_of_tracks_that_is_none_is_refused(found: object) -> None:
    with pytest.raises(NotJSON):
        tracks.text_tracks(Reply(call="getRecordingTextTracks", body=told(returncode="SUCCESS", tracks=found)))


def test_a_success_in_xml_is_a_success_for_an_upload_and_none_for_a_list() -> None:
    body = b"\n<response><returncode>SUCCESS</returncode></response>"
    assert tracks.taken(Reply(call="putRecordingTextTrack", body=body)) is None
    with pytest.raises(NotJSON):
        tracks.text_tracks(Reply(call="getRecordingTextTracks", body=body))
    with pytest.raises(NotXML):
        tracks.taken(Reply(call="putRecordingTextTrack", body=b"<html>"))


def test_odd_tracks_are_skipped_or_told_without_what_is_odd() -> None:
    found = [
        "x",
        {},
        {"kind": 5, "lang": ["de"], "label": "\ud800a\n" + "b" * 300, "href": "javascript:alert(1)", "source": None},
    ]
    body = told(returncode="SUCCESS", tracks=found)
    empty, odd = tracks.text_tracks(Reply(call="getRecordingTextTracks", body=body))
    assert empty == TextTrack()
    assert odd == TextTrack(label="?a" + "b" * 254)


def test_a_flood_is_not_read_to_its_end(server: ScriptedServer, client: Client) -> None:
    server.play(http(told(returncode="SUCCESS", messageKey="x" * wire.LARGEST_REPLY)))
    with pytest.raises(ReplyTooLarge):
        put(client)


def test_more_than_one_recording_is_not_asked_for(server: ScriptedServer, client: Client) -> None:
    with pytest.raises(ValueError, match="comma"):
        client.get_recording_text_tracks("r1,r2")
    assert server.requests == []


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["SUCCESS", "FAILED"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "href", "lang"]), inner),
    max_leaves=10,
)


@given(
    members=st.dictionaries(st.sampled_from(["returncode", "messageKey", "tracks"]), JSON)
    | st.fixed_dictionaries({"returncode": st.just("SUCCESS"), "tracks": JSON}),
    status=st.sampled_from([200, 404, 500]),
)
def test_no_answer_makes_the_readers_fail_otherwise_than_by_our_errors(members: dict[str, Any], status: int) -> None:
    for read in (tracks.taken, tracks.text_tracks):
        with contextlib.suppress(BBBError):
            read(Reply(call="putRecordingTextTrack", status=status, body=told(**members)))


def test_nothing_of_the_secret_is_in_the_form(server: ScriptedServer, client: Client) -> None:
    server.play(http(recorded("putRecordingTextTrack_taken")))
    put(client)
    assert SECRET_TEXT.encode() not in server.requests[0]
