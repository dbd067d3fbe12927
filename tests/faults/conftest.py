"""What the fault tests share: people who really walk through BigBlueButton's door, and moments that pass."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import requests
from webob import Response

from bbb_xblock.models import Room
from tests.builders import Desk

SECONDS = 30


@pytest.fixture
def walk_in() -> Callable[..., str]:
    """Click Join and go where the browser is sent: the way says ``in``, or the status of what kept the person out.

    With an answer of Join, go there.
    """

    def walk(desk: Desk, sent_to: Response | None = None) -> str:
        answer = sent_to or desk.click_join()
        for _ in range(2):
            if answer.status_code != 302:
                break
            door = requests.get(answer.location, allow_redirects=False, timeout=SECONDS).headers.get("Location", "")
            if "sessionToken=" in door:
                return "in"
            answer = desk.call("back", query=urlsplit(door).query)
        return str(answer.status_code)

    return walk


@pytest.fixture
def a_moment_passes() -> Callable[[], None]:
    """Have the last question to BigBlueButton so long ago that the next one is due."""
    return lambda: Room.objects.update(asked_at=None, confirmed_at=None) and None
