"""The simulator in the hands of a test."""

import pytest

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import API, SECRET, Caller


def test_calls_are_noted_in_order_with_what_was_sent(simulator: Simulator, caller: Caller) -> None:
    caller.browser.get(API)
    caller.create()
    caller.join()
    caller.ask("getMeetingInfo", meetingID="nobody")
    caller.browser.get(API + "getMeetings?checksum=" + "0" * 64)
    assert [(call.name, call.refused) for call in simulator.calls] == [
        ("", False),
        ("create", False),
        ("join", False),
        ("getMeetingInfo", True),
        ("getMeetings", True),
    ]
    create = simulator.calls[1]
    assert (create.method, create.body) == ("GET", b"")
    assert create.params["meetingID"] == "m1"
    assert len(create.params["checksum"]) == 64


def test_calls_can_be_counted_and_forgotten(simulator: Simulator, caller: Caller) -> None:
    caller.create("m1")
    caller.create("m2")
    caller.join()
    assert (simulator.count("create"), simulator.count("join"), simulator.count("end")) == (2, 1, 0)
    assert simulator.count() == 3
    simulator.forget_calls()
    assert simulator.count() == 0
    assert simulator.meeting("m1")


def test_pages_are_no_calls(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    token = caller.enter()
    simulator.forget_calls()
    caller.page(token)
    caller.state(token)
    caller.browser.get("/")
    assert simulator.count() == 0


def test_a_meeting_shows_what_it_was_created_with(simulator: Simulator, caller: Caller) -> None:
    answer = caller.create(muteOnStart="true")
    meeting = simulator.meeting("m1")
    assert meeting.params == {"name": "Seminar", "meetingID": "m1", "muteOnStart": "true"}
    assert str(meeting.create_time) == answer.findtext("createTime")
    assert meeting.internal_id == answer.findtext("internalMeetingID")
    with pytest.raises(KeyError):
        simulator.meeting("nobody")


def test_secrets_are_in_no_repr(simulator: Simulator, caller: Caller) -> None:
    answer = caller.create(meta_token="hidden-1")
    token = caller.enter()
    meeting = simulator.meeting("m1")
    shown = repr(meeting) + repr(meeting.participants) + repr(simulator) + repr(simulator.world)
    for hidden in (token, "hidden-1", answer.findtext("moderatorPW"), SECRET, meeting.participants[0].cookie):
        assert str(hidden) not in shown


def test_a_reset_starts_over(simulator: Simulator, caller: Caller) -> None:
    caller.create(meetingEndedURL="http://127.0.0.1:9/")
    simulator.add_recording("m1")
    caller.create("m2", meetingEndedURL="http://127.0.0.1:9/")
    caller.ask("end", meetingID="m2")
    simulator.fault("*", "status_500", times=None)
    simulator.reset()
    assert simulator.count() == 0
    assert simulator.recordings == []
    assert simulator.deliver_callbacks() == []
    with pytest.raises(KeyError):
        simulator.meeting("m1")
    assert caller.create().findtext("returncode") == "SUCCESS"


def test_a_long_jump_in_time_happens_in_order(simulator: Simulator, caller: Caller) -> None:
    """Joined at 0, forgotten at 45, expired at 105, recorded and published at 107."""
    caller.create(record="true", autoStartRecording="true")
    caller.join()
    started = simulator.world.now()
    simulator.advance(24 * 3600)
    (recording,) = simulator.recordings
    assert recording.state == "published"
    assert recording.ended_at == pytest.approx(started + 105)
    assert recording.ready_at == pytest.approx(started + 107)


def test_the_simulator_shares_no_code_with_the_package() -> None:
    from pathlib import Path

    import sandbox.simulator

    folder = Path(sandbox.simulator.__file__).parent
    sources = list(folder.glob("*.py"))
    assert len(sources) > 10
    assert not [source.name for source in sources if "bbb_xblock" in source.read_text()]
