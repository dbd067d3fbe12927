"""A private Redis that only this user can reach: a Unix socket, no port, nothing kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.services.processes import find_program, running


@contextmanager
def running_redis() -> Iterator[str]:
    """Run a fresh Redis until the block is left, and give its address as redis-py takes it."""
    with TemporaryDirectory(prefix="bbb-redis-") as name:
        folder = Path(name)
        socket = folder / "s.sock"
        command = [find_program("redis-server") or "redis-server", "--port", "0", "--unixsocket", str(socket)]
        command += ["--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--dir", name]
        with running(command, socket, folder / "log"):
            yield f"unix://{socket}?db=0"
