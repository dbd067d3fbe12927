"""The server's side of the checksum, over the raw query (BBB API docs, bbb-web GetChecksum).

Written apart from the client on purpose: a mistake in the client's signing cannot hide behind the same mistake here.
"""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote_plus

from .modes import OLD_FAILURE, Mode
from .replies import RefusedError

ALGORITHM_BY_LENGTH = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
FORM_TYPE = "application/x-www-form-urlencoded"

# These never rebuild a query, whatever the version (bbb-web RecordingController).
RECORDING_CALLS = frozenset(
    {
        "getRecordings",
        "publishRecordings",
        "deleteRecordings",
        "updateRecordings",
        "getRecordingTextTracks",
        "putRecordingTextTrack",
    }
)


@dataclass(frozen=True)
class ApiRequest:
    """One call as it came over the wire. `query` and `body` are the bytes received, untouched."""

    name: str
    method: str
    query: bytes = b""
    body: bytes = b""
    content_type: str = ""
    server: str = "http://127.0.0.1"
    cookie: str = ""

    @property
    def query_pairs(self) -> list[tuple[str, str]]:
        return _pairs(self.query)

    @property
    def form_pairs(self) -> list[tuple[str, str]]:
        if not self.content_type.startswith(FORM_TYPE):
            return []
        return _pairs(self.body)

    @property
    def params(self) -> dict[str, str]:
        """All parameters, the first of each name, control characters still in."""
        found: dict[str, str] = {}
        for name, value in self.query_pairs + self.form_pairs:
            found.setdefault(name, value)
        return found


def checksum_of(call: str, query: bytes, secret: str, algorithm: str) -> str:
    """Return the lower-case hex checksum that BigBlueButton expects."""
    return hashlib.new(algorithm, call.encode() + query + secret.encode()).hexdigest()


def without_checksum(query: bytes, value: str) -> bytes:
    """Take the checksum out as the server does: three literal replacements, each of all occurrences."""
    raw = value.encode()
    for part in (b"&checksum=" + raw, b"checksum=" + raw + b"&", b"checksum=" + raw):
        query = query.replace(part, b"")
    return query


def check_signature(request: ApiRequest, secret: str, allowed: tuple[str, ...], mode: Mode) -> None:
    """Raise RefusedError("checksumError") unless the call is signed with this secret."""
    failure = OLD_FAILURE if request.name in RECORDING_CALLS else mode.checksum_failure
    given = request.params.get("checksum", "")
    if not given:
        raise RefusedError("checksumError", failure if mode.pool else "You must provide the checksum", validation=True)
    algorithm = ALGORITHM_BY_LENGTH.get(len(given), "")
    if algorithm not in allowed or algorithm not in mode.algorithms:
        raise RefusedError("checksumError", failure, validation=True)
    if request.query_pairs and request.form_pairs:
        raise RefusedError("checksumError", failure, validation=True)
    expected = checksum_of(request.name, _signed_bytes(request, given, mode), secret, algorithm)
    received = given if mode.pool else given.lower()
    if not hmac.compare_digest(expected.encode(), received.encode()):
        raise RefusedError("checksumError", failure, validation=True)


def webhook_checksum(url: str, body: bytes, secret: str, algorithm: str = "sha1") -> str:
    """Return the checksum that bbb-webhooks appends to the registered address (bbb-webhooks)."""
    return hashlib.new(algorithm, url.encode() + body + secret.encode()).hexdigest()


def _signed_bytes(request: ApiRequest, given: str, mode: Mode) -> bytes:
    if mode.pool == "bbblb":
        source = request.query
        if not source and request.content_type == FORM_TYPE:
            source = request.body
        return b"&".join(part for part in source.split(b"&") if not part.startswith(b"checksum="))
    if request.query or mode.form_signing == "empty" or request.name in RECORDING_CALLS:
        return without_checksum(request.query, given)
    return _rebuilt(request.form_pairs)


def _rebuilt(pairs: list[tuple[str, str]]) -> bytes:
    """Rebuild a query from a posted form as servers up to 2.6.17 did: sorted, in Java's form encoding."""
    first: dict[str, str] = {}
    for name, value in pairs:
        if name != "checksum":
            first.setdefault(name, value)
    return "&".join(f"{name}={_java_encoded(first[name])}" for name in sorted(first)).encode()


def _java_encoded(value: str) -> str:
    return quote_plus(value, safe="*").replace("~", "%7E")


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    return parse_qsl(raw.decode("latin-1"), keep_blank_values=True, encoding="utf-8", errors="replace")
