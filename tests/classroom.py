"""A site with a simulated classroom server, for the tests of the block."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import Celery, current_app

from sandbox.simulator import Simulator
from tests.fakes.platform import Platform

SECRET = "a-secret-of-the-tests"
# Where the recordings play that tests make by hand (``tests/recorded.py``).
PLAYBACK_HOST = "playback.example.org"


@pytest.fixture(scope="session")
def serving_simulator() -> Iterator[Simulator]:
    """One simulated server for all tests; ``simulator`` empties it before each."""
    simulator = Simulator(secret=SECRET)
    with simulator.serve(port=0):
        yield simulator


@pytest.fixture
def simulator(serving_simulator: Simulator) -> Simulator:
    """A simulated server without meetings, faults and memories."""
    serving_simulator.reset()
    serving_simulator.clear_faults()
    serving_simulator.forget_calls()
    return serving_simulator


@pytest.fixture
def namespace(simulator: Simulator, settings: Any) -> dict[str, Any]:
    """The settings namespace, pointing to the simulator; tests may change it."""
    bucket: dict[str, Any] = {
        "SERVERS": {"main": {"URL": simulator.url, "SECRET": SECRET, "PLAYBACK_HOSTS": [PLAYBACK_HOST]}},
        "SERVER": "main",
    }
    settings.XBLOCK_SETTINGS = {"bbb": bucket}
    return bucket


@pytest.fixture
def platform(db: None, namespace: dict[str, Any]) -> Iterator[Platform]:
    """A site where live sessions are configured."""
    site = Platform()
    with site.modules():
        yield site


@pytest.fixture
def with_broker() -> Iterator[Callable[[str], Celery]]:
    """A site whose tasks go to a broker; the value takes the broker's address."""
    eager = current_app._get_current_object()

    def site(broker: str) -> Celery:
        app = Celery("with-broker", broker=broker, set_as_current=False)
        app.set_current()
        return app

    yield site
    eager.set_current()
