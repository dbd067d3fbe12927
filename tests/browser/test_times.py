"""When a session is, as people in different parts of the world read it, with and without scripts."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.browser


def told(page, selector: str) -> datetime:
    return datetime.fromisoformat(page.locator(selector).get_attribute("datetime"))


def text(page, selector: str) -> str:
    return " ".join(page.locator(selector).inner_text().split())


@pytest.mark.parametrize(("zone", "place"), [("Asia/Dubai", "Dubai"), ("America/New_York", "New York")])
def test_everybody_reads_the_times_on_their_own_clocks_and_those_of_the_course(visitor, zone, place):
    ada = visitor("Ada", timezone_id=zone, locale="en-US")
    ada.visit("scheduled")
    opens, closes = (told(ada.page, f".bbb-{name}") for name in ("opens", "closes"))
    there = opens.astimezone(ZoneInfo(zone))
    day = f"{there:%A, %B} {there.day}"
    expect(ada.page.locator(".bbb-opens")).to_contain_text(day)
    expect(ada.page.locator(".bbb-opens")).to_contain_text(f"{there:%I:%M}".lstrip("0"))
    end = closes.astimezone(ZoneInfo(zone))
    expect(ada.page.locator(".bbb-closes")).to_have_text(re.compile(rf"^{f'{end:%I:%M}'.lstrip('0')}\s[AP]M$"))
    expect(ada.page.locator(".bbb-when")).to_contain_text(f"(your time, {place})")
    expect(ada.page.locator(".bbb-there")).to_contain_text("In the time zone of the course:")
    expect(ada.page.locator(".bbb-there")).to_contain_text("3 p.m.–4:30 p.m. (Berlin)")


def test_who_has_the_clocks_of_the_course_reads_them_once(visitor):
    ada = visitor("Ada", timezone_id="Europe/Paris")
    ada.visit("scheduled")
    expect(ada.page.locator(".bbb-when")).to_contain_text("(your time, Paris)")
    expect(ada.page.locator(".bbb-there")).to_be_hidden()


def test_learners_read_when_their_sessions_were_on_their_own_clocks(visitor):
    ada = visitor("Ada", timezone_id="Asia/Dubai", locale="en-US")
    ada.visit("attended")
    ada.page.get_by_text("Your attendance", exact=True).click()
    first = ada.page.locator(".bbb-own-attendance time").first
    there = datetime.fromisoformat(first.get_attribute("datetime")).astimezone(ZoneInfo("Asia/Dubai"))
    expect(first).to_contain_text(f"{there:%A, %B} {there.day}")
    expect(first).to_contain_text(f"{there:%I:%M}".lstrip("0"))


def test_without_scripts_the_times_are_those_of_the_course_and_the_calendar_works(visitor):
    ada = visitor("Ada", timezone_id="Asia/Dubai", java_script_enabled=False)
    ada.visit("scheduled")
    assert text(ada.page, ".bbb-when").endswith("3 p.m.–4:30 p.m. (Berlin)")
    assert re.fullmatch(r"Starts in \d+ (day|hour)s", text(ada.page, ".bbb-countdown"))
    with ada.page.expect_download() as download:
        ada.page.get_by_role("link", name="Add to calendar").click()
    (event,) = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
    assert str(event["summary"]) == "Colloquium"
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=90)


def test_the_countdown_goes_on_once_a_minute_and_goes_away(visitor):
    ada = visitor("Ada", locale="en-US")
    ada.visit("scheduled")
    opens = told(ada.page, ".bbb-opens")
    ada.page.clock.install(time=opens - timedelta(minutes=3))
    ada.visit("scheduled")
    countdown = ada.page.locator(".bbb-countdown")
    for said in ("Starts in 3 minutes", "Starts in 2 minutes", "Starts in 1 minute"):
        expect(countdown).to_have_text(said)
        ada.page.clock.run_for(60_000)
    expect(countdown).to_be_hidden()


def test_the_card_with_times_is_accessible(visitor):
    ada = visitor("Ada", timezone_id="Asia/Dubai", viewport={"width": 320, "height": 640})
    ada.visit("scheduled")
    expect(ada.page.locator(".bbb-when")).to_contain_text("your time")
    assert violations(ada.page, ".bbb-xblock") == []
    assert ada.page.evaluate("document.documentElement.scrollWidth <= 320")
    assert ada.page.locator(".bbb-calendar").bounding_box()["height"] >= 44
