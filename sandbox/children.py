"""Processes that a program of ours has started, and ends by their own id."""

import subprocess
from typing import Any


def end(process: "subprocess.Popen[Any]", patience: float = 30) -> None:
    """Ask a process to end; kill it if it has not after so many seconds. Returns when it is gone."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
