"""Join."""

import time

import pytest
from lxml import etree

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import API, SECRET, Caller, reason, signed


def test_a_join_leads_to_the_room_with_a_cookie_that_has_no_same_site(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    answer = caller.join(userID="u-17")
    assert answer.status_code == 302
    token = simulator.meeting("m1").participants[0].session_token
    assert answer.headers["Location"] == f"http://localhost/html5client/?sessionToken={token}"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("JSESSIONID=")
    assert "SameSite" not in cookie
    person = simulator.meeting("m1").participants[0]
    assert (person.full_name, person.user_id, person.role) == ("Ada Example", "u-17", "VIEWER")
    assert person.internal_id.startswith("w_")


def test_every_join_makes_a_new_session_with_one_link(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    first, second = caller.enter(userID="u1"), caller.enter(userID="u1")
    assert first != second
    assert len({person.internal_id for person in simulator.meeting("m1").participants}) == 2


def test_a_fourth_session_of_one_person_ends_the_oldest(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    tokens = [caller.enter(userID="u1") for _ in range(4)]
    assert [person.session_token for person in simulator.meeting("m1").participants] == tokens[1:]


def test_somebody_without_a_user_id_is_known_by_the_internal_one(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    caller.join()
    person = simulator.meeting("m1").participants[0]
    assert person.user_id == person.internal_id


def test_xml_is_answered_instead_of_a_redirect_if_asked_for(caller: Caller) -> None:
    internal_id = caller.create().findtext("internalMeetingID")
    answer = caller.join(redirect="false")
    root = etree.fromstring(answer.data)
    assert answer.status_code == 200
    assert [child.tag for child in root] == (
        [
            "returncode",
            "messageKey",
            "message",
            "meeting_id",
            "user_id",
            "auth_token",
            "session_token",
            "guestStatus",
            "url",
        ]
    )
    assert root.findtext("messageKey") == "successfullyJoined"
    assert root.findtext("meeting_id") == internal_id
    assert len(root.findtext("auth_token") or "") == 12
    assert len(root.findtext("session_token") or "") == 16
    assert caller.browser.get(root.findtext("url") or "").status_code == 200


@pytest.mark.parametrize(
    ("params", "key"),
    [
        ({"meetingID": "nobody"}, "invalidMeetingIdentifier"),
        ({"meetingID": ""}, "missingParamMeetingID"),
        ({"fullName": ""}, "missingParamFullName"),
        ({"fullName": "\x00 "}, "missingParamFullName"),
        ({"guest": "maybe"}, "validationError"),
        ({"createTime": "1"}, "mismatchCreateTimeParam"),
        ({"createTime": ""}, "mismatchCreateTimeParam"),
        ({"createTime": "soon"}, "mismatchCreateTimeParam"),
    ],
)
def test_a_refused_join_is_sent_away_with_the_reason(
    simulator: Simulator, caller: Caller, params: dict[str, str], key: str
) -> None:
    caller.create()
    answer = caller.join(**{**params, "errorRedirectUrl": "https://lms.example.org/back?a=1#x"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("https://lms.example.org/back?a=1&errors=%5B%7B%22")
    assert answer.headers["Location"].endswith("#x")
    assert reason(answer) == key
    assert simulator.calls[-1].refused
    as_xml = etree.fromstring(caller.join(**{**params, "redirect": "false"}).data)
    assert (as_xml.findtext("returncode"), as_xml.findtext("messageKey")) == ("FAILED", key)
    assert simulator.meeting("m1").participants == []


@pytest.mark.parametrize(
    ("params", "target"),
    [
        (
            {"errorRedirectUrl": "https://e.example.org/", "logoutURL": "https://l.example.org/"},
            "https://e.example.org/",
        ),
        ({"logoutURL": "https://l.example.org/"}, "https://l.example.org/"),
        ({"errorRedirectUrl": "javascript:alert(1)"}, "http://localhost/"),
        ({"errorRedirectUrl": "http://[broken"}, "http://localhost/"),
        ({}, "http://localhost/"),
    ],
)
def test_the_refused_go_to_the_first_usable_address(caller: Caller, params: dict[str, str], target: str) -> None:
    location = caller.join(meeting_id="nobody", **params).headers["Location"]
    assert location.startswith(f"{target}?errors=")


def test_a_link_with_a_wrong_checksum_leads_to_no_address_from_that_link(caller: Caller) -> None:
    caller.create()
    query = "fullName=Ada&meetingID=m1&role=VIEWER&errorRedirectUrl=https%3A%2F%2Fevil.example.org"
    answer = caller.browser.get(API + signed("join", query, secret="wrong"))
    assert answer.headers["Location"].startswith("http://localhost/?errors=")
    assert reason(answer) == "checksumError"


def test_a_link_with_a_changed_name_is_refused(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    address = signed("join", "fullName=Ada&meetingID=m1&role=VIEWER").replace("VIEWER", "MODERATOR")
    assert reason(caller.browser.get(API + address)) == "checksumError"
    assert simulator.meeting("m1").participants == []


@pytest.mark.parametrize(
    "params", [{"role": ""}, {"role": "OWNER"}, {"role": "", "password": "wrong"}, {"role": "x", "password": "wrong"}]
)
def test_without_a_role_the_answer_is_xml_even_in_a_browser(caller: Caller, params: dict[str, str]) -> None:
    caller.create()
    answer = caller.join(**{**params, "errorRedirectUrl": "https://lms.example.org/"})
    assert answer.status_code == 200
    assert etree.fromstring(answer.data).findtext("messageKey") == "Params required"


@pytest.mark.parametrize(
    ("params", "role"),
    [
        ({"role": "moderator"}, "MODERATOR"),
        ({"role": "Viewer", "password": "mp"}, "VIEWER"),
        ({"role": "", "password": "mp"}, "MODERATOR"),
        ({"role": "", "password": "ap"}, "VIEWER"),
    ],
)
def test_a_role_goes_before_a_password(simulator: Simulator, caller: Caller, params: dict[str, str], role: str) -> None:
    caller.create(attendeePW="ap", moderatorPW="mp")
    caller.join(**params)
    assert simulator.meeting("m1").participants[0].role == role


def test_a_link_dies_with_its_meeting_if_it_carries_the_create_time(caller: Caller) -> None:
    create_time = caller.create().findtext("createTime")
    assert caller.join(createTime=create_time).status_code == 302
    caller.ask("end", meetingID="m1")
    caller.create()
    assert reason(caller.join(createTime=create_time)) == "mismatchCreateTimeParam"


def test_the_checks_come_in_the_order_of_the_server(simulator: Simulator, caller: Caller) -> None:
    wrong = {"fullName": "", "guest": "maybe", "createTime": "1", "role": ""}
    caller.create(maxParticipants="1", guestPolicy="ALWAYS_DENY")
    simulator.add_participants("m1", 1)
    mends = [
        ("fullName", "Ada", "missingParamFullName"),
        ("guest", "true", "validationError"),
        ("createTime", str(simulator.meeting("m1").create_time), "mismatchCreateTimeParam"),
        ("role", "VIEWER", "Params required"),
    ]
    simulator.meeting("m1").forcibly_ended = True
    assert caller.key("join", meetingID="m1", redirect="false", **wrong) == "meetingForciblyEnded"
    simulator.meeting("m1").forcibly_ended = False
    for name, good, key in mends:
        assert caller.key("join", meetingID="m1", redirect="false", **wrong) == key
        wrong[name] = good
    assert caller.key("join", meetingID="m1", redirect="false", **wrong) == "maxParticipantsReached"
    simulator.remove_participants("m1")
    assert caller.key("join", meetingID="m1", redirect="false", **wrong) == "guestDeniedAccess"


def test_seats_are_counted_by_people_and_not_by_sessions(simulator: Simulator, caller: Caller) -> None:
    caller.create(maxParticipants="2")
    caller.join(userID="u1")
    caller.join(userID="u1")
    caller.join(userID="robot", bot="true")
    assert "sessionToken" in caller.join(userID="u2").headers["Location"]
    assert reason(caller.join(userID="u3")) == "maxParticipantsReached"
    assert "sessionToken" in caller.join(userID="u1").headers["Location"]


def test_everybody_without_a_user_id_takes_a_seat(caller: Caller) -> None:
    caller.create(maxParticipants="2")
    caller.join()
    caller.join()
    assert reason(caller.join()) == "maxParticipantsReached"


def test_userdata_needs_exactly_one_dash_and_is_shared_by_the_sessions_of_a_person(caller: Caller) -> None:
    caller.create()
    caller.join(userID="u1", **{"userdata-bbb_x": "1", "userdata-a-b": "2"})
    caller.join(userID="u1")
    info = caller.ask("getMeetingInfo", meetingID="m1")
    found = [[child.tag for child in each] for each in info.findall("attendees/attendee/customdata")]
    assert found == [["bbb_x"], ["bbb_x"]]


def test_first_and_last_name_do_instead_of_a_full_name(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    caller.join(fullName="", firstName="Ada", lastName="Example")
    assert simulator.meeting("m1").participants[0].full_name == "Ada Example"


def test_joining_is_for_get_only(caller: Caller) -> None:
    caller.create()
    assert caller.send("join", method="POST", fullName="Ada", meetingID="m1", role="VIEWER").status_code == 405


def test_a_browser_cannot_bring_its_own_session_cookie(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    caller.browser.set_cookie("JSESSIONID", "chosen-by-somebody-else")
    caller.join()
    assert simulator.meeting("m1").participants[0].cookie != "chosen-by-somebody-else"


def test_a_thousand_people_join_within_seconds() -> None:
    caller = Caller(Simulator(secret=SECRET))
    caller.create()
    addresses = [API + signed("join", f"fullName=Ada&meetingID=m1&role=VIEWER&userID=u{n}") for n in range(1000)]
    # The time of this thread's own work, which a busy machine does not make longer.
    started = time.thread_time()
    for address in addresses:
        assert caller.browser.get(address).status_code == 302
    assert time.thread_time() - started < 5
    assert caller.ask("getMeetingInfo", meetingID="m1").findtext("participantCount") == "1000"
