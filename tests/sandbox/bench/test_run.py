"""The bench as people start it, with a small class on SQLite; and that nothing of it stays."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SECONDS = 60
SMALL = ("--rehearse", "--learners=20", "--workers=2", "--database=sqlite")
BENCH = (sys.executable, "-m", "sandbox.bench")


def test_a_rehearsal_lets_everybody_in_with_one_create() -> None:
    command = [sys.executable, "-m", "django", "bbb_rehearse", *SMALL[1:]]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "sandbox.demo.settings"}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 of 20, errors: none" in done.stdout
    assert "1 × getMeetingInfo, 1 × create" in done.stdout
    assert "All promises are kept." in done.stdout


@pytest.mark.parametrize("number", ["19", "5001", "many"])
def test_a_class_that_is_no_class_is_refused(number: str) -> None:
    done = subprocess.run([*BENCH, "--learners", number], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)

    assert done.returncode == 2
    assert "--learners" in done.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_everything_ends_when_the_bench_is_stopped(stop: signal.Signals) -> None:
    with subprocess.Popen([*BENCH, *SMALL], cwd=ROOT, stderr=subprocess.PIPE, text=True) as bench:
        try:
            family = wait_for_grandchildren(bench)
            bench.send_signal(stop)
            _, said = bench.communicate(timeout=SECONDS)
        finally:
            bench.kill()

    # Python itself complains of an event loop that was half made at that moment.
    assert "Stopped; everything that was started has ended.\n" in said
    assert bench.returncode == 130
    assert [pid for pid in family if is_alive(pid)] == []


def wait_for_grandchildren(bench: "subprocess.Popen[str]") -> set[int]:
    """Give the ids of gunicorn and its workers, once there are workers."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and bench.poll() is None:
        masters = children({bench.pid})
        workers = children(masters)
        if workers:
            return masters | workers
    raise AssertionError("the bench started no server")


def children(parents: set[int]) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may hold anything; the parent is the second word after it.
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent in parents:
            found.add(int(stat.parent.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
