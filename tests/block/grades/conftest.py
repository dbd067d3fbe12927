"""Who there is in the tests of grades."""

import pytest

from tests.builders import ADA, BEN
from tests.sessions import enrol


@pytest.fixture(autouse=True)
def people(platform):
    """Ada and Ben are enrolled, Thea leads."""
    enrol(platform, ADA, BEN)
