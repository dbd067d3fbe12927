"""A server on this machine that answers each connection with the next piece of its script, however wrong."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import sleep

FIXTURES = Path(__file__).parent.parent / "fixtures" / "bbb"

Scene = bytes | Callable[[socket.socket], None]


def recorded(name: str) -> bytes:
    """The reply in ``fixtures/bbb/<name>.xml``, or in ``<name>.json``."""
    (path,) = FIXTURES.glob(f"{name}.*")
    return path.read_bytes()


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def reset(connection: socket.socket) -> None:
    """Break the connection without a word."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def drip(content: bytes, pause: float = 0.02) -> Callable[[socket.socket], None]:
    """Send one byte at a time until the other side has enough."""

    def scene(connection: socket.socket) -> None:
        for byte in content:
            connection.sendall(bytes([byte]))
            sleep(pause)

    return scene


class ScriptedServer:
    """Plays one scene per connection and keeps what it was sent."""

    def __init__(self, tls: ssl.SSLContext | None = None, listens: bool = True) -> None:
        self.requests: list[bytes] = []
        self.scenes: list[Scene] = []
        self._tls = tls
        self._listens = listens
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}/bigbluebutton/"
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def play(self, *scenes: Scene) -> None:
        self.scenes.extend(scenes)

    @property
    def targets(self) -> list[str]:
        """The request targets as sent, byte for byte."""
        return [request.split(b" ", 2)[1].decode("latin-1") for request in self.requests]

    def stop(self) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(2)

    def _start(self, target: Callable[..., None], *args: socket.socket) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(2)
            if self._tls is None:
                self._answer(connection)
                return
            # The handshake is a step of its own: when it fails inside wrap_socket, the socket may be left open.
            with self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as secured:
                secured.do_handshake()
                self._answer(secured)

    def _answer(self, connection: socket.socket) -> None:
        if self._listens:
            request = _whole_request(connection)
            if not request:
                return
            self.requests.append(request)
        scene = self.scenes.pop(0) if self.scenes else b""
        if callable(scene):
            scene(connection)
        else:
            connection.sendall(scene)


def _whole_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return b""
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            while len(body) < int(line.split(b":")[1]):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def scripted(
    scenes: Sequence[Scene] = (), tls: ssl.SSLContext | None = None, listens: bool = True
) -> Iterator[ScriptedServer]:
    """Run a server for a while. One that does not listen answers before it was asked."""
    server = ScriptedServer(tls, listens)
    server.play(*scenes)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """Keep a port that takes no connection and refuses none, as behind a firewall: its queue is full."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield full.getsockname()[1]
