"""A session is recorded, and those who may watch do."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PEOPLE, violations

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
    expect(opened.value.locator(".me")).to_contain_text("format “presentation”")
    assert opened.value.evaluate("window.opener") is None
    assert opened.value.evaluate("document.referrer") == ""

    with ada.context.expect_page() as opened:
        ada.page.get_by_role("link", name="Guest lecture").click()
    opened.value.wait_for_load_state()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Guest lecture")
    assert violations(opened.value, "html") == []

    player = opened.value
    with ada.context.expect_page() as opened:
        player.get_by_role("link", name="Video").click()
    opened.value.wait_for_load_state()
    expect(opened.value.locator(".me")).to_contain_text("format “video”")

    address = link.get_attribute("href").replace(f"student={PEOPLE['Ada']}", f"student={PEOPLE['Vera']}")
    vera.visit("recorded")
    expect(vera.page.locator(".bbb-shelf")).to_have_count(0)
    tab = vera.context.new_page()
    tab.goto(vera.site + address)
    expect(tab.get_by_role("heading", level=1)).to_have_text("This link is not yours")
    assert violations(tab, "html") == []


def test_many_recordings_are_searched_and_turned_by_the_keyboard_on_a_small_screen(visitor):
    ada = visitor("Ada", viewport={"width": 320, "height": 640})
    ada.visit("archive")
    titles = ada.page.locator(".bbb-recording-title")
    expect(titles).to_have_count(20)
    assert ada.page.evaluate("document.documentElement.scrollWidth") <= 320

    ada.page.get_by_role("button", name="Next page").press("Enter")
    expect(ada.page.locator(".bbb-shelf-pages span")).to_have_text("Page 2 of 3")
    expect(titles.first).to_have_text("Lecture 25")
    expect(ada.page.locator(".bbb-shelf-list")).to_be_focused()

    field = ada.page.get_by_label("Find a recording")
    field.fill("lecture 44")
    field.press("Enter")
    expect(titles).to_have_text(["Lecture 44"])
    assert violations(ada.page, ".bbb-xblock") == []
    field.fill("nothing like it")
    ada.page.get_by_role("button", name="Find", exact=True).press("Enter")
    expect(ada.page.locator(".bbb-shelf-list")).to_contain_text("Nothing was found")


def test_without_scripts_the_first_page_works(visitor):
    ada = visitor("Ada", java_script_enabled=False)
    ada.visit("archive")
    expect(ada.page.locator(".bbb-recording")).to_have_count(20)
    expect(ada.page.locator(".bbb-find")).to_be_hidden()
    expect(ada.page.locator(".bbb-recording time").first).to_contain_text("(UTC)")
    with ada.context.expect_page() as opened:
        ada.page.get_by_role("link", name="Lecture 45").click()
    opened.value.wait_for_load_state()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Lecture 45")


def test_times_are_on_the_reader_s_clocks(visitor):
    ada = visitor("Ada", timezone_id="Asia/Tokyo", locale="en-GB")
    ada.visit("archive")
    time = ada.page.locator(".bbb-recording time").first
    expect(time).not_to_contain_text("UTC")
    clock = "time => new Date(time.dateTime).toLocaleTimeString('en-GB', {timeStyle: 'short'})"
    expect(time).to_contain_text(time.evaluate(clock))
    with ada.context.expect_page() as opened:
        ada.page.get_by_role("link", name="Lecture 45").click()
    expect(opened.value.locator("time")).to_have_text(time.inner_text())
