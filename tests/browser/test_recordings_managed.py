"""What the course team does with recordings, by mouse and by keyboard, and what learners see of it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settle, violations

pytestmark = pytest.mark.browser

# A choice is as wide as the longest of what can be chosen.
IS_WHOLE = """select => {
    const width = select.clientWidth;
    Object.assign(select.style, { flex: "none", inlineSize: "auto", maxInlineSize: "none" });
    return width >= select.clientWidth;
}"""
CAPTIONS = b"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nWelcome to the lecture.\n"


@pytest.fixture
def recorded(demo, visitor):
    """A teacher in front of one recording, of a session that has just been held."""
    thea = visitor("Thea")
    tab = thea.enter("recorded")
    tab.get_by_role("button", name="Start recording").click()
    expect(tab.get_by_role("button", name="Stop recording")).to_be_visible()
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.get_by_role("button", name="End the session for everybody").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("You are no longer in the room")
    finish(thea, demo)
    thea.visit("recorded")
    open_list(thea)
    expect(thea.page.locator("[data-recording] a.bbb-play").first).to_be_visible()
    return thea


def finish(who, demo):
    """Have the simulated server finish the recording, and wait until the course has heard of it."""
    tab = who.context.new_page()
    tab.goto(demo.classroom)
    tab.get_by_role("button", name="Finish it now: Guest lecture").click()
    expect(tab.get_by_role("button", name="Unpublish: Guest lecture")).to_be_visible()
    for _ in range(60):
        tab.goto(f"{who.site}/rooms/recorded/?student=1")
        if tab.locator("[data-recording] a.bbb-play").count():
            break
        tab.wait_for_timeout(250)
    tab.goto("about:blank")
    tab.close()


def open_list(who):
    box = who.page.locator("details.bbb-shelf-box")
    if box.get_attribute("open") is None:
        box.locator("> summary").click()


def manage(who):
    menu = who.page.locator("[data-recording] .bbb-manage").first
    if menu.get_attribute("open") is None:
        menu.locator("> summary").click()
    return menu


def said(who):
    return who.page.locator(".bbb-desk-said")


def test_what_a_teacher_hides_a_learner_does_not_see_and_what_is_deleted_is_gone(recorded, visitor, demo):
    ada = visitor("Ada")
    ada.visit("recorded")
    open_list(ada)
    expect(ada.page.locator("[data-recording]")).to_have_count(1)
    expect(ada.page.locator(".bbb-desk, .bbb-handles")).to_have_count(0)

    menu = manage(recorded)
    menu.get_by_role("button", name="Hide").click()
    expect(said(recorded)).to_have_text("The recording is hidden.")
    expect(manage(recorded).get_by_role("button", name="Publish")).to_be_visible()
    ada.visit("recorded")
    expect(ada.page.locator("[data-recording]")).to_have_count(0)

    manage(recorded).get_by_role("button", name="Publish").click()
    expect(said(recorded)).to_have_text("The recording is published.")
    ada.visit("recorded")
    expect(ada.page.locator("[data-recording]")).to_have_count(1)

    menu = manage(recorded)
    menu.get_by_role("button", name="Delete", exact=True).click()
    expect(menu).to_contain_text("Nobody can bring it back.")
    expect(menu.get_by_role("button", name="Keep it")).to_be_focused()
    menu.get_by_role("button", name="Keep it").click()
    expect(menu.get_by_role("button", name="Delete", exact=True)).to_be_focused()
    menu.get_by_role("button", name="Delete", exact=True).click()
    menu.get_by_role("button", name="Delete it for good").click()
    expect(said(recorded)).to_have_text("The recording is deleted.")
    expect(recorded.page.locator("[data-recording]")).to_contain_text("It was deleted on the classroom server.")
    ada.visit("recorded")
    expect(ada.page.locator("[data-recording] a")).to_have_count(0)


def test_captions_are_in_the_player_of_the_server(recorded):
    menu = manage(recorded)
    menu.get_by_text("Add captions").click()
    menu.get_by_label("A WebVTT or SubRip file").set_input_files(
        {"name": "lecture.vtt", "mimeType": "text/vtt", "buffer": CAPTIONS}
    )
    menu.get_by_label("What the player calls it").fill("English, by hand")
    menu.get_by_role("button", name="Upload").click()
    expect(said(recorded)).to_contain_text("The captions are at the classroom server.")
    with recorded.context.expect_page() as opened:
        recorded.page.locator("[data-recording] a.bbb-play[data-play*=format]").first.click()
    expect(opened.value.locator("body")).to_contain_text("English, by hand")
    settle(recorded.context)


def test_what_is_no_captions_is_told_beside_the_recording_and_nothing_is_lost(recorded):
    menu = manage(recorded)
    menu.get_by_text("Add captions").click()
    menu.get_by_label("A WebVTT or SubRip file").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Notes of the lecture"}
    )
    menu.get_by_label("What the player calls it").fill("My notes")
    menu.get_by_role("button", name="Upload").click()
    trouble = recorded.page.locator("[data-recording] .bbb-trouble")
    expect(trouble).to_contain_text("The file holds no captions that can be read.")
    expect(menu.get_by_label("What the player calls it")).to_have_value("My notes")


def test_a_recording_is_named_in_its_place_and_the_menu_stays_open(recorded):
    menu = manage(recorded)
    menu.get_by_label("Name", exact=True).fill("Light & <waves>")
    menu.get_by_label("Name", exact=True).press("Enter")
    expect(said(recorded)).to_have_text("The name and the description are saved.")
    expect(recorded.page.locator(".bbb-recording-title")).to_have_text("Light & <waves>")
    menu = recorded.page.locator("[data-recording] .bbb-manage")
    expect(menu).to_have_attribute("open", "")
    expect(menu.locator("form[data-action=describe] button")).to_be_focused()


def test_all_that_are_chosen_are_changed_at_once_with_the_keyboard_alone(recorded):
    page = recorded.page
    publish = page.locator(".bbb-desk-bar [data-action=hide]")
    expect(publish).to_be_disabled()
    page.get_by_label("All on this page").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-recording] .bbb-pick")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(publish).to_be_focused()
    page.keyboard.press("Enter")
    expect(said(recorded)).to_have_text("The recording is hidden.")
    expect(page.locator("[data-recording] .bbb-pick")).to_be_checked()


def test_a_server_that_does_not_answer_is_told_and_the_list_says_what_was(recorded):
    recorded.page.route(re.compile("/handler/manage|manage/"), lambda route: route.abort())
    manage(recorded).get_by_role("button", name="Hide").click()
    expect(said(recorded)).to_contain_text("did not answer as expected")
    expect(manage(recorded).get_by_role("button", name="Hide")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1024])
def test_the_tools_are_accessible_and_fit(recorded, width):
    page = recorded.page
    page.set_viewport_size({"width": width, "height": 900})
    manage(recorded).get_by_role("button", name="Delete", exact=True).click()
    manage(recorded).get_by_text("Add captions").click()
    page.get_by_role("button", name="Show recordings from elsewhere").click()
    expect(page.locator(".bbb-offer")).to_contain_text("There is nothing to show from elsewhere")
    assert violations(page, ".bbb-xblock") == []
    card = page.locator(".bbb-xblock")
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth")
    for control in page.locator(
        ".bbb-desk button:visible, .bbb-manage :is(button, select, input, textarea):visible"
    ).all():
        assert control.bounding_box()["height"] >= 44
    for choice in page.locator(".bbb-shelf select:visible").all():
        assert choice.evaluate(IS_WHOLE)


def test_what_is_chosen_from_elsewhere_is_asked_for_and_the_focus_is_kept(recorded):
    offer = {"html": "<ul><li><label><input type=checkbox value=7> Lecture of last year</label>"}
    offer["html"] += "<time datetime='2025-03-04T12:00:00Z'>as the server says it</time></li></ul>"
    offer["html"] += "<button type=button data-action=adopt>Show here</button>"
    told = {"said": "The recording is shown here now.", "done": [7], "troubles": {}}
    sent = []

    def answer(route):
        sent.append(route.request.post_data_json)
        route.fulfill(json=offer if sent[-1]["action"] == "offer" else told)

    page = recorded.page
    page.route(re.compile("manage"), answer)
    button = page.get_by_role("button", name="Show recordings from elsewhere")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".bbb-offer")).to_be_focused()
    expect(page.locator(".bbb-offer time")).to_contain_text("Tuesday, March 4, 2025")
    page.get_by_role("button", name="Show here").click()
    expect(page.get_by_label("Lecture of last year")).to_be_focused()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Show here").click()
    expect(said(recorded)).to_have_text("The recording is shown here now.")
    expect(button).to_be_focused()
    expect(page.locator(".bbb-offer")).to_be_hidden()
    assert [(each["action"], each.get("ids")) for each in sent] == [("offer", None), ("adopt", [7])]


def test_a_list_in_which_somebody_works_is_left_as_it_is(recorded):
    menu = manage(recorded)
    menu.get_by_label("Name", exact=True).fill("Half a na")
    shelf = recorded.page.locator(".bbb-shelf")
    expect(shelf).to_have_attribute("data-held", "")
    with recorded.page.expect_response(re.compile("/status"), timeout=30_000):
        shelf.evaluate("shelf => { shelf.dataset.version = 'older'; }")
        recorded.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(menu.get_by_label("Name", exact=True)).to_have_value("Half a na")
    expect(shelf).to_have_attribute("data-version", "older")
    menu.locator("> summary").click()
    recorded.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(shelf).not_to_have_attribute("data-version", "older")


def test_on_every_page_of_a_long_list_there_are_tools_and_what_was_done_stays_on_it(visitor):
    thea = visitor("Thea")
    thea.visit("archive")
    page = thea.page
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".bbb-shelf-pages span")).to_have_text("Page 2 of 3")
    titles = page.locator(".bbb-recording-title").all_inner_texts()
    picks = page.locator(".bbb-pick")
    expect(picks).to_have_count(20)
    picks.nth(0).check()
    picks.nth(1).check()
    expect(page.locator(".bbb-all")).to_have_js_property("indeterminate", True)
    page.locator(".bbb-desk-bar").get_by_role("button", name="Hide").click()
    expect(said(thea)).to_have_text("2 recordings are hidden.")
    expect(page.locator(".bbb-shelf-pages span")).to_have_text("Page 2 of 3")
    assert page.locator(".bbb-recording-title").all_inner_texts() == titles
    expect(page.locator("[data-recording]").nth(0)).to_contain_text("The course team has not published it.")
    expect(page.locator("[data-recording]").nth(2)).not_to_contain_text("The course team has not published it.")
    expect(page.locator(".bbb-pick:checked")).to_have_count(2)
    assert violations(page, ".bbb-xblock") == []
