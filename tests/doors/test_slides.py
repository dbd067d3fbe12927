"""The view from which slides are fetched: one file for whoever holds its address, for a while, and nothing else."""

import tracemalloc
from urllib.parse import quote, unquote, urlsplit

import pytest
from django.core import signing
from django.test import Client
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bbb_xblock.domain import slides, tickets
from tests.builders import COURSE

OTHER_COURSE = "course-v1:ExampleX+Chemistry+2026"
NAME = "Übung 1 & 2.pdf"
CONTENT = bytes(range(256)) * 20


@pytest.fixture
def course_files(platform):
    platform.upload(NAME, CONTENT, COURSE)
    return platform


def path_of(name: str = NAME, course: str = COURSE) -> str:
    return urlsplit(slides.address(course, name)).path


def ask(path: str, method: str = "GET", **headers: str):
    return Client().generic(method, path, headers=headers)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_whoever_holds_the_address_gets_the_file_without_cookies_as_often_as_they_like(course_files):
    for _ in range(3):
        answer = ask(path_of())
        assert (answer.status_code, body(answer)) == (200, CONTENT)
        assert not answer.cookies
        answer.close()
    assert course_files.files_open == 0


def test_the_answer_is_a_download_that_nobody_keeps_or_guesses_about(course_files):
    headers = ask(path_of()).headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == str(len(CONTENT))
    assert headers["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(NAME)}"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store, private"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_head_tells_the_same_without_the_file(course_files):
    told, asked = ask(path_of(), "HEAD"), ask(path_of())
    assert (told.status_code, told.content) == (200, b"")
    assert dict(told.headers) == dict(asked.headers)
    asked.close()
    assert course_files.files_open == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_else_can_be_done_there(course_files, method):
    assert ask(path_of(), method).status_code == 405


def test_a_part_of_the_file_cannot_be_asked_for(course_files):
    answer = ask(path_of(), range="bytes=0-9")
    assert (answer.status_code, body(answer)) == (200, CONTENT)


def test_an_address_works_for_half_an_hour(course_files):
    with freeze_time() as clock:
        path = path_of()
        clock.tick(tickets.file.LIFE_SECONDS - 1)
        assert ask(path).status_code == 200
        clock.tick(2)
        assert ask(path).status_code == 403


def test_a_file_that_is_gone_is_told(course_files):
    path = path_of()
    course_files.files.clear()
    answer = ask(path)
    assert (answer.status_code, answer.content) == (404, b"")


def test_an_address_is_good_for_its_own_course_only(course_files):
    course_files.upload("exam.pdf", b"%PDF", OTHER_COURSE)
    token = path_of("exam.pdf").split("/")[-2]
    assert ask(f"/bbb/slides/{token}/exam.pdf").status_code == 404
    key = next(key for key in course_files.files if "Chemistry" in key)
    assert ask(path_of(key)).status_code == 404


@pytest.mark.parametrize("name", ["other.pdf", "Übung 1 & 2.pdf.pdf", "..", "%2e%2e", "."])
def test_an_address_is_good_for_its_own_file_only(course_files, name):
    course_files.upload("other.pdf", b"%PDF", COURSE)
    assert ask(path_of().rpartition("/")[0] + f"/{name}").status_code in (403, 404)


@pytest.mark.parametrize(
    "name", ["..%2fplan.pdf", "%2fetc%2fpasswd", "plan.pdf/", "a/b.pdf", "..%5cplan.pdf", "plan.pdf%00"]
)
def test_a_path_leads_nowhere(course_files, name):
    assert ask(path_of("plan.pdf").rpartition("/")[0] + f"/{name}").status_code in (403, 404)


def test_a_signed_name_that_cannot_be_slides_is_refused_all_the_same(course_files):
    course_files.upload("python_lib.zip", b"PK", COURSE)
    assert ask(path_of("python_lib.zip")).status_code == 403


@pytest.mark.parametrize("path", ["/bbb/slides/", "/bbb/slides/plan.pdf", "/bbb/slides//plan.pdf"])
def test_there_is_no_list(course_files, path):
    assert ask(path).status_code == 404


@given(st.text(min_size=1, max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_no_other_text_is_a_token(course_files, text):
    assert ask(f"/bbb/slides/{quote(text, safe='')}/{quote(NAME)}").status_code in (403, 404)


@pytest.mark.parametrize("salt", ["bbb_xblock.ticket.page", "bbb_xblock.ticket.portable", "bbb_xblock.callback.ended"])
def test_a_token_for_something_else_is_refused(course_files, salt):
    token = signing.dumps([COURSE, NAME], salt=salt)
    assert ask(f"/bbb/slides/{token}/{quote(NAME)}").status_code == 403


def test_a_course_key_that_is_none_has_no_files(course_files):
    assert ask(path_of(course="rubbish")).status_code == 404


def test_a_huge_file_goes_through_in_little_memory(course_files):
    course_files.upload("huge.pdf", bytes(30_000_000), COURSE)
    answer = ask(path_of("huge.pdf"))
    tracemalloc.start()
    size = sum(map(len, answer.streaming_content))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    answer.close()
    assert size == int(answer.headers["Content-Length"]) == 30_000_000
    assert peak < 1_000_000


def test_a_reader_who_goes_away_before_the_first_byte_leaves_nothing_open(course_files):
    ask(path_of()).close()
    assert course_files.files_open == 0


def test_the_address_holds_neither_key_nor_secret_beside_the_course_and_the_name(course_files):
    path = path_of()
    assert unquote(path).endswith(f"/{NAME}")
    assert signing.loads(path.split("/")[-2], salt="bbb_xblock.ticket.file") == [COURSE, NAME]
