"""A graded session in the demo: it is held and ended, and the platform knows the learner's points."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.browser


def test_a_learner_who_was_there_has_the_points_when_the_teacher_has_ended_the_session(visitor):
    thea, ada, ben = visitor("Thea"), visitor("Ada"), visitor("Ben")
    ada.visit("graded")
    record = ada.page.locator("[data-demo-record]")
    expect(record).to_contain_text("not complete, no grade")
    thea.enter("graded")
    expect(ada.page.locator(".bbb-label")).to_have_text("Live now", timeout=30_000)
    ada_in = ada.join()
    expect(ada_in.locator("ul.people li")).to_have_count(2)

    thea.page.get_by_text("People in the room").click()
    thea.page.get_by_role("button", name="End the session for everybody").click()
    thea.page.get_by_role("button", name="End it now").click()
    expect(thea.page.locator(".bbb-label")).to_have_text("Ready", timeout=30_000)

    assert page_that_says(ada, ": complete, 10 of 10 points")
    assert violations(ada.page, ".demo-record") == []
    ben.visit("graded")
    expect(ben.page.locator("[data-demo-record]")).to_contain_text("not complete, no grade")

    ada.page.get_by_text("Your attendance", exact=True).click()
    expect(ada.page.locator(".bbb-own-grade")).to_contain_text("10 of 10 points")


def page_that_says(person, words: str) -> bool:
    """Open the page again and again, because the classroom server tells the end in its own time; false: never."""
    for _ in range(30):
        person.visit("graded")
        try:
            expect(person.page.locator("[data-demo-record]")).to_contain_text(words, timeout=1000)
        except AssertionError:
            continue
        return True
    return False
