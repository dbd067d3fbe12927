"""What the doors to a block's handlers let through, as seen on the platform."""

import html
import re

import pytest

from sandbox.demo.rooms import OPEN, WAITING
from tests.sandbox.demo.demo_process import Demo, ask, running

JOIN = f"handler/{OPEN.usage_id}/join"


def test_a_handler_answers_before_any_page_was_shown() -> None:
    with running() as fresh:
        assert fresh.get(f"/{JOIN}?student=2").status not in {404, 500}


def test_an_unknown_handler_is_not_found(demo: Demo) -> None:
    assert demo.get(f"/handler/{OPEN.usage_id}/student_view?student=1").status == 404


def test_a_handler_of_an_unknown_block_is_not_found(demo: Demo) -> None:
    assert demo.get("/handler/open.bbb.d0.u0/join?student=1").status == 404


@pytest.mark.parametrize("place", ["preview/", "studio/"])
def test_studio_asks_people_to_sign_in_before_any_handler(demo: Demo, place: str) -> None:
    assert demo.get(f"/{place}{JOIN}?student=0").status == 403


def test_a_post_without_the_csrf_token_is_refused(demo: Demo) -> None:
    answer = ask(f"{demo.site}/{JOIN}?student=2", method="POST")

    assert answer.status == 403
    assert "CSRF" in answer.text


def test_the_unprotected_door_asks_for_no_csrf_token(demo: Demo) -> None:
    assert "CSRF" not in ask(f"{demo.site}/handler_noauth/{OPEN.usage_id}/join?student=2", method="POST").text


def join_link(demo: Demo, student: int) -> str:
    """Take the Join link out of a page."""
    page = demo.get(f"/rooms/open/?student={student}").text
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
    return next(link for link in links if link.startswith(f"/{JOIN}"))


def test_the_unprotected_door_makes_nobody_known(demo: Demo) -> None:
    link = join_link(demo, student=2)

    assert demo.get(link).status == 302
    assert demo.get(link.replace("/handler/", "/handler_noauth/")).status == 401


@pytest.mark.parametrize(
    ("place", "student", "status"), [("studio/", 1, 200), ("studio/", 2, 403), ("preview/", 1, 200), ("", 1, 403)]
)
def test_only_the_course_team_saves_and_only_in_studio(demo: Demo, place: str, student: int, status: int) -> None:
    cookies = demo.get("/rooms/waiting/?student=1").cookies
    headers = {"X-CSRFToken": cookies["csrftoken"]}
    address = f"{demo.site}/{place}handler/{WAITING.usage_id}/submit_studio_edits?student={student}"

    answer = ask(address, "POST", cookies, headers=headers, json={"values": {"welcome": "Come in."}, "defaults": []})

    assert answer.status == status
