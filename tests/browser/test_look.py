"""How it looks: accessible in every state, whole at 320 px, calm when it changes."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.browser

ROOMS = ["open", "waiting", "full", "misconfigured", "down", "recorded", "scheduled", "attended"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(visitor, scheme):
    found = {}
    for who in ("Thea", "Ada", "Vera", "Nobody"):
        person = visitor(who, color_scheme=scheme)
        for room in ROOMS:
            person.visit(room)
            person.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
            found[who, room] = violations(person.page, ".bbb-xblock")
    thea = visitor("Thea", color_scheme=scheme)
    thea.visit("open", "preview")
    found["preview"] = violations(thea.page, ".bbb-xblock")
    assert {where: what for where, what in found.items() if what} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_small_pages(visitor, scheme):
    ada = visitor("Ada", color_scheme=scheme)
    ada.visit("open")
    address = ada.page.locator("a.bbb-join").get_attribute("href")
    ada.page.goto(ada.site + address.replace("/join/", "/back/"))
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("You are no longer in the room")
    assert violations(ada.page, "html") == []


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_has_to_be_scrolled_sideways_at_320_px(visitor, room):
    ada = visitor("Ada", viewport={"width": 320, "height": 640})
    ada.visit(room)
    card = ada.page.locator(".bbb-xblock")
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert card.evaluate("card => card.scrollWidth <= card.clientWidth")


def test_the_button_is_large_enough_for_a_thumb(visitor):
    ada = visitor("Ada")
    ada.visit("open")
    box = ada.page.locator("a.bbb-join").bounding_box()
    assert box is not None
    assert box["height"] >= 44


def test_the_card_keeps_its_height_when_the_state_changes(visitor):
    ada, thea = visitor("Ada", viewport={"width": 1000, "height": 800}), visitor("Thea")
    ada.visit("open")
    expect(ada.page.locator(".bbb-label")).to_have_text("Ready")
    before = ada.page.locator(".bbb-xblock").bounding_box()
    thea.enter("open")
    expect(ada.page.locator(".bbb-label")).to_have_text("Live now", timeout=30_000)
    assert ada.page.locator(".bbb-xblock").bounding_box() == before


def test_changes_are_read_out_politely(visitor):
    ada = visitor("Ada")
    ada.visit("open")
    news = ada.page.locator(".bbb-xblock").get_by_role("status")
    expect(news).to_have_count(1)
    expect(news).to_contain_text("Nobody is in the room yet.")
