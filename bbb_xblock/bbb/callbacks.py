"""Whether what BigBlueButton sends by itself is signed: the notice of a recording, and the analytics of a meeting.

Both carry a JWT made with the shared secret (BBB API docs, recording ready callback URL and analytics callback URL).
What analytics tell is read in ``bbb/attendance.py``. The end of a meeting is told by an unsigned GET of an address that
we gave, and is not read here.

A callback may come more than once: for each format of a recording, after a rebuild, and from some balancers thrice.
"""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.algorithms import HMACAlgorithm

from bbb_xblock.bbb.errors import SignatureRejected
from bbb_xblock.bbb.ids import is_id
from bbb_xblock.bbb.secret import Secret

#: Seconds for which an expired token is still good: clocks of schools' servers are sometimes an hour wrong.
LEEWAY_SECONDS = 3600

_RECORDING, _ANALYTICS = "recording_ready", "analytics"
# Two ids of the longest kind, each letter escaped, in base64, fit.
_LONGEST_TOKEN = 8192
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class _HmacOfAnyKey(HMACAlgorithm):
    # The length of the secret is BigBlueButton's choice, and PyJWT (2.11 and later) would warn of nearly all of them.
    def check_key_length(self, key: object) -> None:
        return None


# BigBlueButton signs recordings with HS256 and analytics with HS512; balancers use the one or the other for both.
_HASHES = {"HS256": HMACAlgorithm.SHA256, "HS384": HMACAlgorithm.SHA384, "HS512": HMACAlgorithm.SHA512}
_VERIFIER = jwt.PyJWS(algorithms=[])
for _name, _hash in _HASHES.items():
    _VERIFIER.register_algorithm(_name, _HmacOfAnyKey(_hash))


@dataclass(frozen=True)
class RecordingReady:
    """A recording has been published in one more format. The ids are printable and at most 256 characters long."""

    meeting_id: str
    record_id: str


def recording_ready(signed_parameters: str, secrets: Iterable[Secret]) -> RecordingReady:
    """Read the form field ``signed_parameters``, a JWT with the claims ``meeting_id`` and ``record_id``.

    Neither a ``typ`` nor an ``exp`` is needed: BigBlueButton sends none. An ``exp`` that is there counts.

    Raises:
        SignatureRejected: none of the secrets signed it, it expired more than an hour ago, or an id is missing.
    """
    claims = _claims(_RECORDING, signed_parameters, secrets)
    meeting_id, record_id = _id(claims, "meeting_id"), _id(claims, "record_id")
    if not (meeting_id and record_id) or ("exp" in claims and not _is_current(claims["exp"])):
        raise SignatureRejected(_RECORDING)
    return RecordingReady(meeting_id, record_id)


def check_bearer(authorization: str, secrets: Iterable[Secret]) -> None:
    """Check the ``Authorization`` header of analytics: ``Bearer``, in any case, and a JWT that says when it expires.

    Since it must expire, a notice of a recording is no bearer token. It proves who sends, not what: it is not bound to
    the body and good for any number of uses (BigBlueButton, post_events_analytics_callback.rb).

    Raises:
        SignatureRejected: none of the secrets signed it, it expired more than an hour ago, or it never expires.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise SignatureRejected(_ANALYTICS)
    claims = _claims(_ANALYTICS, token.strip(" "), secrets)
    if not _is_current(claims.get("exp")):
        raise SignatureRejected(_ANALYTICS)


def _claims(call: str, token: str, secrets: Iterable[Secret]) -> dict[str, Any]:
    if len(token) > _LONGEST_TOKEN or not _TOKEN.fullmatch(token):
        raise SignatureRejected(call)
    # All secrets are tried: stopping at the first match would tell by its timing which one is the current one.
    payloads = [payload for secret in secrets for payload in _payloads(token, secret)]
    if not payloads:
        raise SignatureRejected(call)
    return _json_object(payloads[0])


def _payloads(token: str, secret: Secret) -> tuple[bytes, ...]:
    """Give the payload of the token if this secret signed it; no payload if not."""
    try:
        signed = _VERIFIER.decode(token, secret.reveal().encode("utf-8", "surrogatepass"), algorithms=list(_HASHES))
    # PyJWT 2.8 lets through what deeply nested JSON raises. Nothing may go up from here: frames of PyJWT hold the key.
    except (jwt.PyJWTError, ValueError, RecursionError):
        return ()
    return (signed,)


def _json_object(text: bytes) -> dict[str, Any]:
    """Give the members of a JSON object; none if the text is something else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _id(members: dict[str, Any], name: str) -> str:
    """Give the id of this name; empty if it is missing or no id."""
    found = members.get(name)
    return found if isinstance(found, str) and is_id(found) else ""


def _is_current(expires: object) -> bool:
    return isinstance(expires, int | float) and expires > time.time() - LEEWAY_SECONDS
