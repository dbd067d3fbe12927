"""The life of a class, from waiting to the end, told by the pages themselves."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.browser


def test_a_class_waits_begins_meets_and_is_ended_by_its_teacher(visitor):
    ada, thea = visitor("Ada"), visitor("Thea")
    ada.visit("waiting")
    join = ada.page.locator("a.bbb-join")
    expect(join).to_have_attribute("aria-disabled", "true")

    thea_in = thea.enter("waiting")
    expect(join).to_have_attribute("aria-disabled", "false", timeout=30_000)
    ada_in = ada.join()
    expect(ada_in.locator("ul.people li")).to_have_count(2)

    thea.page.get_by_text("People in the room").click()
    expect(thea.page.locator(".bbb-people")).to_contain_text("Ada Example", timeout=30_000)
    expect(thea.page.locator(".bbb-people")).to_contain_text("Thea Teacher")
    expect(thea.page.locator(".bbb-people time").first).to_have_text(re.compile(r"^\d{1,2}:\d\d"))
    thea.page.get_by_role("button", name="End the session for everybody").click()
    expect(thea.page.locator(".bbb-sure")).to_contain_text("This sends 2 people out of the room")
    assert violations(thea.page, ".bbb-xblock") == []

    thea.page.get_by_role("button", name="Keep it open").click()
    expect(thea.page.locator(".bbb-sure")).to_be_hidden()
    expect(thea.page.locator(".bbb-end")).to_be_focused()
    thea.page.locator(".bbb-end").click()
    thea.page.get_by_role("button", name="End it now").click()
    expect(thea.page.locator(".bbb-label")).to_have_text("Ready")
    for tab in (thea_in, ada_in):
        expect(tab.get_by_role("heading", level=1)).to_have_text("You are no longer in the room", timeout=15_000)
    expect(ada.page.locator(".bbb-label")).to_have_text("Waiting for your teacher", timeout=30_000)


def test_a_learner_sees_neither_names_nor_the_means_to_end(visitor):
    thea, ada = visitor("Thea"), visitor("Ada")
    thea.enter("open")
    ada.visit("open")
    expect(ada.page.locator(".bbb-label")).to_have_text("Live now", timeout=30_000)
    assert "Thea" not in ada.page.locator(".bbb-xblock").inner_html()
    expect(ada.page.locator(".bbb-end")).to_have_count(0)


def test_a_session_that_may_be_recorded_says_so_before_one_joins(visitor):
    ada = visitor("Ada")
    ada.visit("recorded")
    expect(ada.page.locator(".bbb-xblock")).to_contain_text("This session may be recorded.")
    ada.visit("open")
    expect(ada.page.locator(".bbb-xblock")).not_to_contain_text("recorded")


def test_a_learner_s_page_asks_without_cookies(visitor):
    ada = visitor("Ada")
    sent = []
    ada.page.on("request", lambda request: sent.append(request) if "/bbb/status/" in request.url else None)
    ada.visit("open")
    expect(ada.page.locator(".bbb-label")).to_have_text("Ready")
    ada.page.wait_for_function(
        "() => performance.getEntriesByType('resource').some(e => e.name.includes('/bbb/status/'))"
    )
    assert sent
    assert all("cookie" not in request.all_headers() for request in sent)
    assert all("student=" not in request.url for request in sent)
