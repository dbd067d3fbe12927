import gzip
import socket
import zlib

import pytest
import requests

from bbb_xblock import __version__
from bbb_xblock.bbb import (
    Client,
    Document,
    Instead,
    NotXML,
    Redirected,
    ReplyError,
    ReplyTooLarge,
    UnexpectedStatus,
    wire,
)
from tests.bbb.leaks import assert_tells_nothing
from tests.bbb.servers import ScriptedServer, http, recorded

RUNNING = http(recorded("isMeetingRunning_true"))


@pytest.mark.parametrize("status", [301, 302, 404, 413, 429, 500, 502, 503, 504])
def test_another_status_is_told_and_never_followed_or_repeated(
    server: ScriptedServer, client: Client, status: int
) -> None:
    page = b"<html><body>swordfish</body></html>"
    server.play(http(page, f"{status} Odd", f"Location: {server.url}", "Retry-After: 0"), RUNNING)
    with pytest.raises(UnexpectedStatus) as caught:
        client.get_meeting_info("m1")
    assert caught.value.status == status
    assert "swordfish" not in str(caught.value)
    assert len(server.requests) == 1
    assert_tells_nothing(caught.value)


@pytest.mark.parametrize(
    ("location", "to_https"),
    [("https://bbb.example.org/bigbluebutton/api", True), ("HTTPS://x", True), ("http://bbb.example.org/login", False)],
)
def test_a_redirect_tells_whether_it_asks_for_tls_only(
    server: ScriptedServer, client: Client, location: str, to_https: bool
) -> None:
    server.play(http(b"", "301 Moved", f"Location: {location}"))
    with pytest.raises(Redirected) as caught:
        client.version()
    assert caught.value.to_https is to_https
    assert_tells_nothing(caught.value)


@pytest.mark.parametrize(
    ("body", "instead"),
    [
        (b"", Instead.NOTHING),
        (b" \n", Instead.NOTHING),
        (b"<!DOCTYPE html><form><input type='password'></form>", Instead.LOGIN_PAGE),
        (b"\n<HTML><INPUT TYPE=PASSWORD>", Instead.LOGIN_PAGE),
        (b'<html><input type="hidden" name="SAMLRequest">', Instead.LOGIN_PAGE),
        (b"<html><p>It works</p></html>", Instead.WEB_PAGE),
        (b'{"type":"password"}', Instead.SOMETHING),
        (recorded("isMeetingRunning_true")[:-20], Instead.SOMETHING),
    ],
)
def test_an_answer_of_somebody_else_tells_what_it_looks_like(
    server: ScriptedServer, client: Client, body: bytes, instead: Instead
) -> None:
    server.play(http(body))
    with pytest.raises(NotXML) as caught:
        client.version()
    assert caught.value.instead is instead
    assert_tells_nothing(caught.value)


def test_the_largest_accepted_reply_is_read(server: ScriptedServer, client: Client) -> None:
    padded = recorded("isMeetingRunning_true").strip().ljust(wire.LARGEST_REPLY)
    server.play(http(padded), http(padded + b" "))
    assert client.is_meeting_running("m1") is True
    with pytest.raises(ReplyTooLarge) as caught:
        client.is_meeting_running("m1")
    assert_tells_nothing(caught.value)


def test_a_compressed_reply_is_read_and_a_compressed_flood_is_not(server: ScriptedServer, client: Client) -> None:
    zipped = gzip.compress(recorded("isMeetingRunning_true"))
    flood = gzip.compress(b" " * (40 * 1024 * 1024))
    server.play(http(zipped, "200 OK", "Content-Encoding: gzip"), http(flood, "200 OK", "Content-Encoding: gzip"))
    assert client.is_meeting_running("m1") is True
    with pytest.raises(ReplyTooLarge):
        client.is_meeting_running("m1")


def test_a_flood_with_another_status_is_told_by_its_status(server: ScriptedServer, client: Client) -> None:
    server.play(http(b" " * (wire.LARGEST_REPLY + 1), "500 Internal Server Error"))
    with pytest.raises(UnexpectedStatus) as caught:
        client.is_meeting_running("m1")
    assert caught.value.status == 500


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"not gzip", "gzip"),
        (gzip.compress(recorded("isMeetingRunning_true"), mtime=0)[:-15] + b"x" * 15, "gzip"),
        (gzip.compress(gzip.compress(recorded("isMeetingRunning_true"), mtime=0), mtime=0), "gzip, gzip"),
        (zlib.compress(recorded("isMeetingRunning_true")), "br"),
    ],
)
def test_a_reply_compressed_oddly_is_no_reply(
    server: ScriptedServer, client: Client, body: bytes, encoding: str
) -> None:
    server.play(http(body, "200 OK", f"Content-Encoding: {encoding}"))
    with pytest.raises(ReplyError) as caught:
        client.is_meeting_running("m1")
    assert type(caught.value) is NotXML
    assert_tells_nothing(caught.value)


def test_a_get_says_who_asks_and_for_what(server: ScriptedServer, client: Client) -> None:
    server.play(RUNNING)
    client.is_meeting_running("m1")
    line, *headers = server.requests[0].decode().strip().split("\r\n")
    assert line.startswith("GET /bigbluebutton/api/isMeetingRunning?meetingID=m1&checksum=")
    told = {name.lower(): value for name, value in (header.split(": ", 1) for header in headers)}
    assert told == {
        "host": f"127.0.0.1:{server.port}",
        "accept": "application/xml",
        "accept-encoding": "gzip",
        "connection": "keep-alive",
        "user-agent": f"bbb-xblock/{__version__}",
    }


def test_a_body_is_posted_as_bare_xml(server: ScriptedServer, client: Client) -> None:
    server.play(http(recorded("insertDocument_accepted")))
    client.insert_document("m1", [Document(content=b"%PDF", filename="a.pdf")])
    head, body = server.requests[0].split(b"\r\n\r\n", 1)
    assert head.startswith(b"POST /bigbluebutton/api/insertDocument?meetingID=m1&checksum=")
    assert b"\r\nContent-Type: application/xml\r\n" in head + b"\r\n"
    assert body.startswith(b"<?xml") and b"JVBERg==" in body


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", ReplyTooLarge),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", UnexpectedStatus),
    ],
)
def test_a_flood_is_not_read_to_its_end(
    server: ScriptedServer, client: Client, head: bytes, kind: type[ReplyError]
) -> None:
    sent = []

    def flood(connection: socket.socket) -> None:
        connection.sendall(head)
        for part in range(1000):
            connection.sendall(b" " * 65536)
            sent.append(part)

    server.play(flood)
    with pytest.raises(kind):
        client.get_meeting_info("m1")
    server.stop()
    assert 0 < len(sent) < 1000


def test_a_redirect_is_not_followed_with_a_session_of_ones_own_either(server: ScriptedServer, client: Client) -> None:
    server.play(http(b"", "302 Found", f"Location: {server.url}"), RUNNING)
    with requests.Session() as session, pytest.raises(UnexpectedStatus):
        Client(client.endpoint, session).is_meeting_running("m1")
    assert len(server.requests) == 1
