"""Who waits in the lobby, and how they get out of it."""

import pytest
from lxml import etree

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import Caller, reason

# role, what is sent as `guest` ("" means nothing), and what the four policies say to it.
MATRIX = [
    ("MODERATOR", "", "ALLOW ALLOW ALLOW ALLOW"),
    ("MODERATOR", "true", "ALLOW ALLOW ALLOW ALLOW"),
    ("VIEWER", "false", "ALLOW ALLOW ALLOW ALLOW"),
    ("VIEWER", "", "ALLOW DENY WAIT ALLOW"),
    ("VIEWER", "true", "ALLOW DENY WAIT WAIT"),
]
POLICIES = ["ALWAYS_ACCEPT", "ALWAYS_DENY", "ASK_MODERATOR", "ALWAYS_ACCEPT_AUTH"]


def status(caller: Caller, **params: str) -> str:
    root = etree.fromstring(caller.join(redirect="false", **params).data)
    return root.findtext("guestStatus") or {"guestDeniedAccess": "DENY"}[root.findtext("messageKey") or ""]


@pytest.mark.parametrize(("role", "guest", "expected"), MATRIX)
def test_the_guest_policy_decides_as_on_the_server(caller: Caller, role: str, guest: str, expected: str) -> None:
    found = []
    for policy in POLICIES:
        caller.create(f"room-{policy}", guestPolicy=policy)
        found.append(status(caller, meetingID=f"room-{policy}", role=role, guest=guest))
    assert " ".join(found) == expected


def test_without_authenticated_guests_only_declared_guests_wait(simulator: Simulator, caller: Caller) -> None:
    simulator.world.authenticated_guest = False
    caller.create(guestPolicy="ASK_MODERATOR")
    assert status(caller) == "ALLOW"
    assert status(caller, guest="true") == "WAIT"


def test_a_denied_guest_is_sent_away_with_the_reason(caller: Caller) -> None:
    caller.create(guestPolicy="ALWAYS_DENY")
    assert reason(caller.join()) == "guestDeniedAccess"


@pytest.fixture
def waiting(caller: Caller) -> str:
    """The token of somebody in the lobby of m1."""
    caller.create(guestPolicy="ASK_MODERATOR", maxParticipants="2")
    location = caller.join("Ada Example", userID="ada").headers["Location"]
    assert "/guest-lobby/?sessionToken=" in location
    return location.rsplit("=", 1)[1]


def ask(caller: Caller, token: str) -> dict[str, str]:
    address = f"/bigbluebutton/api/guestWait?sessionToken={token}&redirect=false"
    answer: dict[str, dict[str, str]] = caller.browser.get(address).get_json()
    return answer["response"]


def decide(other: Caller, simulator: Simulator, answer: str) -> None:
    """Let a moderator in another browser decide about the one who waits."""
    moderator = other.enter("Thea Teacher", role="MODERATOR", userID="thea")
    guest = simulator.meeting("m1").waiting[0].internal_id
    assert other.state(moderator)["waiting"] == [{"name": "Ada Example", "id": guest}]
    assert other.press(moderator, "guest", guest=guest, answer=answer).status_code == 303


def test_a_waiting_guest_is_not_in_the_room_yet(simulator: Simulator, caller: Caller, waiting: str) -> None:
    assert simulator.meeting("m1").participants == []
    assert caller.ask("getMeetingInfo", meetingID="m1").findtext("participantCount") == "0"
    page = caller.page(waiting)
    assert page.status_code == 302
    assert "/guest-lobby/" in page.headers["Location"]
    lobby = caller.browser.get(page.headers["Location"])
    assert b"You are waiting as" in lobby.data
    assert caller.press(waiting, "hand").status_code == 404


def test_a_guest_who_is_let_in_reaches_the_room(
    simulator: Simulator, caller: Caller, other: Caller, waiting: str
) -> None:
    answer = ask(caller, waiting)
    assert (answer["messageKey"], answer["guestStatus"], answer["positionInWaitingQueue"]) == ("guestWait", "WAIT", "1")
    decide(other, simulator, "in")
    answer = ask(caller, waiting)
    assert answer["guestStatus"] == "ALLOW"
    assert b"You are in as <strong>Ada Example" in caller.browser.get(answer["url"]).data
    assert [person.full_name for person in simulator.meeting("m1").participants] == ["Thea Teacher", "Ada Example"]


def test_a_guest_who_is_turned_away_is_told_so(
    simulator: Simulator, caller: Caller, other: Caller, waiting: str
) -> None:
    decide(other, simulator, "out")
    answer = ask(caller, waiting)
    assert (answer["messageKey"], answer["guestStatus"]) == ("guestDeny", "DENY")
    assert b"You were not let in this time" in caller.browser.get(f"/guest-lobby/?sessionToken={waiting}").data


def test_a_guest_who_is_let_into_a_full_room_waits_for_a_seat(
    simulator: Simulator, caller: Caller, other: Caller, waiting: str
) -> None:
    simulator.add_participants("m1", 1)
    decide(other, simulator, "in")
    assert ask(caller, waiting)["messageKey"] == "seatWait"
    simulator.remove_participants("m1")
    assert ask(caller, waiting)["messageKey"] == ""


def test_a_guest_who_stops_asking_is_forgotten_after_30_seconds(
    simulator: Simulator, caller: Caller, waiting: str
) -> None:
    simulator.advance(20)
    ask(caller, waiting)
    simulator.advance(29)
    assert len(simulator.meeting("m1").waiting) == 1
    simulator.advance(1)
    assert simulator.meeting("m1").waiting == []


def test_the_lobby_is_closed_to_other_browsers(other: Caller, waiting: str) -> None:
    assert other.browser.get(f"/guest-lobby/?sessionToken={waiting}").status_code == 401
    assert ask(other, waiting)["messageKey"] == "missingSession"


def test_asking_from_the_lobby_is_no_api_call(simulator: Simulator, caller: Caller, waiting: str) -> None:
    simulator.forget_calls()
    ask(caller, waiting)
    assert simulator.count() == 0
