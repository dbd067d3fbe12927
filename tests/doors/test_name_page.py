"""The plain view that takes the answer to the question for a name."""

import logging

import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from django.db import InterfaceError, connection
from django.test import Client, RequestFactory
from django.urls import reverse
from freezegun import freeze_time

from bbb_xblock.models import ChosenName
from tests.asking import FORM, VERA, follow, form_in, name_in, post, visitor
from tests.builders import learner, teacher
from tests.fakes.platform import SessionUser

pytestmark = pytest.mark.database

WALT = SessionUser(id=24, username="w8" * 15)
REFUSED = {
    "": "at least two letters",
    " \u200b\u3164 ": "at least two letters",
    "V": "at least two letters",
    "V" * 65: "at most 64 characters",
    "<script>alert(1)</script>": "without the signs",
    "vera@example.org": "not a web or e-mail address",
    "Thea Teacher": "tells you apart",
    "Тhеа Теасhеr": "tells you apart",
    "Théa Tèacher": "tells you apart",
    "Ｔｈｅａ　Ｔｅａｃｈｅｒ": "tells you apart",
    "Th\u200dea Teac\u200bher": "tells you apart",
}


@pytest.fixture
def form(platform):
    """The form that a visitor of Thea Teacher's course gets."""
    get_user_model().objects.create(pk=13, username="theateacher")
    platform.roles["CourseStaffRole"] = {13}
    return form_in(visitor(platform).click_join())


def chosen() -> dict[int, str]:
    return dict(ChosenName.objects.values_list("user_id", "name"))


def test_the_name_is_cleaned_and_kept_and_the_browser_sent_on(form):
    answer = post(form, name="  Vera \t Visitor\x00\u202e ")
    assert answer.status_code == 303
    assert chosen() == {VERA.id: "Vera Visitor"}


def test_no_cookie_is_needed_where_forms_are_protected_by_cookies(form, settings):
    settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
    assert post(form, name="Vera Visitor").status_code == 303


def test_neither_name_nor_cookie_nor_a_place_to_keep_it_is_in_the_answer(form):
    answer = post(form, name="Vera Visitor")
    assert "Vera" not in str(answer.headers) + answer.text
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_name_is_in_no_log(form, platform, caplog):
    caplog.set_level(logging.DEBUG)
    follow(visitor(platform), post(form, name="Vera Visitor"))
    post(form, name="Vera <Visitor>")
    assert f"user {VERA.id} has chosen a name" in caplog.text
    assert "Vera" not in caplog.text
    assert "Vera" not in repr(ChosenName.objects.get())


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_does_not_work_is_asked_for_again_with_the_reason_beside_the_field(form, name):
    answer = post(form, name=name)
    assert answer.status_code == 422
    assert chosen() == {}
    again = form_in(answer)
    (field,) = again.cssselect("input:not([type=hidden])")
    assert field.get("aria-invalid") == "true"
    problem, hint = (again.cssselect(f"#{part}")[0] for part in field.get("aria-describedby").split())
    assert REFUSED[name] in problem.text_content()
    assert hint.text_content()
    assert "<script" not in answer.text


def test_what_was_written_stays_in_the_field_and_may_be_corrected(form, platform):
    again = form_in(post(form, name='"Vera" Visitor'))
    assert again.cssselect("#bbb-name")[0].get("value") == '"Vera" Visitor'
    assert name_in(follow(visitor(platform), post(again, name="Vera Visitor"))) == "Vera Visitor"


def test_sending_it_twice_leads_to_the_same_room_under_the_last_name(form, platform):
    for name in ("Vera", "Vera", "Vera Visitor"):
        assert name_in(follow(visitor(platform), post(form, name=name))) == name
    assert chosen() == {VERA.id: "Vera Visitor"}


def test_a_ticket_names_the_person_who_was_asked_and_nobody_else(form, platform):
    others = form_in(visitor(platform, WALT).click_join())
    post(form, name="Vera Visitor", user_id=str(WALT.id), course_key="course-v1:X+Y+Z")
    assert chosen() == {VERA.id: "Vera Visitor"}
    post(others, name="Walt")
    assert chosen() == {VERA.id: "Vera Visitor", WALT.id: "Walt"}


def test_where_the_browser_goes_afterwards_is_not_for_the_browser_to_say(form):
    where = post(form, name="Vera Visitor", path="https://evil.example.org/", next="//evil.example.org/")
    assert where.headers["Location"].startswith("/courses/")


def test_after_ten_minutes_nothing_is_kept(platform):
    with freeze_time() as clock:
        form = form_in(visitor(platform).click_join())
        clock.tick(601)
        answer = post(form, name="Vera Visitor")
    assert (answer.status_code, chosen()) == (403, {})
    assert "too old" in answer.text


@pytest.mark.parametrize("ticket", ["", "rubbish", "a:b:c", "\0", "é" * 500])
def test_without_a_ticket_of_ours_nothing_is_kept(form, ticket):
    answer = post(form, name="Vera Visitor", ticket=ticket)
    assert (answer.status_code, chosen()) == (403, {})
    assert "Vera" not in answer.text


def test_a_changed_ticket_or_another_kind_of_ticket_is_refused(form, platform):
    ticket = form.cssselect("[name=ticket]")[0].get("value")
    others = [learner(platform).ticket(), learner(platform).page_token(), teacher(platform).page_token()]
    foreign = signing.dumps([VERA.id, "u", "c", "", "/", ""], salt="something.else")
    for other in (f"{ticket[:-1]}{'A' if ticket[-1] != 'A' else 'B'}", *others, foreign):
        assert post(form, name="Vera Visitor", ticket=other).status_code == 403
    assert chosen() == {}


def test_only_a_form_is_taken(form):
    address = form.get("action")
    assert address == reverse("bbb_xblock:name")
    for method in ("get", "head", "put", "delete"):
        answer = getattr(Client(), method)(address)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    for kind in ("application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        assert Client().post(address, b"x", content_type=kind).status_code == 400
    assert chosen() == {}


@pytest.mark.parametrize("size", [20_000, 50_000])
def test_a_large_body_is_not_read(form, size):
    answer = post(form, name="V" * size)
    assert (answer.status_code, chosen()) == (400, {})
    assert len(answer.content) < 5000


@pytest.mark.parametrize("length", ["x", "-1", "1" * 30, "²"])
def test_a_made_up_length_is_no_way_in(form, length):
    body = b"name=Vera Visitor\r\n"
    answer = Client().post(form.get("action"), body, content_type=FORM, CONTENT_LENGTH=length)
    assert answer.status_code == 400


def test_a_database_that_is_gone_is_told_in_a_sentence_with_a_way_back(form, caplog):
    def refuse(*args: object) -> None:
        raise InterfaceError("Vera Visitor is gone")

    with connection.execute_wrapper(refuse):
        answer = post(form, name="Vera Visitor")
    assert answer.status_code == 503
    assert "Out of order" in answer.text
    assert "https://lms.example.org/courses/" in answer.text
    assert "Vera" not in answer.text + caplog.text


def test_it_is_sent_so_that_the_platform_does_not_write_it_into_its_log(form):
    sent = RequestFactory().post(form.get("action"), "name=Vera Visitor\r\n", content_type=form.get("enctype"))
    # edx-platform common/djangoapps/track/middleware.py logs what is in here.
    assert dict(sent.POST) == {}


def test_what_is_no_text_is_not_taken(form):
    assert Client().post(form.get("action"), b"name=\xff\xfe", content_type=FORM).status_code == 400


def test_somebody_whose_account_was_closed_meanwhile_is_not_brought_back(form):
    get_user_model().objects.filter(id=VERA.id).update(is_active=False)
    assert post(form, name="Vera Visitor").status_code == 401
    assert chosen() == {}
