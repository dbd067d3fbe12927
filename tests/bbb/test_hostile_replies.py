"""Replies that break the rules of HTTP: whatever a server sends, nothing but our own errors comes out."""

import contextlib
import socket
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bbb_xblock.bbb import BBBError, Client, Endpoint, Secret, TransportError, pool
from tests.bbb.leaks import MEETING, assert_tells_nothing
from tests.bbb.servers import ScriptedServer, recorded

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BODY = recorded("isMeetingRunning_true")
CHUNK_SIZES = [
    *("-5", "-1", "-0", "-ffffffff", "+5", "0x5", "0_5", "5;" + "x" * 70000, "5 5", " 5", "", "g", "\t", "\x00"),
    *("f" * 16, "f" * 40, "9" * 5000, "٣", "5\r5", "5.0", "1e3", "-", "--5", "0" * 70000),
]
HEADERS = [
    *("Content-Length: -5", "Content-Length: 5, 6", "Content-Length: 5, 5", "Content-Length: 1e3", "Content-Length: "),
    *("Content-Length: " + "9" * 5000, "Content-Length: 99999999999999999999", "Content-Length: ٣"),
    *("Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: \x00"),
    *("Content-Encoding: gzip", "Content-Encoding: deflate", "Content-Encoding: \x00, gzip", "Content-Encoding: br"),
    *("Content-Type: multipart/mixed; boundary=x", "Content-Type: multipart/mixed", "Content-Type: message/rfc822"),
    *("Content-Type: message/delivery-status", "Content-Type: text/xml; charset*=x''%ff", "Content-Type: ;;=;"),
    *("Set-Cookie: " + "=;" * 500, "Set-Cookie: a=b; expires=x; max-age=y; port=z", "Set-Cookie: a=b; Version=x"),
    *(
        "Connection: keep-alive, close, \xff",
        "Keep-Alive: timeout=-1",
        ": no name",
        "no colon",
        " folded",
        "\x00: \x00",
    ),
    *("X: " + "y" * 70000, "\n".join(["X: y"] * 200), "X\r: y", "Location: http://[::1", "Location: \xff\xfe"),
]
STARTS = [
    *(b"HTTP/1.1 -5 OK\r\n\r\n", b"HTTP/1.1 99999 OK\r\n\r\n", b"HTTP/9.9 200 OK\r\n\r\n", b"HTTP/1.1\r\n\r\n"),
    *(b"HTTP/0.9 200 OK\r\n\r\n", b"HTTP/1.1 200\r\n\r\n", b"HTTP/1.1 \xd9\xa3\r\n\r\n", b"\r\n" * 50, b"\x00" * 70000),
    *(b"HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", b"HTTP/1.1 101 Switching Protocols\r\n\r\nx"),
    *(b"HTTP/1.1 304 Not\r\nContent-Length: 5\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" * 500 + OK + b"\r\n"),
    *(b"HTTP/1.1 100 Continue\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"HTTP/1.1 103 Early\r\n\r\n" * 3),
    *(b"HTTP/1.1 100 Continue\r\nX: " + b"y" * 70000, b"<html>", b"HTTP/1.1 407 P\r\nProxy-Authenticate: x\r\n\r\n"),
]


def assert_only_our_errors(client: Client, server: ScriptedServer, reply: bytes) -> None:
    server.scenes[:] = [reply, reply]
    with contextlib.suppress(BBBError):
        client.is_meeting_running("m1")
    server.scenes[:] = [reply]
    try:
        client.create(MEETING)
    except BBBError as error:
        assert_tells_nothing(error)
    else:
        raise AssertionError("what is no answer to create was taken for one")


@pytest.mark.parametrize("size", CHUNK_SIZES, ids=range(len(CHUNK_SIZES)))
def test_an_odd_chunk_size_ends_as_one_of_our_errors(server: ScriptedServer, client: Client, size: str) -> None:
    assert_only_our_errors(client, server, CHUNKED + size.encode() + b"\r\nhello\r\n0\r\n\r\n")


@pytest.mark.parametrize("size", ["-5", "-2"])
def test_a_negative_chunk_size_is_a_broken_connection(server: ScriptedServer, client: Client, size: str) -> None:
    server.play(CHUNKED + size.encode() + b"\r\nhello\r\n0\r\n\r\n")
    with pytest.raises(TransportError) as caught:
        client.create(MEETING)
    assert type(caught.value) is TransportError
    assert_tells_nothing(caught.value)


@pytest.mark.parametrize("header", HEADERS, ids=range(len(HEADERS)))
def test_an_odd_header_ends_as_one_of_our_errors(server: ScriptedServer, client: Client, header: str) -> None:
    for start in (OK, b"HTTP/1.1 302 Found\r\n"):
        reply = start + header.encode() + b"\r\n"
        assert_only_our_errors(client, server, reply + b"\r\n" + b"hello")
        assert_only_our_errors(client, server, reply + reply + b"bad header\r\n" + reply + b"\r\n" + b"hello")


@pytest.mark.parametrize("start", STARTS, ids=range(len(STARTS)))
def test_an_odd_start_ends_as_one_of_our_errors(server: ScriptedServer, client: Client, start: bytes) -> None:
    assert_only_our_errors(client, server, start)


PIECES = st.sampled_from(
    [OK, CHUNKED, BODY, b"\r\n", b"-5\r\n", b"-1\r\n", b"5\r\n", b"0\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"]
    + [header.encode() + b"\r\n" for header in HEADERS if len(header) < 1000]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.one_of(PIECES, st.binary(max_size=10)), max_size=8), start=st.sampled_from([OK, CHUNKED]))
def test_no_mixture_of_odd_pieces_fails_otherwise_than_by_our_errors(
    server: ScriptedServer, client: Client, pieces: list[bytes], start: bytes
) -> None:
    assert_only_our_errors(client, server, start + b"".join(pieces))


@pytest.mark.parametrize(
    "start", [CHUNKED + b"-1\r\n", b"", CHUNKED + b"0\r\n"], ids=["chunk of minus one", "continue", "trailers"]
)
def test_a_flood_outside_of_the_body_is_not_read_to_its_end(
    server: ScriptedServer, secret: Secret, start: bytes
) -> None:
    more = (b"" if start else b"HTTP/1.1 100 Continue\r\n") + b"X: " + b"y" * 8000 + (b"\r\n" if start else b"\r\n\r\n")
    sent = []

    def flood(connection: socket.socket) -> None:
        connection.sendall(start)
        for part in range(5000):
            connection.sendall(more * 2)
            sent.append(part)

    server.play(flood)
    tracemalloc.start()
    try:
        with pytest.raises(TransportError):
            Client(Endpoint("main", server.url, secret, read_timeout=30)).create(MEETING)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    server.stop()
    assert len(sent) * 2 * len(more) < 2 * pool.MOST_BYTES
    assert peak < 4 * pool.MOST_BYTES
