"""A tiny web server that answers as told, over HTTP or HTTPS; what it was asked is written down."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BIGBLUEBUTTON = "<response><returncode>SUCCESS</returncode><version>2.0</version></response>"


@dataclass
class Answering:
    """The answer to give, and what came in."""

    body: str = BIGBLUEBUTTON
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0


@contextmanager
def answering(certificate: ssl.SSLContext | None = None, **answer: object) -> Iterator[Answering]:
    """Answer on a free port of this machine."""
    told = Answering(**answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.body.encode())

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate:
            server.socket = certificate.wrap_socket(server.socket, server_side=True)
        told.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
