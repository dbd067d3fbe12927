"""The way in for people whose links open without a session."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from freezegun import freeze_time
from lxml import html as lxml_html

from bbb_xblock.bbb import Role
from bbb_xblock.domain import rooms, tickets
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.doors import name_page, pages
from bbb_xblock.edx import users
from bbb_xblock.models import ChosenName, Join, Room
from tests.asking import post
from tests.builders import ADA, COURSE, OLGA, THEA, Desk, learner, teacher
from tests.fakes.platform import SessionUser
from tests.portable.people import PHONE, click, room_name_of, told, visitor


class TestComingIn:
    def test_the_person_is_in_the_room_without_a_session(self, platform, simulator):
        answer = click(told(visitor(platform))["join_url"])
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(simulator.url)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
        join = Join.objects.get()
        assert (join.user_id, join.role) == (OLGA.id, "VIEWER")
        assert join.asked_at <= join.joined_at

    def test_the_author_s_options_count_there_too(self, platform, simulator):
        desk = learner(platform, fields={"display_name": "Chemistry", "record": True})
        assert click(told(desk, PHONE)["join_url"]).status_code == 302
        created = next(call for call in simulator.calls if call.name == "create")
        assert (created.params["name"], created.params["record"]) == ("Chemistry", "true")

    def test_it_is_the_same_person_as_with_a_session(self, platform, simulator):
        desk = learner(platform)
        desk.click_join()
        click(told(desk, PHONE)["join_url"])
        assert len(set(Join.objects.values_list("user_id", "anonymous_id", "role"))) == 1

    def test_a_teacher_s_phone_leads_in_as_a_moderator(self, platform, simulator):
        platform.course_team.add(THEA.id)
        click(told(teacher(platform), PHONE)["join_url"])
        assert Join.objects.get().role == "MODERATOR"

    def test_a_moderator_of_the_forum_leads_there_too_if_that_was_chosen(self, platform, simulator):
        platform.forum_roles[ADA.id] = "Moderator"
        desk = learner(platform, fields={"who_leads": "forum_moderators"})
        role = parse_qs(urlsplit(click(told(desk, PHONE)["join_url"]).headers["Location"]).query)["role"]
        assert role == ["MODERATOR"]

    def test_who_is_not_in_the_course_team_any_more_comes_in_as_a_participant(self, platform, simulator):
        platform.enrolled.add(THEA.id)
        click(told(teacher(platform), PHONE)["join_url"])
        assert Join.objects.get().role == "VIEWER"

    def test_a_learner_s_page_makes_nobody_a_moderator(self, platform, simulator):
        address = told(learner(platform), PHONE)["join_url"]
        platform.course_team.add(ADA.id)
        click(address)
        assert Join.objects.get().role == "VIEWER"

    def test_a_script_gets_the_address_as_json(self, platform, simulator):
        answer = click(told(visitor(platform))["join_url"], accept="application/json")
        assert answer.json()["url"].startswith(simulator.url)


class TestComingInTwice:
    def test_a_replay_is_refused_and_asks_nobody(self, platform, simulator):
        address = told(visitor(platform))["join_url"]
        click(address)
        simulator.forget_calls()
        again = click(address)
        assert again.status_code == 403
        assert "used already" in again.content.decode()
        assert simulator.count() == 0
        assert Join.objects.count() == 1

    def test_a_refusal_does_not_use_it_up(self, platform, simulator, namespace):
        address = told(visitor(platform))["join_url"]
        simulator.fault("create", kind="status_500", times=1)
        assert click(address).status_code == 503
        with freeze_time() as clock:
            clock.tick(10)
            assert click(address).status_code == 302

    def test_of_two_clicks_in_the_same_moment_the_table_lets_one_in(self, platform, simulator):
        desk = visitor(platform)
        address = told(desk)["join_url"]
        click(address)
        ticket = tickets.portable.read(parse_qs(urlsplit(address).query)["ticket"][0])
        person = users.current_person(desk.block)
        assert person is not None
        # As if this click had looked before the other had written.
        with pytest.raises(Refusal) as caught:
            rooms.let_in(Join.objects.get().meeting, person, Role.VIEWER, ticket)
        assert caught.value.code is Code.TICKET_USED
        assert Join.objects.count() == 1


class TestTheNameOfAVisitor:
    @pytest.fixture(autouse=True)
    def nameless(self, accounts: None) -> None:
        ChosenName.objects.all().delete()

    def answer(self, page: Any, name: str) -> Any:
        return post(lxml_html.fromstring(page.content).cssselect("form")[0], name=name)

    def test_is_asked_without_a_session_and_then_the_person_is_in(self, platform, simulator):
        asked = click(told(visitor(platform))["join_url"])
        assert asked.status_code == 409
        assert "jump_to" not in asked.content.decode()
        assert simulator.count("create") == 0
        named = self.answer(asked, "Vera Visitor")
        assert named.status_code == 303
        assert room_name_of(click(named.headers["Location"])) == "Vera Visitor"

    def test_may_take_its_time_and_still_lets_in_only_once(self, platform, simulator):
        address = told(visitor(platform))["join_url"]
        with freeze_time() as clock:
            asked = click(address)
            clock.tick(tickets.portable.LIFE_SECONDS + 60)
            further = self.answer(asked, "Vera Visitor").headers["Location"]
            assert click(address).status_code == 403
            assert click(further).status_code == 302
            assert click(further).status_code == 403
            assert self.answer(asked, "Another Name").status_code == 403
        assert Join.objects.count() == 1
        assert ChosenName.objects.get().name == "Vera Visitor"

    def test_is_shown_to_nobody_who_finds_the_link_later(self, platform, simulator):
        asked = click(told(visitor(platform))["join_url"])
        further = self.answer(asked, "Vera Visitor").headers["Location"]
        click(further)
        again = click(further + "&name=again")
        assert again.status_code == 403
        assert "Vera" not in again.content.decode()

    def test_that_was_chosen_in_another_course_is_taken_over(self, platform, simulator):
        ChosenName.objects.create(user_id=OLGA.id, course_key="another", name="Vera", chosen_at=timezone.now())
        further = click(told(visitor(platform))["join_url"])
        assert room_name_of(click(further.headers["Location"])) == "Vera"

    def test_can_be_changed_before_going_in(self, platform, simulator):
        self.answer(click(told(visitor(platform))["join_url"]), "Vera Visitor")
        page = click(told(visitor(platform))["join_url"] + "&name=again")
        assert lxml_html.fromstring(page.content).cssselect("#bbb-name")[0].get("value") == "Vera Visitor"
        further = self.answer(page, "Vera V.").headers["Location"]
        assert room_name_of(click(further)) == "Vera V."

    def test_is_told_to_a_script_as_a_refusal(self, platform):
        answer = click(told(visitor(platform))["join_url"], accept="application/json")
        assert (answer.status_code, answer.json()["code"]) == (409, "name_wanted")


class TestThePlatformsRequests:
    def test_are_no_transactions_here_so_that_nobody_waits_for_bigbluebutton(self):
        # What Django itself looks at, before it begins one (django/core/handlers/base.py, make_view_atomic).
        for view in (pages.status, pages.join, pages.left, name_page.name):
            assert view._non_atomic_requests == {"default"}

    def test_that_only_guess_use_nothing_up(self, platform, simulator):
        address = told(visitor(platform))["join_url"]
        assert click(address, **{"Sec-Purpose": "prefetch"}).status_code == 503
        assert click(address).status_code == 302


class TestWhoWaits:
    def test_goes_on_with_the_same_ticket_for_longer(self, platform, simulator):
        simulator.fault("getMeetingInfo", kind="status_500", times=1)
        with freeze_time() as clock:
            address = told(visitor(platform))["join_url"]
            clock.tick(10)
            simulator.fault("getMeetingInfo", kind="status_500", times=1)
            page = lxml_html.fromstring(click(address).content)
            again = page.cssselect("a.bbb-join")[0].get("href")
            clock.tick(tickets.portable.LIFE_SECONDS)
            assert click(address).status_code == 403
            assert click(again).status_code == 302
            assert click(again).status_code == 403


def test_where_the_server_does_not_answer_the_page_says_plan_b(platform, simulator):
    platform.came_through_lti.add(OLGA.id)
    address = told(Desk(platform, OLGA, fields={"plan_b_text": "Meet in the forum."}))["join_url"]
    assert "Meet in the forum." not in click("/bbb/join/?ticket=rubbish").content.decode()
    simulator.fault("*", kind="status_500", times=None)
    with freeze_time() as clock:
        clock.tick(60)
        answer = click(address)
    assert answer.status_code == 503
    assert "Meet in the forum." in answer.content.decode()


def test_no_name_stands_in_an_address_or_a_log(platform, simulator, caplog):
    caplog.set_level("DEBUG")
    named = SessionUser(id=OLGA.id, username="olga", full_name="Olga Outsider")
    platform.came_through_lti.add(named.id)
    address = told(Desk(platform, named))["join_url"]
    answer = click(address)
    token = parse_qs(urlsplit(address).query)["ticket"][0]
    assert "Outsider" not in str(tickets.portable.read(token))
    assert room_name_of(answer) not in caplog.text
    assert token not in caplog.text


def test_a_room_that_begins_with_a_portable_ticket_has_its_slides_too(platform, simulator, settings):
    settings.LMS_ROOT_URL = "http://localhost:8000"
    platform.upload("plan.pdf", b"%PDF", COURSE)
    click(told(learner(platform, fields={"slides": ["plan.pdf"]}), PHONE)["join_url"])
    meeting = simulator.meeting(Room.objects.get().meeting_id)
    assert [document.name for document in meeting.documents] == ["plan.pdf"]
