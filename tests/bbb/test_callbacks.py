import time
import traceback
import warnings
from collections.abc import Callable

import pytest

from bbb_xblock.bbb import RecordingReady, Secret, SignatureRejected, check_bearer, recording_ready
from sandbox.simulator.callbacks import signed_token
from tests.bbb.conftest import SECRET_TEXT
from tests.bbb.tokens import BAD_IDS, BOTH, CLAIMS, HASHES, IDS, KEY, READERS, RECORD_ID, expiring, token

# The sample of the BBB API docs, and one like the other callback's that expires in 2030.
RECORDING_SAMPLE = (
    "eyJhbGciOiJIUzI1NiJ9.eyJtZWV0aW5nX2lkIjoidGVzdDAxIiwicmVjb3JkX2lkIjoiNjQwYWIyYmFlMDdiZWRjNGMxNjNmNjc5YTc0NmY3YWI3"
    "ZmI1ZDFmYS0xNTMxMTU1ODA5NjEzIn0.U5g7_2jW3tw_gs_7LX8jWE_I67-SjGv4bq6ObUMWXvI"
)
ANALYTICS_SAMPLE = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.eyJleHAiOjE4OTM0NTYwMDB9.C_wMsh_OZyyQWFpRUhf1-N6CkbBWdKGW8rkK-0pSn3JGfwQz6E-E"
    "apLts-YhmOHefLs4U2lIY4QNo_lnV-6Rcg"
)
SAMPLES_EXPIRE = 1893456000


def test_the_documented_sample_of_a_recording_is_read() -> None:
    assert recording_ready(RECORDING_SAMPLE, [KEY]) == RecordingReady(meeting_id="test01", record_id=RECORD_ID)


def test_the_sample_of_analytics_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: SAMPLES_EXPIRE - 86400.0)
    check_bearer(f"Bearer {ANALYTICS_SAMPLE}", [KEY])
    with pytest.raises(SignatureRejected):
        check_bearer(f"Bearer {ANALYTICS_SAMPLE[:-2]}AA", [KEY])


@pytest.mark.parametrize("algorithm", HASHES)
@pytest.mark.parametrize("typed", [True, False])
def test_what_the_simulated_server_signs_is_accepted(algorithm: str, typed: bool) -> None:
    for read in READERS.values():
        if algorithm != "HS384":  # the server itself never uses it
            read(signed_token(CLAIMS, SECRET_TEXT, algorithm, with_type=typed))
        read(token(CLAIMS, algorithm))


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer   "])
def test_the_scheme_of_analytics_may_be_written_in_any_case(scheme: str) -> None:
    check_bearer(f"{scheme}{token(expiring(60), 'HS512')} ", [KEY])


OTHER_WAYS = [
    *("", "{}", "Bearer", "Bearer ", "Bearer{}", "Basic {}", "Bearer: {}", " Bearer {}", "Bearer\t{}"),
    *("Bearer Bearer {}", "Bearer {}, Bearer {}", "Bearer {}\n", "ﬀBearer {}", "Bearer x" + " " * 1_000_000),
]


@pytest.mark.parametrize("header", OTHER_WAYS, ids=range(len(OTHER_WAYS)))
def test_another_way_to_authorize_is_refused(header: str) -> None:
    with pytest.raises(SignatureRejected):
        check_bearer(header.replace("{}", token(expiring(60))), [KEY])


@pytest.mark.parametrize("algorithm", HASHES)
def test_any_of_several_secrets_will_do(algorithm: str) -> None:
    old, new = Secret("old"), Secret("new" * 30)
    for secrets in ([old, KEY, new], [KEY], iter([new, KEY])):
        assert recording_ready(token(CLAIMS, algorithm), secrets).meeting_id == "test01"
    for wrong in ([], [old], [old, new]):
        with pytest.raises(SignatureRejected):
            recording_ready(token(CLAIMS, algorithm), wrong)
        with pytest.raises(SignatureRejected):
            check_bearer(f"Bearer {token(CLAIMS, algorithm)}", wrong)


@pytest.mark.parametrize(
    "key", ["x", "é" * 30, "\ud800", "{}", '{"kty":"oct"}', "-----BEGIN PUBLIC KEY-----", "9" * 5000]
)
def test_no_secret_makes_the_check_fail_otherwise_than_by_refusing(key: str) -> None:
    assert recording_ready(token(IDS), [Secret(key), KEY]).record_id == RECORD_ID
    with pytest.raises(SignatureRejected):
        recording_ready(token(IDS), [Secret(key)])


@pytest.mark.parametrize("key", ["short", "x" * 40])
def test_a_short_secret_is_no_reason_for_a_warning(key: str) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        recording_ready(token(IDS, "HS512", key), [Secret(key)])
        check_bearer(f"Bearer {token(expiring(60), 'HS512', key)}", [Secret(key)])
    assert warned == []


BAD_HEADERS: list[object] = [
    *({"alg": alg} for alg in ("none", "None", "RS256", "ES256", "HS1", "hs256", "", None, 1, [], {}, ["HS256"])),
    *({}, [], "x", 1, {"typ": "JWT"}, {"alg": "HS256", "b64": False}),
    {"alg": "HS256", "b64": False, "crit": ["b64"]},
]


@BOTH
@pytest.mark.parametrize("header", BAD_HEADERS, ids=str)
def test_a_token_of_another_kind_is_refused(read: Callable[[str], object], header: object) -> None:
    read(token(CLAIMS))
    for key in (SECRET_TEXT, ""):
        with pytest.raises(SignatureRejected):
            read(token(CLAIMS, key=key, header=header))
    with pytest.raises(SignatureRejected):
        read(token(CLAIMS, header=header).rpartition(".")[0] + ".")


def test_a_recording_needs_no_end_but_one_that_is_told_counts() -> None:
    assert recording_ready(token(IDS), [KEY]) == recording_ready(token(IDS | expiring(-3500)), [KEY])
    for expired in (expiring(-3700), {"exp": 0}, {"exp": -1}, {"exp": float("-inf")}):
        with pytest.raises(SignatureRejected):
            recording_ready(token(IDS | expired), [KEY])


def test_analytics_are_accepted_until_an_hour_after_their_end() -> None:
    for seconds in (86400, 1, -3500):
        check_bearer(f"Bearer {token(expiring(seconds))}", [KEY])
    with pytest.raises(SignatureRejected):
        check_bearer(f"Bearer {token(expiring(-3700))}", [KEY])


def test_a_notice_of_a_recording_is_no_bearer_token_and_the_other_way_round() -> None:
    with pytest.raises(SignatureRejected):
        check_bearer(f"Bearer {RECORDING_SAMPLE}", [KEY])
    with pytest.raises(SignatureRejected):
        recording_ready(token(expiring(60)), [KEY])


@pytest.mark.parametrize("end", [None, "1893456000", "soon", True, [], {}, float("nan")])
@BOTH
def test_an_end_that_is_no_number_is_refused(read: Callable[[str], object], end: object) -> None:
    with pytest.raises(SignatureRejected):
        read(token(IDS | {"exp": end}))


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("value", BAD_IDS, ids=ascii)
def test_a_recording_without_a_usable_id_is_refused(name: str, value: object) -> None:
    with pytest.raises(SignatureRejected):
        recording_ready(token(IDS | {name: value}), [KEY])
    with pytest.raises(SignatureRejected):
        recording_ready(token({key: kept for key, kept in IDS.items() if key != name}), [KEY])


def test_the_longest_ids_fit() -> None:
    longest = "𝕏" * 256  # twelve bytes each as JSON escapes them
    for sent in (longest, "x" * 256):
        claims = {"meeting_id": sent, "record_id": "x" * 256}
        assert recording_ready(token(claims), [KEY]) == RecordingReady(sent, "x" * 256)


def test_a_refusal_shows_no_secret() -> None:
    for read, text in ((READERS["recording_ready"], token(IDS, key="other")), (READERS["analytics"], token({}))):
        with pytest.raises(SignatureRejected) as caught:
            read(text)
        told = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
        assert "Secret(…)" in told and SECRET_TEXT not in told
