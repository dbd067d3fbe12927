"""The platform's services as the demo has them: who is asking, who is enrolled, who may edit.

The Workbench makes one of each for every runtime, without arguments, and sets ``runtime`` afterwards. What Studio
says about roles is as odd here as it is there: the package must not lean on it.
"""

from types import SimpleNamespace
from typing import Any

from xblock.reference.user_service import UserService, XBlockUser

from sandbox.demo.people import PEOPLE, Person, anonymous_id
from sandbox.demo.places import Place

PREFIX = "edx-platform."


class DemoUserService(UserService):
    """The service ``user``, with the keys which the platform's own service gives."""

    runtime: Any

    @property
    def _django_user(self) -> Any:
        return self.runtime.account

    def get_current_user(self) -> XBlockUser:
        """Describe who is asking. For somebody who is not signed in nearly every key is absent."""
        person: Person | None = self.runtime.person
        if person is None:
            user = XBlockUser(is_current_user=True)
            user.opt_attrs = {f"{PREFIX}is_authenticated": False, f"{PREFIX}request_country_code": None}
            return user
        user = XBlockUser(is_current_user=True, emails=[person.email], full_name=person.name)
        values = {**self._account_values(person), **self._place_values(person)}
        user.opt_attrs = {f"{PREFIX}{name}": value for name, value in values.items()}
        return user

    def _account_values(self, person: Person) -> dict[str, Any]:
        return {
            "is_authenticated": True,
            "request_country_code": None,
            "user_id": person.id,
            "username": person.username,
            "user_is_beta_tester": False,
            "user_is_global_staff": False,
            "user_preferences": {},
        }

    def _place_values(self, person: Person) -> dict[str, Any]:
        place, course = self.runtime.place, self.runtime.room.course
        if place is Place.STUDIO:
            anonymous, role, is_staff = None, "student", False
        elif place is Place.PREVIEW:
            anonymous, role, is_staff = "student", "staff", False
        else:
            anonymous = anonymous_id(person, course)
            role, is_staff = ("staff" if person.is_teacher else "student"), person.is_teacher
        return {
            "anonymous_user_id": anonymous,
            "deprecated_anonymous_user_id": anonymous,
            "user_role": role,
            "user_is_staff": is_staff,
        }


class DemoEnrollmentsService:
    """The service ``enrollments``: learners are enrolled in every course, teachers in none, as is usual."""

    runtime: Any

    def get_active_enrollments_by_course_and_user(self, course_id: object, user_id: int | None) -> Any:
        """Give the enrolment, which has a ``mode``, or None."""
        person = PEOPLE.get(user_id) if isinstance(user_id, int) else None
        if person is None or not person.is_learner:
            return None
        return SimpleNamespace(course_id=course_id, user_id=user_id, is_active=True, mode="audit")


class DemoStudioPermissions:
    """The service ``studio_user_permissions``: the course team may read and write, nobody else may."""

    runtime: Any

    @property
    def _user(self) -> Any:
        """Whom the answers are about; the platform's service has it under this name."""
        return self.runtime.person

    def can_read(self, course_key: object) -> bool:
        """Tell whether the person may open the course in Studio."""
        return bool(self.runtime.person and self.runtime.person.is_teacher)

    def can_write(self, course_key: object) -> bool:
        """Tell whether the person may change the course in Studio."""
        return self.can_read(course_key)
