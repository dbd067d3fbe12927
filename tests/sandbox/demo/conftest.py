"""The one demo that most tests of this folder look at."""

from collections.abc import Iterator

import pytest

from tests.sandbox.demo.demo_process import Demo, running


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    with running() as started:
        yield started
        started.stop()
