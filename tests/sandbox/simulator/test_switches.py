"""What one may do to the server: its messages and its recordings, by code and on its front page."""

import re
from urllib.parse import parse_qs

import pytest
from werkzeug.test import TestResponse

from bbb_xblock.bbb import Secret, SignatureRejected, check_bearer, recording_ready
from sandbox.simulator import Simulator
from sandbox.simulator.recordings import Recording
from tests.sandbox.simulator.calling import SECRET, Caller
from tests.sandbox.simulator.receiving import Receiver


def hold(caller: Caller, receiver: Receiver) -> Recording:
    """Hold a recorded meeting whose recording is processed a minute later."""
    caller.simulator.processing_seconds = 60
    ready = {"meta_bbb-recording-ready-url": f"{receiver.url}/ready"}
    caller.create(record="true", autoStartRecording="true", **ready)
    caller.simulator.add_participants("m1", 1)
    caller.ask("end", meetingID="m1")
    return caller.simulator.recordings[-1]


def told(simulator: Simulator, receiver: Receiver) -> int:
    """Send what is due; return how many messages have come in so far."""
    simulator.deliver_callbacks()
    return len(receiver.received)


def press(caller: Caller, recording: Recording, action: str) -> TestResponse:
    return caller.browser.post("/switches/recording", data={"recording": recording.handle, "action": action})


def offered(caller: Caller) -> list[str]:
    return re.findall(r'name="action" value="(\w+)"', caller.browser.get("/").get_data(as_text=True))


def choose(caller: Caller, way: str, kind: str = "recording-ready") -> TestResponse:
    return caller.browser.post("/switches/messages", data={"kind": kind, "way": way})


def test_messages_may_get_lost(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    assert choose(caller, "lost").status_code == 303
    hold(caller, receiver)
    simulator.advance(3600)
    assert told(simulator, receiver) == 0
    assert simulator.recordings[0].state == "published"
    choose(caller, "now")
    hold(caller, receiver)
    simulator.advance(60)
    assert told(simulator, receiver) == 2


def test_messages_may_come_late(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    choose(caller, "late")
    hold(caller, receiver)
    simulator.advance(119)
    assert told(simulator, receiver) == 0
    simulator.advance(1)
    assert told(simulator, receiver) == 2


def test_messages_may_come_three_times(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    choose(caller, "thrice")
    hold(caller, receiver)
    simulator.advance(60)
    assert told(simulator, receiver) == 6


def hold_with_analytics(caller: Caller, receiver: Receiver) -> None:
    caller.create(meetingKeepEvents="true", **{"meta_analytics-callback-url": f"{receiver.url}/analytics"})
    caller.ask("end", meetingID="m1")


@pytest.mark.parametrize(("way", "at_once", "later"), [("lost", 0, 0), ("late", 0, 1), ("thrice", 3, 3), ("now", 1, 1)])
def test_analytics_may_get_lost_come_late_or_come_three_times(
    simulator: Simulator, caller: Caller, receiver: Receiver, way: str, at_once: int, later: int
) -> None:
    choose(caller, way, "analytics")
    hold_with_analytics(caller, receiver)
    assert told(simulator, receiver) == at_once
    simulator.advance(60)
    assert told(simulator, receiver) == later


def test_forged_messages_come_with_a_signature_that_is_nobodys(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    for way in ("now", "forged"):
        choose(caller, way, "analytics")
        choose(caller, way)
        hold_with_analytics(caller, receiver)
        simulator.deliver_callbacks()
        hold(caller, receiver)
        simulator.advance(60)
        simulator.deliver_callbacks()
    secrets = [Secret(SECRET)]
    bearers = [got.headers["Authorization"] for got in receiver.received if got.path == "/analytics"]
    notices = [parse_qs(got.body.decode())["signed_parameters"][0] for got in receiver.received if got.path == "/ready"]
    check_bearer(bearers[0], secrets)
    assert recording_ready(notices[0], secrets).meeting_id == "m1"
    with pytest.raises(SignatureRejected):
        check_bearer(bearers[-1], secrets)
    with pytest.raises(SignatureRejected):
        recording_ready(notices[-1], secrets)


def test_one_kind_of_messages_is_treated_and_the_others_are_not(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    simulator.treat_callbacks("recording-ready", dropped=True)
    caller.create(meetingEndedURL=f"{receiver.url}/ended")
    caller.ask("end", meetingID="m1")
    assert told(simulator, receiver) == 1
    simulator.treat_callbacks("meetingEndedURL", delay=5, times=2)
    caller.create(meetingEndedURL=f"{receiver.url}/ended")
    caller.ask("end", meetingID="m1")
    assert told(simulator, receiver) == 1
    simulator.advance(5)
    assert told(simulator, receiver) == 3


def test_the_front_page_shows_how_messages_are_treated_until_everything_starts_over(
    simulator: Simulator, caller: Caller
) -> None:
    choose(caller, "lost", "analytics")
    text = caller.browser.get("/").get_data(as_text=True)
    assert text.count('value="lost" selected') == 1
    assert text.count('value="now" selected') == 3
    simulator.reset()
    assert 'value="lost" selected' not in caller.browser.get("/").get_data(as_text=True)


def test_a_recording_is_shown_in_processing_and_may_be_finished_at_once(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    recording = hold(caller, receiver)
    assert "processing, ready in 60 s" in caller.browser.get("/").get_data(as_text=True)
    assert offered(caller) == ["finish", "forget"]
    assert press(caller, recording, "finish").status_code == 303
    assert recording.state == "published"
    assert told(simulator, receiver) == 2


def test_a_recording_is_hidden_shown_reported_again_deleted_and_lost(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    recording = hold(caller, receiver)
    simulator.advance(60)
    before = told(simulator, receiver)
    assert offered(caller) == ["hide", "report", "delete", "forget"]
    press(caller, recording, "hide")
    assert recording.state == "unpublished"
    assert "publish" in offered(caller)
    press(caller, recording, "publish")
    assert recording.state == "published"
    press(caller, recording, "report")
    assert told(simulator, receiver) == before + 2
    press(caller, recording, "delete")
    assert recording.state == "deleted"
    assert offered(caller) == ["forget"]
    press(caller, recording, "forget")
    assert simulator.recordings == []
    assert press(caller, recording, "forget").status_code == 404


def test_scalelite_protects_recordings(simulator: Simulator) -> None:
    pool = Caller(Simulator(secret=SECRET, mode="scalelite"))
    recording = pool.simulator.add_recording("m1")
    press(pool, recording, "protect")
    assert recording.protected
    assert "published, protected" in pool.browser.get("/").get_data(as_text=True)
    press(pool, recording, "unprotect")
    assert not recording.protected
    other = Caller(simulator)
    assert press(other, simulator.add_recording("m1"), "protect").status_code == 404


def test_by_code_a_recording_is_found_reported_and_lost(simulator: Simulator, caller: Caller) -> None:
    record_id = simulator.add_recording("m1").record_id
    simulator.recording(record_id).state = "unpublished"
    assert caller.ask("getRecordings").findtext("recordings/recording/state") == "unpublished"
    simulator.forget_recording(record_id)
    assert caller.key("getRecordings", state="any") == "noRecordings"
    for change in (simulator.recording, simulator.forget_recording, simulator.report_recording):
        with pytest.raises(KeyError):
            change(record_id)


def test_a_rebuilt_recording_is_reported_again(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    recording = hold(caller, receiver)
    simulator.advance(60)
    before = told(simulator, receiver)
    simulator.report_recording(recording.record_id)
    assert told(simulator, receiver) == before + len(recording.formats)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("messages", {"kind": "recording-ready", "way": "never"}),
        ("messages", {"kind": "letters", "way": "lost"}),
        ("messages", {}),
        ("recording", {"recording": "unknown", "action": "delete"}),
        ("recording", {}),
    ],
)
def test_a_switch_that_there_is_not_does_nothing(caller: Caller, path: str, fields: dict[str, str]) -> None:
    assert caller.browser.post(f"/switches/{path}", data=fields).status_code == 404


def test_pages_of_others_turn_no_switches(simulator: Simulator, caller: Caller) -> None:
    recording = simulator.add_recording("m1")
    fields = {"recording": recording.handle, "action": "delete"}
    for site in ("cross-site", "same-site"):
        answer = caller.browser.post("/switches/recording", data=fields, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403
    assert recording.state == "published"
    caller.browser.post("/switches/recording", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert recording.state == "deleted"


def test_the_front_page_shows_neither_ids_nor_more_than_it_can(simulator: Simulator, caller: Caller) -> None:
    recordings = [simulator.add_recording("m1", name=f"Number {number:03}") for number in range(30)]
    text = caller.browser.get("/").get_data(as_text=True)
    shown = [recording.name for recording in recordings if recording.name in text]
    assert 0 < len(shown) < len(recordings)
    assert shown[-1] == recordings[-1].name
    assert not any(recording.record_id in text for recording in recordings)
