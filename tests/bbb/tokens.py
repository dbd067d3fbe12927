"""Tokens made by hand: what is checked is not what signed it."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from bbb_xblock.bbb import Secret, check_bearer, recording_ready
from tests.bbb.conftest import SECRET_TEXT

KEY = Secret(SECRET_TEXT)
RECORD_ID = "640ab2bae07bedc4c163f679a746f7ab7fb5d1fa-1531155809613"
IDS = {"meeting_id": "test01", "record_id": RECORD_ID}
HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def token(claims: object, algorithm: str = "HS256", key: str = SECRET_TEXT, header: object = None) -> str:
    parts = [json.dumps({"alg": algorithm} if header is None else header), json.dumps(claims)]
    return sealed(".".join(b64(part.encode()) for part in parts), algorithm, key)


def sealed(content: str, algorithm: str = "HS256", key: str = SECRET_TEXT) -> str:
    made = hmac.new(key.encode("utf-8", "surrogatepass"), content.encode(), HASHES.get(algorithm, hashlib.sha256))
    return f"{content}.{b64(made.digest())}"


def expiring(seconds: float) -> dict[str, object]:
    return {"exp": int(time.time() + seconds)}


READERS: dict[str, Callable[[str], object]] = {
    "recording_ready": lambda text: recording_ready(text, [KEY]),
    "analytics": lambda text: check_bearer(f"Bearer {text}", [KEY]),
}
BOTH = pytest.mark.parametrize("read", READERS.values(), ids=READERS)
CLAIMS = {**IDS, "exp": 4102444800}  # in 2100


BAD_IDS = [
    *(None, "", 1, 1.5, True, [], ["m1"], {}, "x" * 257),
    *("a\nb", "a\x00b", "\ud800", "a\x1b[31m", "a\u2028b", "\u202eb"),
]

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(exclude_categories=[]), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("meeting_id", "record_id", "internal_meeting_id", "exp"), JSON)
)


def only_ids(found: Any) -> None:
    for value in vars(found).values():
        assert isinstance(value, str) and 0 < len(value) <= 256 and value.isprintable()
