import gzip
import logging
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bbb_xblock.bbb import (
    BBBError,
    CallReport,
    Client,
    ConnectionRefused,
    Endpoint,
    NameNotResolved,
    Secret,
    TimedOut,
    TLSFailed,
    TLSFault,
    TransportError,
    reach,
)
from tests.bbb.leaks import MEETING, assert_tells_nothing
from tests.bbb.servers import ScriptedServer, drip, http, recorded, reset, scripted
from tests.certificates import self_signed, server_side

RUNNING = http(recorded("isMeetingRunning_true"))


def closed_port() -> int:
    with scripted() as gone:
        return gone.port


def test_a_server_that_says_nothing_ends_as_a_time_out(server: ScriptedServer, client: Client) -> None:
    server.play(lambda connection: time.sleep(0.4))
    with pytest.raises(TimedOut) as caught:
        client.get_meeting_info("m1")
    assert str(caught.value) == "BigBlueButton did not answer getMeetingInfo within 0.2 s"
    assert_tells_nothing(caught.value)
    assert len(server.requests) == 1


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 200


class Hasty(Endpoint):
    """Each wait may be long, and all together are short, so that only the limit of the whole call can be met."""

    total_timeout = 0.3


@pytest.mark.parametrize(
    "content",
    [HEAD + b" " * 500, HEAD[:-4] + b"\r\nX: " + b"x" * 500, HEAD + gzip.compress(b" " * 500), CHUNKED],
    ids=["body", "headers", "binary", "chunks"],
)
def test_a_server_that_drips_ends_as_a_time_out(server: ScriptedServer, secret: Secret, content: bytes) -> None:
    server.play(drip(content))
    with pytest.raises(TimedOut) as caught:
        Client(Hasty("main", server.url, secret)).get_meeting_info("m1")
    assert str(caught.value) == "BigBlueButton did not answer getMeetingInfo within 0.3 s"
    assert_tells_nothing(caught.value)


def test_a_slow_but_steady_answer_arrives(server: ScriptedServer, secret: Secret) -> None:
    def in_parts(connection: socket.socket) -> None:
        drip(RUNNING[:3], 0.05)(connection)
        connection.sendall(RUNNING[3:])

    server.play(in_parts)
    assert Client(Endpoint("main", server.url, secret)).is_meeting_running("m1") is True


def test_an_address_that_does_not_connect_ends_as_a_time_out(silent_port: int, secret: Secret) -> None:
    endpoint = Endpoint("main", f"http://127.0.0.1:{silent_port}/", secret, connect_timeout=0.15)
    with pytest.raises(TimedOut) as caught:
        Client(endpoint).get_meetings()
    assert str(caught.value).endswith("within 0.15 s")
    assert_tells_nothing(caught.value)


def test_a_closed_port_is_a_refused_connection(secret: Secret) -> None:
    with pytest.raises(ConnectionRefused) as caught:
        Client(Endpoint("main", f"http://127.0.0.1:{closed_port()}", secret)).create(MEETING)
    assert_tells_nothing(caught.value)


def test_a_network_that_cannot_be_reached_is_a_transport_error(secret: Secret) -> None:
    # The system itself refuses to connect to the broadcast address, before anything leaves the machine.
    with pytest.raises(TransportError) as caught:
        Client(Endpoint("main", "http://255.255.255.255/", secret, connect_timeout=0.2)).end("m1")
    assert type(caught.value) is TransportError
    assert_tells_nothing(caught.value)


@pytest.mark.parametrize("host", ["bbb.invalid", "bbb..invalid", "x" * 64 + ".invalid", "%2e", "*"])
def test_a_name_without_an_address_is_told_apart(host: str, secret: Secret) -> None:
    with pytest.raises(NameNotResolved) as caught:
        Client(Endpoint("main", f"https://{host}/", secret)).get_meetings()
    assert_tells_nothing(caught.value)


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    return server_side(certificate)


def test_a_certificate_nobody_vouches_for_is_refused(tls: ssl.SSLContext, secret: Secret) -> None:
    with scripted([RUNNING], tls) as secured:
        with pytest.raises(TLSFailed) as caught:
            Client(Endpoint("main", secured.url, secret)).is_meeting_running("m1")
        assert secured.requests == []
    assert caught.value.why is TLSFault.SELF_SIGNED
    assert_tells_nothing(caught.value)


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ({"begins": -9, "ends": -2}, TLSFault.EXPIRED),
        ({"begins": 2, "ends": 9}, TLSFault.NOT_YET_VALID),
        ({"name": "DNS:bbb.example.org"}, TLSFault.OTHER_NAME),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told(
    details: dict[str, Any], why: TLSFault, secret: Secret, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = self_signed(tmp_path, **details)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(wrong))
    with scripted([RUNNING] * 2, server_side(wrong)) as secured:
        endpoint = Endpoint("main", secured.url, secret)
        with pytest.raises(TLSFailed) as called:
            Client(endpoint).is_meeting_running("m1")
        with pytest.raises(TLSFailed) as shaken:
            reach.certificate_end(endpoint)
    assert called.value.why is shaken.value.why is why


def test_a_server_without_tls_is_told_apart(secret: Secret) -> None:
    with scripted([http(b"", "400 Bad Request")], listens=False) as plain, pytest.raises(TLSFailed) as caught:
        Client(Endpoint("main", plain.url.replace("http:", "https:"), secret)).is_meeting_running("m1")
    assert caught.value.why is TLSFault.NO_TLS


def test_an_authority_from_the_environment_counts(
    tls: ssl.SSLContext, secret: Secret, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with scripted([RUNNING, drip(HEAD + b" " * 500)], tls) as secured:
        client = Client(Endpoint("main", secured.url, secret, connect_timeout=0.2, read_timeout=0.2))
        assert client.is_meeting_running("m1") is True
        with pytest.raises(TimedOut):
            client.get_meeting_info("m1")


def test_a_missing_authority_file_is_a_transport_error(secret: Secret, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/certificates.pem")
    with pytest.raises(TransportError) as caught:
        Client(Endpoint("main", "https://127.0.0.1:9/", secret)).get_meetings()
    assert_tells_nothing(caught.value)


@pytest.mark.parametrize("scene", [reset, b"", b"HTTP/1.1 2", HEAD + b"<resp", b"SSH-2.0-OpenSSH_9.2\r\n"])
def test_a_broken_answer_to_an_acting_call_is_not_asked_for_again(
    server: ScriptedServer, client: Client, scene: bytes
) -> None:
    server.play(scene, RUNNING)
    with pytest.raises(TransportError) as caught:
        client.create(MEETING)
    assert type(caught.value) is TransportError
    assert len(server.requests) == 1
    assert_tells_nothing(caught.value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=st.one_of(st.binary(max_size=60), st.binary(max_size=60).map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest)))
def test_no_bytes_from_a_server_fail_otherwise_than_by_our_errors(
    server: ScriptedServer, client: Client, answer: bytes
) -> None:
    server.scenes[:] = [answer]
    with pytest.raises(BBBError):
        client.end("m1")


def test_the_protocol_needs_no_framework() -> None:
    script = "import sys, bbb_xblock.bbb; print({name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert "'requests'" in loaded
    assert not any(f"'{name}'" in loaded for name in ("django", "xblock", "celery", "opaque_keys", "webob"))


def test_each_call_is_reported_once_when_it_is_over_and_logs_nothing_itself(
    server: ScriptedServer, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    reports: list[CallReport] = []
    watched = Client(client.endpoint, watch=reports.append)
    server.play(RUNNING, http(recorded("create_checksum_error")), http(b"", "502 Bad Gateway"))
    with caplog.at_level(logging.DEBUG, "bbb_xblock"):
        watched.is_meeting_running("m1")
        for _ in range(2):
            with pytest.raises(BBBError):
                watched.create(MEETING)
    assert [(report.call, report.server, report.result, report.message_key) for report in reports] == [
        ("isMeetingRunning", "main", "ok", ""),
        ("create", "main", "ChecksumRefused", "checksumError"),
        ("create", "main", "UnexpectedStatus", ""),
    ]
    assert all(0 < report.seconds < 5 for report in reports)
    assert [record for record in caplog.records if record.name.startswith("bbb_xblock")] == []
