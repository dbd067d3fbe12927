"""The way in and out for people whose links open without a session: through LTI, or from a phone app."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from lxml import html as lxml_html

from bbb_xblock import name_page, pages
from bbb_xblock.bbb import Role
from bbb_xblock.domain import rooms, tickets
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx import users
from bbb_xblock.models import ChosenName, Join, Room
from tests.asking import post
from tests.builders import ADA, COURSE, OLGA, THEA, Desk, learner, teacher
from tests.fakes.platform import Platform, SessionUser

PHONE = {"is_mobile_app": True}


@pytest.fixture(autouse=True)
def accounts(db: None) -> None:
    for user in (ADA, OLGA, THEA):
        get_user_model().objects.create(id=user.id, username=user.username)
        ChosenName.objects.create(user_id=user.id, course_key=COURSE, name=user.full_name, chosen_at=timezone.now())


def visitor(platform: Platform) -> Desk:
    """Put somebody in front of a block whom another learning platform sent."""
    platform.came_through_lti.add(OLGA.id)
    return Desk(platform, OLGA)


def told(desk: Desk, context: dict[str, Any] | None = None) -> Any:
    """Ask for the status as the script of the person's page does, without cookies where it does."""
    card = desk.page(context=context).cssselect("section")[0]
    headers = {"X-BBB-Page-Token": card.get("data-page-token")}
    address = urlsplit(card.get("data-status-url"))
    if "/handler/" in address.path:
        return desk.call("status", query=address.query, headers=headers).json
    return Client().get(address.path, headers=headers).json()


def click(address: str, **headers: str) -> Any:
    """Open an address in a browser that has no session and no cookies."""
    return Client().get(address, headers=headers)


def room_name_of(answer: Any) -> str:
    return parse_qs(urlsplit(answer.headers["Location"]).query)["fullName"][0]


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


class TestComingBack:
    def way_back(self, simulator: Any, address: str) -> str:
        location = click(address).headers["Location"]
        return parse_qs(urlsplit(location).query)["errorRedirectUrl"][0]

    def test_somebody_who_left_is_told_so_without_a_session(self, platform, simulator):
        back = urlsplit(self.way_back(simulator, told(visitor(platform))["join_url"])).path
        answer = click(back)
        assert answer.status_code == 200
        assert "no longer in the room" in answer.content.decode()

    def test_when_the_meeting_was_gone_the_next_click_makes_a_new_one(self, platform, simulator):
        desk = visitor(platform)
        back = urlsplit(self.way_back(simulator, told(desk)["join_url"])).path
        simulator.reset()
        with freeze_time() as clock:
            clock.tick(3)
            errors = json.dumps([{"key": "invalidMeetingIdentifier", "message": "<b>gone</b>"}])
            page = Client().get(back, {"errors": errors}).content.decode()
            assert "just ended" in page
            assert "gone</b>" not in page
            simulator.forget_calls()
            assert click(told(desk)["join_url"]).status_code == 302
        assert simulator.count("create") == 1

    def test_it_names_no_person_and_what_everybody_shares_names_nobody(self, platform, simulator):
        back = self.way_back(simulator, told(visitor(platform))["join_url"])
        claims = signing.loads(back.rsplit("/", 1)[1], salt="bbb_xblock.ticket.back")
        assert claims == [Join.objects.get().ticket_id]
        created = next(call for call in simulator.calls if call.name == "create")
        assert created.params["logoutURL"] == "https://lms.example.org/bbb/left/"
        assert "no longer in the room" in click("/bbb/left/").content.decode()

    def test_another_reason_casts_no_doubt_on_the_meeting(self, platform, simulator):
        back = urlsplit(self.way_back(simulator, told(visitor(platform))["join_url"])).path
        page = Client().get(back, {"errors": json.dumps([{"key": "maxParticipantsReached"}])}).content.decode()
        assert "full" in page
        assert Room.objects.get().confirmed_at is not None

    def test_the_way_back_of_a_ticket_with_which_nobody_came_in_casts_none_either(self, platform, simulator):
        teacher(platform).click_join()
        never_used = tickets.portable.read(tickets.portable.issue(learner(platform).visit()))
        back = reverse("bbb_xblock:left", args=[tickets.portable.issue_way_back(never_used)])
        page = Client().get(back, {"errors": json.dumps([{"key": "notFound"}])}).content.decode()
        assert "was made for somebody else" in page
        assert Room.objects.get().confirmed_at is not None

    def test_rubbish_is_told_apart(self, db):
        assert "was made for somebody else" in click("/bbb/left/rubbish").content.decode()

    def test_a_way_back_is_no_way_in(self, platform, simulator):
        token = urlsplit(self.way_back(simulator, told(visitor(platform))["join_url"])).path.rsplit("/", 1)[1]
        assert click(reverse("bbb_xblock:join") + f"?ticket={token}").status_code == 403


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
