"""The pages for people: the room, its buttons, the front page."""

import json
from urllib.parse import quote

import pytest

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import Caller

SIMULATION = b"This is a simulation of BigBlueButton."
NASTY = "<script>alert('x')</script>"


@pytest.fixture
def moderator(caller: Caller) -> str:
    """The token of a moderator in m1."""
    caller.create(record="true", logoutURL="https://lms.example.org/unit")
    return caller.enter("Thea Teacher", role="MODERATOR", userID="thea")


def test_the_room_shows_its_name_oneself_and_who_is_here(simulator: Simulator, caller: Caller, moderator: str) -> None:
    simulator.add_participants("m1", 2)
    page = caller.page(moderator)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert SIMULATION in page.data
    assert "<h1>Seminar</h1>" in text
    assert '<p class="me">You are in as <strong>Thea Teacher</strong> (moderator)</p>' in text
    assert '<ul class="people">' in text
    assert (text.count('<li data-role="MODERATOR">'), text.count('<li data-role="VIEWER">')) == (1, 2)


def test_moderators_see_buttons_that_others_do_not(caller: Caller, other: Caller, moderator: str) -> None:
    teacher = caller.page(moderator).get_data(as_text=True)
    learner = other.page(other.enter()).get_data(as_text=True)
    for words in ("Raise hand", "Leave"):
        assert words in teacher
        assert words in learner
    for words in ("End the session for everybody", "Start recording", "What this room was created with"):
        assert words in teacher
        assert words not in learner


def test_what_people_call_themselves_is_shown_and_not_run(caller: Caller) -> None:
    caller.create(name=NASTY, welcome=f"Hello{NASTY}", record="true", meta_x=NASTY)
    token = caller.enter(NASTY, role="MODERATOR")
    caller.press(token, "say", text=NASTY)
    for page in (caller.page(token), caller.browser.get("/")):
        assert b"<script>alert" not in page.data
        assert b"&lt;script&gt;" in page.data


def test_pages_bring_nothing_from_elsewhere_and_tell_nobody_where_one_was(caller: Caller, moderator: str) -> None:
    headers = caller.page(moderator).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_what_the_room_was_created_with_holds_no_secret(caller: Caller) -> None:
    caller.create(
        attendeePW="hidden-1",
        moderatorPW="hidden-2",
        meetingEndedURL="https://lms.example.org/hidden-3",
        logoutURL="https://lms.example.org/hidden-4",
        meta_token="hidden-5",
        muteOnStart="true",
    )
    text = caller.page(caller.enter(role="MODERATOR")).get_data(as_text=True)
    assert "muteOnStart" in text
    assert "hidden-" not in text


def test_the_room_needs_both_the_token_and_the_cookie(
    simulator: Simulator, caller: Caller, other: Caller, moderator: str
) -> None:
    assert caller.page("").status_code == 401
    assert caller.page("x" * 16).status_code == 401
    stolen = other.page(moderator)
    assert stolen.status_code == 401
    assert b"choose Join again" in stolen.data
    assert other.press(moderator, "end").status_code == 401
    assert simulator.meeting("m1")


def test_a_meeting_may_do_without_the_cookie(caller: Caller, other: Caller) -> None:
    caller.create(allowRequestsWithoutSession="true")
    assert other.page(caller.enter()).status_code == 200


def test_one_browser_may_be_in_two_rooms(caller: Caller) -> None:
    caller.create("m1")
    caller.create("m2")
    first, second = caller.enter(meeting_id="m1"), caller.enter(meeting_id="m2")
    assert (caller.page(first).status_code, caller.page(second).status_code) == (200, 200)


@pytest.mark.parametrize("action", ["hand", "say", "record", "guest", "away", "leave", "end"])
def test_no_button_works_without_the_session_token(
    simulator: Simulator, caller: Caller, moderator: str, action: str
) -> None:
    assert caller.browser.post(f"/html5client/{action}").status_code == 401
    assert caller.browser.get(f"/html5client/{action}?sessionToken={moderator}").status_code == 405
    assert len(simulator.meeting("m1").participants) == 1


@pytest.mark.parametrize("action", ["record", "guest", "end"])
def test_learners_cannot_do_what_moderators_do(
    simulator: Simulator, caller: Caller, other: Caller, moderator: str, action: str
) -> None:
    assert other.press(other.enter(), action).status_code == 403
    assert not simulator.meeting("m1").recording_on


def test_a_raised_hand_is_seen_by_the_others(caller: Caller, other: Caller, moderator: str) -> None:
    learner = other.enter()
    other.press(learner, "hand")
    assert [person["hand"] for person in caller.state(moderator)["people"]] == [False, True]
    assert "Lower hand" in other.page(learner).get_data(as_text=True)
    other.press(learner, "hand")
    assert [person["hand"] for person in caller.state(moderator)["people"]] == [False, False]


def test_a_message_is_read_by_the_others_and_cut_to_a_line(caller: Caller, other: Caller, moderator: str) -> None:
    other.press(other.enter(), "say", text="x" * 600)
    caller.press(moderator, "say", text="  ")
    assert caller.state(moderator)["chat"] == [{"sender": "Ada Example", "text": "x" * 500}]


def test_the_welcome_stands_in_the_chat_without_its_tags(caller: Caller) -> None:
    caller.create(welcome="Welcome to <b>%%CONFNAME%%</b>.<br>Be kind.")
    assert caller.state(caller.enter())["chat"] == [{"sender": "", "text": "Welcome to Seminar.\nBe kind."}]


def test_disabled_features_are_not_offered(caller: Caller) -> None:
    caller.create(disabledFeatures="chat,raiseHand")
    text = caller.page(caller.enter()).get_data(as_text=True)
    assert "Raise hand" not in text
    assert "Chat is switched off in this room." in text


def test_leaving_leads_to_the_logout_address(simulator: Simulator, caller: Caller, moderator: str) -> None:
    answer = caller.press(moderator, "leave")
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://lms.example.org/unit")
    assert simulator.meeting("m1").participants == []
    page = caller.page(moderator)
    assert b'href="https://lms.example.org/unit"' in page.data


def test_without_a_usable_logout_address_one_leaves_to_the_front_page(caller: Caller) -> None:
    caller.create(logoutURL="javascript:alert(1)")
    assert caller.press(caller.enter(), "leave").headers["Location"] == "http://localhost/"


def test_ending_sends_everybody_to_their_own_logout_address(caller: Caller, other: Caller, moderator: str) -> None:
    learner = other.enter(logoutURL="https://own.example.org/")
    assert caller.press(moderator, "end").headers["Location"] == "https://lms.example.org/unit"
    assert other.state(learner) == {"over": True, "go_to": "https://own.example.org/"}
    assert caller.key("getMeetingInfo", meetingID="m1") == "notFound"


def test_the_end_call_sends_people_out_too(caller: Caller, moderator: str) -> None:
    caller.ask("end", meetingID="m1")
    assert caller.state(moderator)["over"] is True


def test_a_page_that_keeps_asking_keeps_its_person_in_the_room(
    simulator: Simulator, caller: Caller, moderator: str
) -> None:
    for _ in range(5):
        caller.state(moderator)
        simulator.advance(100)
    assert len(simulator.meeting("m1").participants) == 1
    simulator.advance(50)
    assert simulator.meeting("m1").participants == []


def test_a_closed_page_is_gone_after_a_minute_unless_it_comes_back(
    simulator: Simulator, caller: Caller, moderator: str
) -> None:
    closed = caller.press(moderator, "away")
    assert (closed.status_code, closed.headers.get("Location")) == (204, None)
    simulator.advance(30)
    caller.page(moderator)
    simulator.advance(59)
    assert len(simulator.meeting("m1").participants) == 1
    caller.press(moderator, "away")
    simulator.advance(60)
    assert simulator.meeting("m1").participants == []


def test_a_button_answers_the_script_with_the_new_state(caller: Caller, moderator: str) -> None:
    headers = {"Accept": "application/json", "X-Session-Token": moderator}
    assert caller.browser.post("/html5client/hand", headers=headers).get_json()["hand"] is True


def test_a_full_lecture_hall_is_counted_but_not_all_listed(
    simulator: Simulator, caller: Caller, moderator: str
) -> None:
    simulator.add_participants("m1", 500)
    state = caller.state(moderator)
    assert state["count"] == 501
    assert len(state["people"]) == 200


def test_the_front_page_lists_meetings_by_name_and_number_only(
    simulator: Simulator, caller: Caller, moderator: str
) -> None:
    simulator.add_participants("m1", 2)
    text = caller.browser.get("/").get_data(as_text=True)
    assert SIMULATION.decode() in text
    assert "Seminar" in text
    assert "3 people, 1 of them moderating" in text
    meeting = simulator.meeting("m1")
    for hidden in (moderator, meeting.moderator_password, meeting.internal_id, simulator.secret, "Thea", "thea"):
        assert hidden not in text


def test_the_front_page_explains_why_somebody_was_refused(caller: Caller) -> None:
    errors = json.dumps([{"key": "maxParticipantsReached", "message": f"Full {NASTY}"}])
    text = caller.browser.get(f"/?errors={quote(errors)}").get_data(as_text=True)
    assert "You could not be let in" in text
    assert "Full &lt;script&gt;" in text


@pytest.mark.parametrize("errors", ["x", "1", "[1]", "{}", "[{}]", "null", '[{"key":1}]', "%ff"])
def test_the_front_page_survives_whatever_it_is_told(caller: Caller, errors: str) -> None:
    page = caller.browser.get(f"/?errors={errors}")
    assert page.status_code == 200
    assert b"You could not be let in" not in page.data
