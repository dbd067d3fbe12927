"""Ways in which a server, or the road to it, goes wrong."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from flask import Response
from lxml import etree

KINDS = (
    "html_502",
    "cut_xml",
    "huge",
    "bomb",
    "external_entity",
    "redirect_loop",
    "slow",
    "drip",
    "reset",
    "empty",
    "not_xml",
    "json",
    "status_500",
    "wrong_root",
    "no_servers",
    "failed",
    "login_page",
    "login_redirect",
    "https_redirect",
    "not_found",
)
HUGE_BYTES = 10_000_000
XML = "text/xml;charset=utf-8"

_BAD_GATEWAY = b"""<html>
<head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>
</html>
"""
_CUT = b"<response><returncode>SUCCESS</returncode><meetingID>m1</meetingID><internalMeet"
_ENTITIES = "".join(
    f'<!ENTITY laugh{depth} "{f"&laugh{depth - 1};" * 10}">' if depth else '<!ENTITY laugh0 "ha">'
    for depth in range(10)
)
_BOMB = (
    f'<?xml version="1.0"?><!DOCTYPE response [{_ENTITIES}]>'
    "<response><returncode>SUCCESS</returncode><message>&laugh9;</message></response>"
).encode()
_EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE response [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    b"<response><returncode>SUCCESS</returncode><running>true</running><message>&file;</message></response>"
)
_NO_SERVERS = (
    b"<response><returncode>FAILED</returncode><messageKey>internalError</messageKey>"
    b"<message>Could not find any available servers.</message></response>"
)

_LOGIN = b"""<!DOCTYPE html>
<html><head><title>Sign in</title></head>
<body><form method="post"><input name="user"><input type="password" name="password"></form></body></html>
"""
_NOT_FOUND = b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"

FIXED: dict[str, tuple[int, str, bytes]] = {
    "html_502": (502, "text/html", _BAD_GATEWAY),
    "cut_xml": (200, XML, _CUT),
    "bomb": (200, XML, _BOMB),
    "external_entity": (200, XML, _EXTERNAL),
    "empty": (200, XML, b""),
    "not_xml": (200, "text/plain", b"The server is having a rest.\n"),
    "json": (200, "application/json", b'{"response":{"returncode":"SUCCESS","running":true}}'),
    "status_500": (500, "text/html", b"<html><body><h1>500 Internal Server Error</h1></body></html>"),
    "wrong_root": (200, XML, b"<html><returncode>SUCCESS</returncode><running>true</running></html>"),
    "no_servers": (200, XML, _NO_SERVERS),
    "login_page": (200, "text/html;charset=utf-8", _LOGIN),
    "not_found": (404, "text/html", _NOT_FOUND),
}


_REDIRECTS: dict[str, Callable[[str], str]] = {
    "redirect_loop": lambda address: address,
    "login_redirect": lambda address: urljoin(address, "/login"),
    "https_redirect": lambda address: address.replace("http:", "https:", 1),
}


class ConnectionCutError(Exception):
    """Close the connection without an answer."""


@dataclass(eq=False)
class Fault:
    """One order to go wrong. `call` is a call's name or "*"; `times` None means until cleared.

    `key` is the message key with which a "failed" call is refused.
    """

    call: str
    kind: str
    times: int | None
    seconds: float
    work_done: bool
    key: str = ""
    cleared: threading.Event = field(default_factory=threading.Event)

    def spoil(self, work: Callable[[], Response], address: str) -> Response:
        """Answer wrongly. The call itself is carried out only if the fault says so, or is a matter of time."""
        if self.kind == "slow":
            self.cleared.wait(self.seconds)
            return work()
        if self.kind == "drip":
            return self._dripping(work())
        if self.work_done:
            work()
        if self.kind == "reset":
            raise ConnectionCutError
        if self.kind in _REDIRECTS:
            return Response(status=302, headers={"Location": _REDIRECTS[self.kind](address)})
        if self.kind == "huge":
            return Response(_huge(), content_type=XML)
        if self.kind == "failed":
            return Response(_failed(self.key), content_type=XML)
        status, content_type, body = FIXED[self.kind]
        return Response(body, status=status, content_type=content_type)

    def _dripping(self, answer: Response) -> Response:
        body = answer.get_data()
        pause = self.seconds / max(1, len(body))

        def drops() -> Iterator[bytes]:
            for position in range(len(body)):
                self.cleared.wait(pause)
                yield body[position : position + 1]

        answer.response = drops()
        answer.headers["Content-Length"] = str(len(body))
        return answer


class Faults:
    """The orders that are in force, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Fault] = []
        self._taken: list[Fault] = []

    def order(self, fault: Fault) -> None:
        if fault.kind not in KINDS:
            raise ValueError(f"unknown fault {fault.kind!r}: choose one of {', '.join(KINDS)}")
        with self._lock:
            self._orders.append(fault)

    def take(self, call: str) -> Fault | None:
        """Return the fault for this call and use it up once; None if the call may go well."""
        with self._lock:
            for fault in self._orders:
                if fault.call in (call, "*"):
                    self._use_up(fault)
                    return fault
            return None

    def clear(self) -> None:
        """Forget all orders, and let go of the calls that are being held up."""
        with self._lock:
            for fault in self._orders + self._taken:
                fault.cleared.set()
            self._orders.clear()
            self._taken.clear()

    def _use_up(self, fault: Fault) -> None:
        if fault not in self._taken:
            self._taken.append(fault)
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._orders.remove(fault)


def cut_connection(environ: dict[str, Any]) -> Iterable[bytes]:
    """Close the socket so that the other side sees a reset; the server then finds nothing to write to."""
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.shutdown(socket.SHUT_RD)
            connection.close()
    raise ConnectionResetError("the simulator was told to close this connection")


def _failed(key: str) -> bytes:
    root = etree.Element("response")
    etree.SubElement(root, "returncode").text = "FAILED"
    etree.SubElement(root, "messageKey").text = key
    etree.SubElement(root, "message").text = "The simulator was told to refuse this call."
    return etree.tostring(root)


def _huge() -> bytes:
    root = etree.Element("response")
    etree.SubElement(root, "returncode").text = "SUCCESS"
    etree.SubElement(root, "message").text = "x" * HUGE_BYTES
    return etree.tostring(root)
