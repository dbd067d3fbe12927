"""The demo's page in a browser."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.sandbox.demo.demo_process import Demo

pytestmark = pytest.mark.browser

COURSE_PAGE = "/rooms/open/?student=1"
KINDS_OF_PAGE = [
    COURSE_PAGE,
    "/rooms/misconfigured/?student=2",
    "/rooms/open/?student=0",
    "/rooms/open/preview/?student=1",
    "/rooms/open/editor/?student=1",
    "/rooms/open/editor/?student=2",
]
EDITOR = "/rooms/recorded/editor/?student=1"


@pytest.fixture
def complaints(page: Page, demo: Demo) -> Iterator[list[str]]:
    """Collect what the browser's console says, and requests that leave the demo."""
    found: list[str] = []
    page.on("console", lambda message: found.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: found.append(f"error: {error}"))
    page.on("request", lambda request: found.extend(outside(request.url, demo)))
    yield found
    assert found == []


def outside(url: str, demo: Demo) -> list[str]:
    return [] if url.startswith((demo.site, "data:")) else [f"request: {url}"]


def violations(page: Page) -> list[Any]:
    """Ask axe about the page without the block, which has tests of its own."""
    answer = Axe().run(page, context={"exclude": [[".demo-unit > *"]]}).response
    assert answer["passes"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in answer["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.usefixtures("complaints")
def test_every_kind_of_page_is_accessible_quiet_and_self_contained(page: Page, demo: Demo, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in KINDS_OF_PAGE:
        page.goto(demo.site + path)

        assert violations(page) == [], path


def test_nothing_is_wider_than_a_small_phone(page: Page, demo: Demo) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for path in KINDS_OF_PAGE:
        page.goto(demo.site + path)

        assert page.evaluate("document.documentElement.scrollWidth") == 320, path


def test_the_keyboard_alone_skips_to_the_room(page: Page, demo: Demo) -> None:
    page.goto(demo.site + COURSE_PAGE)

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the room")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("main")).to_be_focused()


def test_the_keyboard_alone_changes_who_i_am(page: Page, demo: Demo) -> None:
    page.goto(demo.site + COURSE_PAGE)

    page.get_by_role("navigation", name="Who am I").get_by_role("link", name="Ada Example").press("Enter")

    page.wait_for_url("**/rooms/open/?student=2")


def test_the_runtime_starts_the_block(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.site}/rooms/full/?student=2")

    # Only the block's script can say this: the server did not know it yet when it made the page.
    expect(page.locator(".demo-unit")).to_contain_text("Full", timeout=15_000)


def test_a_title_saved_in_the_editor_is_shown_in_the_preview(page: Page, demo: Demo) -> None:
    page.goto(demo.site + EDITOR)
    page.get_by_label("Title", exact=True).fill("Guest lecture, second part")

    page.get_by_text("Save", exact=True).click()

    page.wait_for_url("**/rooms/recorded/preview/?student=1")
    expect(page.locator(".demo-unit")).to_contain_text("Guest lecture, second part")


def test_a_mistake_in_the_editor_is_named_and_nothing_is_saved(page: Page, demo: Demo) -> None:
    page.goto(demo.site + EDITOR)
    page.get_by_label("Title", exact=True).fill(" ")

    page.get_by_text("Save", exact=True).click()

    expect(page.locator("[data-demo-message]")).to_contain_text("Not saved yet")
    expect(page.get_by_label("Title", exact=True)).to_be_visible()


def test_cancel_closes_the_editor_and_changes_nothing(page: Page, demo: Demo) -> None:
    page.goto(demo.site + EDITOR)
    page.get_by_label("Title", exact=True).fill("Never seen")

    page.get_by_text("Cancel", exact=True).click()

    page.wait_for_url("**/rooms/recorded/preview/?student=1")
    assert "Never seen" not in page.inner_text("main")


def test_starting_the_session_opens_the_simulated_room_in_a_new_tab(page: Page, demo: Demo) -> None:
    page.goto(demo.site + COURSE_PAGE)

    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("(Start|Join) the session")).click()
    opened.value.wait_for_load_state()

    assert opened.value.url.startswith(demo.classroom.removesuffix("bigbluebutton/"))
    expect(opened.value.locator("body")).to_contain_text("Thea Teacher")
