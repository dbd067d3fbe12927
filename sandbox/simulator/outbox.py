"""Sending the calls that the server makes to others: one after another, with the server's own retries.

Whatever the other side does, the simulator goes on.
"""

import threading
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

TIMEOUT = 5.0
# Seconds after the first, second, third and fourth attempt (bbb-web CallbackUrlService).
END_RETRIES = (30.0, 60.0, 120.0, 300.0)
SENT_KEPT = 1_000
AS_IT_IS = "%/:?#[]@!$&'()*+,;=~-._|^`{}\"<>\\"


@dataclass(frozen=True)
class Callback:
    """A call to make at `due_at`, and again after each of `retries` as long as it fails."""

    kind: str
    method: str
    url: str = field(repr=False)
    due_at: float
    body: bytes = field(default=b"", repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    retries: tuple[float, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """One attempt. `status` is None if nobody answered."""

    kind: str
    method: str
    url: str = field(repr=False)
    status: int | None

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Way:
    """How calls of one kind are treated: lost, put off by seconds, made several times, signed by a stranger."""

    dropped: bool = False
    delay: float = 0.0
    times: int = 1
    forged: bool = False


class Outbox:
    """Callbacks that wait to be sent, and a record of the attempts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._one_sender = threading.Lock()
        self._waiting: list[Callback] = []
        self._sent: list[Delivery] = []
        self._ways: dict[str, Way] = {}

    def treat(self, kind: str, way: Way) -> None:
        """Treat calls of this kind in another way, from the next one on."""
        with self._lock:
            self._ways[kind] = way

    def way(self, kind: str) -> Way:
        with self._lock:
            return self._ways.get(kind, Way())

    def put(self, callback: Callback, copies: int = 1) -> None:
        """Queue a call, if it goes to a web address at all."""
        try:
            parts = urlsplit(callback.url)
        except ValueError:
            return
        way = self.way(callback.kind)
        if parts.scheme in ("http", "https") and parts.hostname and not way.dropped:
            put_off = replace(callback, due_at=callback.due_at + way.delay)
            if way.forged:
                put_off = _forged(put_off)
            with self._lock:
                self._waiting.extend([put_off] * (copies * way.times))

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()
            self._sent.clear()
            self._ways.clear()

    @property
    def sent(self) -> list[Delivery]:
        with self._lock:
            return list(self._sent)

    @property
    def waiting(self) -> list[Callback]:
        with self._lock:
            return list(self._waiting)

    def deliver(self, now: float) -> list[Delivery]:
        """Send what is due and return the attempts. No lock of the simulator is held meanwhile."""
        attempts = []
        with self._one_sender:
            for callback in self._take_due(now):
                delivery = Delivery(callback.kind, callback.method, callback.url, _send(callback))
                attempts.append(delivery)
                with self._lock:
                    self._sent.append(delivery)
                    del self._sent[:-SENT_KEPT]
                    if not delivery.arrived and callback.retries:
                        self._waiting.append(_once_more(callback))
        return attempts

    def _take_due(self, now: float) -> list[Callback]:
        with self._lock:
            due = [callback for callback in self._waiting if callback.due_at <= now]
            self._waiting = [callback for callback in self._waiting if callback.due_at > now]
        return sorted(due, key=lambda callback: callback.due_at)


def _forged(callback: Callback) -> Callback:
    """Return a call as somebody would make it who has no secret: what is signed at all ends in another signature."""
    headers = {
        name: _signed_by_nobody(text) if name == "Authorization" else text for name, text in callback.headers.items()
    }
    is_signed = callback.body.startswith(b"signed_parameters=")
    body = _signed_by_nobody(callback.body.decode()).encode() if is_signed else callback.body
    return replace(callback, headers=headers, body=body)


def _signed_by_nobody(text: str) -> str:
    token, _, signature = text.rpartition(".")
    return f"{token}.{signature[::-1]}"


def _once_more(callback: Callback) -> Callback:
    return replace(callback, due_at=callback.due_at + callback.retries[0], retries=callback.retries[1:])


def _send(callback: Callback) -> int | None:
    """Return the status of the answer. http.client sends the address as it is and follows no redirects."""
    parts = urlsplit(callback.url)
    target = quote(parts.path or "/", safe=AS_IT_IS)
    if parts.query:
        target += "?" + quote(parts.query, safe=AS_IT_IS)
    try:
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            connection.request(callback.method, target, body=callback.body or None, headers=callback.headers)
            return connection.getresponse().status
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError):
        return None
