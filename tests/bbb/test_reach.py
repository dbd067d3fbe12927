"""The way to a server step by step: each step fails with the error that a call would end with."""

import socket
import ssl
import subprocess
import time
from pathlib import Path

import pytest

from bbb_xblock.bbb import (
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
from bbb_xblock.bbb.tls import tls_fault
from tests.bbb.leaks import assert_tells_nothing
from tests.bbb.servers import ScriptedServer, http, reset, scripted
from tests.certificates import self_signed, server_side

DAY = 86400


def endpoint_of(url: str, patience: float = 2) -> Endpoint:
    return Endpoint("main", url, Secret("quiet"), connect_timeout=patience)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://bbb.example.org", ("bbb.example.org", 443)),
        ("http://bbb.example.org", ("bbb.example.org", 80)),
        ("https://[::1]:8443/", ("::1", 8443)),
    ],
)
def test_a_server_listens_where_its_address_says(url: str, place: tuple[str, int]) -> None:
    assert reach.host_and_port(endpoint_of(url)) == place


def test_a_known_name_has_addresses_each_once() -> None:
    found = reach.addresses(endpoint_of("http://localhost/"))
    assert {"127.0.0.1", "::1"} & set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("host", ["bbb.invalid", "bbb..invalid", "x" * 64 + ".invalid"])
def test_an_unknown_name_is_an_error(host: str) -> None:
    with pytest.raises(NameNotResolved) as caught:
        reach.addresses(endpoint_of(f"https://{host}/"))
    assert_tells_nothing(caught.value)


def test_a_port_at_which_somebody_listens_is_open(server: ScriptedServer) -> None:
    reach.open_port(endpoint_of(server.url))
    assert server.requests == []


def test_a_port_at_which_nobody_listens_is_closed() -> None:
    with scripted() as gone:
        url = gone.url
    with pytest.raises(ConnectionRefused) as caught:
        reach.open_port(endpoint_of(url))
    assert_tells_nothing(caught.value)


def test_a_port_that_says_nothing_ends_as_a_time_out(silent_port: int) -> None:
    with pytest.raises(TimedOut) as caught:
        reach.open_port(endpoint_of(f"http://127.0.0.1:{silent_port}/", 0.2))
    assert caught.value.seconds == pytest.approx(0.2)
    assert_tells_nothing(caught.value)


def test_a_network_that_cannot_be_reached_is_a_transport_error() -> None:
    with pytest.raises(TransportError) as caught:
        reach.open_port(endpoint_of("http://255.255.255.255/"))
    assert type(caught.value) is TransportError


@pytest.mark.parametrize("as_folder", [False, True], ids=["file", "folder"])
def test_a_good_certificate_tells_when_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_folder: bool
) -> None:
    good = self_signed(tmp_path / "tls", ends=20)
    trusted = good
    if as_folder:
        trusted = tmp_path / "trusted"
        trusted.mkdir()
        # OpenSSL finds authorities in a folder by a hash of their names.
        (trusted / f"{_hash_of(good)}.0").write_bytes(good.read_bytes())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    with scripted([], server_side(good)) as secured:
        end = reach.certificate_end(endpoint_of(secured.url))
    assert end == pytest.approx(time.time() + 20 * DAY, abs=DAY / 2)


def _hash_of(certificate: Path) -> str:
    asked = ["openssl", "x509", "-in", str(certificate), "-noout", "-subject_hash"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def test_a_certificate_that_nobody_vouches_for_fails(certificate: Path) -> None:
    with scripted([], server_side(certificate)) as secured, pytest.raises(TLSFailed) as caught:
        reach.certificate_end(endpoint_of(secured.url))
    assert caught.value.why is TLSFault.SELF_SIGNED
    assert_tells_nothing(caught.value)


def test_a_server_that_breaks_the_handshake_is_a_transport_error() -> None:
    def greeted_and_gone(connection: socket.socket) -> None:
        # Once somebody waits for an answer, the break is a reset and nothing else.
        connection.recv(1)
        reset(connection)

    with scripted([greeted_and_gone], listens=False) as rude, pytest.raises(TransportError) as caught:
        reach.certificate_end(endpoint_of(rude.url.replace("http:", "https:")))
    assert not isinstance(caught.value, TimedOut)


def test_a_server_that_never_shakes_hands_ends_as_a_time_out(server: ScriptedServer) -> None:
    with pytest.raises(TimedOut):
        reach.certificate_end(endpoint_of(server.url.replace("http:", "https:"), 0.2))


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_file_that_cannot_be_read_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, server: ScriptedServer, tmp_path: Path, content: str | None
) -> None:
    authorities = tmp_path / "authorities.pem"
    if content:
        authorities.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authorities))
    with pytest.raises(TLSFailed) as caught:
        reach.certificate_end(endpoint_of(server.url.replace("http:", "https:")))
    assert caught.value.why is TLSFault.NO_AUTHORITIES
    assert not reach.speaks_tls(endpoint_of(server.url))


@pytest.mark.parametrize("trusted", [True, False])
def test_tls_is_noticed_with_any_certificate(certificate: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool) -> None:
    if trusted:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with scripted([], server_side(certificate)) as secured:
        assert reach.speaks_tls(endpoint_of(secured.url.replace("https:", "http:")))


def test_plain_http_is_no_tls(silent_port: int) -> None:
    with scripted([http(b"", "400 Bad Request")], listens=False) as plain:
        assert not reach.speaks_tls(endpoint_of(plain.url))
    assert not reach.speaks_tls(endpoint_of(f"http://127.0.0.1:{silent_port}/", 0.2))


def test_a_proxy_of_the_environment_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not reach.has_proxy(endpoint_of("https://bbb.example.org"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert reach.has_proxy(endpoint_of("https://bbb.example.org"))
    assert not reach.has_proxy(endpoint_of("http://bbb.example.org"))
    monkeypatch.setenv("NO_PROXY", "example.org")
    assert not reach.has_proxy(endpoint_of("https://bbb.example.org"))


def test_the_verdicts_of_openssl_are_told_apart() -> None:
    assert tls_fault(ssl.SSLZeroReturnError(6, "closed")) is TLSFault.OTHER
    unheard_of = ssl.SSLCertVerificationError(1, "something else")
    unheard_of.verify_code = 77
    assert tls_fault(unheard_of) is TLSFault.OTHER
