"""A server on this machine that notes what the simulator calls back."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    body: bytes
    headers: dict[str, str]


@dataclass
class Receiver:
    """`status` is what it answers with; `received` what it got, in order."""

    url: str = ""
    status: int = 200
    received: list[Received] = field(default_factory=list)

    @classmethod
    @contextlib.contextmanager
    def listening(cls) -> Iterator["Receiver"]:
        receiver = cls()

        class Handler(BaseHTTPRequestHandler):
            def note(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                receiver.received.append(Received(self.command, self.path, body, dict(self.headers)))
                self.send_response(receiver.status)
                self.send_header("Location", receiver.url + "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = note  # noqa: N815 - the names are http.server's

            def log_message(self, format: str, *args: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            receiver.url = f"http://127.0.0.1:{server.server_port}"
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield receiver
            finally:
                server.shutdown()
                thread.join()
