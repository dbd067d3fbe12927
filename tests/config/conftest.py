"""A namespace for tests of the settings."""

from typing import Any

import pytest


@pytest.fixture
def bucket(settings: Any) -> dict[str, Any]:
    """A namespace with one good server."""
    namespace: dict[str, Any] = {
        "SERVERS": {"main": {"URL": "https://bbb.example.org/bigbluebutton/", "SECRET": "quiet"}},
        "SERVER": "main",
    }
    settings.XBLOCK_SETTINGS = {"bbb": namespace}
    settings.DEBUG = False
    return namespace
