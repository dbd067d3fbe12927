"""Somebody without a name is asked for one: on a small phone, by keyboard alone, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 320, "height": 640}}


def join_by_keyboard(somebody) -> Page:
    somebody.page.locator("a.bbb-join").focus()
    with somebody.context.expect_page() as opened:
        somebody.page.keyboard.press("Enter")
    opened.value.wait_for_load_state()
    return opened.value


def write(tab: Page, name: str) -> None:
    """Write into the field that has the focus, and press Enter."""
    field = tab.get_by_label("Your name")
    expect(field).to_be_focused()
    tab.keyboard.press("ControlOrMeta+a")
    tab.keyboard.type(name)
    tab.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_visitor_is_asked_once_and_is_in_the_room_under_that_name(visitor, scripts):
    somebody = visitor("Nameless", java_script_enabled=scripts, **PHONE)
    somebody.visit("open")
    tab = join_by_keyboard(somebody)
    expect(tab).to_have_title("Your name in the room")
    write(tab, "Тhеа Теасhеr")
    expect(tab.get_by_label("Your name")).to_have_attribute("aria-invalid", "true")
    expect(tab.get_by_label("Your name")).to_have_accessible_description(
        "Somebody in the course team is called like this. Add what tells you apart, such as your second name. "
        "Everybody in the room sees it. You are asked once, and can change it on the course page."
    )
    write(tab, "Walt Wanderer")
    expect(tab.locator(".me")).to_contain_text("Walt Wanderer")
    assert "/bbb/" not in tab.url
    again = join_by_keyboard(somebody)
    expect(again.locator(".me")).to_contain_text("Walt Wanderer")


def test_the_name_can_be_changed_on_the_course_page(visitor):
    somebody = visitor("Nameless", **PHONE)
    somebody.visit("open")
    tab = join_by_keyboard(somebody)
    write(tab, "Walt")
    expect(tab.locator(".me")).to_contain_text("Walt")
    somebody.page.reload()
    expect(somebody.page.locator(".bbb-xblock")).to_contain_text("You come in as Walt.")
    assert violations(somebody.page, ".bbb-xblock") == []
    with somebody.context.expect_page() as opened:
        somebody.page.get_by_role("link", name="Change your name").click()
    expect(opened.value.get_by_label("Your name")).to_have_value("Walt")
    write(opened.value, "Walt Wanderer")
    expect(opened.value.locator(".me")).to_contain_text("Walt Wanderer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_nothing_is_wider_than_a_small_phone(visitor, scheme):
    somebody = visitor("Nameless", color_scheme=scheme, **PHONE)
    somebody.visit("open")
    tab = somebody.join()
    for written, title in (("", "Your name in the room"), ("V", "This name is too short")):
        if written:
            write(tab, written)
        expect(tab).to_have_title(title)
        assert violations(tab, "html") == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
        heights = tab.locator("button, input:not([type=hidden]), a").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert min(heights) >= 44
