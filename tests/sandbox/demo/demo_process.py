"""The demo as its visitors get it: a process of its own, asked over HTTP."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[3]
SECONDS = 30
READY = "Stop with Ctrl-C."
LAUNCHER = ("-m", "sandbox.run")


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]


def ask(address: str, method: str = "GET", cookies: Mapping[str, str] | None = None, **more: Any) -> Answer:
    """Send one request and give the answer, whatever its status; redirects are not followed. ``more``: requests'."""
    with requests.Session() as session:
        # A proxy named in the environment must not stand between two programs on one machine.
        session.trust_env = False
        reply = session.request(method, address, cookies=cookies, allow_redirects=False, timeout=SECONDS, **more)
        return Answer(reply.status_code, reply.text, reply.headers, reply.cookies.get_dict())


@dataclass
class Demo:
    process: "subprocess.Popen[str]"
    said: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        return "".join(self.said)

    @property
    def site(self) -> str:
        return next(word for word in self.output.split() if word.startswith("http://")).rstrip("/")

    @property
    def classroom(self) -> str:
        return [word for word in self.output.split() if word.startswith("http://")][1]

    def get(self, path: str, cookies: Mapping[str, str] | None = None) -> Answer:
        return ask(self.site + path, cookies=cookies)

    def stop(self, with_signal: int = signal.SIGTERM) -> int:
        """Ask the process to stop, read what it still says, and give its exit code."""
        self.process.send_signal(with_signal)
        self.said.append(self.process.communicate(timeout=SECONDS)[0])
        return self.process.returncode


def launch(arguments: tuple[str, ...] = LAUNCHER, **environment: str) -> "subprocess.Popen[str]":
    """Start the launcher on free ports, unless the environment says otherwise."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PORT": "0", "BBB_PORT": "0", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(arguments: tuple[str, ...] = LAUNCHER, **environment: str) -> Iterator[Demo]:
    """Run the demo until the block is left; the block starts when the demo says that it is ready."""
    process = launch(arguments, **environment)
    demo = Demo(process)
    assert process.stdout is not None
    try:
        while READY not in demo.output:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"the demo did not start:\n{demo.output}")
            demo.said.append(line)
        yield demo
    finally:
        process.terminate()
        try:
            process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
