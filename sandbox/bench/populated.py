"""A simulated server full of recordings, in a process of its own, so that its memory is not counted with ours."""

import multiprocessing
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from sandbox.bench.stage import HOST, SECONDS_TO_START, SECONDS_TO_STOP, StartError
from sandbox.simulator import Simulator


@contextmanager
def populated(per_room: int) -> Iterator[dict[str, str]]:
    """Run it with so many recordings in each room; the value is its entry in ``SERVERS``."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    secret = secrets.token_urlsafe(32)
    process = context.Process(target=_serve, args=(theirs, secret, per_room), daemon=True)
    process.start()
    try:
        if not ours.poll(SECONDS_TO_START):
            raise StartError("The simulated server with recordings does not start. Look above for why.")
        yield {"URL": ours.recv(), "SECRET": secret}
    finally:
        process.terminate()
        process.join(SECONDS_TO_STOP)


def _serve(pipe: Connection, secret: str, per_room: int) -> None:
    simulator = Simulator(secret=secret, recordings_per_room=per_room)
    with simulator.serve(host=HOST) as url:
        pipe.send(url)
        while not pipe.poll(1):
            # It remembers every call, which is nothing that a server does.
            simulator.forget_calls()
