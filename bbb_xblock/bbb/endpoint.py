"""Where a BigBlueButton server is and how to sign for it."""

import re
import string
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urlsplit

from bbb_xblock.bbb.checksum import Algorithm
from bbb_xblock.bbb.secret import Secret

# bbb-conf --secret prints the address behind this label, and people copy the whole line.
_LABEL = re.compile(r"\s*URL\s*:\s*", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff\"<>\\^`{|}]")
_HOST = re.compile(r"[a-z0-9._-]+")
_API_PATH = re.compile(r"(?P<before>(?:/[^/]+)*?)/bigbluebutton(?:/api)?")

_NO_SCHEME = "The server address must start with https:// (or http://)."
_BAD_CHARACTER = "The server address holds a space or another character that no address has; paste that one line only."
_FRAGMENT = (
    "The server address must not have a part after #. The API-Mate link that bbb-conf --secret prints holds the shared"
    " secret there: use the line that starts with URL instead, and change the secret if the link went astray."
)
_QUERY = "The server address must not have a part after a question mark."
_USERINFO = "The server address must not hold a user name or password."
_BAD_HOST = "The server address has no valid host name or port."
_BAD_IDN = (
    "The host name of the server address cannot be written in ASCII letters: check its spelling, or paste the form that"
    " starts with xn--."
)
_BAD_PATH = "The path of the server address must be empty or end in /bigbluebutton/ or /bigbluebutton/api/."


def api_root(text: str) -> str:
    """Turn any usual way of writing a server's address into ``https://host/bigbluebutton/api/``, all in ASCII.

    Accepted: with and without ``/bigbluebutton``, ``/api`` and slashes at the end, a path in front of
    ``/bigbluebutton``, and the line ``URL: https://…`` as bbb-conf prints it. A host name in other letters becomes its
    xn-- form (RFC 3490), and such letters in a path are percent-encoded: the address ends up in HTTP headers.

    Raises:
        ValueError: with a sentence for the operator that never repeats the text, for it may hold the secret.
    """
    label = _LABEL.match(text)
    complaint, root = _normalised(text[label.end() if label else 0 :].strip())
    # Raised here, where no exception of urllib is being handled: its text would repeat parts of the address.
    if complaint:
        raise ValueError(complaint)
    return root


def _normalised(address: str) -> tuple[str, str]:
    """Give a complaint and no address, or no complaint and the address."""
    scheme, separator, rest = address.partition("://")
    if not separator or scheme.lower() not in {"http", "https"}:
        return _NO_SCHEME, ""
    for marker, complaint in (("#", _FRAGMENT), ("?", _QUERY)):
        if marker in rest:
            return complaint, ""
    if _FORBIDDEN.search(rest):
        return _BAD_CHARACTER, ""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return _BAD_HOST, ""
    if "@" in parts.netloc:
        return _USERINFO, ""
    if not host or port == 0:
        return _BAD_HOST, ""
    path = re.sub(r"/+", "/", parts.path).rstrip("/")
    known = _API_PATH.fullmatch(path or "/bigbluebutton")
    if not known:
        return _BAD_PATH, ""
    location = _location(parts)
    if not location:
        return _BAD_IDN, ""
    before = quote(known["before"], safe=string.punctuation)
    return "", f"{scheme.lower()}://{location}{before}/bigbluebutton/api/"


def _location(parts: SplitResult) -> str:
    """Give host and port in ASCII; empty if the host cannot be written so."""
    if parts.netloc.isascii():
        return parts.netloc.lower().removesuffix(":")
    try:
        host = str(parts.hostname).encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    # The codec turns some letters into signs that end a host name: a full-width < into <, for one.
    if not _HOST.fullmatch(host):
        return ""
    return host if parts.port is None else f"{host}:{parts.port}"


@dataclass(frozen=True, repr=False)
class Endpoint:
    """One BigBlueButton server or balancer.

    ``url`` may be written in any way :func:`api_root` accepts and is kept in its normal form. Time-outs are in seconds:
    ``connect_timeout`` for the connection, ``read_timeout`` for every wait on the server; :attr:`total_timeout` bounds
    a whole call. ``repr`` shows the slug alone.
    """

    slug: str
    url: str
    secret: Secret = field(repr=False)
    algorithm: Algorithm = Algorithm.SHA256
    connect_timeout: float = 3.05
    read_timeout: float = 8.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", api_root(self.url))

    def __repr__(self) -> str:
        return f"Endpoint({self.slug!r})"

    @property
    def total_timeout(self) -> float:
        """Seconds after which a call is given up although the server keeps sending: room for one repeated try."""
        return self.connect_timeout + 2 * self.read_timeout
