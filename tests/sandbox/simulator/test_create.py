"""Create, and how meetings come and go."""

import hashlib
import re

import pytest
from lxml import etree

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import API, Caller, signed

ORDER = [
    "returncode",
    "meetingID",
    "internalMeetingID",
    "parentMeetingID",
    "attendeePW",
    "moderatorPW",
    "createTime",
    "voiceBridge",
    "dialNumber",
    "createDate",
    "hasUserJoined",
    "duration",
    "hasBeenForciblyEnded",
    "messageKey",
    "message",
]


def test_the_answer_has_the_elements_of_the_server_in_its_order(caller: Caller) -> None:
    answer = caller.create()
    assert [child.tag for child in answer] == ORDER
    assert (answer.findtext("messageKey"), answer.findtext("message")) == ("", "")
    assert answer.findtext("parentMeetingID") == "bbb-none"


def test_the_create_time_is_in_milliseconds_and_part_of_the_internal_id(simulator: Simulator, caller: Caller) -> None:
    answer = caller.create("Test")
    create_time = answer.findtext("createTime")
    assert create_time == str(int(simulator.world.now() * 1000))
    assert answer.findtext("internalMeetingID") == f"640ab2bae07bedc4c163f679a746f7ab7fb5d1fa-{create_time}"


def test_two_meetings_with_one_id_never_share_a_create_time_even_if_the_clock_stands(caller: Caller) -> None:
    first = caller.create().findtext("createTime")
    caller.ask("end", meetingID="m1")
    assert caller.create().findtext("createTime") != first


def test_passwords_are_made_up_if_none_are_given(caller: Caller) -> None:
    answer = caller.create()
    assert re.fullmatch(r"[a-z0-9]{8}", answer.findtext("attendeePW") or "")
    assert answer.findtext("attendeePW") != answer.findtext("moderatorPW")


def test_metadata_is_lower_cased_and_bad_names_are_dropped_silently(simulator: Simulator, caller: Caller) -> None:
    answer = caller.create(
        **{"meta_End-Url": "https://a.example.org", "meta_a_b": "1", "meta_1a": "1", "meta_a.b": "1", "meta_": "1"}
    )
    assert answer.findtext("returncode") == "SUCCESS"
    assert simulator.meeting("m1").metadata == {"end-url": "https://a.example.org"}


def test_creating_again_without_passwords_is_a_warning_and_changes_nothing(
    simulator: Simulator, caller: Caller
) -> None:
    first = caller.create(meta_course="one", attendeePW="ap", moderatorPW="mp")
    simulator.advance(1)
    again = caller.create(name="Another name", meta_course="two", maxParticipants="1")
    assert again.findtext("returncode") == "SUCCESS"
    assert again.findtext("messageKey") == "duplicateWarning"
    for same in ("createTime", "internalMeetingID", "attendeePW", "moderatorPW"):
        assert again.findtext(same) == first.findtext(same)
    meeting = simulator.meeting("m1")
    assert (meeting.name, meeting.metadata) == ("Seminar", {"course": "one"})
    assert "maxParticipants" not in meeting.params


@pytest.mark.parametrize(
    ("passwords", "key"),
    [
        ({"attendeePW": "ap", "moderatorPW": "mp"}, "duplicateWarning"),
        ({"attendeePW": "ap", "moderatorPW": "other"}, "idNotUnique"),
        ({"attendeePW": "ap"}, "idNotUnique"),
        ({"moderatorPW": "mp"}, "idNotUnique"),
    ],
)
def test_the_passwords_alone_decide_whether_it_is_the_same_meeting(
    caller: Caller, passwords: dict[str, str], key: str
) -> None:
    caller.create(attendeePW="ap", moderatorPW="mp")
    assert caller.create(**passwords).findtext("messageKey") == key


@pytest.mark.parametrize(
    ("params", "key"),
    [
        ({"meetingID": ""}, "missingParamMeetingID"),
        ({"meetingID": "x"}, "sizeError"),
        ({"meetingID": "x" * 257}, "sizeError"),
        ({"meetingID": "a,b"}, "validationError"),
        ({"meetingID": "a\tb"}, "validationError"),
        ({"meetingID": "ab "}, "validationError"),
        ({"meetingID": "a\u0085b"}, "validationError"),
        ({"name": ""}, "validationError"),
        ({"name": "\x01"}, "validationError"),
        ({"name": "x"}, "sizeError"),
        ({"name": "x" * 257}, "sizeError"),
        ({"record": "yes"}, "validationError"),
        ({"voiceBridge": "12a"}, "validationError"),
        ({"attendeePW": "x" * 65}, "sizeError"),
        ({"isBreakout": "true"}, "parentMeetingIdMissing"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused(
    simulator: Simulator, caller: Caller, params: dict[str, str], key: str
) -> None:
    answer = caller.ask("create", **{"name": "Seminar", "meetingID": "m1", **params})
    assert (answer.findtext("returncode"), answer.findtext("messageKey")) == ("FAILED", key)
    assert simulator.calls[-1].refused
    with pytest.raises(KeyError):
        simulator.meeting("m1")


@pytest.mark.parametrize("meeting_id", ["ab", "x" * 256])
def test_the_shortest_and_the_longest_id_are_accepted(caller: Caller, meeting_id: str) -> None:
    assert caller.create(meeting_id).findtext("returncode") == "SUCCESS"


def test_numbers_that_do_not_parse_count_as_not_given(caller: Caller) -> None:
    assert caller.create(duration="soon").findtext("duration") == "0"


def test_a_voice_bridge_in_use_is_refused_without_a_message_key(caller: Caller) -> None:
    caller.create("m1", voiceBridge="70001")
    answer = caller.create("m2", voiceBridge="70001")
    assert answer.findtext("returncode") == "FAILED"
    assert answer.find("messageKey") is None
    error = answer.find("errors/error")
    assert error is not None and error.get("key") == "nonUniqueVoiceBridge"


def test_moderators_alone_read_the_message_for_them(caller: Caller, other: Caller) -> None:
    caller.create(welcome="Hello", moderatorOnlyMessage="Greet<br>everybody &amp; smile")
    said = caller.state(caller.enter("Thea Teacher", role="MODERATOR"))["chat"]
    assert [line["text"] for line in said] == ["Greet\neverybody & smile", "Hello"]
    assert [line["text"] for line in other.state(other.enter())["chat"]] == ["Hello"]


def test_slides_in_a_posted_body_are_kept_by_name(simulator: Simulator, caller: Caller) -> None:
    body = (
        b'<modules><module name="presentation"><document url="https://f.example.org/a.pdf" filename="a.pdf"/>'
        b'<document name="b.pdf">QQ==</document></module></modules>'
    )
    address = API + signed("create", "name=Seminar&meetingID=m1")
    answer = caller.browser.post(address, data=body, content_type="application/xml")
    assert etree.fromstring(answer.data).findtext("returncode") == "SUCCESS"
    assert [document.name for document in simulator.meeting("m1").documents] == ["a.pdf", "b.pdf"]
    assert simulator.calls[-1].body == body


@pytest.mark.parametrize("content_type", ["application/json", "application/xml; charset=utf-8", "text/plain"])
def test_a_body_of_another_type_is_refused(caller: Caller, content_type: str) -> None:
    address = API + signed("create", "name=Seminar&meetingID=m1")
    answer = caller.browser.post(address, data=b"<modules/>", content_type=content_type)
    assert etree.fromstring(answer.data).findtext("messageKey") == "unsupportedContentType"


def test_a_body_that_is_not_xml_does_not_fail_the_meeting(caller: Caller) -> None:
    address = API + signed("create", "name=Seminar&meetingID=m1")
    answer = caller.browser.post(address, data=b"<modules", content_type="application/xml")
    assert etree.fromstring(answer.data).findtext("returncode") == "SUCCESS"


def test_a_body_of_more_than_two_megabytes_is_refused_as_the_web_server_does(caller: Caller) -> None:
    address = API + signed("create", "name=Seminar&meetingID=m1")
    answer = caller.browser.post(address, data=b"x" * (2 * 1024 * 1024 + 1), content_type="application/xml")
    assert answer.status_code == 413


def test_a_breakout_names_its_parent_and_ends_with_it(simulator: Simulator, caller: Caller) -> None:
    parent = caller.create("parent")
    child = caller.create("child", isBreakout="true", parentMeetingID="parent", sequence="1")
    assert child.findtext("parentMeetingID") == parent.findtext("internalMeetingID")
    info = caller.ask("getMeetingInfo", meetingID="child")
    assert info.find("breakout") is None
    assert (info.findtext("isBreakout"), info.findtext("sequence")) == ("true", "1")
    assert caller.ask("getMeetingInfo", meetingID="parent").findtext("breakoutRooms/breakout") == "child"
    caller.ask("end", meetingID="parent")
    assert caller.key("getMeetingInfo", meetingID="child") == "notFound"


def test_unknown_parameters_are_kept_and_harm_nothing(simulator: Simulator, caller: Caller) -> None:
    caller.create(somethingNew="yes")
    assert simulator.meeting("m1").params["somethingNew"] == "yes"


def test_the_internal_id_hashes_unicode_as_utf_8(caller: Caller) -> None:
    expected = hashlib.sha1("Übung".encode(), usedforsecurity=False).hexdigest()
    assert (caller.create("Übung").findtext("internalMeetingID") or "").startswith(expected)
