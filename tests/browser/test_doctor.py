"""An author has the room looked at in the editor, and goes into it from the unit page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def author(visitor):
    def open_editor(room: str, **options: object) -> Page:
        thea = visitor("Thea", **options)
        thea.visit(room, "editor")
        return thea.page

    return open_editor


def check(page: Page) -> None:
    """Ask for it by keyboard alone, and wait for the end."""
    button = page.get_by_role("button", name="Check the room")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bbb-doctor-said")).to_contain_text("The check is done", timeout=30_000)
    expect(button).to_be_focused()
    expect(button).not_to_have_attribute("aria-disabled", "true")


def finding(page: Page, text: str):
    return page.locator(".bbb-finding", has_text=text)


def test_a_healthy_room_is_in_order_and_nothing_that_the_author_wrote_is_lost(author):
    page = author("open")
    page.get_by_label("Title", exact=True).fill("Not saved yet")
    check(page)
    expect(page.locator(".bbb-doctor-said")).to_have_attribute("role", "status")
    expect(page.locator(".bbb-doctor-said")).to_contain_text("live sessions work here")
    expect(finding(page, "A meeting could be made and ended.")).to_have_attribute("data-level", "ok")
    expect(finding(page, "The server told us that the meeting had ended.")).to_contain_text("In order")
    expect(finding(page, "without TLS")).to_contain_text("Odd")
    expect(page.locator(".bbb-findings")).not_to_contain_text("127.0.0.1")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Not saved yet")


def test_a_misconfigured_room_says_what_to_do_and_who_can_do_it(author):
    page = author("misconfigured")
    check(page)
    expect(page.locator(".bbb-doctor-said")).to_contain_text("do not work here")
    line = finding(page, "The course has no server that can be used")
    expect(line).to_contain_text("Problem")
    expect(line.locator(".bbb-advice")).to_contain_text("For the people who run this platform:")
    expect(page.locator(".bbb-findings")).not_to_contain_text("nowhere")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_findings_fit_a_phone_and_can_be_read_by_everybody(author, scheme):
    page = author("down", viewport={"width": 320, "height": 640}, color_scheme=scheme)
    check(page)
    expect(finding(page, "Nothing listens")).to_have_attribute("data-level", "fail")
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    assert violations(page, ".bbb-doctor") == []


def test_when_the_platform_does_not_answer_the_author_is_told(author):
    page = author("open")
    page.route(re.compile("/doctor"), lambda route: route.fulfill(status=200, body="Please sign in"))
    page.get_by_role("button", name="Check the room").click()
    expect(page.locator(".bbb-doctor-said")).to_contain_text("did not answer as expected")


def test_the_author_tries_the_room_from_the_unit_page(visitor):
    thea = visitor("Thea")
    thea.visit("open", "preview")
    with thea.context.expect_page() as opened:
        thea.page.get_by_role("link", name="Try the room").click()
    room = opened.value
    expect(room.locator("ul.people")).to_contain_text("Thea Teacher")
    with thea.context.expect_page() as course:
        thea.page.get_by_role("link", name="See it in the course").click()
    expect(course.value.locator("a.bbb-join")).to_be_visible()


def test_a_course_without_a_server_has_no_room_to_try(visitor):
    thea = visitor("Thea")
    thea.visit("misconfigured", "preview")
    expect(thea.page.locator(".bbb-xblock")).to_contain_text("E002")
    expect(thea.page.get_by_role("link", name="Try the room")).to_have_count(0)
