"""What people do in a room is counted, and told in analytics with the server's own keys."""

from typing import Any

import pytest

from sandbox.simulator import Simulator
from sandbox.simulator.callbacks import analytics
from tests.sandbox.simulator.calling import Caller


def told(simulator: Simulator, meeting_id: str = "m1") -> dict[str, Any]:
    """Give what analytics would say if the meeting ended now."""
    data: dict[str, Any] = analytics(simulator.meeting(meeting_id), simulator.world.now())["data"]
    return data


def engagement(simulator: Simulator, user_id: str = "u-17") -> dict[str, int]:
    (found,) = [each["engagement"] for each in told(simulator)["attendees"] if each["ext_user_id"] == user_id]
    return dict(found)


def test_who_talks_is_seen_and_counted_in_bursts_and_whole_seconds(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    ada = caller.enter(userID="u-17")
    for seconds in (20.7, 40.7):
        caller.press(ada, "talk")
        assert [each["talking"] for each in caller.state(ada)["people"]] == [True]
        simulator.advance(seconds)
        caller.press(ada, "talk")
        simulator.advance(5)
    assert [each["talking"] for each in caller.state(ada)["people"]] == [False]
    assert (engagement(simulator)["talks"], engagement(simulator)["talk_time"]) == (2, 61)


@pytest.mark.parametrize("over", ["leave", "end"])
def test_who_still_talks_at_the_end_has_talked_until_then(simulator: Simulator, caller: Caller, over: str) -> None:
    caller.create()
    ada = caller.enter(userID="u-17", role="MODERATOR")
    meeting = simulator.meeting("m1")
    caller.press(ada, "talk")
    simulator.advance(30)
    caller.press(ada, over)
    simulator.advance(30)
    (person,) = analytics(meeting, simulator.world.now())["data"]["attendees"]
    assert person["engagement"]["talk_time"] == 30


def test_the_devices_of_one_person_are_counted_together(simulator: Simulator, caller: Caller, other: Caller) -> None:
    caller.create()
    for browser in (caller, other):
        token = browser.enter(userID="u-17")
        browser.press(token, "talk")
        simulator.advance(10)
        browser.press(token, "talk")
    assert (engagement(simulator)["talks"], engagement(simulator)["talk_time"]) == (2, 20)


def test_a_locked_microphone_is_silent(simulator: Simulator, caller: Caller, other: Caller) -> None:
    caller.create(lockSettingsDisableMic="true")
    thea, ada = caller.enter("Thea Teacher", role="MODERATOR", userID="u-1"), other.enter(userID="u-17")
    assert (caller.state(thea)["can_talk"], other.state(ada)["can_talk"]) == (True, False)
    assert other.press(ada, "talk").status_code == 403
    assert caller.press(thea, "talk").status_code == 303
    assert (engagement(simulator)["talks"], engagement(simulator, "u-1")["talks"]) == (0, 1)


def test_a_poll_takes_one_vote_of_each_but_the_presenter(simulator: Simulator, caller: Caller, other: Caller) -> None:
    caller.create()
    thea, ada = caller.enter("Thea Teacher", role="MODERATOR", userID="u-1"), other.enter(userID="u-17")
    assert other.press(ada, "poll").status_code == 403
    caller.press(thea, "poll")
    assert (caller.state(thea)["poll"], other.state(ada)["poll"]) == ("asked", "open")
    for answer in ("Yes", "No"):
        other.press(ada, "vote", answer=answer)
    caller.press(thea, "vote", answer="No")
    assert other.state(ada)["poll"] == "voted"
    caller.press(thea, "poll")
    assert (caller.state(thea)["poll"], other.state(ada)["poll"]) == ("", "")
    assert (engagement(simulator)["poll_votes"], engagement(simulator, "u-1")["poll_votes"]) == (1, 0)
    (poll,) = told(simulator)["polls"]
    assert (poll["type"], poll["options"], poll["published"]) == ("YN", ["Yes", "No"], True)
    assert poll["votes"] == {"u_17": "Yes"}


def test_there_is_no_vote_without_a_poll_and_none_but_yes_and_no(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    simulator.add_participants("m1", 1, "MODERATOR")
    thea = caller.enter("Thea Teacher", role="MODERATOR", userID="u-17")
    caller.press(thea, "vote", answer="Yes")
    caller.press(thea, "poll")
    caller.press(thea, "vote", answer="Perhaps")
    assert engagement(simulator)["poll_votes"] == 0
    caller.press(thea, "vote", answer="No")
    assert engagement(simulator)["poll_votes"] == 1


def test_polls_may_be_switched_off(simulator: Simulator, caller: Caller) -> None:
    caller.create(disabledFeatures="polls,chat")
    thea = caller.enter("Thea Teacher", role="MODERATOR")
    assert caller.state(thea)["can_poll"] is False
    assert caller.press(thea, "poll").status_code == 403
    assert told(simulator)["polls"] == []
