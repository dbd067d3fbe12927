"""The main job: a click on Join."""

import sys
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from freezegun import freeze_time

from bbb_xblock.domain import tickets
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.models import Room
from tests.builders import ADA, BEN, OLGA, STAFF, THEA, Desk, learner, nobody, teacher
from tests.fakes.platform import SessionUser

NAME = "O'Brien (TA) ~*! Ünï 日本"


def sent(answer) -> dict[str, str]:
    """Read what a join link says."""
    assert answer.status_code == 302, answer.text
    return {key: values[0] for key, values in parse_qs(urlsplit(answer.location).query).items()}


def code(answer) -> str:
    return answer.json["code"]


def room_of(simulator):
    (room,) = Room.objects.all()
    return simulator.meeting(room.meeting_id)


class TestTheWayIn:
    def test_a_learner_is_sent_to_the_room_under_the_own_name_as_a_viewer(self, platform, simulator):
        link = sent(learner(platform).click_join())
        assert link["fullName"] == "Ada Example"
        assert link["role"] == "VIEWER"
        assert link["userID"] == f"{ADA.id:032x}"
        assert link["createTime"] == str(room_of(simulator).create_time)

    def test_bigbluebutton_lets_the_learner_in(self, platform, simulator):
        requests.get(learner(platform).click_join().location, timeout=5)
        (participant,) = room_of(simulator).participants
        assert (participant.full_name, participant.role) == ("Ada Example", "VIEWER")

    def test_the_teacher_comes_in_as_a_moderator(self, platform, simulator):
        requests.get(teacher(platform).click_join().location, timeout=5)
        assert [p.role for p in room_of(simulator).participants] == ["MODERATOR"]

    def test_the_class_meets_in_one_room(self, platform, simulator):
        for desk in (teacher(platform), learner(platform), learner(platform, BEN)):
            requests.get(desk.click_join().location, timeout=5)
        assert len(room_of(simulator).participants) == 3
        assert simulator.count("create") == 1

    def test_a_difficult_name_arrives_unchanged(self, platform, simulator):
        answer = learner(platform, SessionUser(id=31, username="obrien", full_name=NAME)).click_join()
        requests.get(answer.location, timeout=5)
        assert room_of(simulator).participants[0].full_name == NAME

    def test_where_nobody_is_asked_the_username_stands_in_for_the_name(self, platform, namespace):
        namespace["NAME_POLICY"] = "full_name"
        assert sent(learner(platform, SessionUser(id=32, username="nameless")).click_join())["fullName"] == "nameless"

    @pytest.mark.parametrize(
        ("policy", "name"),
        [("full_name", "Ada Example"), ("username", "ada"), ("pseudonym", "P-000000"), ("nonsense", "Ada Example")],
    )
    def test_the_operator_chooses_under_which_name_participants_come_in(self, platform, namespace, policy, name):
        namespace["NAME_POLICY"] = policy
        assert sent(learner(platform).click_join())["fullName"] == name
        assert sent(teacher(platform).click_join())["fullName"] == "Thea Teacher"

    def test_a_script_gets_the_address_as_json(self, platform):
        answer = learner(platform).join_by_script()
        assert answer.status_code == 200
        assert parse_qs(urlsplit(answer.json["url"]).query)["fullName"] == ["Ada Example"]

    def test_a_page_that_asks_for_json_gets_it_by_get_as_well(self, platform):
        answer = learner(platform).click_join(headers={"Accept": "application/json"})
        assert "url" in answer.json

    def test_the_way_to_the_room_is_not_kept_or_passed_on(self, platform):
        headers = learner(platform).click_join().headers
        assert "no-store" in headers["Cache-Control"]
        assert headers["Referrer-Policy"] == "no-referrer"

    def test_a_learner_of_another_platform_comes_in_through_lti(self, platform):
        platform.came_through_lti.add(OLGA.id)
        assert sent(Desk(platform, OLGA).click_join())["role"] == "VIEWER"

    def test_bigbluebutton_is_told_to_send_people_back_to_this_block(self, platform, simulator):
        link = sent(learner(platform).click_join())
        assert link["errorRedirectUrl"].startswith("https://lms.example.org/courses/course-v1")
        assert link["logoutURL"] == link["errorRedirectUrl"]
        own, ticket = link["errorRedirectUrl"].split("?ticket=")
        assert own.endswith("/handler/back")
        assert ticket
        # The meeting's own address is for everybody, and so nobody's.
        assert room_of(simulator).params["logoutURL"] == own


class TestTheRoom:
    def test_the_author_s_choices_reach_bigbluebutton(self, platform, simulator):
        fields = {
            "display_name": "Weekly seminar",
            "welcome": "Hello\n<b>all</b>",
            "record": True,
            "mute_on_start": True,
            "max_participants": 12,
        }
        teacher(platform, fields=fields).click_join()
        params = room_of(simulator).params
        assert params["name"] == "Weekly seminar"
        assert params["welcome"] == "Hello<br>&lt;b&gt;all&lt;/b&gt;"
        assert (params["record"], params["muteOnStart"], params["maxParticipants"]) == ("true", "true", "12")
        assert params["guestPolicy"] == "ALWAYS_ACCEPT"

    def test_a_block_without_choices_makes_a_plain_room(self, platform, simulator):
        teacher(platform).click_join()
        params = room_of(simulator).params
        assert params["name"] == "Live session"
        assert (params["record"], params["muteOnStart"]) == ("false", "false")
        assert not {"welcome", "maxParticipants", "attendeePW", "moderatorPW"} & set(params)

    def test_the_operator_s_defaults_and_locks_win_where_they_should(self, platform, simulator, namespace):
        namespace |= {"DEFAULTS": {"record": True, "mute_on_start": True}, "LOCKED": ["record"]}
        teacher(platform, fields={"record": False, "mute_on_start": False}).click_join()
        params = room_of(simulator).params
        assert (params["record"], params["muteOnStart"]) == ("true", "false")

    @pytest.mark.parametrize(("title", "name"), [("A", "“A”"), ("T" * 5000, "T" * 63 + "…")])
    def test_titles_of_one_and_of_5000_characters_work(self, platform, simulator, title, name):
        teacher(platform, fields={"display_name": title}).click_join()
        assert room_of(simulator).params["name"] == name

    def test_control_characters_and_markup_in_titles_do_no_harm(self, platform, simulator):
        teacher(platform, fields={"display_name": "<script>\x00\x1b[31malert(1)</script>"}).click_join()
        assert room_of(simulator).params["name"] == "<script>[31malert(1)</script>"

    def test_two_blocks_and_two_runs_have_rooms_of_their_own(self, platform, simulator):
        for place in ({}, {"block_id": "other"}, {"course": "course-v1:ExampleX+Physics+2027"}):
            teacher(platform, **place).click_join()
        assert simulator.count("create") == 3
        assert len(set(Room.objects.values_list("meeting_id", flat=True))) == 3

    def test_a_room_that_ended_is_made_again(self, platform, simulator):
        with freeze_time() as clock:
            sent(teacher(platform).click_join())
            first = room_of(simulator).create_time
            simulator.advance(3600)
            clock.tick(3600)
            sent(teacher(platform).click_join())
        assert room_of(simulator).create_time != first
        assert simulator.count("create") == 2

    def test_a_meeting_that_is_about_to_end_is_not_joined_but_made_again_when_it_is_gone(self, platform, simulator):
        with freeze_time() as clock:
            teacher(platform).click_join()
            room_of(simulator).forcibly_ended = True
            clock.tick(11)
            answer = teacher(platform).join_by_script()
            assert (answer.status_code, code(answer)) == (202, "starting")
            simulator.reset()
            clock.tick(answer.json["again_seconds"])
            sent(teacher(platform).click_join())


class TestWhatItCosts:
    def test_a_join_into_a_room_that_was_just_seen_costs_no_call(self, platform, simulator):
        teacher(platform).click_join()
        simulator.forget_calls()
        sent(learner(platform).click_join())
        assert simulator.count() == 0

    def test_after_a_while_one_question_is_asked_again(self, platform, simulator):
        with freeze_time() as clock:
            teacher(platform).click_join()
            simulator.forget_calls()
            clock.tick(11)
            sent(learner(platform).click_join())
            sent(learner(platform, BEN).click_join())
        assert [call.name for call in simulator.calls] == ["getMeetingInfo"]

    def test_nobody_waits_again_for_a_server_that_just_did_not_answer(self, platform, simulator):
        simulator.fault("*", "html_502")
        assert [learner(platform).click_join().status_code for _ in range(3)] == [503, 503, 503]
        assert simulator.count() == 1

    def test_where_the_server_does_not_answer_the_page_says_plan_b(self, platform, simulator):
        simulator.fault("*", "html_502")
        fields = {"plan_b_text": "Meet in <the> forum.", "plan_b_link": "https://example.org/forum"}
        page = learner(platform, fields=fields).click_join().text
        assert "Meet in &lt;the&gt; forum." in page
        assert 'href="https://example.org/forum"' in page

    def test_plan_b_is_for_a_server_in_trouble_and_for_people_of_the_course(self, platform, simulator):
        fields = {"plan_b_text": "Meet in the forum.", "wait_for_moderator": True}
        assert "Meet in the forum." not in learner(platform, fields=fields).click_join().text
        simulator.fault("*", "html_502")
        desk = learner(platform, fields=fields)
        stranger = Desk(platform, BEN, fields=fields).call("join", query={"ticket": desk.ticket()})
        assert stranger.status_code == 403
        assert "Meet in the forum." not in stranger.text

    def test_a_server_that_is_back_is_found(self, platform, simulator):
        with freeze_time() as clock:
            simulator.fault("*", "html_502", times=1)
            assert learner(platform).click_join().status_code == 503
            clock.tick(6)
            sent(learner(platform).click_join())


class TestWaitingForAModerator:
    FIELDS: ClassVar = {"fields": {"wait_for_moderator": True}}

    def test_a_learner_waits_while_nobody_is_there(self, platform, simulator):
        answer = learner(platform, **self.FIELDS).join_by_script()
        assert (answer.status_code, code(answer)) == (409, "waiting_for_moderator")
        assert answer.json["again_seconds"] > 0
        assert simulator.count("create") == 0

    def test_a_learner_waits_while_only_learners_are_there(self, platform, simulator):
        learner(platform).click_join()
        simulator.add_participants(Room.objects.get().meeting_id, 2, role="VIEWER")
        with freeze_time() as clock:
            clock.tick(11)
            assert code(learner(platform, **self.FIELDS).join_by_script()) == "waiting_for_moderator"

    def test_a_learner_comes_in_as_soon_as_a_moderator_is_there(self, platform, simulator):
        requests.get(teacher(platform, **self.FIELDS).click_join().location, timeout=5)
        with freeze_time() as clock:
            clock.tick(11)
            sent(learner(platform, **self.FIELDS).click_join())

    def test_a_person_gets_a_page_that_tries_again_by_itself(self, platform):
        answer = learner(platform, **self.FIELDS).click_join()
        assert "message.js" in answer.text
        assert "Waiting for your teacher" in answer.text
        assert "jump_to" in answer.text


class TestAFullRoom:
    FIELDS: ClassVar = {"fields": {"max_participants": 3}}

    @pytest.fixture
    def full_room(self, platform, simulator):
        teacher(platform, **self.FIELDS).click_join()
        meeting_id = Room.objects.get().meeting_id
        simulator.add_participants(meeting_id, 3, role="VIEWER")
        with freeze_time() as clock:
            clock.tick(11)
            yield meeting_id

    def test_one_more_learner_is_asked_to_wait(self, platform, full_room):
        answer = learner(platform, **self.FIELDS).join_by_script()
        assert (answer.status_code, code(answer)) == (409, "room_full")

    def test_somebody_who_has_a_seat_already_may_come_back(self, platform, simulator, full_room):
        simulator.reset()
        requests.get(learner(platform, **self.FIELDS).click_join().location, timeout=5)
        simulator.add_participants(full_room, 2, role="VIEWER")
        with freeze_time() as clock:
            clock.tick(22)
            assert code(learner(platform, BEN, **self.FIELDS).join_by_script()) == "room_full"
            sent(learner(platform, **self.FIELDS).click_join())


class TestRefusals:
    def test_a_page_of_somebody_who_is_not_signed_in_has_no_way_in(self, platform):
        assert not nobody(platform).page().cssselect("a")

    def test_somebody_not_signed_in_who_has_a_ticket_of_a_learner_is_refused(self, platform, simulator):
        stolen = learner(platform).ticket()
        answer = nobody(platform).call("join", "POST", body={"ticket": stolen})
        assert (answer.status_code, code(answer)) == (401, "not_signed_in")
        assert simulator.count() == 0

    def test_a_stranger_who_has_a_ticket_of_a_learner_is_refused(self, platform, simulator):
        stolen = learner(platform).ticket()
        answer = Desk(platform, OLGA).call("join", "POST", body={"ticket": stolen})
        assert (answer.status_code, code(answer)) == (403, "ticket_refused")
        assert simulator.count() == 0

    def test_a_ticket_is_refused_for_another_person_another_block_and_another_purpose(self, platform, simulator):
        stolen = learner(platform).ticket()
        elsewhere = learner(platform, block_id="other")
        status_token = learner(platform).page_token()
        tries = [(learner(platform, BEN), stolen), (elsewhere, stolen), (learner(platform), status_token)]
        for desk, ticket in tries:
            assert code(desk.call("join", "POST", body={"ticket": ticket})) == "ticket_refused"
        assert simulator.count() == 0

    def test_without_a_ticket_nobody_comes_in(self, platform, simulator):
        for desk in (learner(platform), teacher(platform)):
            assert desk.call("join").status_code == 403
            assert code(desk.call("join", "POST", body={})) == "ticket_missing"
        assert simulator.count() == 0

    def test_an_old_page_says_that_it_is_old(self, platform):
        with freeze_time() as clock:
            desk = learner(platform)
            ticket = desk.ticket()
            clock.tick(43201)
            assert code(desk.call("join", "POST", body={"ticket": ticket})) == "ticket_expired"

    def test_somebody_who_was_unenrolled_meanwhile_is_refused(self, platform):
        desk = learner(platform)
        ticket = desk.ticket()
        platform.enrolled.clear()
        assert code(desk.call("join", "POST", body={"ticket": ticket})) == "not_enrolled"

    def test_somebody_who_may_not_see_the_unit_is_refused(self, platform):
        platform.may_not_load.add(ADA.id)
        assert code(learner(platform).join_by_script()) == "no_access"

    def test_the_route_without_checks_counts_as_not_signed_in(self, platform):
        desk = learner(platform)
        unknown = SessionUser(id=ADA.id, username="ada", known=False)
        answer = desk.call("join", "POST", body={"ticket": desk.ticket()}, as_user=unknown)
        assert (answer.status_code, code(answer)) == (401, "not_signed_in")

    def test_staff_who_view_the_course_as_one_learner_are_refused(self, platform):
        platform.enrolled.add(ADA.id)
        ticket = learner(platform).ticket()
        answer = Desk(platform, ADA).call("join", "POST", body={"ticket": ticket}, as_user=THEA)
        assert (answer.status_code, code(answer)) == (403, "viewing_as_learner")

    def test_a_person_whom_the_platform_mixes_up_is_refused(self, platform):
        desk = learner(platform)
        ticket = desk.ticket()
        desk.block.runtime._services["user"]._django_user = BEN
        answer = desk.call("join", "POST", body={"ticket": ticket})
        assert (answer.status_code, code(answer)) == (409, "identity_unclear")

    def test_nobody_comes_in_where_the_platform_cannot_be_asked(self, platform, monkeypatch, caplog):
        monkeypatch.setitem(sys.modules, "lms.djangoapps.courseware.access", None)
        for desk in (learner(platform), teacher(platform)):
            assert code(desk.join_by_script()) == "no_access"
        assert "has_access cannot be imported" in caplog.text

    def test_a_course_without_a_server_says_so_without_a_detail(self, platform, namespace, caplog):
        namespace["SERVER"] = "nowhere"
        desk = Desk(platform, THEA, STAFF)
        ticket = tickets.session.issue(desk.visit(), Purpose.JOIN)
        answer = desk.call("join", "POST", body={"ticket": ticket})
        assert (answer.status_code, code(answer)) == (503, "not_configured")
        assert "nowhere" not in answer.text
        assert "E002" in caplog.text

    def test_a_switched_off_course_lets_nobody_in(self, platform, namespace):
        ticket = learner(platform).ticket()
        namespace["ENABLED"] = False
        assert code(learner(platform).call("join", "POST", body={"ticket": ticket})) == "not_configured"

    def test_switching_a_course_off_shuts_a_running_room_as_well(self, platform, simulator, namespace):
        sent(teacher(platform).click_join())
        ticket = learner(platform).ticket()
        namespace["ENABLED"] = False
        assert code(learner(platform).call("join", "POST", body={"ticket": ticket})) == "not_configured"
        assert not learner(platform).page().cssselect("a.bbb-join")

    @pytest.mark.parametrize("state", ["draining", "recordings", "off"])
    def test_only_an_active_server_takes_new_meetings(self, platform, simulator, namespace, state):
        ticket = learner(platform).ticket()
        namespace["SERVERS"]["main"]["STATE"] = state
        assert code(learner(platform).call("join", "POST", body={"ticket": ticket})) == "not_configured"
        assert simulator.count() == 0

    def test_a_refusal_is_a_small_page_with_a_way_back(self, platform):
        answer = learner(platform).call("join")
        assert answer.content_type == "text/html"
        assert "<script" not in answer.text
        assert "https://lms.example.org/courses/" in answer.text
        assert "no-store" in answer.headers["Cache-Control"]
