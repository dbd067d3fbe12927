"""The life of two recordings in front of one open page: told of by the server, hidden, and found by the sweep."""

import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from sandbox.demo.rooms import RECORDED
from sandbox.run import VAR
from tests.browser.conftest import PEOPLE

pytestmark = pytest.mark.browser

LATEST = 30_000
LOST = ("Messages that a recording is ready", "Messages that a meeting has ended, with recording marks")


def record_a_session(thea):
    """Have a teacher meet in the recorded room, record, and end the session from the course."""
    room = thea.enter("recorded")
    room.get_by_role("button", name="Start recording").click()
    expect(room.locator(".recording")).to_be_visible()
    thea.page.get_by_text("People in the room").click()
    thea.page.get_by_role("button", name="End the session for everybody").click(timeout=LATEST)
    thea.page.get_by_role("button", name="End it now").click()
    expect(thea.page.locator(".bbb-label")).to_have_text("Ready")


def finish(classroom):
    """Have the server finish its newest recording."""
    classroom.page.reload()
    classroom.page.get_by_role("button", name="Finish it now: Guest lecture").click()


def come_to_the_time_of_the_sweep(demo):
    """Make it the turn of the recorded room, as if its minutes had passed."""
    (database,) = VAR.glob(f"demo-{urlsplit(demo.site).port}-*/demo.sqlite3")
    with closing(sqlite3.connect(database, timeout=20)) as connection, connection:
        moved = connection.execute(
            "UPDATE bbb_xblock_room SET recordings_due_at = datetime('now', '-1 minute') WHERE usage_key = ?",
            [RECORDED.usage_id],
        )
    assert moved.rowcount == 1


def test_a_recording_comes_is_played_and_hidden_and_the_next_one_is_found_without_a_word(visitor, demo, classroom):
    thea, ada, vera = visitor("Thea"), visitor("Ada"), visitor("Vera")
    ada.visit("recorded")
    ada.page.evaluate("window.isTheSamePage = true")
    ada.page.locator("details.bbb-shelf-box > summary").click()
    news, shown = ada.page.locator(".bbb-shelf-news"), ada.page.locator("[data-recording]")

    record_a_session(thea)
    expect(news).to_contain_text("The recording is being prepared since", timeout=LATEST)
    expect(shown).to_contain_text("Being prepared since", timeout=LATEST)
    expect(shown.get_by_role("link")).to_have_count(0)

    finish(classroom)
    link = shown.get_by_role("link", name="Slides and sound")
    expect(link).to_be_visible(timeout=LATEST)
    expect(news).to_have_text("A new recording is here: Guest lecture")
    with ada.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator(".me")).to_contain_text("format “presentation”")

    stolen = link.get_attribute("href")
    tab = vera.context.new_page()
    tab.goto(vera.site + stolen.replace(f"student={PEOPLE['Ada']}", f"student={PEOPLE['Vera']}"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("This link is not yours")
    vera.visit("recorded")
    expect(vera.page.locator(".bbb-shelf")).to_have_count(0)

    team = thea.page.locator("[data-recording]")
    if thea.page.locator("details.bbb-shelf-box").get_attribute("open") is None:
        thea.page.locator("details.bbb-shelf-box > summary").click()
    team.get_by_text("Manage").click(timeout=LATEST)
    team.get_by_role("button", name="Hide").click()
    expect(thea.page.locator(".bbb-desk-said")).to_have_text("The recording is hidden.")
    expect(shown).to_have_count(0, timeout=LATEST)
    expect(ada.page.locator(".bbb-shelf-count")).to_have_text("(0)")
    tab = ada.context.new_page()
    tab.goto(ada.site + stolen)
    expect(tab.get_by_role("heading", level=1)).to_have_text("No such recording")

    classroom.lose(*LOST)
    record_a_session(thea)
    finish(classroom)
    come_to_the_time_of_the_sweep(demo)
    expect(link).to_be_visible(timeout=LATEST)
    expect(shown).to_have_count(1)
    expect(news).to_have_text("A new recording is here: Guest lecture")
    assert ada.page.evaluate("window.isTheSamePage")
    classroom.page.reload()
    told = [said for said in classroom.page.get_by_role("listitem").all_inner_texts() if "answered with" in said]
    assert sum("recording-ready" in said for said in told) == 2
