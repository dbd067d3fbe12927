"""The simulator as a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.sandbox.simulator.calling import SECRET, signed

TIMEOUT = 10


@contextmanager
def running(*options: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start the command; yield the process and its first line."""
    command = [sys.executable, "-m", "sandbox.simulator", "--secret", SECRET, *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.terminate()


def test_the_command_serves_until_it_is_told_to_stop_and_says_no_secret() -> None:
    with running("--port", "0", "--mode", "scalelite") as (process, line):
        found = re.search(r"http://127\.0\.0\.1:\d+/bigbluebutton/", line)
        assert found and "scalelite" in line
        answer = requests.get(f"{found[0]}api/{signed('getMeetings')}", timeout=TIMEOUT)
        assert b"noMeetings" in answer.content
        port = found[0].split(":")[2].split("/")[0]
        with running("--port", port) as (second, nothing):
            assert second.wait(TIMEOUT) == 1
            assert nothing == ""
            assert second.stderr is not None and "Choose another one with --port" in second.stderr.read()
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 0
        assert process.stdout is not None and process.stderr is not None
        assert SECRET not in line + process.stdout.read() + process.stderr.read()


def test_the_command_fills_rooms_with_old_recordings() -> None:
    with running("--port", "0", "--recordings-per-room", "7") as (process, line):
        found = re.search(r"http://127\.0\.0\.1:\d+/bigbluebutton/", line)
        assert found and process.poll() is None
        answer = requests.get(f"{found[0]}api/{signed('getRecordings', 'meetingID=m1')}", timeout=TIMEOUT)
        assert answer.text.count("<recordID>") == 7
