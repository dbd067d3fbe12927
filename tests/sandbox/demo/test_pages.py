import re
from urllib.parse import quote

import pytest

from sandbox.demo.people import NOBODY, PEOPLE
from sandbox.demo.rooms import OPEN, ROOMS, Room
from tests.sandbox.demo.demo_process import Demo

STUDENTS = [*(str(number) for number in PEOPLE), NOBODY]
VIEWS = ["", "phone/", "preview/", "editor/"]


def chosen_in(page: str) -> list[str]:
    return re.findall(r'aria-current="true">([^<]+)<', page)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("student", STUDENTS)
def test_every_person_gets_a_page_for_every_room_in_every_view(demo: Demo, student: str, room: str, view: str) -> None:
    answer = demo.get(f"/rooms/{room}/{view}?student={student}")

    assert answer.status == 200
    assert ROOMS[room].title in answer.text


@pytest.mark.parametrize("room", ROOMS.values(), ids=ROOMS)
def test_a_room_shows_what_its_author_chose(demo: Demo, room: Room) -> None:
    assert room.name in demo.get(f"/rooms/{room.slug}/?student=2").text


def test_the_archive_has_no_news(demo: Demo) -> None:
    page = demo.get("/rooms/archive/?student=2").text

    assert "Lecture 45" in page
    assert "A new recording is here" not in page


def test_the_first_page_is_the_open_room_as_its_teacher(demo: Demo) -> None:
    answer = demo.get("/")

    assert (answer.status, answer.headers["Location"]) == (302, "/rooms/open/?student=1")


def test_the_header_marks_what_is_chosen(demo: Demo) -> None:
    page = demo.get("/rooms/full/preview/?student=2").text

    assert chosen_in(page) == ["Ada Example (learner)", "Full room", "Studio preview"]


def test_each_choice_keeps_the_other_two(demo: Demo) -> None:
    page = demo.get("/rooms/full/preview/?student=2").text

    assert 'href="/rooms/full/preview/?student=3"' in page
    assert 'href="/rooms/open/preview/?student=2"' in page
    assert 'href="/rooms/full/?student=2"' in page


@pytest.mark.parametrize("student", ["99", "-1", "1 ", "²", "one", ""])
def test_an_unknown_person_is_nobody(demo: Demo, student: str) -> None:
    page = demo.get(f"/rooms/open/?student={quote(student)}").text

    assert "Nobody (not signed in)" in chosen_in(page)


def test_people_who_are_not_signed_in_get_the_public_view(demo: Demo) -> None:
    assert "xblock-v1-public_view" in demo.get("/rooms/open/?student=0").text
    assert "xblock-v1-student_view" in demo.get("/rooms/open/?student=4").text


@pytest.mark.parametrize("student", ["0", "2", "4"])
def test_studio_turns_away_who_is_not_in_the_course_team(demo: Demo, student: str) -> None:
    page = demo.get(f"/rooms/open/editor/?student={student}").text

    assert "Studio is for the course team" in page
    assert "xblock-v1" not in page


def test_the_teacher_gets_the_editor(demo: Demo) -> None:
    assert "xblock-v1-studio_view" in demo.get("/rooms/open/editor/?student=1").text


@pytest.mark.parametrize("path", ["/rooms/attic/?student=1", "/rooms/open/cellar/?student=1", "/nowhere"])
def test_an_unknown_address_is_not_found_and_leads_back(demo: Demo, path: str) -> None:
    answer = demo.get(path)

    assert answer.status == 404
    assert 'href="/"' in answer.text


class TestJumpTo:
    path = f"/courses/{OPEN.course}/jump_to/{OPEN.usage_id}"

    def test_it_leads_to_the_room_as_the_same_person(self, demo: Demo) -> None:
        answer = demo.get(f"{self.path}?student=3")

        assert (answer.status, answer.headers["Location"]) == (302, "/rooms/open/?student=3")

    def test_without_a_person_in_the_address_it_remembers_who_looked_last(self, demo: Demo) -> None:
        cookies = demo.get("/rooms/full/?student=2").cookies

        assert demo.get(self.path, cookies=cookies).headers["Location"] == "/rooms/open/?student=2"

    def test_a_block_of_another_course_is_not_found(self, demo: Demo) -> None:
        assert demo.get(f"/courses/course-v1:Example+Other+2026/jump_to/{OPEN.usage_id}").status == 404

    def test_an_unknown_block_is_not_found(self, demo: Demo) -> None:
        assert demo.get(f"/courses/{OPEN.course}/jump_to/{OPEN.usage_id}s").status == 404
