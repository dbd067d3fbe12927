"""A simulator with a clock that stands still, and platforms that call it."""

import time
from collections.abc import Iterator

import pytest

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import SECRET, Caller
from tests.sandbox.simulator.receiving import Receiver


@pytest.fixture
def simulator() -> Simulator:
    started = time.time()
    return Simulator(secret=SECRET, clock=lambda: started)


@pytest.fixture
def caller(simulator: Simulator) -> Caller:
    return Caller(simulator)


@pytest.fixture
def other(simulator: Simulator) -> Caller:
    """A second browser."""
    return Caller(simulator)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver.listening() as receiver:
        yield receiver
