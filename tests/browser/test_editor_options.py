"""The options in the editor: what is sent, hidden, locked and taken back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.editing import date_of, preset, row, save, saved, unfold, unfold_all

pytestmark = pytest.mark.browser


def test_only_what_the_author_changed_is_sent(author):
    page = author("house-rules").page
    page.get_by_label("Title", exact=True).fill("Study circle")
    mute = row(page, "mute_on_start").locator("input")
    unfold(page, "Sound and picture")
    mute.uncheck()
    mute.check()
    with page.expect_request("**/submit_studio_edits/**") as sent:
        save(page)
    assert sent.value.post_data_json == {"values": {"display_name": "Study circle"}, "defaults": []}
    assert sent.value.headers["x-csrftoken"]


def test_an_option_goes_back_to_the_default_of_the_platform(author):
    page = author("house-rules").page
    unfold(page, "Sound and picture")
    mute = row(page, "mute_on_start")
    expect(mute).to_contain_text("Default of your platform: On")
    expect(mute.get_by_role("button")).to_have_count(0)
    mute.locator("input").uncheck()
    expect(page.locator('[data-group="sound_and_picture"] summary')).to_contain_text("1 set")
    mute.get_by_role("button", name="Use the default").click()
    expect(mute.locator("input")).to_be_checked()
    expect(mute.locator("input")).to_be_focused()
    page.locator('[data-field="display_name"]').get_by_role("button", name="Use the default").click()
    with page.expect_request("**/submit_studio_edits/**") as sent:
        save(page)
    assert sent.value.post_data_json == {"values": {}, "defaults": ["display_name"]}


def test_what_the_platform_keeps_is_shown_and_cannot_be_changed(author):
    page = author("house-rules").page
    unfold(page, "People and waiting")
    unfold(page, "Recording")
    seats, record = row(page, "max_participants"), row(page, "record")
    for locked in (seats, record):
        expect(locked).to_contain_text("Set by your platform")
        expect(locked.locator("input")).to_be_disabled()
    expect(seats.locator("input")).to_have_value("30")
    expect(seats.locator("input")).to_have_accessible_description(re.compile("Set by your platform"))
    expect(page.locator(".bbb-card-label")).to_have_text(
        ["Your own settings", "Lecture", "Seminar", "Office hours", "Group work", "Orientation"]
    )
    preset(page, "Orientation").check()
    expect(record.locator("input")).not_to_be_checked()
    saved(page)
    expect(page.locator(".bbb-options")).to_contain_text("Wait for a moderator")
    expect(page.locator(".bbb-options")).not_to_contain_text("Most people in the room")


def test_what_does_not_count_beside_the_others_is_hidden(author):
    page = author().page
    unfold_all(page)
    expect(row(page, "record_at_once")).to_be_hidden()
    expect(row(page, "hide_record_button")).to_be_hidden()
    page.get_by_label("Allow recording").check()
    page.get_by_label("Recording starts by itself").check()
    expect(row(page, "hide_record_button")).to_be_visible()
    page.get_by_label("Allow recording").uncheck()
    expect(row(page, "hide_record_button")).to_be_hidden()
    page.get_by_label("What it is").select_option("Recordings only")
    expect(date_of(page, "opens_at")).to_be_hidden()
    headings = page.locator("details.bbb-group:not([hidden]) h3")
    expect(headings).to_have_text(["Texts", "Completion and grade", "After the session"])


def test_presets_can_be_tried_and_taken_back(author):
    page = author().page
    own = preset(page, "Your own settings")
    expect(own).to_be_checked()
    unfold_all(page)
    page.get_by_label("Hide cursors").check()
    preset(page, "Lecture").check()
    expect(page.get_by_label("Hide cursors")).not_to_be_checked()
    preset(page, "Exam").check()
    expect(page.get_by_label("Hide cursors")).to_be_checked()
    expect(page.get_by_label("Moderators may turn microphones on")).not_to_be_checked()
    page.get_by_label("Hide cursors").uncheck()
    expect(own).to_be_checked()
    preset(page, "Seminar").check()
    own.check()
    expect(page.get_by_label("Hide annotations")).to_be_checked()
    expect(page.get_by_label("Hide cursors")).not_to_be_checked()


def test_times_are_in_the_author_s_zone_and_say_which(author):
    page = author().page
    opens = row(page, "opens_at")
    date_of(page, "opens_at").fill("2030-07-01T10:00")
    expect(opens).to_contain_text("Central European Summer Time (Europe/Berlin)")
    with page.expect_request("**/submit_studio_edits/**") as sent:
        save(page)
    assert sent.value.post_data_json["values"] == {"opens_at": "2030-07-01T08:00:00Z"}
    far_away = author(timezone_id="America/New_York").page
    expect(date_of(far_away, "opens_at")).to_have_value("2030-07-01T04:00")
    expect(row(far_away, "opens_at")).to_contain_text("Eastern Daylight Time")


def test_half_a_date_is_named_and_not_thrown_away(author):
    page = author().page
    opens = date_of(page, "opens_at")
    opens.focus()
    page.keyboard.type("1125")
    save(page)
    expect(page.locator(".bbb-errors")).to_contain_text("“Opens” must be a whole date with a time")
    expect(opens).to_have_accessible_description(re.compile("whole date"))
