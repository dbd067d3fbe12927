"""Recordings are protected where a server says whether they are: that is Scalelite."""

import pytest

from bbb_xblock.models import Recording
from sandbox.simulator import Simulator
from tests.builders import teacher
from tests.classroom import SECRET
from tests.desk import ask, on_server, state_on


@pytest.fixture
def balancer(request, namespace):
    """The site's server is a balancer now."""
    simulator = Simulator(secret=SECRET, mode=request.param)
    with simulator.serve(port=0) as url:
        namespace["SERVERS"]["main"]["URL"] = url
        yield simulator


def fresh(recording):
    return Recording.objects.get(pk=recording.pk)


@pytest.mark.parametrize("balancer", ["scalelite"], indirect=True)
def test_a_recording_is_protected_and_not_protected_any_more(platform, balancer):
    desk = teacher(platform)
    recording = on_server(balancer, desk, is_protected=False)
    assert ask(desk, "protect", recording.pk).json["done"] == [recording.pk]
    assert fresh(recording).is_protected is True
    assert balancer.recordings[0].protected
    assert ask(desk, "unprotect", recording.pk).json["done"] == [recording.pk]
    assert fresh(recording).is_protected is False
    assert not balancer.recordings[0].protected


def test_a_server_that_knows_no_protection_is_not_asked_for_it(platform, simulator):
    desk = teacher(platform)
    recording = on_server(simulator, desk)
    answer = ask(desk, "protect", recording.pk)
    assert answer.json["said"] == "Nothing has changed. The classroom server of this recording cannot do this."
    assert simulator.count() == 0


@pytest.mark.parametrize("balancer", ["scalelite", "bbblb"], indirect=True)
@pytest.mark.parametrize("action", ["hide", "delete"])
def test_balancers_change_recordings_too(platform, balancer, action):
    desk = teacher(platform)
    recordings = [on_server(balancer, desk) for _ in range(2)]
    assert ask(desk, action, *(each.pk for each in recordings)).json["done"] == [each.pk for each in recordings]
    wanted = {"hide": "unpublished", "delete": "deleted"}[action]
    assert {state_on(balancer, each) for each in recordings} == {wanted}


@pytest.mark.parametrize("balancer", ["scalelite", "bbblb"], indirect=True)
def test_one_that_a_balancer_has_forgotten_does_not_hold_up_the_others(platform, balancer):
    desk = teacher(platform)
    forgotten, kept = on_server(balancer, desk), on_server(balancer, desk)
    balancer.world.recordings.pop(0)
    answer = ask(desk, "hide", forgotten.pk, kept.pk)
    assert answer.json["done"] == [kept.pk]
    assert "does not have this recording any more" in answer.json["troubles"][str(forgotten.pk)]
    assert fresh(forgotten).state == Recording.State.GONE
