"""The room as people see it: two browsers, one room."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, expect

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import SECRET, signed

pytestmark = pytest.mark.browser

NASTY = "Ada <img src=x onerror=alert(1)>"


@pytest.fixture
def served() -> Iterator[Simulator]:
    simulator = Simulator(secret=SECRET)
    with simulator.serve():
        yield simulator


def visit(served: Simulator, page: Page, name: str, role: str, **params: str) -> None:
    fields = {"fullName": name, "meetingID": "m1", "role": role, **params}
    page.goto(f"{served.url}api/{signed('join', urlencode(fields))}")


def test_two_people_meet_and_one_ends_it_for_both(
    served: Simulator, new_context: Callable[..., BrowserContext]
) -> None:
    teacher, learner = new_context().new_page(), new_context(viewport={"width": 320, "height": 640}).new_page()
    problems: list[str] = []
    for page in (teacher, learner):
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(dialog.message))
    front = served.url.removesuffix("bigbluebutton/")
    create = {
        "name": "Waves & light",
        "meetingID": "m1",
        "record": "true",
        "guestPolicy": "ASK_MODERATOR",
        "logoutURL": front,
    }
    requests.get(f"{served.url}api/{signed('create', urlencode(create))}", timeout=5)
    visit(served, teacher, "Thea Teacher", "MODERATOR")
    visit(served, learner, NASTY, "VIEWER")
    expect(teacher.locator("h1")).to_have_text("Waves & light")
    expect(teacher.locator(".me")).to_have_text("You are in as Thea Teacher (moderator)")
    teacher.get_by_role("button", name="Let in").click()
    expect(learner.locator(".me")).to_have_text(f"You are in as {NASTY} (viewer)")
    learner.get_by_role("button", name="Raise hand").click()
    learner.get_by_label("Message to everybody").fill("Hello <b>all</b>")
    learner.get_by_role("button", name="Send").click()
    learner.get_by_role("button", name="Talk").click()
    expect(teacher.locator(".people li", has_text="Talking")).to_contain_text(NASTY)
    learner.get_by_role("button", name="Stop talking").click()
    teacher.get_by_role("button", name="Ask a yes or no question").click()
    learner.get_by_role("button", name="No", exact=True).click()
    expect(learner.locator(".question")).to_be_hidden()
    expect(teacher.get_by_role("button", name="Close the poll")).to_be_visible()
    expect(teacher.locator(".question")).to_be_hidden()
    teacher.get_by_role("button", name="Start recording").click()
    expect(teacher.locator(".people li", has_text="Hand raised")).to_contain_text(NASTY)
    expect(teacher.get_by_role("log")).to_contain_text("Hello <b>all</b>")
    expect(learner.locator(".recording")).to_be_visible()
    assert learner.evaluate("document.documentElement.scrollWidth") <= 320
    teacher.get_by_role("button", name="End the session for everybody").click()
    expect(teacher.locator("h1")).to_have_text("Simulated BigBlueButton server")
    expect(learner.locator("h1")).to_have_text("Simulated BigBlueButton server")
    assert problems == []
