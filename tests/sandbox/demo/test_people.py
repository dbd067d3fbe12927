import re
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.demo.people import PEOPLE, TEACHER, Person, anonymous_id, chosen
from sandbox.demo.places import Place
from sandbox.demo.rooms import FULL, OPEN, Room
from sandbox.demo.services import DemoEnrollmentsService, DemoStudioPermissions, DemoUserService
from sandbox.platform.common.djangoapps.student.models import CourseEnrollment
from sandbox.platform.lms.djangoapps.courseware.access import has_access
from sandbox.platform.lms.djangoapps.lti_provider.models import LtiUser

ADA = PEOPLE[2]
VERA = PEOPLE[4]
KEYS_OF_THE_PLATFORM = {
    "anonymous_user_id",
    "deprecated_anonymous_user_id",
    "is_authenticated",
    "request_country_code",
    "user_id",
    "username",
    "user_is_beta_tester",
    "user_is_global_staff",
    "user_is_staff",
    "user_role",
    "user_preferences",
}


def attributes(person: Person | None, place: Place = Place.LMS, room: Room = OPEN) -> dict[str, Any]:
    service = DemoUserService()
    service.runtime = SimpleNamespace(person=person, place=place, room=room, account=None)
    given = service.get_current_user().opt_attrs
    return {name.removeprefix("edx-platform."): value for name, value in given.items()}


def test_the_stand_in_for_enrolments_counts_the_big_class_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CourseEnrollment.objects.num_enrolled_in("a course") == 2
    monkeypatch.setenv("DEMO_LEARNERS", "1000")
    assert CourseEnrollment.objects.num_enrolled_in("a course") == 1002


@pytest.mark.parametrize("student", [None, "", "0", "6", "-1", "1.0", "one", "²", "1" * 5000])
def test_nobody_stands_behind_an_unknown_number(student: str | None) -> None:
    assert chosen(student) is None


def test_a_known_number_names_its_person() -> None:
    assert chosen("2") is ADA


def test_the_anonymous_id_is_32_hexadecimal_digits_of_course_and_person() -> None:
    made = {anonymous_id(person, room.course) for person in PEOPLE.values() for room in (OPEN, FULL)}

    assert len(made) == 2 * len(PEOPLE)
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in made)


def test_the_user_service_gives_the_keys_of_the_platform() -> None:
    assert set(attributes(ADA)) == KEYS_OF_THE_PLATFORM


def test_the_course_page_tells_teacher_and_learner_apart() -> None:
    teacher, learner = attributes(TEACHER), attributes(ADA)

    assert (teacher["user_role"], teacher["user_is_staff"]) == ("staff", True)
    assert (learner["user_role"], learner["user_is_staff"]) == ("student", False)


def test_studio_says_the_same_odd_things_about_everybody() -> None:
    preview, editor = attributes(VERA, Place.PREVIEW), attributes(TEACHER, Place.STUDIO)

    assert (preview["user_role"], preview["user_is_staff"], preview["anonymous_user_id"]) == ("staff", False, "student")
    assert (editor["user_role"], editor["user_is_staff"], editor["anonymous_user_id"]) == ("student", False, None)


def test_nearly_nothing_is_said_about_somebody_who_is_not_signed_in() -> None:
    assert attributes(None) == {"is_authenticated": False, "request_country_code": None}


@pytest.mark.parametrize(("number", "mode"), [(1, None), (2, "audit"), (3, "audit"), (4, None), (None, None)])
def test_only_learners_are_enrolled(number: int | None, mode: str | None) -> None:
    enrollment = DemoEnrollmentsService().get_active_enrollments_by_course_and_user(OPEN.course, number)

    assert getattr(enrollment, "mode", None) == mode


@pytest.mark.parametrize(("person", "may"), [(TEACHER, True), (ADA, False), (VERA, False), (None, False)])
def test_only_the_course_team_may_edit(person: Person | None, may: bool) -> None:
    permissions = DemoStudioPermissions()
    permissions.runtime = SimpleNamespace(person=person)

    assert (permissions.can_read(OPEN.course), permissions.can_write(OPEN.course)) == (may, may)


@pytest.mark.parametrize(
    ("number", "action", "may"),
    [(1, "load", True), (4, "load", True), (None, "load", False), (1, "staff", True), (2, "staff", False)],
)
def test_the_stand_in_for_the_platforms_access_rules(number: int | None, action: str, may: bool) -> None:
    assert has_access(SimpleNamespace(id=number), action, object()) is may


def test_the_stand_in_for_the_people_who_came_through_lti() -> None:
    rows = LtiUser.objects.filter(edx_user_id__in={2, 5, 99})

    assert rows.values_list("edx_user_id", flat=True) == [5]
    assert (PEOPLE[5].name, len(PEOPLE[5].username)) == ("", 30)


def test_the_stand_in_refuses_what_it_does_not_know() -> None:
    assert has_access(SimpleNamespace(id=1), "launch", object()) is False
