"""A graded class: two learners come late and leave early, each on two devices, one without the network for a while.

What counts is the same whether the classroom server tells who was in, or only looks and clicks on Join do.
"""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ROOM = "graded"
# Of the session, beyond which there is nothing more to earn.
NEEDED_SHARE, POINTS = 0.75, 10
MINUTES = {"session": 40, "Ada": 32, "Ben": 14.5}
LOST = ("Messages with the analytics of a meeting", "Messages that a meeting has ended")
LATEST = 30_000


def leave(room):
    """Leave a room by its button, and be sent back to the course."""
    room.get_by_role("button", name="Leave").click()
    expect(room.locator("ul.people")).to_have_count(0)


def lose_network(visitor, room):
    """Cut a device off; its page of the room notices."""
    visitor.context.set_offline(True)
    expect(room.locator(".news")).to_contain_text("does not answer")


def end(thea):
    """End the session for everybody, from the card in the course."""
    thea.page.get_by_text("People in the room").click()
    thea.page.get_by_role("button", name="End the session for everybody").click(timeout=LATEST)
    thea.page.get_by_role("button", name="End it now").click()
    expect(thea.page.locator(".bbb-label")).to_have_text("Ready", timeout=LATEST)


def take_part(room):
    """Do once what is counted."""
    room.get_by_role("button", name="Raise hand").click()
    room.get_by_role("button", name="Talk", exact=True).click()
    expect(room.locator(".people li", has_text="Ada")).to_contain_text("Talking")
    room.get_by_role("button", name="Stop talking").click()
    room.get_by_role("button", name="Yes", exact=True).click()
    expect(room.locator(".question")).to_be_hidden()


def hold_class(visitor, classroom):
    """Hold a class of forty minutes, as its teacher and its learners."""
    thea = visitor("Thea")
    thea_in = thea.enter(ROOM)
    thea_in.get_by_role("button", name="Ask a yes or no question").click()
    classroom.pass_minutes(6)
    ada_laptop, ben_laptop = visitor("Ada").enter(ROOM), visitor("Ben")
    take_part(ada_laptop)
    ben_in = ben_laptop.enter(ROOM)
    classroom.pass_minutes(6)
    ada_phone = visitor("Ada", viewport={"width": 390, "height": 844}).enter(ROOM)
    lose_network(ben_laptop, ben_in)
    classroom.pass_minutes(8)
    leave(ada_laptop)
    ben_phone = visitor("Ben", viewport={"width": 390, "height": 844}).enter(ROOM)
    classroom.pass_minutes(6)
    leave(ben_phone)
    classroom.pass_minutes(12)
    leave(ada_phone)
    classroom.pass_minutes(2)
    end(thea)
    classroom.pass_minutes(1)
    return thea


def open_register(thea):
    thea.page.goto(thea.site + thea.page.locator("a.bbb-attendance").get_attribute("href"))


def read(text):
    """Give the first number of minutes in a text."""
    return int(re.search(r"(\d+) minutes", text)[1])


def record(person):
    """Read what the platform knows of a learner."""
    person.visit(ROOM)
    return person.page.locator("[data-demo-record]").inner_text()


def points(said):
    return float(re.search(rf"([\d.]+) of {POINTS} points", said)[1])


@pytest.mark.parametrize("is_told", [True, False], ids=["told by the server", "not told"])
def test_a_class_is_held_and_counts_as_it_was_and_one_learner_is_excused(visitor, classroom, is_told):
    if not is_told:
        classroom.lose(*LOST)
    thea = hold_class(visitor, classroom)
    ada, ben = visitor("Ada"), visitor("Ben")

    open_register(thea)
    cells = {who: thea.page.get_by_role("row", name=f"{who} Example").locator("td") for who in ("Ada", "Ben")}
    expect(cells["Ada"].locator("strong")).to_have_text("Present")
    expect(cells["Ben"].locator("strong")).to_have_text("Partly")
    known = {who: read(cell.inner_text()) for who, cell in cells.items()}
    known["session"] = read(thea.page.locator("thead th").last.inner_text())
    assert known == pytest.approx(MINUTES, abs=1)

    earned = POINTS * min(1, MINUTES["Ben"] / (NEEDED_SHARE * MINUTES["session"]))
    assert ": complete, 10 of 10 points" in record(ada)
    assert ": not complete" in record(ben)
    assert points(record(ben)) == pytest.approx(earned, abs=POINTS / (NEEDED_SHARE * MINUTES["session"]))

    thea.page.locator("thead a").last.click()
    source = "reported by the classroom server" if is_told else "seen in the room"
    row = thea.page.get_by_role("row", name="Ben Example")
    expect(row.locator(".bbb-spans li")).to_have_count(2)
    expect(row.locator(".bbb-spans")).to_contain_text(source)
    if is_told:
        counted = thea.page.get_by_role("row", name="Ada Example").locator("td").all_inner_texts()[-6:]
        assert [counted[place] for place in (0, 1, 3, 4, 5)] == ["0", "1", "1", "0", "1"]

    thea.page.get_by_label("Ben Example").check()
    thea.page.get_by_label("Counts as").select_option("Excused")
    thea.page.get_by_label("Reason").fill("The network at home")
    thea.page.get_by_role("button", name="Save for those chosen").click()
    expect(thea.page.locator(".bbb-desk-said")).to_have_text("Saved for 1 person.")

    assert ": complete, 10 of 10 points" in record(ben)
    ben.page.get_by_text("Your attendance", exact=True).click()
    newest = ben.page.locator(".bbb-own-attendance li").first
    expect(newest).to_contain_text("You are excused: this session does not count.")
    expect(newest).to_contain_text("The network at home")
