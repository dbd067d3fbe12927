"""The platform as the block meets it: a runtime, its services, and the few modules that are imported lazily."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from opaque_keys.edx.keys import CourseKey
from xblock.field_data import FieldData
from xblock.reference.user_service import XBlockUser
from xblock.runtime import MemoryIdManager, Runtime


@dataclass
class SessionUser:
    """A Django user as the platform puts it on the request."""

    id: int
    username: str
    full_name: str = ""
    known: bool = True
    is_authenticated: bool = True
    real_user: "SessionUser | None" = None


@dataclass(frozen=True)
class Roles:
    """What the platform's user service says of somebody's role (seen in a running LMS)."""

    user_is_staff: bool = False
    user_is_global_staff: bool = False
    user_role: str = "student"
    user_is_beta_tester: bool = False


NOBODY = SessionUser(id=0, username="", known=False, is_authenticated=False)


class UserService:
    """Answers as edx-platform common/djangoapps/xblock_django/user_service.py does."""

    def __init__(self, user: SessionUser, roles: Roles) -> None:
        self._django_user = user
        self._roles = roles

    def get_current_user(self) -> XBlockUser:
        """Give the user as an XBlockUser; of somebody not signed in only that is known."""
        user = XBlockUser(is_current_user=True)
        if not self._django_user.is_authenticated:
            user.opt_attrs["edx-platform.is_authenticated"] = False
            return user
        user.full_name = self._django_user.full_name
        user.emails = [f"{self._django_user.username}@example.org"]
        attributes = {
            "is_authenticated": True,
            "user_id": self._django_user.id,
            "username": self._django_user.username,
            "anonymous_user_id": f"{self._django_user.id:032x}",
            "user_preferences": {},
            **vars(self._roles),
        }
        user.opt_attrs.update({f"edx-platform.{name}": value for name, value in attributes.items()})
        return user


@dataclass
class Platform:
    """One small site: who is enrolled, who may load the block, who may write the course."""

    enrolled: set[int] = field(default_factory=set)
    may_not_load: set[int] = field(default_factory=set)
    came_through_lti: set[int] = field(default_factory=set)
    forum_roles: dict[int, str] = field(default_factory=dict)
    may_write: bool = False

    # The enrollments service
    def get_active_enrollments_by_course_and_user(self, course_id: CourseKey, user_id: int) -> Any:
        """Give the enrolment, or None, as the platform does."""
        assert isinstance(course_id, CourseKey), "the platform looks enrolments up by course key"
        return SimpleNamespace(mode="audit") if user_id in self.enrolled else None

    # The studio_user_permissions service
    def can_write(self, course_key: CourseKey) -> bool:
        """Say whether the person may write the course."""
        assert isinstance(course_key, CourseKey), "the platform asks for a course key"
        return self.may_write

    def has_access(self, user: SessionUser, action: str, block: Any, course_key: CourseKey) -> bool:
        """Say whether the user may load the block; as the platform does, refuse questions that nobody should ask."""
        assert action == "load"
        assert course_key == block.scope_ids.usage_id.course_key
        return user.id not in self.may_not_load

    def has_forum_role(self, course_id: CourseKey, names: Iterable[str], user_id: int) -> bool:
        """Say whether the user has one of the roles in the course's forum."""
        assert isinstance(course_id, CourseKey), "the platform keeps forum roles by course key"
        return self.forum_roles.get(user_id) in set(names)

    @contextmanager
    def modules(self) -> Iterator[None]:
        """Put the platform's modules in place for a while."""
        access = ModuleType("lms.djangoapps.courseware.access")
        access.has_access = self.has_access
        lti = ModuleType("lms.djangoapps.lti_provider.models")
        lti.LtiUser = SimpleNamespace(
            objects=SimpleNamespace(
                filter=lambda edx_user_id: SimpleNamespace(exists=lambda: edx_user_id in self.came_through_lti)
            )
        )
        forum = ModuleType("openedx.core.djangoapps.django_comment_common.models")
        forum.Role = SimpleNamespace(
            objects=SimpleNamespace(
                filter=lambda course_id, name__in, users__id: SimpleNamespace(
                    exists=lambda: self.has_forum_role(course_id, name__in, users__id)
                )
            )
        )
        modules = {module.__name__: module for module in (access, lti, forum)}
        packages = {parent: ModuleType(parent) for name in modules for parent in _parents(name)}
        with patch.dict(sys.modules, packages | modules):
            yield


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


class PlatformRuntime(Runtime):
    """A runtime with the LMS's handler addresses and services; ``studio`` gives it Studio's services."""

    def __init__(
        self, platform: Platform, user: SessionUser, roles: Roles, field_data: FieldData, *, studio: bool = False
    ) -> None:
        ids = MemoryIdManager()
        services = {"user": UserService(user, roles), "field-data": field_data}
        services |= {"studio_user_permissions": platform} if studio else {"enrollments": platform}
        super().__init__(id_reader=ids, id_generator=ids, services=services)

    def handler_url(
        self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        """Give an address as edx-platform lms/djangoapps/lms_xblock/runtime.py does."""
        usage_key = block.scope_ids.usage_id
        path = f"/courses/{quote(str(usage_key.course_key))}/xblock/{quote(str(usage_key))}/handler/{handler_name}"
        return f"{path}?{query}" if query else path

    def local_resource_url(self, block: Any, uri: str) -> str:
        """Give an address as the platform's collected static files have."""
        return f"/static/xblock/resources/bbb_xblock/{uri}"

    def resource_url(self, resource: str) -> str:
        """The platform gives addresses here that the block does not use."""
        return f"/{resource}"

    def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
        """The block has no children and asks for no other block."""
        raise NotImplementedError

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """The block publishes nothing yet."""
        raise NotImplementedError
