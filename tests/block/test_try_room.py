"""An author goes from Studio into the room of the course, by way of the LMS."""

import sys
from types import ModuleType
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from bbb_xblock.domain import addresses, tickets
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.edx import courses
from tests.builders import BEN, THEA, Desk, teacher
from tests.fakes import no_urls

LMS = "https://lms.example.org"


@pytest.fixture
def desk(platform):
    platform.may_write = True
    get_user_model().objects.create(pk=THEA.id, username=THEA.username)
    return teacher(platform, studio=True)


def links(desk):
    return [link.get("href") for link in desk.page("author_view").cssselect(".bbb-action a")]


def click(desk, **details):
    return desk.call("try_room", query=urlsplit(links(desk)[0]).query, **details)


def test_the_preview_leads_into_the_room_and_to_the_course(desk):
    into_room, to_course = links(desk)
    assert "/handler/try_room?ticket=" in into_room
    assert to_course == courses.unit_url(courses.placement_of(desk.block))
    for link in desk.page("author_view").cssselect(".bbb-action a"):
        assert (link.get("target"), link.get("rel")) == ("_blank", "noopener noreferrer")


def test_somebody_of_whom_studio_is_not_certain_is_led_to_the_course_only(desk):
    desk.block.scope_ids = desk.block.scope_ids._replace(user_id=BEN.id)
    assert links(desk) == [courses.unit_url(courses.placement_of(desk.block))]


def test_a_session_without_a_room_leads_to_the_course_only(desk):
    desk.block.kind = "recordings"
    assert links(desk) == [courses.unit_url(courses.placement_of(desk.block))]
    [note] = desk.page("author_view").cssselect(".bbb-action + .bbb-note")
    assert note.text_content().strip() == "It opens in a new tab and shows what is published."


def test_a_click_leads_to_the_door_of_the_lms_with_a_ticket_that_lets_a_moderator_in_once(desk, platform):
    platform.course_team.add(THEA.id)
    answer = click(desk)
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.location.startswith(f"{LMS}/bbb/join/?ticket=")
    door = answer.location.removeprefix(LMS)
    into = Client().get(door)
    assert into.status_code == 302, into.content
    assert parse_qs(urlsplit(into["Location"]).query)["role"] == ["MODERATOR"]
    assert Client().get(door).status_code == 403


def test_the_lms_asks_afresh_who_leads(desk):
    door = click(desk).location.removeprefix(LMS)
    assert Client().get(door).status_code == 403


def test_in_studio_the_door_of_the_lms_is_known_though_studio_does_not_have_it(desk, settings):
    settings.ROOT_URLCONF = "tests.fakes.no_urls"
    assert links(desk) == []
    with patch.dict(sys.modules, {"cms": ModuleType("cms"), "cms.urls": no_urls}):
        settings.ROOT_URLCONF = "cms.urls"
        assert addresses.lms_address("join") == f"{LMS}/bbb/join/"
        assert addresses.lms_address("ended", "x") == f"{LMS}/bbb/ended/x"
        assert links(desk)
    settings.ROOT_URLCONF = "tests.fakes.no_urls"


def test_a_link_is_no_good_for_another_person(desk, platform):
    query = urlsplit(links(desk)[0]).query
    answer = Desk(platform, BEN, studio=True).call("try_room", query=query)
    assert answer.status_code == 403
    assert "<h1" in answer.text


def test_a_link_for_joining_is_no_good_here(desk):
    ticket = tickets.session.issue(desk.visit(), Purpose.JOIN)
    assert desk.call("try_room", query={"ticket": ticket}).status_code == 403


def test_a_session_that_was_never_published_has_no_room_yet(desk, platform):
    query = urlsplit(links(desk)[0]).query
    platform.published.clear()
    answer = desk.call("try_room", query=query)
    assert answer.status_code == 409
    assert "Publish its unit" in answer.text


def test_where_the_lms_has_no_address_there_is_no_way(desk, settings):
    query = urlsplit(links(desk)[0]).query
    settings.LMS_ROOT_URL = ""
    assert links(desk) == []
    assert desk.call("try_room", query=query).status_code == 503


def test_a_course_without_a_server_has_no_way_in(desk, namespace):
    namespace["SERVER"] = "nowhere"
    assert links(desk) == []


def test_who_may_not_write_the_course_is_offered_nothing(desk, platform):
    query = urlsplit(links(desk)[0]).query
    platform.may_write = False
    assert links(desk) == []
    assert desk.call("try_room", query=query).status_code == 403


def test_where_the_platform_has_no_modulestore_nothing_counts_as_published(desk, monkeypatch):
    query = urlsplit(links(desk)[0]).query
    monkeypatch.setitem(sys.modules, "xmodule.modulestore.django", None)
    assert desk.call("try_room", query=query).status_code == 409


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_only_a_link_leads_there(desk, method):
    query = urlsplit(links(desk)[0]).query
    assert desk.call("try_room", method, query=query).status_code == 405


class TestWhenItIs:
    def said(self, desk):
        (when,) = desk.page("author_view").cssselect(".bbb-when") or [None]
        return " ".join(when.text_content().split()) if when is not None else ""

    def test_without_times_nothing_is_said(self, desk):
        assert self.said(desk) == ""

    def test_the_next_session_is_shown_and_not_listed_twice(self, desk):
        desk.block.opens_at, desk.block.closes_at = "2099-11-24T14:00:00Z", "2099-11-24T15:30:00Z"
        assert self.said(desk) == "Opens: 2099-11-24T14:00:00Z Closes: 2099-11-24T15:30:00Z"
        assert len(desk.page("author_view").cssselect("time")) == 2

    def test_one_that_is_over_says_so(self, desk):
        desk.block.closes_at = "2001-11-24T15:30:00Z"
        assert self.said(desk) == "This session is over. Closes: 2001-11-24T15:30:00Z"
