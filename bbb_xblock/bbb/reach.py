"""The way to a server, one step at a time: its name, its port, its certificate.

A call goes this way in one go and tells where it stopped; who wants to know of each step by itself asks here. The same
certificate authorities count as for calls, and the same errors are raised. Nothing is sent but the TLS handshake.
"""

import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy

from bbb_xblock.bbb import pool
from bbb_xblock.bbb.endpoint import Endpoint
from bbb_xblock.bbb.errors import ConnectionRefused, NameNotResolved, TimedOut, TLSFailed, TransportError
from bbb_xblock.bbb.tls import TLSFault, tls_fault

#: What the errors name as their call.
CONNECT, HANDSHAKE = "connect", "handshake"

_PORTS = {"http": 80, "https": 443}


def has_proxy(endpoint: Endpoint) -> bool:
    """Say whether calls go through a proxy of the environment: the steps below then tell nothing about them."""
    chosen = pool.shared_session().merge_environment_settings(endpoint.url, {}, None, None, None)
    return bool(select_proxy(endpoint.url, chosen["proxies"]))


def host_and_port(endpoint: Endpoint) -> tuple[str, int]:
    """Give where the server listens."""
    parts = urlsplit(endpoint.url)
    return parts.hostname or "", parts.port or _PORTS[parts.scheme]


def addresses(endpoint: Endpoint) -> tuple[str, ...]:
    """Give the IP addresses of the server's name. Raises ``NameNotResolved``."""
    host, port = host_and_port(endpoint)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # UnicodeError: a part of the name is empty or longer than any name in the DNS.
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise NameNotResolved(CONNECT)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def open_port(endpoint: Endpoint) -> None:
    """Connect and hang up. Raises ``TimedOut``, ``ConnectionRefused`` or another ``TransportError``."""
    _connected(endpoint).close()


def certificate_end(endpoint: Endpoint) -> float:
    """Shake hands as TLS does, and give when the certificate expires, in seconds since 1970.

    Raises:
        TLSFailed: ``why`` says what is wrong.
        TransportError: the connection broke or fell silent.
    """
    outcome = _handshake(endpoint)
    if isinstance(outcome, TransportError):
        raise outcome
    return outcome


def speaks_tls(endpoint: Endpoint) -> bool:
    """Say whether TLS is spoken at the server's port, with whatever certificate."""
    try:
        certificate_end(endpoint)
    except TLSFailed as failed:
        return failed.why not in (TLSFault.NO_TLS, TLSFault.NO_AUTHORITIES, TLSFault.OTHER)
    except TransportError:
        return False
    return True


def _handshake(endpoint: Endpoint) -> float | TransportError:
    """Give when the certificate expires, or the error to raise from a frame that does not know the address."""
    host, _ = host_and_port(endpoint)
    try:
        context = _context(endpoint)
    except OSError:
        return TLSFailed(HANDSHAKE, TLSFault.NO_AUTHORITIES)
    try:
        with _connected(endpoint) as connection, context.wrap_socket(connection, server_hostname=host) as secured:
            # A verified certificate always says when it expires.
            return ssl.cert_time_to_seconds(str((secured.getpeercert() or {})["notAfter"]))
    except TransportError as error:
        return error
    except ssl.SSLError as error:
        return TLSFailed(HANDSHAKE, tls_fault(error))
    except TimeoutError:
        return TimedOut(HANDSHAKE, endpoint.connect_timeout)
    except (OSError, ValueError):
        return TransportError(HANDSHAKE)


def _connected(endpoint: Endpoint) -> socket.socket:
    failure: TransportError
    try:
        return socket.create_connection(host_and_port(endpoint), endpoint.connect_timeout)
    except TimeoutError:
        failure = TimedOut(CONNECT, endpoint.connect_timeout)
    except ConnectionRefusedError:
        failure = ConnectionRefused(CONNECT)
    except (OSError, UnicodeError):
        failure = TransportError(CONNECT)
    raise failure


def _context(endpoint: Endpoint) -> ssl.SSLContext:
    chosen = pool.shared_session().merge_environment_settings(endpoint.url, {}, None, None, None)
    authorities = chosen["verify"] if isinstance(chosen["verify"], str) else DEFAULT_CA_BUNDLE_PATH
    if Path(authorities).is_dir():
        return ssl.create_default_context(capath=authorities)
    return ssl.create_default_context(cafile=authorities)
