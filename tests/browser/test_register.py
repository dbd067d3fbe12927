"""The register of attendance, by mouse and by keyboard, and what a learner sees of a correction."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import violations
from tests.browser.test_recordings_managed import IS_WHOLE

pytestmark = pytest.mark.browser


@pytest.fixture
def register(visitor):
    """Open the register of a room in which sessions were held, as its teacher."""

    def open_register(**options):
        thea = visitor("Thea", **options)
        thea.visit("attended")
        thea.page.goto(thea.site + thea.page.locator("a.bbb-attendance").get_attribute("href"))
        return thea.page

    return open_register


def newest(page, who):
    """Give the cell of somebody's newest session."""
    return page.get_by_role("row", name=who).locator("td").last


def said(page):
    return page.locator(".bbb-desk-said")


def own(visitor, who):
    """Read what the card says of somebody's newest session."""
    learner = visitor(who)
    learner.visit("attended")
    learner.page.get_by_text("Your attendance").click()
    return learner.page.locator(".bbb-own-attendance li").first


def test_a_teacher_excuses_two_learners_the_learner_reads_it_and_one_click_undoes_it(register, visitor):
    page = register()
    expect(newest(page, "Ben Example")).to_contain_text("Partly")
    page.get_by_label("Ada Example").check()
    page.get_by_label("Ben Example").check()
    page.get_by_label("Counts as").select_option("Excused")
    page.get_by_label("Reason").fill("Train <strike>")
    page.get_by_role("button", name="Save for those chosen").click()
    expect(said(page)).to_have_text("Saved for 2 people.")
    expect(newest(page, "Ben Example")).to_contain_text("Excused")
    expect(newest(page, "Ben Example")).to_contain_text("Train <strike>")
    expect(page.get_by_label("Ben Example", exact=True)).not_to_be_checked()
    expect(own(visitor, "Ben")).to_contain_text("You are excused: this session does not count.")
    expect(own(visitor, "Ben")).to_contain_text("Train <strike>")
    page.locator(".bbb-undo-last").click()
    expect(said(page)).to_have_text("Undone for 2 people.")
    expect(newest(page, "Ben Example")).to_contain_text("Partly")
    expect(own(visitor, "Ben")).to_contain_text("partly present")


def test_everything_can_be_done_with_the_keyboard_and_the_focus_stays_near(register):
    page = register()
    page.get_by_label("Ben Example").focus()
    page.keyboard.press("Space")
    page.get_by_label("Reason").focus()
    page.keyboard.type("Ill")
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text("Saved for 1 person.")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.get_by_role("button", name="Undo the correction for Ben Example").focus()
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text("Undone for 1 person.")
    expect(page.get_by_label("Ben Example", exact=True)).to_be_focused()


def test_whoever_chooses_nobody_is_told_what_to_do_and_keeps_the_reason(register):
    page = register()
    page.get_by_label("Reason").fill("Ill")
    page.route(re.compile("change_attendance"), lambda route: route.fulfill(json={"error": "Choose somebody."}))
    page.get_by_role("button", name="Save for those chosen").click()
    expect(said(page)).to_have_text("Choose somebody.")
    expect(page.get_by_label("Reason")).to_have_value("Ill")


def test_a_platform_that_does_not_answer_is_told(register):
    page = register()
    page.get_by_label("Choose all on this page").check()
    expect(page.get_by_label("Ben Example", exact=True)).to_be_checked()
    page.get_by_label("Reason").fill("Ill")
    page.route(re.compile("change_attendance"), lambda route: route.abort())
    page.get_by_role("button", name="Save for those chosen").click()
    expect(said(page)).to_contain_text("did not answer as expected")
    expect(page.get_by_label("Ben Example", exact=True)).to_be_checked()


def test_one_session_is_drawn_and_told_in_words(register):
    page = register()
    page.locator("thead a").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Attendance:")
    ada = page.get_by_role("row", name="Ada Example")
    expect(ada.locator(".bbb-bar")).to_have_count(3)
    expect(ada.locator(".bbb-spans")).to_contain_text("short absence, passed over")
    track, bar = ada.locator(".bbb-track").bounding_box(), ada.locator(".bbb-bar").first.bounding_box()
    assert bar["x"] - track["x"] == pytest.approx(track["width"] * 3 / 60, abs=3)
    page.get_by_role("link", name="All sessions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Attendance")


def test_people_are_found_by_name_and_by_how_they_stand(register):
    page = register()
    page.get_by_label("Name", exact=True).fill("ben")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Show everybody").click()
    page.get_by_role("search").get_by_role("combobox").select_option("Absent")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_attendance_is_worked_out_anew(register):
    page = register()
    page.get_by_role("button", name="Work attendance out anew").click()
    expect(said(page)).to_contain_text("Reload the page in a minute.")


def test_a_session_can_be_read_whole_where_it_is_chosen(register):
    chosen = register().locator("select[name=session]")
    text = "Wednesday, September 30, 10:45 p.m."
    chosen.evaluate("(select, text) => { select.options[0].textContent = text }", text)
    assert chosen.evaluate(IS_WHOLE)


def test_without_scripts_there_is_the_register_and_nothing_to_choose(register):
    page = register(java_script_enabled=False)
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.locator("noscript p")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_register_is_accessible_and_fits(register, width, scheme):
    page = register(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.get_by_label("Ben Example").check()
    page.get_by_label("Reason").fill("Ill")
    page.get_by_role("button", name="Save for those chosen").click()
    expect(said(page)).to_have_text("Saved for 1 person.")
    check_look(page, width)
    page.goto(page.evaluate("document.querySelector('thead th:last-child a').href"))
    check_look(page, width)


def check_look(page, width):
    assert violations(page, "html") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in page.locator("button:visible, select:visible, .bbb-tick:visible").all():
        assert control.bounding_box()["height"] >= 44
