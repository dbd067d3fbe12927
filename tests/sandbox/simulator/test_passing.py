"""Minutes that pass at once: whose page is open stays, who lost the network is noticed, and messages are sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import Caller
from tests.sandbox.simulator.receiving import Receiver


@contextmanager
def open_page(caller: Caller, token: str) -> Iterator[None]:
    """Keep somebody's page open, which asks again and again."""
    caller.page(token)
    closed = threading.Event()

    def ask() -> None:
        while not closed.wait(0.01):
            caller.state(token)

    page = threading.Thread(target=ask)
    page.start()
    try:
        yield
    finally:
        closed.set()
        page.join()


def present(simulator: Simulator) -> list[str]:
    return [person.full_name for person in simulator.meeting("m1").participants]


def test_who_is_there_stays_and_who_lost_the_network_has_left_when_the_server_noticed(
    simulator: Simulator, caller: Caller, other: Caller
) -> None:
    caller.create()
    ada, ben = caller.enter("Ada Example"), other.enter("Ben Example")
    lost = simulator.meeting("m1").participants[-1]
    other.page(ben)
    last_heard = simulator.world.now()
    with open_page(caller, ada):
        simulator.pass_time(600, patience=0.5)
        assert present(simulator) == ["Ada Example"]
    assert lost.left_at == last_heard + 150


def test_a_short_while_without_the_network_is_not_noticed(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    caller.page(caller.enter("Ada Example"))
    simulator.pass_time(120, patience=0)
    assert present(simulator) == ["Ada Example"]


def test_everybody_is_waited_for_no_longer_than_they_need(simulator: Simulator, caller: Caller) -> None:
    caller.create()
    with open_page(caller, caller.enter("Ada Example")):
        simulator.pass_time(600, patience=3600)
    assert present(simulator) == ["Ada Example"]


def test_who_has_closed_the_page_is_not_waited_for(simulator: Simulator, caller: Caller) -> None:
    caller.create(meetingExpireWhenLastUserLeftInMinutes="60")
    ada = caller.enter("Ada Example")
    caller.page(ada)
    caller.press(ada, "away")
    simulator.pass_time(60, patience=3600)
    assert present(simulator) == []


def test_whoever_follows_the_clock_acts_in_the_minute_in_which_it_is_due(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    caller.create(meetingEndedURL=f"{receiver.url}/ended", duration="2")
    began, seen = simulator.world.now(), []
    simulator.also(lambda: seen.append((round(simulator.world.now() - began), len(receiver.received))))
    simulator.pass_time(210)
    assert seen == [(60, 0), (120, 1), (180, 1), (210, 1)]


def test_minutes_pass_by_a_button_of_the_front_page(simulator: Simulator, caller: Caller) -> None:
    before = simulator.world.now()
    assert caller.browser.post("/switches/time", data={"minutes": "10"}).status_code == 303
    assert simulator.world.now() == before + 600


@pytest.mark.parametrize("minutes", ["0", "-1", "1e9", "181", "", "ten"])
def test_no_more_passes_than_anybody_would_wait_for(simulator: Simulator, caller: Caller, minutes: str) -> None:
    before = simulator.world.now()
    assert caller.browser.post("/switches/time", data={"minutes": minutes}).status_code == 400
    assert simulator.world.now() == before
