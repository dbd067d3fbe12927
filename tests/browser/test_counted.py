"""An author counts a time from a date of the course: by keyboard, on a phone, with mistakes."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import violations
from tests.browser.editing import row, save, saved

pytestmark = pytest.mark.browser

FROM = "On a date, or counted from"
BORDER = "one => getComputedStyle(one).borderTopWidth"
SAID = re.compile(r"^That is \w+day, .* \(Berlin\)\.$")


def part(page: Page, field: str, label: str):
    return row(page, field).get_by_label(label, exact=True)


def test_by_keyboard_alone_a_time_is_counted_from_the_start_of_the_course(author):
    page = author("scheduled").page
    said = row(page, "closes_at").get_by_role("status")
    before = said.text_content()
    part(page, "closes_at", FROM).focus()
    for label in ("Days", "Before or after", "Time of day"):
        page.keyboard.press("Tab")
        expect(part(page, "closes_at", label)).to_be_focused()
    part(page, "closes_at", "Days").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("12")
    expect(said).not_to_have_text(before)
    expect(said).to_have_text(SAID)
    with page.expect_request("**/submit_studio_edits/**") as sent:
        page.keyboard.press("Enter")
    assert sent.value.post_data_json["values"] == {"closes_at": "course_start+P12DT16:30"}


def test_an_author_chooses_it_and_sees_it_again(author):
    thea = author("scheduled")
    page = thea.page
    part(page, "opens_at", FROM).select_option("On a date")
    expect(part(page, "opens_at", "Days")).to_be_hidden()
    expect(row(page, "opens_at").get_by_role("status")).to_be_empty()
    part(page, "opens_at", FROM).select_option("The start of the course")
    part(page, "opens_at", "Before or after").select_option("Before")
    part(page, "opens_at", "Days").fill("1")
    part(page, "opens_at", "Time of day").fill("")
    expect(row(page, "opens_at").get_by_role("status")).to_have_text(SAID)
    saved(page)
    thea.visit("scheduled", "editor")
    expect(part(page, "opens_at", "Days")).to_have_value("1")
    expect(part(page, "opens_at", "Before or after")).to_have_value("-")
    expect(part(page, "opens_at", "Time of day")).to_have_value("")
    expect(row(page, "opens_at").get_by_role("status")).to_have_text(SAID)


def test_a_date_that_nobody_has_set_is_named(author):
    page = author("scheduled").page
    part(page, "closes_at", FROM).select_option("The due date of the subsection")
    expect(row(page, "closes_at").get_by_role("status")).to_contain_text("follows a date that is not set")


def test_what_is_wrong_stands_beside_it_and_nothing_is_lost(author):
    page = author("scheduled").page
    days, date = part(page, "opens_at", "Days"), part(page, "opens_at", "Date and time")
    part(page, "opens_at", FROM).select_option("On a date")
    date.fill("2030-07-01T10:00")
    part(page, "opens_at", FROM).select_option("The start of the subsection")
    days.fill("")
    save(page)
    page.locator(".bbb-errors").get_by_role("link").click()
    expect(days).to_be_focused()
    expect(days).to_have_attribute("aria-invalid", "true")
    expect(days).to_have_accessible_description(re.compile("whole number of days from 0 to 9999"))
    expect(part(page, "opens_at", FROM)).to_have_value("subsection_start")
    expect(part(page, "opens_at", "Time of day")).to_have_value("15:00")
    part(page, "opens_at", FROM).select_option("On a date")
    expect(date).to_have_value("2030-07-01T10:00")


def test_half_a_time_of_day_is_named_and_not_thrown_away(author):
    page = author("scheduled").page
    at = part(page, "opens_at", "Time of day")
    at.focus()
    page.keyboard.press("Delete")
    save(page)
    expect(at).to_have_accessible_description(re.compile("whole time of day or none"))


def test_without_an_answer_it_says_nothing_rather_than_something_old(author):
    page = author("scheduled").page
    page.route("**/tell_time/**", lambda route: route.fulfill(status=200, body="<h1>Sign in</h1>"))
    part(page, "closes_at", "Days").fill("3")
    expect(row(page, "closes_at").get_by_role("status")).to_be_empty()


def test_use_the_default_takes_it_back(author):
    page = author("scheduled").page
    row(page, "closes_at").get_by_role("button", name="Use the default").click()
    expect(part(page, "closes_at", FROM)).to_have_value("")
    expect(row(page, "closes_at").get_by_role("status")).to_be_empty()
    expect(part(page, "closes_at", "Date and time")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(author, scheme):
    page = author("scheduled", viewport={"width": 320, "height": 640}, color_scheme=scheme).page
    part(page, "closes_at", "Days").fill("")
    save(page)
    expect(page.locator(".bbb-errors")).to_be_visible()
    assert violations(page, ".bbb-xblock") == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_screen_reader_is_told_what_each_part_is_and_what_is_wrong_with_it(author):
    page = author("scheduled").page
    part(page, "opens_at", "Days").fill("")
    save(page)
    expect(page.locator(".bbb-errors")).to_be_focused()
    group = page.get_by_role("group", name="Opens")
    expect(group).to_have_accessible_description(re.compile("When participants can come in.*whole number of days"))
    expect(group.get_by_role("combobox", name=FROM)).to_have_value("course_start")
    expect(group.get_by_role("spinbutton", name="Days")).to_have_attribute("aria-invalid", "true")
    expect(group.get_by_role("combobox", name="Before or after")).not_to_have_attribute("aria-invalid", "true")
    expect(group.get_by_label("Time of day")).to_have_accessible_description(
        re.compile("Time zone of the course: Berlin")
    )


def test_a_field_that_is_wrong_looks_wrong_in_forced_colours_too(author):
    page = author("scheduled", forced_colors="active").page
    days = part(page, "opens_at", "Days")
    before = days.evaluate(BORDER)
    days.fill("")
    save(page)
    expect(days).to_have_attribute("aria-invalid", "true")
    assert days.evaluate(BORDER) != before
