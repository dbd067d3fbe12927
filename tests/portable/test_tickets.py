"""Who gets a portable ticket, and which tickets let nobody in."""

from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from bbb_xblock.domain import tickets
from bbb_xblock.models import Room
from tests.builders import ADA, COURSE, THEA, Desk, learner, teacher
from tests.fakes.platform import Platform
from tests.portable.people import PHONE, click, told, visitor


class TestWhoGetsOne:
    def test_a_learner_with_a_session_needs_none(self, platform):
        assert "join_url" not in told(learner(platform))
        assert "join_url" not in told(teacher(platform))

    def test_a_visitor_from_another_platform_and_a_phone_app_do(self, platform):
        assert told(visitor(platform))["join_url"].startswith("/bbb/join/?ticket=")
        assert told(learner(platform), PHONE)["join_url"].startswith("/bbb/join/?ticket=")
        assert told(teacher(platform), PHONE)["join_url"].startswith("/bbb/join/?ticket=")

    def test_each_answer_brings_a_new_one(self, platform):
        card = visitor(platform).page().cssselect("section")[0]
        headers = {"X-BBB-Page-Token": card.get("data-page-token")}
        first, second = (Client().get(card.get("data-status-url"), headers=headers).json() for _ in range(2))
        assert first["join_url"] != second["join_url"]

    def test_nobody_gets_one_while_the_room_is_shut(self, platform):
        waiting = told(learner(platform, fields={"wait_for_moderator": True}), PHONE)
        assert waiting["state"] == "waiting"
        assert "join_url" not in waiting

    def test_the_page_asks_again_before_it_is_too_old(self, platform, namespace):
        namespace["POLL_SECONDS"] = 600
        assert told(visitor(platform))["next_seconds"] < tickets.portable.LIFE_SECONDS
        assert told(learner(platform))["next_seconds"] == 600

    def test_without_our_addresses_there_is_none(self, platform, settings):
        settings.ROOT_URLCONF = "tests.fakes.no_urls"
        assert "join_url" not in told(teacher(platform), PHONE)

    def test_a_page_viewed_as_one_learner_gets_none(self, platform):
        platform.enrolled.add(ADA.id)
        desk = Desk(platform, replace(ADA, real_user=THEA))
        assert desk.page(context=PHONE).cssselect("section")[0].get("data-page-token") is None


class TestRefused:
    def ticket(self, platform: Platform, desk: Desk) -> str:
        return tickets.portable.issue(desk.visit())

    def ask(self, ticket: str) -> tuple[int, str]:
        answer = Client().get(reverse("bbb_xblock:join"), {"ticket": ticket}, headers={"accept": "application/json"})
        return answer.status_code, answer.json()["code"]

    def test_an_expired_one_says_so(self, platform):
        with freeze_time() as clock:
            ticket = self.ticket(platform, learner(platform))
            clock.tick(tickets.portable.LIFE_SECONDS + 1)
            assert self.ask(ticket) == (403, "link_expired")

    def test_a_changed_one_is_refused(self, platform):
        ticket = self.ticket(platform, learner(platform))
        changed = ticket[:5] + ("A" if ticket[5] != "A" else "B") + ticket[6:]
        assert self.ask(changed) == (403, "ticket_refused")

    def test_none_and_rubbish_are_refused(self, platform):
        assert self.ask("") == (403, "ticket_missing")
        assert self.ask("rubbish") == (403, "ticket_refused")

    def test_a_session_ticket_and_a_page_token_are_no_portable_tickets(self, platform):
        for other in (learner(platform).ticket(), learner(platform).page_token()):
            assert self.ask(other) == (403, "ticket_refused")

    def test_a_portable_ticket_is_no_session_ticket(self, platform):
        desk = learner(platform)
        answer = desk.call("join", "POST", body={"ticket": self.ticket(platform, desk)})
        assert answer.json["code"] == "ticket_refused"

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (lambda site: site.enrolled.clear(), "not_enrolled"),
            (lambda site: site.may_not_load.add(ADA.id), "no_access"),
            (lambda site: site.published.clear(), "no_access"),
            (lambda site: get_user_model().objects.filter(id=ADA.id).update(is_active=False), "not_signed_in"),
            (lambda site: get_user_model().objects.filter(id=ADA.id).delete(), "not_signed_in"),
        ],
        ids=["left the course", "shut out of the unit", "block deleted", "account closed", "account deleted"],
    )
    def test_what_the_platform_took_back_since_is_gone(self, platform, simulator, change, code):
        ticket = self.ticket(platform, learner(platform))
        change(platform)
        assert self.ask(ticket)[1] == code
        assert simulator.count() == 0
        assert not Room.objects.exists()

    def test_where_the_platform_cannot_be_asked_the_answer_is_no(self, db, namespace):
        site = Platform()
        assert self.ask(self.ticket(site, learner(site))) == (409, "identity_unclear")

    def test_a_block_in_a_library_is_in_no_course(self, platform):
        visit = learner(platform).visit()
        place = replace(visit.placement, usage_key="lb:ExampleX:Library:bbb:room")
        assert self.ask(tickets.portable.issue(replace(visit, placement=place))) == (409, "no_course")

    def test_only_getting_is_possible(self, db):
        assert Client().post(reverse("bbb_xblock:join")).status_code == 405
        assert Client().head(reverse("bbb_xblock:join")).status_code == 405

    def test_a_person_sees_a_small_page_that_names_the_session(self, platform, simulator):
        simulator.fault("getMeetingInfo", kind="status_500")
        answer = click(told(learner(platform, fields={"display_name": "Chemistry"}), PHONE)["join_url"])
        page = answer.content.decode()
        assert answer.status_code == 503
        assert "Chemistry" in page
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


class TestEnrolment:
    def test_being_sent_through_lti_somewhere_does_not_stand_in_for_a_lost_enrolment(self, platform, simulator):
        platform.came_through_lti.add(ADA.id)
        desk = learner(platform)
        ticket, link = desk.ticket(), told(desk, PHONE)["join_url"]
        platform.enrolled.clear()
        assert desk.call("join", "POST", body={"ticket": ticket}).json["code"] == "not_enrolled"
        assert click(link, accept="application/json").json()["code"] == "not_enrolled"

    def test_who_is_enrolled_gets_no_way_in_without_a_session(self, platform):
        platform.came_through_lti.add(ADA.id)
        assert "join_url" not in told(learner(platform))

    def test_a_course_s_own_limit_of_a_page_counts_for_its_token(self, platform, namespace):
        namespace["COURSES"] = {COURSE: {"PAGE_SECONDS": 60}}
        with freeze_time() as clock:
            card = visitor(platform).page().cssselect("section")[0]
            clock.tick(61)
            headers = {"X-BBB-Page-Token": card.get("data-page-token")}
            assert Client().get(card.get("data-status-url"), headers=headers).json()["code"] == "ticket_expired"
