import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bbb_xblock.bbb import ApiError, BBBError, ChecksumRefused, NotXML, errors
from bbb_xblock.bbb.messages import Reply
from bbb_xblock.bbb.parser import digits, flag, number, success, text, texts
from tests.bbb.servers import FIXTURES, recorded

DOCTYPE = '<!DOCTYPE response [<!ENTITY x "SUCCESS">]>'
PLAIN = "<response><returncode>SUCCESS</returncode></response>"


def replied(body: bytes) -> Reply:
    return Reply(call="getMeetings", body=body)


def element(inner: str) -> etree._Element:
    return etree.fromstring(f"<response>{inner}</response>")


@pytest.mark.parametrize("body", [PLAIN.encode(), f"\ufeff{PLAIN}".encode(), PLAIN.encode("utf-16")])
def test_a_success_gives_the_response_element(body: bytes) -> None:
    assert success(replied(body)).tag == "response"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"\x00",
        b"Bad Gateway",
        b"<html><body>502 Bad Gateway</body></html>",
        b"<response><returncode>SUCCESS</returncode>",
        PLAIN.encode() + PLAIN.encode(),
        b"<html><returncode>SUCCESS</returncode></html>",
        b"<response/>",
        b"<response><returncode/></response>",
        b"<response><returncode>success</returncode></response>",
        b"<response xmlns='urn:x'><returncode>SUCCESS</returncode></response>",
        b"<response><returncode>SUCCESS</returncode>\xff</response>",
        b"<response><returncode>SUCCESS</returncode>&unknown;</response>",
        b"<?xml version='1.0' encoding='klingon'?>" + PLAIN.encode(),
        b"<response>" + b"<a>" * 300 + b"</a>" * 300 + b"<returncode>SUCCESS</returncode></response>",
        b'{"response":{"returncode":"SUCCESS"}}',
    ],
)
def test_what_is_no_reply_is_refused(body: bytes) -> None:
    with pytest.raises(NotXML) as caught:
        success(replied(body))
    assert caught.value.__context__ is None
    assert "getMeetings" in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32", "cp037"])
@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE response>",
        "<!DOCTYPE response []>",
        DOCTYPE,
        "<!DOCTYPE response SYSTEM 'file:///etc/hostname'>",
        "<!DOCTYPE response [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x'> %x;]>",
    ],
)
def test_a_document_type_is_refused_in_any_encoding(doctype: str, encoding: str) -> None:
    body = f"<?xml version='1.0' encoding='{encoding}'?>{doctype}{PLAIN}".encode(encoding)
    with pytest.raises(NotXML):
        success(replied(body))


def test_a_reply_full_of_nested_entities_is_refused_at_once() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE response [<!ENTITY l0 "ha">{laughs}]><response a="&l9;">&l9;</response>'
    started = time.process_time()
    with pytest.raises(NotXML):
        success(replied(body.encode()))
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("create_checksum_error", ChecksumRefused, "checksumError"),
        ("create_id_not_unique", ApiError, "idNotUnique"),
        ("create_voice_bridge_taken", ApiError, "nonUniqueVoiceBridge"),
        ("insertDocument_unknown_meeting", ApiError, ""),
    ],
)
def test_a_failure_is_told_by_its_key(name: str, kind: type[ApiError], key: str) -> None:
    with pytest.raises(ApiError) as caught:
        success(replied(recorded(name)))
    assert type(caught.value) is kind
    assert caught.value.message_key == key
    assert caught.value.call == "getMeetings"


def test_a_failure_does_not_repeat_the_words_of_the_server() -> None:
    body = b"<response><returncode>FAILED</returncode><messageKey>a&#10;&lt;b&gt;</messageKey>"
    with pytest.raises(ApiError) as caught:
        success(replied(body + b"<message>swordfish</message></response>"))
    assert str(caught.value) == "BigBlueButton refused getMeetings (ab)"


def test_comments_and_instructions_do_not_split_a_text() -> None:
    root = success(replied(PLAIN.encode().replace(b"SUCC", b"<!-- x --><?y z?>SUCC<!-- x -->")))
    assert text(root, "returncode") == "SUCCESS"


def test_a_text_is_trimmed_and_a_missing_one_is_empty() -> None:
    root = element("<a> x y\n</a><a>second</a><b/>")
    assert (text(root, "a"), text(root, "b"), text(root, "c")) == ("x y", "", "")


@pytest.mark.parametrize(
    ("written", "expected"),
    [("true", True), (" TRUE ", True), ("false", False), ("1", False), ("yes", False), ("", False)],
)
def test_only_true_is_true(written: str, expected: bool) -> None:
    assert flag(element(f"<a>{written}</a>"), "a") is expected
    assert flag(element(""), "a") is False


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0", 0),
        ("1204", 1204),
        (" 7 ", 7),
        ("1,204", 1204),
        ("1.204", 1204),
        ("1\u00a0204", 1204),
        ("1\u202f204", 1204),
        ("1’204", 1204),
        ("1,700,000,000,000", 1700000000000),
        ("", 0),
        ("-3", 0),
        ("3.5", 0),
        ("1,2", 0),
        ("12,34,567", 0),
        ("1e3", 0),
        ("0x10", 0),
        ("NaN", 0),
        ("٣", 0),
        ("²", 0),
        ("9" * 5000, 0),
    ],
)
def test_numbers_are_read_with_or_without_separators_and_odd_ones_are_zero(written: str, expected: int) -> None:
    root = element(f"<a>{written}</a>")
    assert number(root, "a") == expected
    assert digits(root, "a") == (str(expected) if expected or written == "0" else "")


def test_a_missing_number_is_zero() -> None:
    assert number(element(""), "a") == 0


def test_metadata_becomes_a_mapping() -> None:
    root = element("<metadata><a-b> x &amp; y </a-b><c/><d>1<e>2</e>3</d></metadata>")
    assert texts(root, "metadata") == {"a-b": "x & y", "c": "", "d": "123"}
    assert texts(element(""), "metadata") == {}


@given(body=st.binary(max_size=200))
def test_no_bytes_make_the_parser_fail_otherwise_than_by_our_errors(body: bytes) -> None:
    with pytest.raises(BBBError):
        success(replied(body))


def test_an_error_from_the_list_form_may_lack_its_key() -> None:
    with pytest.raises(errors.ApiError) as caught:
        success(replied(b"<response><returncode>FAILED</returncode><errors><error/></errors></response>"))
    assert caught.value.message_key == ""


def test_every_recorded_reply_is_well_formed() -> None:
    names = sorted(path.name for path in FIXTURES.glob("*.xml"))
    assert len(names) > 15
    assert all(etree.fromstring(recorded(name.removesuffix(".xml"))).tag == "response" for name in names)
