"""What the server says about meetings, and when they end."""

import pytest

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import API, Caller, signed

INFO = (
    "returncode meetingName meetingID internalMeetingID createTime createDate voiceBridge dialNumber attendeePW "
    "moderatorPW running duration hasUserJoined recording hasBeenForciblyEnded startTime endTime participantCount "
    "listenerCount voiceParticipantCount videoCount maxUsers moderatorCount attendees metadata messageKey message "
    "isBreakout"
)
ATTENDEE = "userID fullName role isPresenter isListeningOnly hasJoinedVoice hasVideo clientType"


def test_the_info_has_the_elements_of_the_server_in_its_order(caller: Caller) -> None:
    caller.create(meta_course="c1", record="true")
    caller.join(userID="u-17")
    info = caller.ask("getMeetingInfo", meetingID="m1")
    assert " ".join(child.tag for child in info) == INFO
    attendee = info.find("attendees/attendee")
    assert attendee is not None and " ".join(child.tag for child in attendee) == ATTENDEE
    assert attendee.findtext("userID") == "u-17"
    assert (info.findtext("recording"), info.findtext("metadata/course")) == ("true", "c1")


def test_names_and_metadata_survive_xml(caller: Caller) -> None:
    caller.create(name="<b>&\u2028 \ufffe", meta_x="]]><x/>&amp;")
    caller.join("Ada <Example> & \x0bco")
    info = caller.ask("getMeetingInfo", meetingID="m1")
    assert info.findtext("meetingName") == "<b>&\u2028 "
    assert info.findtext("metadata/x") == "]]><x/>&amp;"
    assert info.findtext("attendees/attendee/fullName") == "Ada <Example> & co"


def test_an_empty_meeting_exists_but_does_not_run(caller: Caller) -> None:
    caller.create()
    assert caller.ask("isMeetingRunning", meetingID="m1").findtext("running") == "false"
    assert caller.ask("getMeetingInfo", meetingID="m1").findtext("running") == "false"
    caller.join()
    assert caller.ask("isMeetingRunning", meetingID="m1").findtext("running") == "true"


def test_an_unknown_meeting_is_not_running_but_not_found_by_the_other_calls(caller: Caller) -> None:
    running = caller.ask("isMeetingRunning", meetingID="nobody")
    assert (running.findtext("returncode"), running.findtext("running")) == ("SUCCESS", "false")
    assert caller.key("getMeetingInfo", meetingID="nobody") == "notFound"
    assert caller.key("end", meetingID="nobody") == "notFound"


@pytest.mark.parametrize("call", ["isMeetingRunning", "getMeetingInfo", "end"])
def test_a_call_without_a_meeting_id_is_told_so(caller: Caller, call: str) -> None:
    assert caller.key(call) == "missingParamMeetingID"


def test_all_meetings_are_listed_also_the_empty_ones(caller: Caller) -> None:
    empty = caller.ask("getMeetings")
    assert (empty.findtext("returncode"), empty.findtext("messageKey")) == ("SUCCESS", "noMeetings")
    assert empty.find("meetings") is not None
    caller.create("m1")
    caller.create("m2")
    listed = caller.ask("getMeetings")
    assert [each.text for each in listed.findall("meetings/meeting/meetingID")] == ["m1", "m2"]
    assert listed.find("messageKey") is None


def test_sessions_are_listed_by_internal_meeting_id(caller: Caller) -> None:
    assert caller.key("getSessions") == "noSessions"
    internal_id = caller.create().findtext("internalMeetingID")
    caller.join()
    entry = caller.ask("getSessions").find("sessions/meeting")
    assert entry is not None and entry.findtext("meetingID") == internal_id


def test_an_ended_meeting_is_gone_at_once(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    assert caller.key("end", meetingID="m1") == "sentEndMeetingRequest"
    assert caller.key("getMeetingInfo", meetingID="m1") == "notFound"
    with pytest.raises(KeyError):
        simulator.meeting("m1")


def test_a_wrong_password_does_not_end_a_meeting(simulator: Simulator, caller: Caller) -> None:
    caller.create(moderatorPW="mp", attendeePW="ap")
    assert caller.key("end", meetingID="m1", password="wrong") == "invalidPassword"
    assert simulator.meeting("m1")
    assert caller.key("end", meetingID="m1", password="mp") == "sentEndMeetingRequest"


def test_between_the_end_and_the_removal_create_returns_the_old_meeting(simulator: Simulator, caller: Caller) -> None:
    simulator.end_delay = 3
    first = caller.create()
    caller.key("end", meetingID="m1")
    again = caller.create()
    assert again.findtext("messageKey") == "duplicateWarning"
    assert again.findtext("createTime") == first.findtext("createTime")
    simulator.advance(3)
    assert caller.create().findtext("createTime") != first.findtext("createTime")


@pytest.mark.parametrize(
    ("params", "last_second"),
    [
        ({}, 299),
        ({"meetingExpireIfNoUserJoinedInMinutes": "2"}, 119),
        ({"meetingExpireIfNoUserJoinedInMinutes": "60", "duration": "3"}, 179),
    ],
)
def test_a_meeting_that_nobody_joins_expires(
    simulator: Simulator, caller: Caller, params: dict[str, str], last_second: int
) -> None:
    caller.create(**params)
    simulator.advance(last_second)
    assert simulator.meeting("m1")
    simulator.advance(1)
    with pytest.raises(KeyError):
        simulator.meeting("m1")


def test_a_meeting_expires_a_minute_after_the_last_person_left(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    token = caller.enter()
    caller.press(token, "leave")
    simulator.advance(59)
    assert simulator.meeting("m1")
    simulator.advance(1)
    with pytest.raises(KeyError):
        simulator.meeting("m1")


def test_the_minute_after_the_last_person_can_be_switched_off(simulator: Simulator, caller: Caller) -> None:
    caller.create(meetingExpireWhenLastUserLeftInMinutes="0")
    caller.press(caller.enter(), "leave")
    simulator.advance(3600)
    assert simulator.meeting("m1").participants == []


def test_somebody_who_never_loads_the_room_is_forgotten_after_45_seconds(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    caller.join()
    simulator.advance(44)
    assert len(simulator.meeting("m1").participants) == 1
    simulator.advance(1)
    assert simulator.meeting("m1").participants == []


def test_added_participants_outlast_the_timers(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    simulator.add_participants("m1", 2)
    simulator.add_participants("m1", 1, role="MODERATOR")
    simulator.advance(24 * 3600)
    people = simulator.meeting("m1").participants
    assert [person.full_name for person in people] == [f"Simulated person {number}" for number in (1, 2, 3)]
    assert people[2].role == "MODERATOR"
    simulator.remove_participants("m1")
    simulator.advance(60)
    with pytest.raises(KeyError):
        simulator.meeting("m1")


def test_the_duration_ends_a_meeting_with_people_in_it(simulator: Simulator, caller: Caller) -> None:
    caller.create(duration="10")
    simulator.add_participants("m1", 1)
    simulator.advance(600)
    assert caller.key("getMeetingInfo", meetingID="m1") == "notFound"


def test_a_meeting_may_end_when_its_last_moderator_left(simulator: Simulator, caller: Caller) -> None:
    caller.create(endWhenNoModerator="true", endWhenNoModeratorDelayInMinutes="2")
    token = caller.enter(role="MODERATOR")
    simulator.add_participants("m1", 1)
    simulator.advance(30)
    caller.press(token, "leave")
    simulator.advance(119)
    assert simulator.meeting("m1")
    simulator.advance(1)
    assert caller.key("getMeetingInfo", meetingID="m1") == "notFound"


def test_slides_can_be_added_to_a_running_meeting_only(simulator: Simulator, caller: Caller) -> None:
    body = b'<modules><module name="presentation"><document url="https://f.example.org/late.pdf"/></module></modules>'

    def insert(meeting_id: str) -> bytes:
        address = API + signed("insertDocument", f"meetingID={meeting_id}")
        answer: bytes = caller.browser.post(address, data=body, content_type="application/xml").data
        return answer

    caller.create()
    assert b"Presentation is being uploaded" in insert("m1")
    assert [document.name for document in simulator.meeting("m1").documents] == ["late.pdf"]
    assert b"Meeting with id [nobody] not found." in insert("nobody")
    assert b"messageKey" not in insert("nobody")
    assert caller.send("insertDocument", meetingID="m1").status_code == 405


def test_a_chat_message_can_be_sent_from_outside(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    answer = caller.ask("sendChatMessage", meetingID="m1", message="Five minutes left", userName="Course")
    assert (answer.findtext("returncode"), answer.findtext("messageKey")) == ("SUCCESS", "")
    assert [(line.sender, line.text) for line in simulator.meeting("m1").chat] == [("Course", "Five minutes left")]
    assert caller.key("sendChatMessage", meetingID="nobody", message="Hello") == "meetingNotFound"
    assert caller.key("sendChatMessage", meetingID="m1", message="x" * 501) == "sizeError"
    assert caller.key("sendChatMessage", meetingID="m1") == "sizeError"


def test_the_api_root_needs_no_checksum(caller: Caller) -> None:
    for address in ("/bigbluebutton/api", "/bigbluebutton/api/"):
        answer = caller.browser.get(address)
        assert answer.status_code == 200
        assert b"<version>2.0</version>" in answer.data
        assert b"graphqlWebsocketUrl" in answer.data


def test_a_call_that_does_not_exist_is_not_found(caller: Caller) -> None:
    assert caller.send("configXML").status_code == 404
