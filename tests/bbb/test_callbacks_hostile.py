import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import SignatureRejected, check_bearer
from tests.bbb.tokens import BOTH, CLAIMS, HASHES, JSON, KEY, MEMBERS, READERS, b64, only_ids, sealed, token

GOOD = token(CLAIMS)
PLAIN = b64(b'{"alg":"HS256"}')
GARBAGE = {
    "nothing": "",
    "dots": "..",
    "two parts": GOOD.rpartition(".")[0],
    "four parts": GOOD + ".x",
    "no header": GOOD.partition(".")[2],
    "padded": GOOD + "=",
    "line break": GOOD + "\n",
    "space inside": GOOD.replace(".", ". ", 1),
    "changed": GOOD[:-2] + ("A" if GOOD[-2] != "A" else "B") + GOOD[-1],
    "longer": GOOD + "AAAA",
    "other alphabet": GOOD + "+/",
    "not ascii": GOOD + "é",
    "surrogate": GOOD + "\ud800",
    "one part of a megabyte": "x" * 1_000_000,
    "a megabyte of dots": "." * 1_000_000,
    "a signed megabyte": token({**CLAIMS, "x": "x" * 1_000_000}),
    "header null": sealed(f"{b64(b'null')}.{b64(b'{}')}"),
    "header no json": sealed(f"{b64(b'nonsense')}.{b64(b'{}')}"),
    "header no text": sealed(f"{b64(bytes(range(128, 256)))}.{b64(b'{}')}"),
    "header nested": sealed(f"{b64(b'[' * 3000)}.{b64(b'{}')}"),
    "header of many digits": sealed(f"{b64(b'9' * 5000)}.{b64(b'{}')}"),
    "odd base64": sealed(f"{PLAIN}A.{b64(b'{}')}"),
    "claims no json": sealed(f"{PLAIN}.{b64(b'nonsense')}"),
    "claims no text": sealed(f"{PLAIN}.{b64(bytes(range(128, 256)))}"),
    "claims nested": sealed(f"{PLAIN}.{b64(b'[' * 5000)}"),
    "claims of many digits": sealed(f"{PLAIN}.{b64(b'9' * 5000)}"),
    "claims a list": token([CLAIMS]),
    "claims null": token(None),
    "claims empty": token({}),
}


@BOTH
@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(SignatureRejected) as caught:
        read(text)
    assert str(caught.value) in {f"The signature of {call} is missing or wrong" for call in READERS}
    assert caught.value.__cause__ is None and caught.value.__context__ is None


@given(text=st.text() | st.text("abcABC019-_.=", max_size=60) | st.binary().map(b64))
def test_no_unsigned_text_is_accepted(text: str) -> None:
    for read in READERS.values():
        with pytest.raises(SignatureRejected):
            read(text)
    with pytest.raises(SignatureRejected):
        check_bearer(text, [KEY])


@given(claims=MEMBERS | JSON, header=JSON | st.just({"alg": "HS256"}), algorithm=st.sampled_from(sorted(HASHES)))
def test_whatever_is_signed_is_read_well_or_refused(claims: object, header: object, algorithm: str) -> None:
    for made in (token(claims, algorithm), token(claims, algorithm, header=header)):
        for read in READERS.values():
            with contextlib.suppress(SignatureRejected):
                found = read(made)
                assert isinstance(claims, dict)
                if found is None:
                    assert "exp" in claims
                else:
                    only_ids(found)


# The last sign of base64 holds bits that mean nothing, and PyJWT 2.8 ignores them.
@given(at=st.integers(0, len(GOOD) - 2), sign=st.sampled_from("Aa0-_.=é"))
def test_no_change_to_a_token_goes_unnoticed(at: int, sign: str) -> None:
    changed = GOOD[:at] + sign + GOOD[at + 1 :]
    for read in READERS.values():
        with contextlib.nullcontext() if changed == GOOD else pytest.raises(SignatureRejected):
            read(changed)
