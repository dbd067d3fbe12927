"""Start a server as a child, wait until its socket answers, stop it by its own process id."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sandbox import children

# Servers live in sbin, which is not on the PATH of everybody who runs tests.
SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")
SECONDS_TO_START = 60


def find_program(name: str) -> str | None:
    """Return the full path of a program, or None where it is not installed."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *SBIN]))


def answers(address: Path) -> bool:
    """Tell whether somebody listens on a Unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(address))
        except OSError:
            return False
    return True


@contextmanager
def running(command: Sequence[str], address: Path, log: Path) -> Iterator[None]:
    """Run ``command`` until the block is left. The block starts when the Unix socket ``address`` answers."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(process, address, log)
        yield
    finally:
        children.end(process)


def wait_for(process: subprocess.Popen[bytes], address: Path, log: Path) -> None:
    """Return once ``address`` answers. RuntimeError, with what the server said, if it ended or took too long."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not answers(address):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The server did not start:\n{log.read_text('utf-8', 'replace')}")
        time.sleep(0.02)
