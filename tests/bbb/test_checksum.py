import hashlib
import traceback
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import Algorithm, Secret, SignatureRejected, checksum, signed_query, verify

DOCUMENTED = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"
RUBY = "1234567890abcdefghijkl"
UNICODE = (
    "name=%D0%A4%D0%B8%D0%B7%D0%B8%D0%BA%D0%B0+101%3A+%C3%9Cbung+%26+%C2%ABT%D0%B5%D1%81%D1%82%C2%BB"
    "&meetingID=course-v1_abc&meta_x-y=a%3Db%26c"
)
VECTORS = [
    # BBB API docs
    (
        "create",
        "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444",
        DOCUMENTED,
        "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17",
    ),
    # the tests of Scalelite
    (
        "getMeetingInfo",
        "meetingID=test-meeting-1",
        "test-1",
        "7901d9cf0f7e63a7e5eacabfd75fabfb223259d6c045ac5b4d86fb774c371945",
    ),
    (
        "getMeetingInfo",
        "meetingID=SHA1_meeting",
        "test-1",
        "c8cd32fbbc006424c5784b8e9679b8ff0d21c577d361d9afdab37638b1d7a4e8",
    ),
    (
        "getMeetingInfo",
        "meetingID=SHA256_meeting",
        "test-1",
        "cd288062f4b623e1f975150e4c47a8cc212937174acafe8b1f340d5aef1877af",
    ),
    ("getMeetingInfo", "", "test-2", "d3a5ebf2c9a52d3b9f421492499f11a1a625f3b9af48c6b1cc61d1c6c565aee6"),
    # the tests of bigbluebutton-api-ruby
    ("join", "param1=value1&param2=value2", RUBY, "67882ae54f49600f56f358c10d24697ef7d8c6b2"),
    ("join", "param2=value2&param1=value1", RUBY, "85a54e28e4ec18bfdcb214a73f74d35b09a84176"),
    (
        "join",
        "param1=value1&param2=value2",
        RUBY,
        "0e7b1611809fad890a114dddae1a37fecf14c28971afc10ee3eac432da5b8b41",
    ),
    (
        "join",
        "param2=value2&param1=value1",
        RUBY,
        "21bf2d24c27251c4b2b2f0d5dd4b966a2f16fbfc7882e102b44c6d67f728f0c8",
    ),
    # the tests of Greenlight
    ("getUser", "name=bbb", "test", "14727e995e790f61f6f0be878d52efb248b00e92"),
    # computed by hand with sha1sum and its siblings
    ("getMeetings", "", DOCUMENTED, "2027baa7771026e9e93392f55031535d1444c41f"),
    ("getMeetings", "", DOCUMENTED, "a5370c5f3d97d56d53b435684cdbc429c2898a3bf9f435518b4279e1e0dbfc8c"),
    ("isMeetingRunning", "meetingID=test01", DOCUMENTED, "74b0bf418eddacba29c88635be21376cca0c8ed3"),
    (
        "isMeetingRunning",
        "meetingID=test01",
        DOCUMENTED,
        "003f1d6978da2c8748bf5c7f5519a8404e3fd0f9ed88af008db285fccee9171f",
    ),
    (
        "isMeetingRunning",
        "meetingID=test01",
        DOCUMENTED,
        "a7388553f5d6fbac01bbef359d2b6f07c74bd26c972e164bb4a0e16b2c873395f60e1a77d019d91889a06dab0e5a6e23",
    ),
    (
        "isMeetingRunning",
        "meetingID=test01",
        DOCUMENTED,
        "1cd4ab4cdcbd0f2e0e043d1b687bfa9e9b8af523bf6798fba0fd0a8629d7d2b0"
        "bf7a8971f209cc0c532693e06f2edb853d892c17eeb17ee03a3ac269f8389a8c",
    ),
    ("create", UNICODE, DOCUMENTED, "9b990f27edf9316f777bf6ade16a4a000c6f24043b93d445db48d5df21f7519a"),
    # one name in two encodings: both right, each with its own checksum
    (
        "join",
        "fullName=O%27Brien+%28ta%29+~%2A%21&meetingID=m1&role=VIEWER",
        DOCUMENTED,
        "1cd1c31639f6a635e6979398f925457eeb9bfb32215d560e26c6495dc51f72af",
    ),
    (
        "join",
        "fullName=O%27Brien+%28ta%29+%7E*%21&meetingID=m1&role=VIEWER",
        DOCUMENTED,
        "ef190cc0dacde70e420c6c8eb6d48090e802e91c7577503c46bd6521be086947",
    ),
]
LENGTHS = {40: Algorithm.SHA1, 64: Algorithm.SHA256, 96: Algorithm.SHA384, 128: Algorithm.SHA512}
GOOD = "7901d9cf0f7e63a7e5eacabfd75fabfb223259d6c045ac5b4d86fb774c371945"
KEY = Secret("test-1")


@pytest.mark.parametrize(("call", "query", "key", "digest"), VECTORS)
def test_known_checksums_come_out(call: str, query: str, key: str, digest: str) -> None:
    assert checksum(call, query, Secret(key), LENGTHS[len(digest)]) == digest


@pytest.mark.parametrize(("call", "query", "key", "digest"), VECTORS)
def test_known_checksums_are_accepted(call: str, query: str, key: str, digest: str) -> None:
    raw = f"{query}&checksum={digest}" if query else f"checksum={digest}"
    verify(call, raw, [Secret(key)])
    with pytest.raises(SignatureRejected):
        verify(call, raw, [Secret(key + "x")])


def test_an_empty_query_is_signed_by_the_checksum_alone() -> None:
    assert signed_query("getMeetings", "", KEY, Algorithm.SHA1) == "checksum=" + checksum(
        "getMeetings", "", KEY, Algorithm.SHA1
    )


def test_the_checksum_is_appended_to_a_query() -> None:
    assert signed_query("getMeetingInfo", "meetingID=test-meeting-1", KEY, Algorithm.SHA256) == (
        f"meetingID=test-meeting-1&checksum={GOOD}"
    )


@pytest.mark.parametrize("raw", ["a=1&b=2&checksum={}", "checksum={}&a=1&b=2", "a=1&checksum={}&b=2"])
def test_the_checksum_may_stand_anywhere(raw: str) -> None:
    verify("join", raw.format(checksum("join", "a=1&b=2", KEY, Algorithm.SHA256)), [KEY])


def test_an_upper_case_checksum_is_accepted() -> None:
    verify("getMeetingInfo", f"meetingID=test-meeting-1&checksum={GOOD.upper()}", [KEY])


def test_any_of_several_secrets_will_do() -> None:
    raw = f"meetingID=test-meeting-1&checksum={GOOD}"
    verify("getMeetingInfo", raw, iter([Secret("new"), Secret("newer"), KEY]))
    verify("getMeetingInfo", raw, [KEY, Secret("old")])


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "meetingID=test-meeting-1",
        "meetingID=test-meeting-1&checksum=",
        "meetingID=test-meeting-1&checksum",
        f"meetingID=test-meeting-1&Checksum={GOOD}",
        f"meetingID=test-meeting-1&checksum={GOOD[:-1]}",
        f"meetingID=test-meeting-1&checksum={GOOD}0",
        f"meetingID=test-meeting-1&checksum={GOOD[:-1]}g",
        f"meetingID=test-meeting-1&checksum={GOOD[:-1]}é",
        f"meetingID=test-meeting-1&checksum={GOOD[:-1]}\ud800",
        f"meetingID=test-meeting-1&checksum={GOOD[:-1]}\n",
        f"meetingID=test-meeting-1&checksum={GOOD[:-3]}%61",
        "meetingID=test-meeting-1&checksum=" + "٠" * 64,
        f"meetingID=test-meeting-1&checksum={GOOD}&checksum={GOOD}",
        f"meetingID=test-meeting-1&checksum={GOOD}&checksum=",
        f"checksum={'0' * 64}&meetingID=test-meeting-1&checksum={GOOD}",
        f"meetingID=test-meeting-2&checksum={GOOD}",
        f"meetingID=test-meeting-1&extra=1&checksum={GOOD}",
        f"meetingID=test-meeting-1&&checksum={GOOD}",
        f"meetingID=test%2Dmeeting-1&checksum={GOOD}",
        f"meetingID=test-meeting-\ud800&checksum={GOOD}",
    ],
)
def test_a_missing_odd_or_wrong_checksum_is_refused(raw: str) -> None:
    with pytest.raises(SignatureRejected) as caught:
        verify("getMeetingInfo", raw, [KEY])
    assert str(caught.value) == "The signature of getMeetingInfo is missing or wrong"


def test_a_checksum_of_another_call_is_refused() -> None:
    with pytest.raises(SignatureRejected):
        verify("end", f"meetingID=test-meeting-1&checksum={GOOD}", [KEY])


def test_without_any_secret_nothing_is_accepted() -> None:
    unsigned = hashlib.sha256(b"end").hexdigest()
    with pytest.raises(SignatureRejected):
        verify("end", f"checksum={unsigned}", [])


def test_no_frame_holds_the_secret_when_the_hash_is_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(name: str, data: bytes = b"", **options: bool) -> NoReturn:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", unavailable)
    with pytest.raises(ValueError, match="unsupported hash type sha1") as caught:
        signed_query("end", "meetingID=m1", Secret("swordfish"), Algorithm.SHA1)
    assert caught.value.__traceback__ is not None
    caught.value.__traceback__ = caught.value.__traceback__.tb_next  # this frame knows the secret
    told = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "in checksum" in told and "Secret(…)" in told
    assert "swordfish" not in told


TEXTS = st.text(st.characters(exclude_categories=[]), max_size=40)


@given(
    call=TEXTS,
    query=TEXTS.filter(lambda text: "checksum=" not in text),
    key=TEXTS.filter(str.strip),
    algorithm=st.sampled_from(Algorithm),
)
def test_what_is_signed_is_accepted_whatever_it_says(call: str, query: str, key: str, algorithm: Algorithm) -> None:
    signed = signed_query(call, query, Secret(key), algorithm)
    verify(call, signed, [Secret(key)])
    with pytest.raises(SignatureRejected):
        verify(call, "x" + signed, [Secret(key)])


@given(raw=TEXTS, middle=TEXTS, prefix=st.sampled_from(["", "checksum=", "&checksum="]))
def test_no_query_makes_the_check_fail_otherwise_than_by_refusing(raw: str, middle: str, prefix: str) -> None:
    with pytest.raises(SignatureRejected):
        verify("end", raw + prefix + middle, [KEY])
