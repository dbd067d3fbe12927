"""The link that takes a session into a calendar: what the file says, and who gets one."""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from freezegun import freeze_time
from icalendar import Calendar

from tests.builders import ADA, COURSE, Desk, learner, teacher, usage_key

OPENS, CLOSES = datetime(2026, 11, 24, 14, tzinfo=UTC), datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
FIELDS = {"display_name": "Übung; Teil 1, Räume", "opens_at": "2026-11-24T14:00:00Z"}
BOTH = FIELDS | {"closes_at": "2026-11-24T15:30:00Z"}


@pytest.fixture(autouse=True)
def before_it(platform):
    get_user_model().objects.create(pk=ADA.id, username=ADA.username)
    with freeze_time(OPENS - timedelta(days=2)) as clock:
        yield clock


def link(desk: Desk) -> str:
    (found,) = desk.page().cssselect("a.bbb-calendar")
    assert found.text_content() == "Add to calendar"
    return str(found.get("href"))


def fetch(address: str) -> Any:
    """Follow the link, as a browser does that has no session."""
    return Client().get(address)


def event_in(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    return event


def test_the_file_says_what_and_when_and_where_the_course_page_is(platform):
    event = event_in(fetch(link(learner(platform, fields=BOTH))))
    assert str(event["summary"]) == "Übung; Teil 1, Räume"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (OPENS, CLOSES)
    unit = f"https://lms.example.org/courses/{COURSE}/jump_to/{usage_key()}"
    assert str(event["url"]) == unit
    assert unit in str(event["description"])


def test_times_are_written_in_utc(platform):
    answer = fetch(link(learner(platform, fields=BOTH)))
    assert b"DTSTART:20261124T140000Z" in answer.content
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("fields", "end"), [({}, None), ({"duration_minutes": 45}, OPENS + timedelta(minutes=45)), (BOTH, CLOSES)]
)
def test_it_ends_when_the_session_does(platform, fields, end):
    event = event_in(fetch(link(learner(platform, fields=FIELDS | fields))))
    assert (event.decoded("dtend") if "dtend" in event else None) == end


def test_a_calendar_knows_a_changed_time_as_the_same_session(platform):
    desk = learner(platform, fields=FIELDS)
    address = link(desk)
    before = event_in(fetch(address))
    desk.block.opens_at = "2026-11-25T14:00:00Z"
    after = event_in(fetch(address))
    assert after["uid"] == before["uid"]
    assert after.decoded("dtstart") == OPENS + timedelta(days=1)
    other = event_in(fetch(link(learner(platform, fields=FIELDS, block_id="other"))))
    assert other["uid"] != before["uid"]


def test_it_lets_nobody_into_the_room(platform):
    desk = learner(platform, fields=FIELDS)
    address, text = link(desk), fetch(link(desk)).content.decode()
    assert "ticket" not in text
    assert "bigbluebutton" not in text.replace("\r\n ", "").lower()
    ticket = address.rpartition("/")[2].removesuffix(".ics")
    assert desk.call("join", "POST", body={"ticket": ticket}).json["code"] == "ticket_refused"
    assert Client().get("/bbb/join/", {"ticket": ticket}, headers={"Accept": "application/json"}).status_code == 403


def test_a_title_writes_no_line_of_its_own(platform):
    answer = fetch(link(learner(platform, fields=FIELDS | {"display_name": "A\r\nATTENDEE:mailto:x@example.org"})))
    event = event_in(answer)
    assert "attendee" not in event
    assert str(event["summary"]) == "A ATTENDEE:mailto:x@example.org"


class TestWhoGetsOne:
    @pytest.mark.parametrize(
        "take_away",
        [
            lambda site: site.enrolled.clear(),
            lambda site: site.may_not_load.add(ADA.id),
            lambda site: site.published.clear(),
            lambda site: get_user_model().objects.update(is_active=False),
        ],
        ids=["not enrolled", "may not load", "block is gone", "account is closed"],
    )
    def test_only_who_may_see_the_card_now(self, platform, take_away):
        address = link(learner(platform, fields=FIELDS))
        take_away(platform)
        answer = fetch(address)
        assert answer.status_code in (401, 403)
        assert b"VEVENT" not in answer.content

    def test_not_with_a_ticket_that_was_changed_or_is_too_old(self, platform, before_it):
        address = link(learner(platform, fields=FIELDS))
        assert fetch(address.replace(".ics", "x.ics")).status_code == 403
        before_it.tick(timedelta(hours=13))
        assert fetch(address).status_code == 403

    def test_not_with_another_kind_of_ticket(self, platform):
        desk = learner(platform, fields=FIELDS)
        for ticket in (desk.ticket(), desk.page_token()):
            assert fetch(f"/bbb/calendar/{ticket}.ics").status_code == 403

    def test_it_is_fetched_and_nothing_else(self, platform):
        assert Client().post(link(learner(platform, fields=FIELDS))).status_code == 405


class TestWhenThereIsALink:
    NONE: ClassVar = [
        {},
        {"closes_at": "2026-11-24T15:30:00Z"},
        {"opens_at": "2026-11-20T14:00:00Z"},
        {"opens_at": "2026-11-24T14:00:00Z", "kind": "recordings"},
        # A course file may hold an end before the opening.
        {"opens_at": "2026-11-24T14:00:00Z", "closes_at": "2026-11-20T14:00:00Z"},
    ]

    @pytest.mark.parametrize("fields", NONE)
    def test_only_while_the_opening_lies_ahead(self, platform, fields):
        assert not learner(platform, fields=fields).page().cssselect(".bbb-calendar")

    def test_those_who_lead_have_one_too(self, platform):
        assert teacher(platform, fields=FIELDS).page().cssselect(".bbb-calendar")

    def test_a_link_of_an_older_page_says_that_there_is_no_time_any_more(self, platform, before_it):
        desk = learner(platform, fields=FIELDS)
        address = link(desk)
        desk.block.opens_at = ""
        answer = fetch(address)
        assert answer.status_code == 409
        assert "No time for the calendar" in answer.content.decode()
