"""An author in Studio: from an empty component to a session, with the keyboard alone, when something is wrong."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import BERLIN
from tests.browser.editing import date_of, preset, row, save, saved, unfold

pytestmark = pytest.mark.browser

# Counts what a person clicks, over all pages of a tab.
COUNT_CLICKS = """
addEventListener("click", ({ isTrusted, detail }) => {
  if (isTrusted && detail > 0) {
    sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
  }
}, true);
"""


def test_from_an_empty_component_to_a_session_that_works_in_four_clicks_and_one_text(visitor):
    thea = visitor("Thea")
    thea.context.add_init_script(COUNT_CLICKS)
    thea.visit("new", "preview")
    thea.page.get_by_role("link", name="Studio editor").click()
    thea.page.get_by_label("Title", exact=True).fill("First lecture")
    preset(thea.page, "Seminar").click()
    saved(thea.page)
    assert int(thea.page.evaluate("sessionStorage.clicks")) <= 4
    expect(thea.page.locator(".bbb-xblock")).to_contain_text("First lecture")
    assert thea.enter("new")


def test_an_author_sets_a_session_up_and_sees_it_as_a_learner(author, visitor):
    thea = author()
    page = thea.page
    lecture = page.locator(".bbb-card", has_text="Lecture")
    expect(lecture).to_contain_text("Changes 9 options")
    lecture.get_by_text("Changes 9 options").click()
    expect(lecture.locator("dl")).to_contain_text("Mute microphones at the start")
    preset(page, "Lecture").check()
    expect(row(page, "mute_on_start").locator("input")).to_be_checked()

    page.get_by_label("Title", exact=True).fill(" ")
    date_of(page, "opens_at").fill("2030-11-25T15:00")
    date_of(page, "closes_at").fill("2030-11-25T14:00")
    unfold(page, "Texts")
    page.get_by_label("Description").fill("Bring a question.\nOr two.")
    save(page)

    summary = page.locator(".bbb-errors")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    title, closes = page.get_by_label("Title", exact=True), date_of(page, "closes_at")
    expect(title).to_have_accessible_description(re.compile("must have between 1 and 255"))
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Description")).to_have_value("Bring a question.\nOr two.")
    summary.get_by_role("link", name=re.compile("Closes")).click()
    expect(closes).to_be_focused()
    closes.fill("2030-11-25T16:30")
    title.fill("Rotation")
    saved(page)

    expect(page.locator(".bbb-when")).to_contain_text("Opens: Monday, November 25, 2030 at 3:00 PM")
    ada = visitor("Ada", **BERLIN)
    ada.visit("new")
    card = ada.page.locator(".bbb-xblock")
    expect(card).to_contain_text("Rotation")
    expect(card).to_contain_text("Bring a question.")
    thea.visit("new", "editor")
    expect(preset(page, "Lecture")).to_be_checked()
    preset(page, "Your own settings").check()
    expect(row(page, "mute_on_start").locator("input")).to_be_checked()


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "body": "<h1>Sign in</h1>", "content_type": "text/html"},
        {"status": 502, "body": "<h1>Bad gateway</h1>"},
        {"status": 403, "body": '{"detail": "CSRF Failed"}', "content_type": "application/json"},
        None,
    ],
    ids=["a login page", "a proxy", "another JSON", "no network"],
)
def test_nothing_is_lost_when_the_platform_does_not_answer(author, answer):
    page = author().page
    where = "**/submit_studio_edits/**"
    page.route(where, lambda route: route.fulfill(**answer) if answer else route.abort())
    page.get_by_label("Title", exact=True).fill("Kept")
    save(page)
    expect(page.locator(".bbb-errors")).to_be_focused()
    expect(page.locator(".bbb-errors")).to_contain_text("Your entries are still here.")
    page.unroute(where)
    saved(page)
    expect(page.locator(".bbb-xblock")).to_contain_text("Kept")


def test_somebody_who_may_not_write_the_course_any_more_is_told_so(author):
    page = author().page
    page.evaluate("() => { window.studentId = '4'; }")
    save(page)
    expect(page.locator(".bbb-errors")).to_contain_text("Only people who may edit this course")


def test_it_tells_studio_what_happens(author):
    page = author().page
    page.evaluate(
        """() => {
          window.told = [];
          RuntimeProvider.versions[1].notify = (name, data) => told.push([name, data]);
        }"""
    )
    page.get_by_label("Title", exact=True).fill("")
    save(page)
    expect(page.locator(".bbb-errors")).to_be_visible()
    page.get_by_label("Title", exact=True).fill("Told")
    save(page)
    page.wait_for_function("told.length === 4")
    page.get_by_role("button", name="Cancel").click()
    told = page.evaluate("told")
    assert [told[index] for index in (0, 2, 3, 4)] == [
        ["save", {"state": "start"}],
        ["save", {"state": "start"}],
        ["save", {"state": "end"}],
        ["cancel", {}],
    ]
    name, error = told[1]
    assert (name, error["title"]) == ("error", "Not saved yet")
    assert error["message"]


def test_it_saves_in_a_sandboxed_frame_as_the_authoring_site_uses(author):
    page = author().page
    address = page.url
    page.evaluate(
        """address => {
          const frame = document.createElement("iframe");
          frame.sandbox = "allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-presentation " +
            "allow-same-origin allow-scripts allow-top-navigation-by-user-activation";
          frame.src = address;
          frame.style = "width: 900px; height: 700px";
          document.body.replaceChildren(frame);
        }""",
        address,
    )
    frame = page.frame_locator("iframe")
    frame.get_by_label("Title", exact=True).fill("Framed")
    frame.get_by_role("button", name="Save").click()
    expect(frame.locator(".bbb-xblock:not(.bbb-editor)")).to_contain_text("Framed")


def test_two_clicks_on_save_save_once(author):
    page = author().page
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "submit_studio_edits" in request.url else None)
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_url("**/preview/**")
    assert len(sent) == 1


def test_the_keyboard_alone_sets_a_session_up(author):
    page = author().page
    keyboard = page.keyboard
    page.get_by_label("Title", exact=True).focus()
    keyboard.press("Control+A")
    keyboard.type("By keyboard")
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Use the default")).to_be_focused()
    keyboard.press("Tab")
    expect(preset(page, "Your own settings")).to_be_focused()
    keyboard.press("ArrowDown")
    expect(preset(page, "Lecture")).to_be_checked()
    keyboard.press("ArrowDown")
    expect(preset(page, "Seminar")).to_be_checked()
    for _ in range(60):
        if page.evaluate("document.activeElement.closest('[data-group=texts] > summary') !== null"):
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(page.get_by_label("Description")).to_be_focused()
    keyboard.type("Typed.")
    for _ in range(60):
        if page.evaluate("document.activeElement.matches('.save-button')"):
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.wait_for_url("**/preview/**")
    expect(page.locator(".bbb-xblock")).to_contain_text("By keyboard")
    expect(page.locator(".bbb-options")).to_contain_text("Typed.")
