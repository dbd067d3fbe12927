"""People without a name are asked for one at the door: once, and before anything is asked of BigBlueButton."""

import logging
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.db import InterfaceError, connection

from bbb_xblock.models import ChosenName, Room
from tests.asking import VERA, follow, form_in, name_in, post, visitor
from tests.builders import STAFF, Desk, learner, teacher
from tests.fakes.platform import SessionUser

NEMO = SessionUser(id=22, username="nemo")
OTHER_COURSE = "course-v1:ExampleX+Music+2026"


def question(answer):
    assert answer.status_code == 409, answer.text
    return form_in(answer)


class TestTheQuestion:
    def test_a_visitor_is_asked_and_then_in_the_room_under_that_name(self, platform):
        desk = visitor(platform)
        assert name_in(follow(desk, post(question(desk.click_join()), name="Vera Visitor"))) == "Vera Visitor"

    def test_it_is_asked_once(self, platform):
        desk = visitor(platform)
        post(question(desk.click_join()), name="Vera Visitor")
        for place in ({}, {"block_id": "other"}):
            assert name_in(visitor(platform, **place).click_join()) == "Vera Visitor"

    def test_a_learner_without_a_name_is_asked_as_well(self, platform):
        get_user_model().objects.create(id=NEMO.id, username=NEMO.username)
        desk = learner(platform, NEMO)
        assert name_in(follow(desk, post(question(desk.click_join()), name="Nemo"))) == "Nemo"

    def test_bigbluebutton_is_asked_only_afterwards(self, platform, simulator):
        desk = visitor(platform)
        answer = post(question(desk.click_join()), name="Vera Visitor")
        assert simulator.count() == 0
        follow(desk, answer)
        assert simulator.count("create") == 1

    def test_the_field_can_be_filled_in_by_everybody(self, platform):
        page = visitor(platform).click_join()
        form = question(page)
        (field,) = form.cssselect("input:not([type=hidden])")
        (label,) = form.cssselect("label")
        assert label.get("for") == field.get("id")
        assert (field.get("autocomplete"), field.get("maxlength"), field.get("dir")) == ("name", "64", "auto")
        assert field.get("autofocus") is not None
        assert form.cssselect(f"#{field.get('aria-describedby')}")
        assert field.get("aria-invalid") is None
        assert "<script" not in page.text
        assert "https://lms.example.org/courses/" in form.cssselect("a")[0].get("href")

    def test_nobody_keeps_the_page_or_frames_it(self, platform):
        headers = visitor(platform).click_join().headers
        assert "no-store" in headers["Cache-Control"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]

    def test_a_script_is_told_that_a_name_is_wanted(self, platform):
        desk = visitor(platform)
        answer = desk.join_by_script()
        assert (answer.status_code, answer.json["code"], answer.json["again_seconds"]) == (409, "name_wanted", 0)


class TestWhoIsNotAsked:
    def test_whoever_has_a_name(self, platform):
        assert name_in(learner(platform).click_join()) == "Ada Example"
        named = SessionUser(id=23, username="x7" * 15, full_name="Nora Named")
        assert name_in(visitor(platform, named).click_join()) == "Nora Named"

    def test_moderators(self, platform):
        assert name_in(Desk(platform, NEMO, STAFF).click_join()) == "nemo"

    @pytest.mark.parametrize(("policy", "name"), [("full_name", "nemo"), ("username", "nemo"), ("pseudonym", "P-000")])
    def test_anybody_where_the_operator_wants_no_question(self, platform, namespace, policy, name):
        namespace["NAME_POLICY"] = policy
        assert name_in(learner(platform, NEMO).click_join()).startswith(name)

    def test_anybody_where_the_app_s_addresses_are_not_mounted(self, platform, settings):
        settings.ROOT_URLCONF = "tests.fakes.no_urls"
        assert name_in(visitor(platform).click_join()).startswith("P-")

    def test_whoever_cannot_come_in_now(self, platform):
        """It would not be kind to ask for a name in order to say "wait" afterwards, where that is known already."""
        fields = {"wait_for_moderator": True}
        learner(platform, fields=fields).click_join()
        answer = visitor(platform, fields=fields).click_join()
        assert answer.status_code == 409
        assert "Waiting for your teacher" in answer.text


@pytest.mark.parametrize("policy", ["ask", "full_name", "username", "pseudonym"])
def test_the_random_letters_are_shown_to_nobody(platform, simulator, namespace, settings, caplog, policy):
    caplog.set_level(logging.DEBUG)
    namespace["NAME_POLICY"] = policy
    settings.ROOT_URLCONF = "tests.fakes.no_urls"
    get_user_model().objects.create(pk=VERA.id, username=VERA.username)
    assert VERA.username not in visitor(platform).click_join().location
    Room.objects.update(participants=1, present=f'["{VERA.id:032x}"]')
    page = teacher(platform).page().text_content()
    assert "Guest" in page
    assert VERA.username not in page + caplog.text


class TestAnotherCourse:
    def test_the_name_is_brought_along_without_a_question(self, platform):
        post(question(visitor(platform).click_join()), name="Vera Visitor")
        elsewhere = visitor(platform, course=OTHER_COURSE)
        answer = elsewhere.click_join()
        assert name_in(follow(elsewhere, answer)) == "Vera Visitor"
        assert ChosenName.objects.filter(user_id=VERA.id).count() == 2

    def test_a_name_like_that_of_the_other_course_s_team_is_asked_for_again(self, platform):
        post(question(visitor(platform).click_join()), name="Thеа")
        get_user_model().objects.create(pk=13, username="thea")
        platform.roles["CourseStaffRole"] = {13}
        form = question(visitor(platform, course=OTHER_COURSE).click_join())
        assert form.cssselect("#bbb-name")[0].get("value") == "Thеа"
        assert form.cssselect("#bbb-name")[0].get("aria-invalid") == "true"
        assert "called like this" in form.text_content()

    def test_the_database_may_go_in_between(self, platform, caplog):
        post(question(visitor(platform).click_join()), name="Vera Visitor")

        def refuse(execute, sql, *rest):
            if "chosenname" in sql and not sql.startswith("SELECT"):
                raise InterfaceError("Vera Visitor is gone")
            return execute(sql, *rest)

        with connection.execute_wrapper(refuse):
            answer = visitor(platform, course=OTHER_COURSE).click_join()
        assert answer.status_code == 503
        assert "Out of order" in answer.text
        assert "Vera" not in caplog.text


def test_the_teacher_sees_the_chosen_name(platform):
    get_user_model().objects.create(pk=VERA.id, username=VERA.username)
    follow(visitor(platform), post(question(visitor(platform).click_join()), name="Vera Visitor"))
    Room.objects.update(participants=1, present=f'["{VERA.id:032x}"]')
    assert "Vera Visitor" in teacher(platform).page().text_content()


class TestAnotherNameLater:
    def renaming(self, platform):
        """Follow the link of the card that changes the name."""
        (link,) = visitor(platform).page().cssselect("a.bbb-rename")
        return visitor(platform).call("join", query=urlsplit(link.get("href")).query)

    def test_the_card_says_under_which_name_one_comes_in_and_lets_one_change_it(self, platform):
        assert not visitor(platform).page().cssselect("a.bbb-rename")
        post(question(visitor(platform).click_join()), name="Vera")
        assert "You come in as Vera." in " ".join(visitor(platform).page().text_content().split())
        form = question(self.renaming(platform))
        assert form.cssselect("#bbb-name")[0].get("value") == "Vera"
        assert name_in(follow(visitor(platform), post(form, name="Vera Visitor"))) == "Vera Visitor"
        assert name_in(visitor(platform).click_join()) == "Vera Visitor"

    def test_a_script_is_not_asked_again(self, platform):
        post(question(visitor(platform).click_join()), name="Vera")
        desk = visitor(platform)
        answer = desk.call(
            "join", query={"ticket": desk.ticket(), "name": "again"}, headers={"Accept": "application/json"}
        )
        assert "fullName=Vera&" in answer.json["url"]

    def test_whoever_chose_no_name_cannot_change_one(self, platform):
        desk = learner(platform)
        assert not desk.page().cssselect("a.bbb-rename")
        assert name_in(desk.call("join", query={"ticket": desk.ticket(), "name": "again"})) == "Ada Example"

    def test_a_name_that_the_operator_no_longer_wants_cannot_be_changed(self, platform, namespace):
        post(question(visitor(platform).click_join()), name="Vera")
        namespace["NAME_POLICY"] = "pseudonym"
        assert not visitor(platform).page().cssselect("a.bbb-rename")
        assert name_in(visitor(platform).click_join()).startswith("P-")

    def test_markup_in_a_name_stays_text(self, platform):
        post(question(visitor(platform).click_join()), name="Vera")
        ChosenName.objects.update(name="<b>Vera</b>")
        shown = visitor(platform).block.render("student_view", None).content

        assert "&lt;b&gt;Vera&lt;/b&gt;" in shown
        assert "<b>Vera" not in shown
