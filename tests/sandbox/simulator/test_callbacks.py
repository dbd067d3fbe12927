"""The calls that the server makes to the platform."""

import json
import socket
import time
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest

from sandbox.simulator import Simulator
from sandbox.simulator.callbacks import signed_token
from tests.sandbox.simulator.calling import Caller
from tests.sandbox.simulator.receiving import Receiver

LONG_SECRET = "a-secret-that-is-long-enough-for-every-hash-" * 2


@pytest.fixture
def simulator() -> Simulator:
    started = time.time()
    return Simulator(secret=LONG_SECRET, clock=lambda: started)


def test_the_address_for_ended_meetings_is_called_unchanged(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    path = "/ended/%7Eabc%2a?token=a%2Fb~c'&x=1+2"
    caller.create(meetingEndedURL=receiver.url + path)
    caller.ask("end", meetingID="m1")
    assert receiver.received == []
    assert [delivery.status for delivery in simulator.deliver_callbacks()] == [200]
    assert [(got.method, got.path) for got in receiver.received] == [("GET", path)]


@pytest.mark.parametrize(
    ("create", "marks"), [({}, "false"), ({"record": "true", "autoStartRecording": "true"}, "true")]
)
def test_the_end_callback_gets_two_parameters_more(
    simulator: Simulator, caller: Caller, receiver: Receiver, create: dict[str, str], marks: str
) -> None:
    caller.create(meta_endCallbackUrl=f"{receiver.url}/end?meetingID=mine", **create)
    simulator.add_participants("m1", 1)
    caller.ask("end", meetingID="m1")
    simulator.deliver_callbacks()
    query = parse_qsl(urlsplit(receiver.received[0].path).query)
    assert query == [("meetingID", "mine"), ("recordingmarks", marks), ("meetingID", "m1")]


def test_a_meeting_that_expires_is_reported_too(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    caller.create(meetingEndedURL=f"{receiver.url}/ended")
    simulator.advance(300)
    simulator.deliver_callbacks()
    assert len(receiver.received) == 1


def test_the_end_is_reported_five_times_at_the_intervals_of_the_server(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    receiver.status = 500
    caller.create(meetingEndedURL=f"{receiver.url}/ended")
    caller.ask("end", meetingID="m1")
    simulator.deliver_callbacks()
    for attempts, wait in ((2, 30), (3, 60), (4, 120), (5, 300)):
        simulator.advance(wait - 1)
        simulator.deliver_callbacks()
        assert len(receiver.received) == attempts - 1
        simulator.advance(1)
        simulator.deliver_callbacks()
        assert len(receiver.received) == attempts
    simulator.advance(24 * 3600)
    assert simulator.deliver_callbacks() == []


def test_a_redirect_counts_as_a_failure_and_is_not_followed(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    receiver.status = 302
    caller.create(meetingEndedURL=f"{receiver.url}/ended")
    caller.ask("end", meetingID="m1")
    simulator.deliver_callbacks()
    assert [got.path for got in receiver.received] == ["/ended"]
    receiver.status = 204
    simulator.advance(30)
    assert [delivery.arrived for delivery in simulator.deliver_callbacks()] == [True]


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "file:///etc/hostname", "javascript:alert(1)", "http://[broken", "http:///x", "ended"]
)
def test_nothing_is_sent_to_what_is_no_web_address(simulator: Simulator, caller: Caller, url: str) -> None:
    caller.create(meetingEndedURL=url, meta_endCallbackUrl=url)
    caller.ask("end", meetingID="m1")
    assert simulator.deliver_callbacks() == []


def test_a_platform_that_is_away_breaks_nothing(simulator: Simulator, caller: Caller) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/ended"
        caller.create(meetingEndedURL=nobody)
        caller.create("m2", meetingEndedURL="http://127.0.0.1:99999/")
        caller.ask("end", meetingID="m1")
        caller.ask("end", meetingID="m2")
        assert [delivery.status for delivery in simulator.deliver_callbacks()] == [None, None]
    assert caller.create().findtext("returncode") == "SUCCESS"
    assert nobody not in repr(simulator.deliveries)


def test_breakouts_end_without_a_callback(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    caller.create("parent")
    caller.create("child", isBreakout="true", parentMeetingID="parent", meetingEndedURL=f"{receiver.url}/ended")
    caller.ask("end", meetingID="child")
    assert simulator.deliver_callbacks() == []


def record(simulator: Simulator, caller: Caller, **params: str) -> str:
    """Hold a recorded meeting; return the id of the recording."""
    caller.create(record="true", autoStartRecording="true", **params)
    simulator.add_participants("m1", 1)
    caller.ask("end", meetingID="m1")
    simulator.deliver_callbacks()
    simulator.advance(simulator.processing_seconds)
    return simulator.recordings[0].record_id


def test_a_ready_recording_is_reported_once_per_format_with_a_bare_token(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    record_id = record(simulator, caller, **{"meta_bbb-recording-ready-url": f"{receiver.url}/ready"})
    simulator.deliver_callbacks()
    assert [(got.method, got.path) for got in receiver.received] == [("POST", "/ready")] * 2
    assert receiver.received[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
    fields = parse_qs(receiver.received[0].body.decode())
    assert list(fields) == ["signed_parameters"]
    token = fields["signed_parameters"][0]
    assert jwt.get_unverified_header(token) == {"alg": "HS256"}
    payload = jwt.decode(token, simulator.secret, algorithms=["HS256"])
    assert payload == {"meeting_id": "m1", "record_id": record_id}


def test_a_ready_recording_is_not_reported_again_after_a_failure(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    receiver.status = 500
    record(simulator, caller, **{"meta_bbb-recording-ready-url": f"{receiver.url}/ready"})
    simulator.deliver_callbacks()
    simulator.advance(3600)
    assert simulator.deliver_callbacks() == []
    assert len(receiver.received) == 2


def test_the_first_of_the_three_addresses_for_recordings_is_used(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    addresses = {f"meta_{who}-recording-ready-url": f"{receiver.url}/{who}" for who in ("canvas", "bn")}
    record(simulator, caller, **addresses)
    simulator.deliver_callbacks()
    assert {got.path for got in receiver.received} == {"/bn"}


def test_the_token_is_byte_for_byte_that_of_the_server() -> None:
    payload = {"meeting_id": "test01", "record_id": "640ab2bae07bedc4c163f679a746f7ab7fb5d1fa-1531155809613"}
    assert signed_token(payload, "639259d4-9dd8-4b25-bf01-95f9567eaf4b", "HS256", with_type=False) == (
        "eyJhbGciOiJIUzI1NiJ9.eyJtZWV0aW5nX2lkIjoidGVzdDAxIiwicmVjb3JkX2lkIjoiNjQwYWIyYmFlMDdiZWRjNGMxNjNmNjc5YTc0NmY3"
        "YWI3ZmI1ZDFmYS0xNTMxMTU1ODA5NjEzIn0.U5g7_2jW3tw_gs_7LX8jWE_I67-SjGv4bq6ObUMWXvI"
    )


def test_analytics_are_sent_only_if_the_meeting_keeps_its_events(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    for meeting_id, keep in (("m1", "false"), ("m2", "true")):
        caller.create(
            meeting_id, meetingKeepEvents=keep, **{"meta_analytics-callback-url": f"{receiver.url}/{meeting_id}"}
        )
        caller.ask("end", meetingID=meeting_id)
    simulator.deliver_callbacks()
    assert [got.path for got in receiver.received] == ["/m2"]


def test_analytics_carry_a_token_that_says_only_when_it_expires(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    caller.create(meetingKeepEvents="true", **{"meta_analytics-callback-url": f"{receiver.url}/analytics"})
    caller.ask("end", meetingID="m1")
    simulator.deliver_callbacks()
    headers = receiver.received[0].headers
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"] == "BigBlueButton Analytics Callback"
    scheme, token = headers["Authorization"].split(" ")
    assert scheme == "Bearer"
    assert jwt.get_unverified_header(token) == {"alg": "HS512", "typ": "JWT"}
    payload = jwt.decode(token, simulator.secret, algorithms=["HS512"])
    assert payload == {"exp": int(simulator.world.now()) + 24 * 3600}


def test_analytics_tell_who_was_there_for_how_long(
    simulator: Simulator, caller: Caller, other: Caller, receiver: Receiver
) -> None:
    create = caller.create(
        meetingKeepEvents="true",
        meta_CourseId="c1",
        meta_gl_secret="x",
        **{"meta_analytics-callback-url": f"{receiver.url}/analytics", "meta_gl-x": "hidden"},
    )
    ada = caller.enter("Ada Example", userID="u-17")
    simulator.advance(10)
    second = caller.enter("Ada E.", userID="u-17", role="MODERATOR")
    caller.press(ada, "hand")
    caller.press(ada, "say", text="Hello")
    for person in (ada, second, ada):
        caller.press(person, "react")
    simulator.advance(20)
    caller.press(ada, "leave")
    simulator.advance(15)
    caller.press(second, "end")
    simulator.deliver_callbacks()
    body = json.loads(receiver.received[0].body)
    assert (body["version"], body["meeting_id"]) == ("1.0", "m1")
    assert body["internal_meeting_id"] == create.findtext("internalMeetingID")
    data = body["data"]
    assert data["metadata"] == {
        "meeting_name": "Seminar",
        "is_breakout": "false",
        "courseid": "c1",
        "analytics_callback_url": f"{receiver.url}/analytics",
    }
    (attendee,) = data["attendees"]
    assert (attendee["ext_user_id"], attendee["name"], attendee["moderator"]) == ("u-17", "Ada E.", True)
    assert attendee["duration"] == 45
    assert (len(attendee["joins"]), len(attendee["leaves"])) == (2, 2)
    assert attendee["engagement"]["chats"] == 1
    assert attendee["engagement"]["raisehand"] == 1
    assert attendee["engagement"]["emojis"] == 3
    assert (data["duration"], data["start"][-10:]) == (45, ".000+00:00")


def test_a_process_sends_its_callbacks_by_itself(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    caller.create(meetingEndedURL=f"{receiver.url}/ended")
    caller.ask("end", meetingID="m1")
    with simulator.serve(background=True):
        deadline = time.monotonic() + 5
        while not receiver.received and time.monotonic() < deadline:
            time.sleep(0.01)
    assert [got.path for got in receiver.received] == ["/ended"]
