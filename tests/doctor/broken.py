"""Servers that are broken in one way each, made of the simulator, and what the doctor has to call it."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bbb_xblock.doctor.findings import Code, Level
from sandbox.simulator import Simulator
from tests.bbb.servers import http, scripted, silent
from tests.certificates import self_signed, server_side

SECRET = "a-secret-of-the-tests"
OLD_SECRET = "the-secret-before-that"

# The first byte of whatever begins with TLS (RFC 8446, section 5.1).
TLS_HANDSHAKE = b"\x16"

Entry = dict[str, Any]
Place = Callable[[Path], Any]


@contextmanager
def simulated(
    *faults: tuple[str, str], entry: Entry | None = None, ahead: float = 0, **details: Any
) -> Iterator[Entry]:
    """Run a simulator and give the entry of SERVERS for it; ``ahead`` are the seconds by which its clock is wrong."""
    simulator = Simulator(**{"secret": SECRET} | details)
    simulator.advance(ahead)
    for call, kind in faults:
        simulator.fault(call, kind, times=None)
    with simulator.serve() as url:
        yield {"URL": url, "SECRET": SECRET} | (entry or {})


@contextmanager
def serving() -> Iterator[tuple[Simulator, Entry]]:
    """Run a good simulator to break later."""
    simulator = Simulator(SECRET)
    with simulator.serve() as url:
        yield simulator, {"URL": url, "SECRET": SECRET}


@contextmanager
def with_certificate(folder: Path, *, trusted: bool, as_http: bool = False, **details: Any) -> Iterator[Entry]:
    """Run a simulator that speaks TLS with such a certificate; the platform trusts its issuer or not."""
    made = self_signed(folder / "tls", **details)
    environment = {"REQUESTS_CA_BUNDLE": str(made)} if trusted else {}
    simulator = Simulator(SECRET)
    with patch.dict(os.environ, environment), simulator.serve(tls=server_side(made)) as url:
        yield {"URL": url.replace("https:", "http:") if as_http else url, "SECRET": SECRET}


@contextmanager
def name_without_address() -> Iterator[Entry]:
    yield {"URL": "https://bbb.invalid/bigbluebutton/", "SECRET": SECRET}


@contextmanager
def nobody_there() -> Iterator[Entry]:
    with scripted() as gone:
        url = gone.url
    yield {"URL": url, "SECRET": SECRET}


@contextmanager
def behind_a_firewall() -> Iterator[Entry]:
    with silent() as port:
        yield {"URL": f"http://127.0.0.1:{port}/", "SECRET": SECRET}


@contextmanager
def nobody_to_trust() -> Iterator[Entry]:
    with patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": "/nowhere/certificates.pem"}), scripted() as server:
        yield {"URL": server.url.replace("http:", "https:"), "SECRET": SECRET}


@contextmanager
def plain_where_tls_is_expected() -> Iterator[Entry]:
    bad_request = http(b"", "400 Bad Request")
    with scripted([b"", bad_request], listens=False) as plain:
        yield {"URL": plain.url.replace("http:", "https:"), "SECRET": SECRET}


@contextmanager
def nginx_with_tls_at_http(folder: Path) -> Iterator[Entry]:
    """Run what answers a plain request on its TLS port with 400, as nginx does."""
    context = server_side(self_signed(folder / "tls"))

    def answer(connection: socket.socket) -> None:
        first = connection.recv(1, socket.MSG_PEEK)
        if first == TLS_HANDSHAKE:
            with context.wrap_socket(connection, server_side=True):
                pass
        elif first:
            connection.recv(65536)
            connection.sendall(http(b"", "400 Bad Request"))

    with scripted([answer] * 9, listens=False) as nginx:
        yield {"URL": nginx.url, "SECRET": SECRET}


# Name of the fault, the server, the code and the level of the first finding that is not "ok".
BROKEN: list[tuple[str, Place, Code, Level]] = [
    ("no such name", lambda _: name_without_address(), Code.NAME_UNKNOWN, Level.FAIL),
    ("nothing at the port", lambda _: nobody_there(), Code.PORT_CLOSED, Level.FAIL),
    ("a firewall", lambda _: behind_a_firewall(), Code.PORT_SILENT, Level.FAIL),
    ("no tls at https:", lambda _: plain_where_tls_is_expected(), Code.TLS_MISSING, Level.FAIL),
    ("tls at http:", lambda f: with_certificate(f, trusted=True, as_http=True), Code.TLS_WANTED, Level.FAIL),
    ("tls at http:, behind nginx", nginx_with_tls_at_http, Code.TLS_WANTED, Level.FAIL),
    ("sent to https:", lambda _: simulated(("*", "https_redirect")), Code.TLS_WANTED, Level.FAIL),
    ("self-signed", lambda f: with_certificate(f, trusted=False), Code.TLS_SELF_SIGNED, Level.FAIL),
    ("expired", lambda f: with_certificate(f, trusted=True, begins=-9, ends=-2), Code.TLS_EXPIRED, Level.FAIL),
    ("not yet valid", lambda f: with_certificate(f, trusted=True, begins=2), Code.TLS_NOT_YET_VALID, Level.FAIL),
    (
        "certificate of another host",
        lambda f: with_certificate(f, trusted=True, name="DNS:bbb.example.org"),
        Code.TLS_OTHER_NAME,
        Level.FAIL,
    ),
    ("nobody to trust", lambda _: nobody_to_trust(), Code.TLS_NO_AUTHORITIES, Level.FAIL),
    ("expires soon", lambda f: with_certificate(f, trusted=True, ends=5), Code.TLS_ENDS_SOON, Level.WARN),
    ("wrong path", lambda _: simulated(("*", "not_found")), Code.API_WRONG_PATH, Level.FAIL),
    ("a login page", lambda _: simulated(("*", "login_page")), Code.API_LOGIN, Level.FAIL),
    ("sent to a login", lambda _: simulated(("*", "login_redirect")), Code.API_REDIRECT, Level.FAIL),
    ("another service", lambda _: simulated(("*", "json")), Code.API_UNREADABLE, Level.FAIL),
    ("down behind nginx", lambda _: simulated(("*", "html_502")), Code.API_DOWN, Level.FAIL),
    ("connection breaks", lambda _: simulated(("*", "reset")), Code.API_BROKEN, Level.FAIL),
    ("an old secret", lambda _: simulated(secret="another-secret"), Code.SECRET_REFUSED, Level.FAIL),
    (
        "the server is not told yet",
        lambda _: simulated(secret=OLD_SECRET, entry={"PREVIOUS_SECRETS": [{"SECRET": OLD_SECRET}]}),
        Code.SECRET_PREVIOUS,
        Level.FAIL,
    ),
    ("sha1 only", lambda _: simulated(algorithms=["sha1"]), Code.CHECKSUM_ONLY_SHA1, Level.FAIL),
    (
        "sha1 only, and we know",
        lambda _: simulated(algorithms=["sha1"], entry={"CHECKSUM": "sha1"}),
        Code.CHECKSUM_ONLY_SHA1,
        Level.WARN,
    ),
    ("sha512 only", lambda _: simulated(algorithms=["sha512"]), Code.CHECKSUM_OTHER, Level.FAIL),
    (
        "no sha384 in a pool",
        lambda _: simulated(mode="scalelite", entry={"CHECKSUM": "sha384"}),
        Code.CHECKSUM_OTHER,
        Level.FAIL,
    ),
    ("sha1 for no reason", lambda _: simulated(entry={"CHECKSUM": "sha1"}), Code.CHECKSUM_OLD, Level.WARN),
    ("clock an hour ahead", lambda _: simulated(ahead=3600), Code.CLOCK_AHEAD, Level.WARN),
    ("clock an hour behind", lambda _: simulated(ahead=-3600), Code.CLOCK_BEHIND, Level.WARN),
    ("no recordings", lambda _: simulated(("getRecordings", "status_500")), Code.RECORDINGS_FAILED, Level.WARN),
    (
        "recordings refused",
        lambda _: simulated(("getRecordings", "no_servers"), mode="scalelite"),
        Code.RECORDINGS_FAILED,
        Level.WARN,
    ),
    (
        "an empty pool",
        lambda _: simulated(("isMeetingRunning", "no_servers"), mode="scalelite"),
        Code.API_POOL_EMPTY,
        Level.FAIL,
    ),
]
