"""A teacher and two learners meet: the main job, from the course page to the room and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.browser


def test_a_class_meets_and_comes_back(visitor):
    thea, ada, ben = visitor("Thea"), visitor("Ada"), visitor("Ben")
    thea.visit("open")
    expect(thea.page.locator("a.bbb-join")).to_have_text("Start the session")
    thea_in = thea.enter("open")
    expect(thea_in.locator(".me")).to_contain_text("Thea Teacher")
    expect(thea_in.locator(".me")).to_contain_text("moderator", ignore_case=True)

    ada_in = ada.enter("open")
    expect(ada_in.locator(".me")).to_contain_text("Ada Example")
    expect(ada_in.locator(".me")).to_contain_text("viewer", ignore_case=True)
    ben.enter("open")
    for tab in (thea_in, ada_in):
        expect(tab.locator("ul.people li")).to_have_count(3)
        for name in ("Thea Teacher", "Ada Example", "Ben Example"):
            expect(tab.locator("ul.people")).to_contain_text(name)
    expect(ada.page.locator(".bbb-sentence")).to_have_text("3 people are in the room.", timeout=15_000)

    ada_in.get_by_role("button", name="Leave", exact=True).click()
    expect(ada_in.get_by_role("heading", level=1)).to_have_text("You are no longer in the room")
    ada_in.get_by_role("link", name="Back to the course").click()
    expect(ada_in.locator("a.bbb-join")).to_be_visible()
    expect(thea_in.locator("ul.people li")).to_have_count(2)

    thea_in.on("dialog", lambda dialog: dialog.accept())
    thea_in.get_by_role("button", name="End the session for everybody").click()
    expect(thea_in.get_by_role("heading", level=1)).to_have_text("You are no longer in the room")


def test_a_learner_waits_and_the_button_opens_by_itself(visitor):
    ada, thea = visitor("Ada"), visitor("Thea")
    ada.visit("waiting")
    join = ada.page.locator("a.bbb-join")
    expect(ada.page.locator(".bbb-label")).to_have_text("Waiting for your teacher")
    expect(join).to_have_attribute("aria-disabled", "true")
    join.focus()
    thea.enter("waiting")
    expect(join).to_have_attribute("aria-disabled", "false", timeout=30_000)
    expect(join).to_be_focused()
    ada_in = ada.join()
    expect(ada_in.locator("ul.people li")).to_have_count(2)


def test_a_click_that_comes_too_early_waits_in_its_own_tab_and_goes_in_by_itself(visitor):
    ada, thea = visitor("Ada"), visitor("Thea")
    ada.visit("waiting")
    early = ada.context.new_page()
    early.goto(ada.site + ada.page.locator("a.bbb-join").get_attribute("href"))
    expect(early.get_by_role("heading", level=1)).to_have_text("Waiting for your teacher")
    assert violations(early, "html") == []
    thea.enter("waiting")
    expect(early.locator("ul.people li")).to_have_count(2, timeout=30_000)


def test_a_full_room_says_so_and_keeps_a_seat_for_the_teacher(visitor):
    ada = visitor("Ada")
    ada.visit("full")
    expect(ada.page.locator(".bbb-sentence")).to_contain_text("All 3 seats are taken.")
    expect(ada.page.locator("a.bbb-join")).to_have_attribute("aria-disabled", "true")
    thea = visitor("Thea")
    thea.visit("full")
    expect(thea.page.locator("a.bbb-join")).to_have_attribute("aria-disabled", "false")


def test_a_server_that_is_down_is_explained_and_can_be_tried_again(visitor):
    ada = visitor("Ada")
    ada.visit("down")
    expect(ada.page.locator(".bbb-label")).to_have_text("Not reachable", timeout=15_000)
    tab = ada.join()
    expect(tab.get_by_role("heading", level=1)).to_have_text("The classroom does not answer")
    expect(tab.get_by_role("link", name="Back to the course")).to_be_visible()


def test_a_misconfigured_course_tells_each_what_they_can_use(visitor):
    thea, ada = visitor("Thea"), visitor("Ada")
    thea.visit("misconfigured")
    expect(thea.page.locator(".bbb-xblock")).to_contain_text("E002")
    ada.visit("misconfigured")
    expect(ada.page.locator(".bbb-xblock")).not_to_contain_text("E002")
    expect(ada.page.locator("a.bbb-join")).to_have_count(0)


@pytest.mark.parametrize(("who", "sentence"), [("Vera", "not enrolled"), ("Nobody", "Sign in")])
def test_visitors_see_why_they_cannot_join(visitor, who, sentence):
    guest = visitor(who)
    guest.visit("open")
    expect(guest.page.locator(".bbb-xblock")).to_contain_text(sentence)
    expect(guest.page.locator(".bbb-xblock a")).to_have_count(0)


def test_without_scripts_join_still_works(visitor):
    ada = visitor("Ada", java_script_enabled=False)
    ada.visit("open")
    assert "/html5client/" in ada.join().url


def test_with_the_keyboard_alone_one_gets_in(visitor):
    ada = visitor("Ada", viewport={"width": 320, "height": 640})
    ada.visit("open")
    join = ada.page.locator("a.bbb-join")
    for _ in range(40):
        ada.page.keyboard.press("Tab")
        if join.evaluate("link => link === document.activeElement"):
            break
    expect(join).to_be_focused()
    with ada.context.expect_page() as opened:
        ada.page.keyboard.press("Enter")
    opened.value.wait_for_load_state()
    expect(opened.value.locator(".me")).to_contain_text("Ada Example")


def test_nothing_secret_is_on_the_page_or_in_the_tab_that_opened(visitor):
    ada = visitor("Ada")
    tab = ada.enter("open")
    for text in (ada.page.content(), tab.content(), tab.url):
        assert not re.search(r"checksum=", text)
    assert tab.evaluate("window.opener") is None
    assert tab.evaluate("document.referrer") == ""


def test_an_author_changes_the_session_in_the_editor(visitor):
    thea = visitor("Thea")
    thea.visit("open", "editor")
    thea.page.get_by_label("Title", exact=True).fill("Seminar with <b>guests</b>")
    with thea.page.expect_response(re.compile("submit_studio_edits")) as saved:
        thea.page.get_by_role("button", name="Save", exact=True).click()
    assert saved.value.ok
    thea.visit("open")
    expect(thea.page.locator(".bbb-title")).to_have_text("Seminar with <b>guests</b>")
