"""Slides of the course are chosen in Studio, and are in the room."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def editor(visitor) -> Page:
    """Thea, in front of the open room's editor, where the slides are in sight."""
    thea = visitor("Thea")
    thea.visit("open", "editor")
    thea.page.get_by_role("heading", name="Slides", exact=True).click()
    return thea.page


def field(page: Page):
    return page.get_by_role("textbox", name="Slides of the room")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def test_a_learner_sees_the_names_of_the_slides_in_the_room(visitor):
    tab = visitor("Ada").enter("open")
    expect(tab.locator(".slide-text")).to_have_text("Slides: Welcome.pdf, Questions of the week.pdf")


def test_an_author_changes_their_order_with_one_name_a_line(editor, visitor):
    expect(field(editor)).to_have_value("Welcome.pdf\nQuestions of the week.pdf")
    expect(editor.get_by_label("Participants may download the slides")).to_be_visible()
    field(editor).fill("Questions of the week.pdf\n\n  Welcome.pdf  \n")
    save(editor)
    editor.wait_for_url("**/preview/**")
    tab = visitor("Ada").enter("open")
    expect(tab.locator(".slide-text")).to_have_text("Slides: Questions of the week.pdf, Welcome.pdf")


def test_without_slides_there_is_nothing_to_download(editor):
    field(editor).fill("")
    expect(editor.get_by_label("Participants may download the slides")).to_be_hidden()


def test_a_name_that_cannot_be_slides_is_told_beside_the_field_and_stays(editor):
    field(editor).fill("Welcome.pdf\nfilm.mp4")
    save(editor)
    expect(editor.locator('[data-field="slides"] .bbb-error')).to_contain_text("end in one of: .pdf")
    expect(field(editor)).to_have_value("Welcome.pdf\nfilm.mp4")


def test_moderators_are_told_which_file_is_not_in_the_course(editor, visitor):
    field(editor).fill("lost.pdf\nWelcome.pdf")
    save(editor)
    editor.wait_for_url("**/preview/**")
    tab = visitor("Thea").enter("open")
    expect(tab.locator(".slide-text")).to_have_text("Slides: Welcome.pdf")
    expect(tab.get_by_role("log")).to_contain_text("could not be brought into the room: lost.pdf.")
    expect(visitor("Ada").enter("open").get_by_role("log")).not_to_contain_text("lost.pdf")
