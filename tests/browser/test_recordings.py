"""A session is recorded, and those who may watch do."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.browser


def open_shelf(page):
    """Unfold the list of recordings, if it is folded."""
    box = page.locator(".bbb-shelf-box")
    if box.get_attribute("open") is None:
        box.locator("summary").click()


def record_a_session(thea):
    """Have a teacher meet in the recorded room, record and end."""
    room = thea.enter("recorded")
    room.get_by_role("button", name="Start recording").click()
    expect(room.locator(".recording")).to_be_visible()
    thea.page.get_by_text("People in the room").click()
    thea.page.get_by_role("button", name="End the session for everybody").click(timeout=30_000)
    thea.page.get_by_role("button", name="End it now").click()
    expect(thea.page.locator(".bbb-label")).to_have_text("Ready")


def test_a_learner_sees_a_recording_come_and_plays_it_and_a_stranger_cannot(visitor):
    thea, ada, vera = visitor("Thea"), visitor("Ada"), visitor("Vera")
    ada.visit("recorded")
    expect(ada.page.locator(".bbb-shelf-count")).to_have_text("(0)")
    join = ada.page.locator("a.bbb-join")
    join.focus()
    place = join.bounding_box()
    record_a_session(thea)

    news = ada.page.locator(".bbb-shelf-news")
    expect(news).to_contain_text("The recording is being prepared since", timeout=30_000)
    expect(news).to_contain_text("A new recording is here: Guest lecture", timeout=30_000)
    expect(join).to_be_focused()
    assert join.bounding_box() == place
    assert news.get_attribute("role") == "status"

    open_shelf(ada.page)
    expect(ada.page.locator(".bbb-shelf-count")).to_have_text("(1)")
    assert violations(ada.page, ".bbb-xblock") == []
    link = ada.page.get_by_role("link", name="Slides and sound")
    with ada.context.expect_page() as opened:
        link.focus()
        ada.page.keyboard.press("Enter")
    opened.value.wait_for_load_state()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Recording of Guest lecture")
    assert opened.value.evaluate("window.opener") is None
    assert opened.value.evaluate("document.referrer") == ""

    with ada.context.expect_page() as opened:
        ada.page.get_by_role("link", name="Guest lecture").click()
    opened.value.wait_for_load_state()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Guest lecture")
    assert violations(opened.value, "html") == []

    address = link.get_attribute("href")
    vera.visit("recorded")
    expect(vera.page.locator(".bbb-shelf")).to_have_count(0)
    vera.page.goto(address)
    expect(vera.page.get_by_role("heading", level=1)).to_have_text("This link is not yours")
