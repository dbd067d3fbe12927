"""A room of a site that knows a simulated server, for what is tested below the block."""

from collections.abc import Iterator
from typing import Any

import pytest

from bbb_xblock.models import Room
from sandbox.simulator import Simulator
from tests.callbacks import make_room, serving_main


@pytest.fixture
def simulator(settings: Any) -> Iterator[Simulator]:
    """A simulated server of its own, which the site knows as ``main``."""
    with serving_main(settings) as server:
        yield server


@pytest.fixture
def room(db: None) -> Room:
    """A room in which no meeting has been yet."""
    return make_room()
