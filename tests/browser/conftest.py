"""The demo, and people in front of it, each in a browser session of their own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.sandbox.demo.demo_process import Demo, running

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
BERLIN = {"timezone_id": "Europe/Berlin"}
PEOPLE = {"Thea": 1, "Ada": 2, "Ben": 3, "Vera": 4, "Nameless": 5, "Nobody": 0}


@dataclass
class Visitor:
    """One person in a browser session of their own."""

    name: str
    context: BrowserContext
    page: Page
    site: str

    def visit(self, room: str, view: str = "") -> None:
        """Open a room's page in the course."""
        path = f"/rooms/{room}/{view + '/' if view else ''}"
        self.page.goto(f"{self.site}{path}?student={PEOPLE[self.name]}")

    def join(self) -> Page:
        """Click Join and give the tab that opens."""
        expect(self.page.locator(".bbb-xblock"), "there is no way in").to_contain_text("Opens in a new tab.")
        with self.context.expect_page() as opened:
            self.page.locator("a.bbb-join").click()
        opened.value.wait_for_load_state()
        return opened.value

    def enter(self, room: str) -> Page:
        """Open a room's page, click Join and be in the room."""
        self.visit(room)
        tab = self.join()
        expect(tab.locator("ul.people")).to_be_visible()
        return tab


@dataclass
class Classroom:
    """The front page of the simulated classroom server, with its switches."""

    page: Page

    def lose(self, *kinds: str) -> None:
        """Have messages to the course get lost from now on."""
        for kind in kinds:
            self.page.get_by_label(kind, exact=True).select_option("lost")
            self.page.get_by_role("button", name=f"Set: {kind}", exact=True).click()
            expect(self.page.get_by_label(kind, exact=True)).to_have_value("lost")

    def pass_minutes(self, minutes: int) -> None:
        """Let time pass for the server and the course; returns when it has."""
        self.page.get_by_label("Minutes", exact=True).fill(str(minutes))
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Let them pass").click()


def settle(context: BrowserContext) -> None:
    """Leave every page before its context is closed.

    A room says good-bye with a beacon when its page goes; Chromium now and then never finishes closing a context that
    still has one to send.
    """
    for page in context.pages:
        page.goto("about:blank")


def violations(page: Page, part: str) -> list[str]:
    """Scan a part of a page with axe-core and name what it finds."""
    page.evaluate(AXE)
    result = page.evaluate("part => axe.run(part)", part)
    return [f"{found['id']}: {[node['html'] for node in found['nodes']]}" for found in result["violations"]]


@pytest.fixture(autouse=True)
def settled(request: pytest.FixtureRequest) -> Iterator[None]:
    """Do the same for the tests that use pytest-playwright's own context."""
    context = request.getfixturevalue("context") if "context" in request.fixturenames else None
    yield
    if context is not None:
        settle(context)


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A fresh demo: other tests' meetings are not in it. What it could not do fails the test."""
    with running() as started:
        yield started
        started.stop()
    assert "Traceback" not in started.output, started.output


def is_a_problem(line: ConsoleMessage) -> bool:
    """Tell whether the console complains; what is refused on purpose is reported there as well."""
    refused = any(f"/{name}" in line.location["url"] for name in ("submit_studio_edits", "manage", "change_attendance"))
    return line.type == "error" and not refused and "ERR_INTERNET_DISCONNECTED" not in line.text


@pytest.fixture
def visitor(demo: Demo, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Let somebody sit down in front of the demo; errors on their console fail the test."""
    problems: list[str] = []
    contexts: list[BrowserContext] = []

    def sit_down(name: str, **options: object) -> Visitor:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{name}: {error}"))
        page.on("console", lambda line: problems.append(f"{name}: {line.text}") if is_a_problem(line) else None)
        return Visitor(name, context, page, demo.site)

    yield sit_down
    for context in contexts:
        settle(context)
        context.close()
    assert problems == []


@pytest.fixture
def classroom(demo: Demo, visitor: Callable[..., Visitor]) -> Classroom:
    """The front page of the classroom server."""
    page = visitor("Nobody").page
    page.goto(demo.classroom)
    return Classroom(page)


@pytest.fixture
def author(visitor: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Thea, in front of a room's editor."""

    def open_editor(room: str = "new", **options: object) -> Visitor:
        thea = visitor("Thea", **{**BERLIN, **options})
        thea.visit(room, "editor")
        return thea

    return open_editor
