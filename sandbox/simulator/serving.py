"""A threaded HTTP server around the simulator that stops at once, open connections included."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler


class QuietHandler(WSGIRequestHandler):
    """Logs nothing: addresses here carry checksums, session tokens and names."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin an answer without a date: the application gives its own, from the simulator's clock."""
        self.log_request(code)
        self.send_response_only(code, message)


class StoppableServer(ThreadedWSGIServer):
    """Remembers its connections, so that a stopped server does not go on answering on a kept-alive one."""

    daemon_threads = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(*args, **kwargs)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client goes away in the middle: tests and browsers do that all the time."""

    def cut_connections(self) -> None:
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def serving(wsgi: Any, host: str, port: int, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve in a daemon thread; yield the port."""
    # Bound here, because werkzeug ends the process if the port is taken; here that is an OSError.
    with socket.create_server((host, port), backlog=StoppableServer.request_queue_size) as listener:
        server = StoppableServer(host, port, wsgi, handler=QuietHandler, ssl_context=tls, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        server.server_close()
        server.cut_connections()
        thread.join()
