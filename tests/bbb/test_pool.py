import io
import logging
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from bbb_xblock.bbb import (
    Client,
    ConnectionRefused,
    CreateMeeting,
    Endpoint,
    MeetingNotFound,
    RecordingsQuery,
    Secret,
    TimedOut,
    TrackKind,
    TransportError,
    pool,
)
from sandbox.simulator import Simulator
from tests.bbb.servers import ScriptedServer, http, recorded, reset, scripted

RUNNING = http(recorded("isMeetingRunning_true"))
READS = {
    "isMeetingRunning": lambda client: client.is_meeting_running("m1"),
    "getMeetingInfo": lambda client: client.get_meeting_info("m1"),
    "getMeetings": lambda client: client.get_meetings(),
    "getRecordings": lambda client: client.get_recordings(RecordingsQuery(meeting_ids=["m1"])),
    "getRecordingTextTracks": lambda client: client.get_recording_text_tracks("r1"),
    "version": lambda client: client.version(),
}
ACTS = {
    "create": lambda client: client.create(CreateMeeting(meeting_id="m1", name="Physics")),
    "end": lambda client: client.end("m1"),
    "publishRecordings": lambda client: client.publish_recordings(["r1"], publish=True),
    "deleteRecordings": lambda client: client.delete_recordings(["r1"]),
    "updateRecordings": lambda client: client.update_recordings(["r1"], {"a": "b"}),
    "insertDocument": lambda client: client.insert_document("m1", []),
    "putRecordingTextTrack": lambda client: client.put_recording_text_track(
        "r1", TrackKind.CAPTIONS, "en", "English", "a.vtt", b"WEBVTT"
    ),
}
ANSWERS = {
    "isMeetingRunning": "isMeetingRunning_true",
    "getMeetingInfo": "getMeetingInfo_running",
    "getMeetings": "getMeetings_two",
    "getRecordings": "getRecordings_two",
    "getRecordingTextTracks": "getRecordingTextTracks_two",
    "version": "version_revealed",
}


@pytest.mark.parametrize("call", READS)
def test_a_reading_call_is_repeated_once_after_a_broken_connection(
    call: str, server: ScriptedServer, client: Client
) -> None:
    server.play(reset, http(recorded(ANSWERS[call])))
    assert READS[call](client)
    assert len(server.requests) == 2
    assert server.targets[0] == server.targets[1]


def test_a_reading_call_is_not_repeated_twice(server: ScriptedServer, client: Client) -> None:
    server.play(reset, b"", RUNNING)
    with pytest.raises(TransportError):
        client.is_meeting_running("m1")
    assert len(server.requests) == 2


@pytest.mark.parametrize("call", ACTS)
def test_an_acting_call_is_never_repeated(call: str, server: ScriptedServer, client: Client) -> None:
    server.play(reset, http(recorded("end_sent")))
    with pytest.raises(TransportError):
        ACTS[call](client)
    assert len(server.requests) == 1


@pytest.mark.parametrize("call", READS)
def test_nothing_is_repeated_after_a_time_out(call: str, simulator: Simulator, secret: Secret) -> None:
    name = "" if call == "version" else call
    simulator.fault(name, "slow", seconds=5)
    with pytest.raises(TimedOut):
        READS[call](Client(Endpoint("main", simulator.url, secret, read_timeout=0.1)))
    assert simulator.count(name) == 1


@pytest.mark.parametrize(("call", "tries"), [("isMeetingRunning", 2), ("end", 1)])
def test_a_refused_connection_is_tried_again_for_reading_only(
    call: str, tries: int, secret: Secret, caplog: pytest.LogCaptureFixture
) -> None:
    with scripted() as gone:
        url = gone.url
    caplog.set_level(logging.DEBUG, "urllib3")
    with pytest.raises(ConnectionRefused):
        (READS | ACTS)[call](Client(Endpoint("main", url, secret)))
    assert sum(record.message.startswith("Starting new HTTP connection") for record in caplog.records) == tries


def test_a_name_without_an_address_is_looked_up_once(secret: Secret, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    with pytest.raises(TransportError):
        Client(Endpoint("main", "http://bbb.invalid/", secret)).get_meetings()
    assert sum(record.message.startswith("Starting new HTTP connection") for record in caplog.records) == 1


def test_cookies_are_neither_kept_nor_sent(server: ScriptedServer, client: Client) -> None:
    server.play(http(recorded("isMeetingRunning_true"), "200 OK", "Set-Cookie: JSESSIONID=x; Path=/"), RUNNING)
    client.is_meeting_running("m1")
    client.is_meeting_running("m1")
    assert b"cookie" not in server.requests[1].lower()
    assert list(pool.shared_session().cookies) == []


def test_a_netrc_file_is_not_read(
    server: ScriptedServer, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ada password swordfish\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert requests.utils.get_netrc_auth(server.url) == ("ada", "swordfish")
    server.play(RUNNING, http(b"", "302 Found", f"Location: {server.url}"))
    client.is_meeting_running("m1")
    assert b"authorization" not in server.requests[0].lower()


def test_a_proxy_from_the_environment_is_used(
    server: ScriptedServer, secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("no_proxy", "")
    client = Client(Endpoint("main", "http://bbb.invalid/", secret))
    server.play(reset, RUNNING)
    assert client.is_meeting_running("m1") is True
    assert server.targets[1].startswith("http://bbb.invalid/bigbluebutton/api/isMeetingRunning?meetingID=m1&checksum=")


def test_a_proxy_that_is_gone_is_not_taken_for_the_server(secret: Secret, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted() as gone:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{gone.port}")
        monkeypatch.setenv("no_proxy", "")
    with pytest.raises(TransportError) as caught:
        Client(Endpoint("main", "http://bbb.invalid/", secret)).get_meetings()
    assert type(caught.value) is TransportError


def test_connections_are_used_again(bbb: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "urllib3")
    for _ in range(3):
        with pytest.raises(MeetingNotFound):
            bbb.get_meeting_info("nothing-of-that-name")
    assert sum("Starting new HTTP connection" in record.message for record in caplog.records) <= 1


def test_a_process_has_one_session_and_a_forked_child_its_own() -> None:
    script = """
import os
from bbb_xblock.bbb.pool import shared_session
mine = shared_session()
assert shared_session() is mine
child = os.fork()
if not child:
    os._exit(17 if shared_session() is not mine and shared_session() is shared_session() else 1)
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 17, status
assert shared_session() is mine
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_a_deadline_the_session_waits_as_requests_does(server: ScriptedServer) -> None:
    server.play(RUNNING)
    with pool.new_session() as session:
        assert session.get(server.url, timeout=1).content == recorded("isMeetingRunning_true")


def test_after_the_deadline_nothing_more_is_read(server: ScriptedServer) -> None:
    server.play(RUNNING)
    token = pool.deadline.set(0.0)
    try:
        with pool.new_session() as session, pytest.raises(requests.ConnectionError, match="Read timed out"):
            session.get(server.url, timeout=1)
    finally:
        pool.deadline.reset(token)


def test_making_a_session_again_does_not_pile_up_filters() -> None:
    pool.new_session().close()
    pool.new_session().close()
    assert [type(each) for each in logging.getLogger("urllib3.connectionpool").filters].count(
        pool.ScrubSignedQueries
    ) == 1


class Dripping(io.RawIOBase):
    """A socket that gives one byte every second, on a clock of its own, and keeps how long each was waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.patience, self.waits = 0.0, 2.5, []

    def monotonic(self) -> float:
        return self.now

    def gettimeout(self) -> float:
        return self.patience

    def settimeout(self, seconds: float) -> None:
        self.waits.append(seconds)

    def readinto(self, buffer: Any) -> int:
        self.now += 1
        buffer[:1] = b"x"
        return 1


def test_each_wait_is_as_long_as_the_patience_until_the_deadline_cuts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    drip = Dripping()
    monkeypatch.setattr(pool, "time", SimpleNamespace(monotonic=drip.monotonic))
    reader = pool._BeforeDeadline(drip, drip, until=5.0)
    assert b"".join(reader.read(1) for _ in range(5)) == b"xxxxx"
    assert drip.waits == [2.5, 2.5, 2.5, 2.0, 1.0]
    with pytest.raises(TimeoutError):
        reader.read(1)
    assert drip.now == 5.0
