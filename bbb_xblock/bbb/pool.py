"""The pooled HTTP session behind every call: what it repeats, how long it waits, what it keeps and what it logs.

One session per process. Cookies are not kept, ``.netrc`` is not read, redirects are not looked at; proxies and
certificate authorities from the environment count as usual (``HTTPS_PROXY``, ``NO_PROXY``, ``REQUESTS_CA_BUNDLE``).
"""

import http.client
import io
import logging
import os
import re
import socket
import time
from contextvars import ContextVar
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Retry
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, ProtocolError, ProxyError
from urllib3.response import BaseHTTPResponse

#: Calls that change nothing. "api" is the last word of the address that tells the version.
READING_CALLS = frozenset(
    {"isMeetingRunning", "getMeetingInfo", "getMeetings", "getRecordings", "getRecordingTextTracks", "api"}
)

#: When the answer must be complete, on the clock of ``time.monotonic``. Unset: no limit beyond the read time-out.
deadline: ContextVar[float] = ContextVar("bbb_deadline")

_CONNECTIONS_PER_SERVER = 10
#: Most bytes that are received for one reply, with all that surrounds its body. Headers may take six million of them.
MOST_BYTES = 16 * 1024 * 1024

# A text from the server may hold any number of question marks, our queries hold none: no part is looked at twice.
_SIGNED_QUERY = re.compile(r"\?[^\s'\"?]*checksum=[^\s'\"]*")
_CUT_QUERY = re.compile(r"\?[^\s'\"?]*\Z")
_CHECKSUM = re.compile(r"checksum=[^\s&'\"]+")
_LONGEST_LINE = 2000
# The loggers of urllib3 that write request lines, at DEBUG and WARNING.
_TALKATIVE = ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry")


class ScrubSignedQueries(logging.Filter):
    """Cut signed queries out of log records: they hold the checksum, names, and callback addresses with tokens.

    A line longer than 2,000 characters, for instance one that quotes a server's broken headers, ends there.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record if need be and let it pass."""
        message = record.getMessage()
        if "checksum=" in message or len(message) > _LONGEST_LINE:
            record.msg, record.args = _scrubbed(message), ()
            # The traceback repeats the message, and its frames hold the address.
            record.exc_info = record.exc_text = None
        return True


def _scrubbed(message: str) -> str:
    kept = message[:_LONGEST_LINE]
    if len(message) > len(kept):
        # The checksum that would tell this query from others may be in what was cut off.
        kept = _CUT_QUERY.sub("…", kept)
    return _CHECKSUM.sub("checksum=…", _SIGNED_QUERY.sub("…", kept))


_SCRUB = ScrubSignedQueries()


class RepeatReadsOnce(Retry):
    """Repeat a call once if it only reads and its connection was refused or broke; never after a time-out.

    A server that is slow is not helped by asking it twice, and a call that acts may have acted.
    """

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Count one failure, or give up by raising ``MaxRetryError``."""
        call = (url or "").partition("?")[0].rpartition("/")[2]
        if call not in READING_CALLS or not _connection_broke(error):
            raise MaxRetryError(_pool, url, error)  # type: ignore[arg-type]
        return super().increment(method, url, response, error, _pool, _stacktrace)


def _connection_broke(error: Exception | None) -> bool:
    # urllib3 takes a reset on the way to a proxy for the proxy's fault and wraps it as it was.
    cause = error.original_error if isinstance(error, ProxyError) else error
    broken = isinstance(cause, ProtocolError | NewConnectionError | ConnectionError)
    return broken and not isinstance(cause, NameResolutionError)


class _BeforeDeadline(io.RawIOBase):
    """The receiving end of a socket that waits for the read time-out or until the deadline, whichever is sooner.

    A time-out on a socket starts anew with every byte: alone it would let a dripping server hold us for ever. Nor does
    it give more than :data:`MOST_BYTES`: a chunk whose size is -1, for one, is read to its end in one piece.
    """

    def __init__(self, sock: socket.socket, raw: io.RawIOBase, until: float) -> None:
        super().__init__()
        self._sock, self._raw, self._until = sock, raw, until
        self._patience = sock.gettimeout()
        self._room = MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline")
        self._sock.settimeout(left if self._patience is None else min(left, self._patience))
        received = self._raw.readinto(buffer)
        self._room -= received or 0
        if self._room < 0:
            raise OSError("more bytes than any reply has")
        return received

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        until = deadline.get(None)
        if until is not None:
            self.fp = io.BufferedReader(_BeforeDeadline(sock, self.fp.detach(), until))


class _Connection(HTTPConnection):
    response_class = _Response


class _TLSConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


class _Adapter(HTTPAdapter):
    def __init__(self) -> None:
        once = RepeatReadsOnce(total=1, redirect=0, status=0, allowed_methods={"GET"}, respect_retry_after_header=False)
        super().__init__(pool_maxsize=_CONNECTIONS_PER_SERVER, max_retries=once)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _watch(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return _watch(super().proxy_manager_for(*args, **kwargs))


def _watch(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}
    return manager


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        # Even when told not to follow, requests would read the whole body of a redirect to prepare the next request.
        return None


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def new_session() -> requests.Session:
    """Make a session with the habits told at the top of this module. It opens no connection yet."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_SCRUB)
    session = _Session()
    session.mount("https://", _Adapter())
    session.mount("http://", _Adapter())
    # An explicit authentication, even one that does nothing, is what keeps requests from looking into .netrc.
    session.auth = _no_login
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


@lru_cache(maxsize=1)
def _session_of(process: int) -> requests.Session:
    return new_session()


def shared_session() -> requests.Session:
    """Give this process's session. A forked child gets a new one: two processes on one connection mix their answers."""
    return _session_of(os.getpid())
