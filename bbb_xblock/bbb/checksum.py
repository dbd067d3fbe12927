"""Sign queries for BigBlueButton, and verify queries that claim to be signed.

The checksum is the hash of call name, raw query string and shared secret written one after the other (BBB API docs,
API security model). What is hashed is the query as it travels, still percent-encoded: nobody on the way may sort,
decode or re-encode it.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from enum import StrEnum

from bbb_xblock.bbb.errors import SignatureRejected
from bbb_xblock.bbb.secret import Secret

_HEX = re.compile(r"[0-9A-Fa-f]+")
_PREFIX = "checksum="


class Algorithm(StrEnum):
    """The hash behind a checksum. BigBlueButton and its balancers all accept SHA256."""

    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


_BY_HEX_LENGTH = {40: Algorithm.SHA1, 64: Algorithm.SHA256, 96: Algorithm.SHA384, 128: Algorithm.SHA512}


def checksum(call: str, query: str, secret: Secret, algorithm: Algorithm) -> str:
    """Compute the lower-case hexadecimal checksum of one call.

    ``call`` is the case-sensitive name after ``/api/``, ``query`` the encoded query without its checksum.
    """
    digest = hashlib.new(algorithm.value)
    # Error trackers show the local variables of Python functions, hashlib.new among them: the secret is in none.
    digest.update(f"{call}{query}{secret.reveal()}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def signed_query(call: str, query: str, secret: Secret, algorithm: Algorithm) -> str:
    """Give the query with its checksum at the end; an empty query becomes the checksum alone."""
    digest = checksum(call, query, secret, algorithm)
    return f"{query}&{_PREFIX}{digest}" if query else f"{_PREFIX}{digest}"


def verify(call: str, raw_query: str, secrets: Iterable[Secret]) -> None:
    """Check the signature of a query exactly as it was received.

    The one ``checksum`` may stand anywhere; the length of its value tells the algorithm, as in BigBlueButton's own
    validator. Every secret is tried, so that an old one can be phased out.

    Raises:
        SignatureRejected: there is no checksum, more than one, a malformed one, or one that no secret explains.
    """
    parts = raw_query.split("&")
    found = [part.removeprefix(_PREFIX) for part in parts if part.startswith(_PREFIX)]
    given = found[0] if len(found) == 1 else ""
    algorithm = _BY_HEX_LENGTH.get(len(given))
    if algorithm is None or not _HEX.fullmatch(given):
        raise SignatureRejected(call)
    query = "&".join(part for part in parts if not part.startswith(_PREFIX))
    # A list, not a generator: stopping at the first match would tell by its timing which secret is the current one.
    matches = [hmac.compare_digest(checksum(call, query, secret, algorithm), given.lower()) for secret in secrets]
    if not any(matches):
        raise SignatureRejected(call)
