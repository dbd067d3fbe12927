"""A private Redis that only this user can reach: a Unix socket, no port, nothing kept."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.services.processes import find_program, running


@contextmanager
def running_redis(folder: Path | None = None) -> Iterator[str]:
    """Run a fresh Redis until the block is left, and give its address as redis-py takes it.

    One that is started in the ``folder`` of another has the same address, and nothing of what the other one had.
    """
    with ExitStack() as stack:
        home = folder or Path(stack.enter_context(TemporaryDirectory(prefix="bbb-redis-")))
        socket = home / "s.sock"
        command = [find_program("redis-server") or "redis-server", "--port", "0", "--unixsocket", str(socket)]
        command += ["--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--dir", str(home)]
        stack.enter_context(running(command, socket, home / "log"))
        yield f"unix://{socket}?db=0"
