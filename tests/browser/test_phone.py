"""A phone app shows the page and hands the Join link to a browser that has no session with the course."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_link_of_a_phone_app_works_once_in_a_browser_without_a_session(visitor):
    app, outside = visitor("Ada"), visitor("Nobody")
    app.visit("open", "phone")
    join = app.page.locator("a.bbb-join")
    expect(join).to_have_attribute("href", re.compile(r"^/bbb/join/\?ticket="))
    link = join.get_attribute("href")

    outside.page.goto(app.site + link)
    expect(outside.page.locator("ul.people li")).to_have_text(re.compile("Ada Example"))
    outside.page.get_by_role("button", name="Leave").click()
    expect(outside.page.get_by_role("heading", level=1)).to_have_text("You are no longer in the room")

    again = outside.context.new_page()
    again.goto(app.site + link)
    expect(again.get_by_role("heading", level=1)).to_have_text("This link was used already")

    join.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    join.click()
    expect(join).not_to_have_attribute("href", link)
    outside.page.goto(app.site + join.get_attribute("href"))
    expect(outside.page.locator("ul.people li")).to_have_text(re.compile("Ada Example"))


def test_a_teacher_s_phone_keeps_the_teacher_s_tools(visitor):
    app, outside = visitor("Thea"), visitor("Nobody")
    app.visit("waiting", "phone")
    join = app.page.locator("a.bbb-join")
    expect(join).to_have_attribute("href", re.compile(r"^/bbb/join/\?ticket="))
    outside.page.goto(app.site + join.get_attribute("href"))
    expect(outside.page.locator("ul.people li")).to_have_text(re.compile("Thea Teacher"))
    app.page.get_by_text("People in the room").click()
    expect(app.page.locator(".bbb-people")).to_contain_text("Thea Teacher", timeout=30_000)


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A; wv) AppleWebKit/537.36 Version/4.0 Chrome/125 Mobile"


@pytest.mark.parametrize("agent", [f"{IPHONE} Mobile/15E148", f"{ANDROID} Safari/537.36"])
def test_an_app_that_the_platform_does_not_notice_gets_such_links_too(visitor, agent):
    app, outside = visitor("Ada", user_agent=agent), visitor("Nobody")
    app.visit("open")
    join = app.page.locator("a.bbb-join")
    expect(join).to_have_attribute("href", re.compile(r"^/bbb/join/\?ticket="))
    outside.page.goto(app.site + join.get_attribute("href"))
    expect(outside.page.locator("ul.people li")).to_have_text(re.compile("Ada Example"))


@pytest.mark.parametrize("agent", [f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1"])
def test_a_phone_s_own_browser_needs_none(visitor, agent):
    ada = visitor("Ada", user_agent=agent)
    with ada.page.expect_response(re.compile("/bbb/status/")) as answer:
        ada.visit("open")
    assert "join_url" not in answer.value.json()
    expect(ada.page.locator("a.bbb-join")).to_have_attribute("href", re.compile("/handler/"))


def test_in_an_ordinary_browser_the_link_needs_the_session(visitor):
    ada, outside = visitor("Ada"), visitor("Nobody")
    ada.visit("open")
    link = ada.page.locator("a.bbb-join").get_attribute("href").replace("student=2", "student=0")
    assert "/bbb/join/" not in link
    answer = outside.context.request.get(ada.site + link)
    assert answer.status == 401
    assert "Please sign in" in answer.text()
