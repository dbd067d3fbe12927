"""Send one request, receive one reply: the only place where the protocol does input and output.

Errors of the HTTP library are translated here and left behind. Their texts hold the signed address, so ours neither
chain to them nor pass through a frame whose local variables show it (error trackers record those).
"""

import http.client
import ssl
import time
import zlib
from collections.abc import Iterator

import requests
import urllib3.exceptions as broken

from bbb_xblock import __version__
from bbb_xblock.bbb import pool
from bbb_xblock.bbb.errors import (
    BBBError,
    ConnectionRefused,
    NameNotResolved,
    NotXML,
    ReplyTooLarge,
    TimedOut,
    TLSFailed,
    TransportError,
    UnexpectedStatus,
)
from bbb_xblock.bbb.messages import Reply, Request
from bbb_xblock.bbb.tls import TLSFault, tls_fault

#: Most bytes of a reply, after decompression, that are read. Ten thousand recordings fit.
LARGEST_REPLY = 4 * 1024 * 1024

_CHUNK = 64 * 1024
_HEADERS = {
    "Accept-Encoding": "gzip",
    "User-Agent": f"bbb-xblock/{__version__}",
}


def exchange(request: Request, session: requests.Session | None = None) -> Reply:
    """Send a request and read the whole reply, whatever its status.

    The deadline covers everything after the connection is made; resolving the host name is up to the system.

    Raises:
        TransportError: no complete answer arrived; the subclass tells why.
        ReplyTooLarge: more than :data:`LARGEST_REPLY` bytes arrived with status 200.
        UnexpectedStatus: the same, with another status.
        NotXML: the body was not compressed the way its header says.
    """
    outcome = _attempt(request, session or pool.shared_session())
    if isinstance(outcome, BBBError):
        raise outcome
    return outcome


def _attempt(request: Request, session: requests.Session) -> Reply | BBBError:
    until = time.monotonic() + request.total_timeout
    token = pool.deadline.set(until)
    try:
        return _send(request, session)
    # ValueError: what the libraries below stumble over when a server breaks the rules, like a chunk of -5 bytes.
    except (OSError, ValueError, http.client.HTTPException, broken.HTTPError, zlib.error) as error:
        return _translated(error, request, out_of_time=time.monotonic() >= until)
    finally:
        pool.deadline.reset(token)


def _send(request: Request, session: requests.Session) -> Reply | BBBError:
    with session.request(
        "POST" if request.body else "GET",
        request.url.reveal(),
        data=request.body or None,
        headers=_headers(request),
        timeout=(request.connect_timeout, request.read_timeout),
        allow_redirects=False,
        stream=True,
    ) as response:
        # Several layers of compression serve nobody but a server that wants to fill our memory.
        if "," in response.headers.get("Content-Encoding", ""):
            return NotXML(request.call)
        body = b""
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > LARGEST_REPLY:
                if response.status_code != requests.codes.ok:
                    return UnexpectedStatus(response.status_code, request.call)
                return ReplyTooLarge(request.call)
        headers = {name: response.headers.get(name.title(), "") for name in ("date", "location")}
        return Reply(call=request.call, status=response.status_code, body=body, **headers)


def _headers(request: Request) -> dict[str, str]:
    asked = _HEADERS | {"Accept": request.accept}
    return asked | {"Content-Type": request.content_type} if request.body else asked


def _translated(error: Exception, request: Request, *, out_of_time: bool) -> BBBError:
    for level in _levels(error):
        match level:
            case requests.exceptions.ContentDecodingError() | broken.DecodeError():
                return NotXML(request.call)
            case broken.NameResolutionError() | requests.exceptions.InvalidURL() | broken.LocationValueError():
                return NameNotResolved(request.call)
            case broken.NewConnectionError():
                refused = isinstance(level.__cause__, ConnectionRefusedError)
                return ConnectionRefused(request.call) if refused else TransportError(request.call)
            case broken.ConnectTimeoutError():
                return TimedOut(request.call, request.connect_timeout)
            case broken.ReadTimeoutError():
                return TimedOut(request.call, request.total_timeout if out_of_time else request.read_timeout)
            case broken.SSLError() | requests.exceptions.SSLError():
                return TLSFailed(request.call, _why(level))
    return TransportError(request.call)


def _why(error: Exception) -> TLSFault:
    inner = (level for level in _levels(error) if isinstance(level, ssl.SSLError))
    return next(map(tls_fault, inner), TLSFault.OTHER)


def _levels(error: object) -> Iterator[BaseException]:
    """Give an error and those it wraps: requests wraps urllib3's errors, and ``MaxRetryError`` their reason.

    What a ``ProxyError`` wraps is not among them: it tells about the proxy, not about BigBlueButton.
    """
    while isinstance(error, BaseException):
        yield error
        error = getattr(error, "reason", None) or next(iter(error.args), None)
