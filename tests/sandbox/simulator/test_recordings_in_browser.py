"""Recordings as people see them: on the server's front page, and in the player."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from sandbox.simulator import Simulator
from sandbox.simulator.recordings import Recording, TextTrack
from tests.sandbox.simulator.calling import SECRET

pytestmark = pytest.mark.browser


@pytest.fixture
def served() -> Iterator[Simulator]:
    simulator = Simulator(secret=SECRET, mode="scalelite")
    with simulator.serve():
        yield simulator


def link(served: Simulator, recording: Recording) -> str:
    """Return an address for one view of a protected recording."""
    token = served.world.links.issue(recording.record_id, served.world.now())
    return f"{served.url.removesuffix('/bigbluebutton/')}{recording.playback_path('presentation')}?token={token}"


def test_switches_are_turned_and_a_protected_recording_opens_once(
    served: Simulator, new_context: Callable[..., BrowserContext]
) -> None:
    recording = served.add_recording("m1", name="Waves")
    recording.take_track(TextTrack("captions", "de", "Deutsch", b"WEBVTT\n\nGuten Tag"))
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(served.url.removesuffix("bigbluebutton/"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Protect: Waves").click()
    expect(page.locator(".recordings")).to_contain_text("published, protected")
    page.get_by_label("Messages that a recording is ready").first.select_option("get lost")
    page.get_by_role("button", name="Set: Messages that a recording is ready").click()
    expect(page.get_by_label("Messages that a recording is ready").first).to_have_value("lost")
    address = link(served, recording)
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Waves")
    page.get_by_text("Deutsch (de, captions)").click()
    expect(page.get_by_text("Guten Tag")).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_have_text("Waves")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    stranger = new_context().new_page()
    stranger.goto(address)
    expect(stranger.locator("h1")).to_have_text("This link was used up")
    assert problems == []
