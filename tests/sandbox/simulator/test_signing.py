"""The checksum."""

import io
from urllib.parse import urlencode

import pytest
from lxml import etree

from sandbox.simulator import Simulator
from sandbox.simulator.signing import checksum_of, without_checksum
from tests.sandbox.simulator.calling import API, SECRET, Caller, signed

DOC_SECRET = "639259d4-9dd8-4b25-bf01-95f9567eaf4b"
RUBY_SECRET = "1234567890abcdefghijkl"
UNICODE = (
    "name=%D0%A4%D0%B8%D0%B7%D0%B8%D0%BA%D0%B0+101%3A+%C3%9Cbung+%26+%C2%ABT%D0%B5%D1%81%D1%82%C2%BB"
    "&meetingID=course-v1_abc&meta_x-y=a%3Db%26c"
)
VECTORS = [
    (
        "create",
        "name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444",
        DOC_SECRET,
        "1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17",
    ),
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
    ("join", "param1=value1&param2=value2", RUBY_SECRET, "67882ae54f49600f56f358c10d24697ef7d8c6b2"),
    ("join", "param2=value2&param1=value1", RUBY_SECRET, "85a54e28e4ec18bfdcb214a73f74d35b09a84176"),
    (
        "join",
        "param1=value1&param2=value2",
        RUBY_SECRET,
        "0e7b1611809fad890a114dddae1a37fecf14c28971afc10ee3eac432da5b8b41",
    ),
    (
        "join",
        "param2=value2&param1=value1",
        RUBY_SECRET,
        "21bf2d24c27251c4b2b2f0d5dd4b966a2f16fbfc7882e102b44c6d67f728f0c8",
    ),
    ("getUser", "name=bbb", "test", "14727e995e790f61f6f0be878d52efb248b00e92"),
    ("getMeetings", "", DOC_SECRET, "2027baa7771026e9e93392f55031535d1444c41f"),
    ("getMeetings", "", DOC_SECRET, "a5370c5f3d97d56d53b435684cdbc429c2898a3bf9f435518b4279e1e0dbfc8c"),
    ("isMeetingRunning", "meetingID=test01", DOC_SECRET, "74b0bf418eddacba29c88635be21376cca0c8ed3"),
    (
        "isMeetingRunning",
        "meetingID=test01",
        DOC_SECRET,
        "003f1d6978da2c8748bf5c7f5519a8404e3fd0f9ed88af008db285fccee9171f",
    ),
    (
        "isMeetingRunning",
        "meetingID=test01",
        DOC_SECRET,
        "a7388553f5d6fbac01bbef359d2b6f07c74bd26c972e164bb4a0e16b2c873395f60e1a77d019d91889a06dab0e5a6e23",
    ),
    (
        "isMeetingRunning",
        "meetingID=test01",
        DOC_SECRET,
        "1cd4ab4cdcbd0f2e0e043d1b687bfa9e9b8af523bf6798fba0fd0a8629d7d2b0"
        "bf7a8971f209cc0c532693e06f2edb853d892c17eeb17ee03a3ac269f8389a8c",
    ),
    ("create", UNICODE, DOC_SECRET, "9b990f27edf9316f777bf6ade16a4a000c6f24043b93d445db48d5df21f7519a"),
    (
        "join",
        "fullName=O%27Brien+%28ta%29+~%2A%21&meetingID=m1&role=VIEWER",
        DOC_SECRET,
        "1cd1c31639f6a635e6979398f925457eeb9bfb32215d560e26c6495dc51f72af",
    ),
    (
        "join",
        "fullName=O%27Brien+%28ta%29+%7E*%21&meetingID=m1&role=VIEWER",
        DOC_SECRET,
        "ef190cc0dacde70e420c6c8eb6d48090e802e91c7577503c46bd6521be086947",
    ),
    ("getMeetingInfo", "", "test-2", "d3a5ebf2c9a52d3b9f421492499f11a1a625f3b9af48c6b1cc61d1c6c565aee6"),
]
BY_LENGTH = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}


@pytest.mark.parametrize(("call", "query", "secret", "expected"), VECTORS)
def test_each_known_checksum_comes_out(call: str, query: str, secret: str, expected: str) -> None:
    assert checksum_of(call, query.encode(), secret, BY_LENGTH[len(expected)]) == expected


@pytest.mark.parametrize(
    "received",
    [
        "checksum=abc",
        "checksum=abc&name=bbb&x=1",
        "name=bbb&checksum=abc&x=1",
        "name=bbb&x=1&checksum=abc",
        "checksum=abc&name=bbb&x=1&checksum=abc",
    ],
)
def test_the_checksum_is_taken_out_wherever_it_stands(received: str) -> None:
    expected = b"" if received == "checksum=abc" else b"name=bbb&x=1"
    assert without_checksum(received.encode(), "abc") == expected


def test_only_the_first_checksum_is_taken_out_when_two_differ() -> None:
    assert without_checksum(b"a=1&checksum=abc&checksum=def", "abc") == b"a=1&checksum=def"


def accepted(caller: Caller, address: str) -> bool:
    answer = etree.fromstring(caller.browser.get(API + address).data)
    return answer.findtext("messageKey") != "checksumError"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_the_length_of_the_checksum_says_how_it_was_made(caller: Caller, algorithm: str) -> None:
    assert accepted(caller, signed("isMeetingRunning", "meetingID=m1", algorithm=algorithm))


def test_an_algorithm_that_the_server_does_not_allow_is_refused() -> None:
    strict = Caller(Simulator(secret=SECRET, algorithms=("sha512",)))
    assert accepted(strict, signed("getMeetings", algorithm="sha512"))
    assert not accepted(strict, signed("getMeetings", algorithm="sha256"))


def test_the_checksum_may_be_in_capitals(caller: Caller) -> None:
    address = signed("isMeetingRunning", "meetingID=m1")
    call, checksum = address.rsplit("=", 1)
    assert accepted(caller, f"{call}={checksum.upper()}")


def test_the_raw_query_counts_and_not_what_it_means(caller: Caller) -> None:
    assert accepted(caller, signed("isMeetingRunning", "meetingID=a%7Eb%2Ac"))
    same_meaning = signed("isMeetingRunning", "meetingID=a%7Eb%2Ac").replace("%7E", "~")
    assert not accepted(caller, same_meaning)


def test_parameters_in_another_order_are_refused(caller: Caller) -> None:
    checksum = signed("create", "name=Seminar&meetingID=m1").rsplit("checksum=", 1)[1]
    assert not accepted(caller, f"create?meetingID=m1&name=Seminar&checksum={checksum}")


def test_raw_bytes_outside_ascii_are_hashed_as_they_came(simulator: Simulator) -> None:
    query = "fullName=Zoë&meetingID=m1".encode()
    checksum = checksum_of("getMeetings", query, SECRET, "sha256")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/bigbluebutton/api/getMeetings",
        "QUERY_STRING": (query + f"&checksum={checksum}".encode()).decode("latin-1"),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    body = b"".join(simulator.wsgi(environ, lambda status, headers: None))
    assert b"noMeetings" in body


@pytest.mark.parametrize(
    "query",
    [
        "",
        "checksum",
        "checksum=",
        "checksum=xyz",
        "checksum=" + "0" * 64,
        "checksum=%ff%fe",
        "checksum=" + "%C3%A9" * 64,
        "checksum=a&checksum=b&checksum",
        "&&&=&checksum=&",
        "meetingID=%00%ff&checksum=" + "z" * 40,
        "checksum=" + "a" * 5000,
    ],
)
def test_a_malformed_checksum_is_refused_and_breaks_nothing(caller: Caller, query: str) -> None:
    answer = caller.browser.get(f"{API}getMeetingInfo?{query}")
    assert answer.status_code == 200
    assert etree.fromstring(answer.data).findtext("messageKey") == "checksumError"


def test_a_refusal_is_xml_with_status_200_that_nobody_may_cache(caller: Caller) -> None:
    answer = caller.browser.get(API + "getMeetings?checksum=" + "0" * 64)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/xml")
    assert answer.headers["Cache-Control"] == "no-cache"
    children = [child.tag for child in etree.fromstring(answer.data)]
    assert children == ["returncode", "messageKey", "message"]


def test_the_checksum_is_checked_before_anything_else(caller: Caller) -> None:
    wrong = API + "create?checksum=" + "0" * 64
    assert b"checksumError" in caller.browser.get(wrong).data
    body = {"data": b"<x/>", "content_type": "image/png"}
    assert b"checksumError" in caller.browser.post(wrong, **body).data


def test_the_words_differ_for_a_missing_a_wrong_and_a_recording_checksum(caller: Caller) -> None:
    def words(address: str) -> str | None:
        return etree.fromstring(caller.browser.get(API + address).data).findtext("message")

    assert words("getMeetings") == "You must provide the checksum"
    assert words("getMeetings?checksum=1") == "Checksums do not match"
    assert words("getRecordings?checksum=1") == "You did not pass the checksum security check"


def test_another_secret_is_refused_until_the_server_has_it(simulator: Simulator, caller: Caller) -> None:
    address = signed("getMeetings", secret="the next secret")
    assert not accepted(caller, address)
    simulator.secret = "the next secret"
    assert accepted(caller, address)


def test_a_simulator_without_a_secret_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="secret"):
        Simulator(secret="")


FORM = {"meetingID": "m1", "x": "a b~*"}


def post_form(mode: str, hashed: str, fields: dict[str, str] = FORM) -> str:
    """Post a form that was signed over the given text; return the messageKey."""
    caller = Caller(Simulator(secret=SECRET, mode=mode))
    checksum = signed("getMeetingInfo", hashed).rsplit("checksum=", 1)[1]
    body = urlencode(fields) + f"&checksum={checksum}"
    answer = caller.browser.post(API + "getMeetingInfo", data=body, content_type="application/x-www-form-urlencoded")
    return etree.fromstring(answer.data).findtext("messageKey") or ""


@pytest.mark.parametrize(
    ("mode", "hashed"),
    [
        ("bbb-2.6", "meetingID=m1&x=a+b%7E*"),
        ("bbb-3.0", ""),
        ("bbb-4.0", ""),
        ("scalelite", ""),
        ("bbblb", "meetingID=m1&x=a+b~%2A"),
    ],
)
def test_each_server_signs_a_posted_form_in_its_own_way(mode: str, hashed: str) -> None:
    assert post_form(mode, hashed) == "notFound"
    assert post_form(mode, "something=else") == "checksumError"


def test_parameters_in_both_the_address_and_the_body_are_refused(caller: Caller) -> None:
    answer = caller.browser.post(API + signed("getMeetingInfo", "meetingID=m1"), data={"x": "1"})
    assert b"checksumError" in answer.data
