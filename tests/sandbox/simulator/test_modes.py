"""The servers that the simulator can play."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import API, SECRET, Caller, reason, signed
from tests.sandbox.simulator.receiving import Receiver


def playing(mode: str) -> Caller:
    return Caller(Simulator(secret=SECRET, mode=mode))


def test_an_unknown_mode_is_refused_with_the_names_of_the_known() -> None:
    with pytest.raises(ValueError, match=r"bbb-3\.0"):
        Simulator(secret=SECRET, mode="bbb-1.0")


@pytest.mark.parametrize(
    ("mode", "elements"),
    [
        ("bbb-2.6", "returncode version apiVersion bbbVersion"),
        (
            "bbb-3.0",
            "returncode version apiVersion bbbVersion html5PluginSdkVersion graphqlWebsocketUrl graphqlApiUrl",
        ),
        (
            "bbb-4.0",
            "returncode version apiVersion bbbVersion html5PluginSdkVersion graphqlWebsocketUrl graphqlApiUrl",
        ),
        ("scalelite", "returncode version build"),
        ("bbblb", "returncode version info"),
    ],
)
def test_the_root_shows_what_kind_of_server_it_is(mode: str, elements: str) -> None:
    root = etree.fromstring(playing(mode).browser.get(API).data)
    assert " ".join(child.tag for child in root) == elements
    assert root.findtext("version") == "2.0"


def test_2_6_redirects_on_failed_validation_even_if_xml_was_asked_for() -> None:
    caller = playing("bbb-2.6")
    assert reason(caller.join(redirect="false", meeting_id="nobody")) == "invalidMeetingIdentifier"
    caller.create()
    mismatch = etree.fromstring(caller.join(redirect="false", createTime="1").data)
    assert mismatch.findtext("messageKey") == "mismatchCreateTimeParam"


def test_2_6_says_that_a_meeting_is_ending() -> None:
    caller = playing("bbb-2.6")
    caller.simulator.end_delay = 5
    caller.create()
    caller.ask("end", meetingID="m1")
    assert reason(caller.join()) == "meetingForciblyEnded"
    assert caller.ask("getMeetingInfo", meetingID="m1").findtext("hasBeenForciblyEnded") == "true"


@pytest.mark.parametrize(("mode", "own"), [("bbb-2.6", False), ("bbb-3.0", True), ("bbb-4.0", True)])
def test_a_person_has_a_logout_address_of_their_own_since_3_0(mode: str, own: bool) -> None:
    caller = playing(mode)
    caller.create(logoutURL="https://all.example.org/")
    token = caller.enter(logoutURL="https://own.example.org/")
    expected = "https://own.example.org/" if own else "https://all.example.org/"
    assert caller.press(token, "leave").headers["Location"] == expected


@pytest.mark.parametrize("layout", ["CUSTOM_LAYOUT", "SMART_LAYOUT", "PRESENTATION_FOCUS", "VIDEO_FOCUS"])
def test_4_0_refuses_the_layouts_that_it_dropped(layout: str) -> None:
    assert playing("bbb-4.0").create(meetingLayout=layout).findtext("returncode") == "FAILED"
    assert playing("bbb-3.0").create(meetingLayout=layout).findtext("returncode") == "SUCCESS"
    assert playing("bbb-4.0").create(meetingLayout="UNIFIED_LAYOUT").findtext("returncode") == "SUCCESS"


@pytest.mark.parametrize("mode", ["scalelite", "bbblb"])
def test_pools_know_no_sha384_and_want_lower_case(mode: str) -> None:
    caller = playing(mode)
    assert b"checksumError" in caller.browser.get(API + signed("getMeetings", algorithm="sha384")).data
    call, checksum = signed("getMeetings").split("=")
    assert b"checksumError" in caller.browser.get(f"{API}{call}={checksum.upper()}").data
    assert b"SUCCESS" in caller.browser.get(API + signed("getMeetings", algorithm="sha512")).data


@pytest.mark.parametrize("mode", ["scalelite", "bbblb"])
def test_pools_answer_xml_in_the_browser_if_the_meeting_is_unknown(mode: str) -> None:
    answer = playing(mode).join(errorRedirectUrl="https://lms.example.org/")
    assert answer.status_code == 200
    assert etree.fromstring(answer.data).findtext("messageKey") == "notFound"


@pytest.mark.parametrize("mode", ["scalelite", "bbblb"])
def test_pools_need_two_redirects_to_the_room(mode: str) -> None:
    caller = playing(mode)
    caller.create()
    first = caller.join("Zoë O'Brien ~*", userID="u1")
    assert first.status_code == 302
    assert "/node/bigbluebutton/api/join?" in first.headers["Location"]
    second = caller.browser.get(first.headers["Location"])
    assert "sessionToken" in parse_qs(urlsplit(second.headers["Location"]).query)
    assert caller.browser.get(second.headers["Location"]).status_code == 200
    assert caller.simulator.meeting("m1").participants[0].full_name == "Zoë O'Brien ~*"
    assert caller.simulator.count("join") == 1


def test_the_server_behind_a_pool_does_not_take_the_secret_of_the_pool() -> None:
    caller = playing("scalelite")
    caller.create()
    answer = caller.browser.get("/node/bigbluebutton/api/" + signed("join", "fullName=Ada&meetingID=m1&role=VIEWER"))
    assert answer.status_code == 200
    assert b"checksumError" in answer.data
    assert caller.simulator.meeting("m1").participants == []


@pytest.mark.parametrize(
    ("mode", "call", "key"),
    [
        ("scalelite", "sendChatMessage", "unsupportedRequest"),
        ("scalelite", "getSessions", "unsupportedRequest"),
        ("scalelite", "hooks/create", "unsupportedRequest"),
        ("bbblb", "getJoinUrl", "notImplemented"),
        ("bbblb", "getRecordingTextTracks", "notImplemented"),
        ("scalelite", "getMeetingInfo", "missingParamMeetingID"),
        ("bbblb", "getMeetingInfo", "missingParameterMeetingID"),
    ],
)
def test_pools_refuse_with_keys_of_their_own(mode: str, call: str, key: str) -> None:
    assert playing(mode).key(call) == key


def test_2_6_has_no_chat_call() -> None:
    assert playing("bbb-2.6").send("sendChatMessage", meetingID="m1", message="x").status_code == 404


def test_a_scalelite_pool_gives_the_voice_bridge_itself() -> None:
    answer = playing("scalelite").create(voiceBridge="70001")
    assert len(answer.findtext("voiceBridge") or "") == 9


def test_a_bbblb_pool_has_less_room_for_the_meeting_id() -> None:
    caller = playing("bbblb")
    assert caller.create("x" * 250).findtext("messageKey") == "sizeError"
    assert caller.create("x" * 240).findtext("returncode") == "SUCCESS"


def test_a_bbblb_pool_without_meetings_has_no_key() -> None:
    assert playing("bbblb").ask("getMeetings").find("messageKey") is None


@pytest.mark.parametrize(
    ("mode", "copies", "algorithm", "scheme"), [("scalelite", 1, "HS512", "Bearer"), ("bbblb", 3, "HS256", "bearer")]
)
def test_pools_relay_analytics_in_their_own_way(
    receiver: Receiver, mode: str, copies: int, algorithm: str, scheme: str
) -> None:
    simulator = Simulator(secret=SECRET, mode=mode)
    caller = Caller(simulator)
    caller.create(meetingKeepEvents="true", **{"meta_analytics-callback-url": f"{receiver.url}/analytics"})
    caller.ask("end", meetingID="m1")
    simulator.deliver_callbacks()
    assert len(receiver.received) == copies
    given, token = receiver.received[0].headers["Authorization"].split(" ")
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert (given, header["alg"]) == (scheme, algorithm)
    assert ("customer" in json.loads(receiver.received[0].body)) is (mode == "scalelite")


@pytest.mark.parametrize(("mode", "copies", "path"), [("scalelite", 2, "/bn"), ("bbblb", 12, "/bbb")])
def test_pools_keep_the_address_for_recordings_to_themselves(
    receiver: Receiver, mode: str, copies: int, path: str
) -> None:
    simulator = Simulator(secret=SECRET, mode=mode)
    caller = Caller(simulator)
    addresses = {f"meta_{who}-recording-ready-url": f"{receiver.url}/{who}" for who in ("bbb", "bn")}
    caller.create(record="true", autoStartRecording="true", **addresses)
    assert simulator.meeting("m1").metadata == {}
    simulator.add_participants("m1", 1)
    caller.ask("end", meetingID="m1")
    simulator.advance(2)
    simulator.deliver_callbacks()
    assert len(receiver.received) == copies
    assert path in {got.path for got in receiver.received}


def test_a_bbblb_pool_leaks_its_own_meeting_id_to_the_end_callback(receiver: Receiver) -> None:
    simulator = Simulator(secret=SECRET, mode="bbblb")
    caller = Caller(simulator)
    caller.create(meta_endCallbackUrl=f"{receiver.url}/end")
    caller.ask("end", meetingID="m1")
    simulator.deliver_callbacks()
    assert parse_qs(urlsplit(receiver.received[0].path).query)["meetingID"] == ["m1-bbblb-demo"]
