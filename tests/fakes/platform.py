"""The platform as the block meets it: a runtime, its services, and the few modules that are imported lazily."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from django.apps import apps
from opaque_keys.edx.keys import AssetKey, CourseKey, UsageKey
from opaque_keys.edx.locator import AssetLocator
from xblock.field_data import FieldData
from xblock.reference.user_service import XBlockUser
from xblock.runtime import MemoryIdManager, Runtime

from bbb_xblock.domain.recordings import playing
from bbb_xblock.edx import courses
from tests.fakes.gradebook import Gradebook


def asset_key(course_key: CourseKey, path: str) -> AssetKey:
    """Make the key of a course file (edx-platform xmodule/contentstore/content.py, ``compute_location``)."""
    name = AssetLocator.clean_keeping_underscores(path.replace("/", "_"))
    return course_key.make_asset_key("asset", name).for_branch(None)


@dataclass
class SessionUser:
    """A Django user as the platform puts it on the request."""

    id: int
    username: str
    full_name: str = ""
    known: bool = True
    is_authenticated: bool = True
    real_user: "SessionUser | None" = None
    preferences: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Roles:
    """What the platform's user service says of somebody's role (seen in a running LMS)."""

    user_is_staff: bool = False
    user_is_global_staff: bool = False
    user_role: str = "student"
    user_is_beta_tester: bool = False


ROLES = ("CourseStaffRole", "CourseInstructorRole", "CourseLimitedStaffRole", "OrgStaffRole", "OrgInstructorRole")
# edx-platform xmodule/course_metadata_utils.py
DEFAULT_START_DATE = datetime(2030, 1, 1, tzinfo=UTC)
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
            "user_preferences": self._django_user.preferences,
            **vars(self._roles),
        }
        user.opt_attrs.update({f"edx-platform.{name}": value for name, value in attributes.items()})
        return user


class NotFoundError(Exception):
    """The contentstore's word for a file that is not there."""


class ItemNotFoundError(Exception):
    """The modulestore's word for a block that is not there."""


class StudioPermissions:
    """Answers as ``StudioPermissionsService`` (edx-platform cms/djangoapps/contentstore/utils.py) does."""

    def __init__(self, platform: "Platform", user: SessionUser) -> None:
        self._platform = platform
        self._user = user

    def can_write(self, course_key: CourseKey) -> bool:
        """Say whether the person may write the course."""
        return self._platform.has_studio_write_access(self._user, course_key)


@dataclass
class Platform:
    """One small site: who is enrolled, who may load the block, who may write the course."""

    enrolled: set[int] = field(default_factory=set)
    may_not_load: set[int] = field(default_factory=set)
    came_through_lti: set[int] = field(default_factory=set)
    has_lti_provider: bool = True
    # The members of each cohort, by its name.
    cohorts: dict[str, set[int]] = field(default_factory=dict)
    forum_roles: dict[int, str] = field(default_factory=dict)
    course_team: set[int] = field(default_factory=set)
    # Who is in the team of one course only, by course key.
    teams: dict[str, set[int]] = field(default_factory=dict)
    anonymous_ids: dict[int, set[str]] = field(default_factory=dict)
    active_enrollments: dict[str, int] = field(default_factory=dict)
    times_counted: int = 0
    # Who holds which role in the course or its organisation, by the name of the role's class.
    roles: dict[str, set[int]] = field(default_factory=dict)
    may_write: bool = False
    may_not_write: set[int] = field(default_factory=set)
    published: dict[str, Any] = field(default_factory=dict)
    # The course files by asset key.
    files: dict[str, bytes] = field(default_factory=dict)
    files_open: int = 0
    # By course key, and of the subsection in which all blocks stand.
    course_starts: dict[str, datetime] = field(default_factory=dict)
    times_asked_for_start: int = 0
    times_loaded: int = 0
    loaded: CourseKey | None = None
    subsection_start: datetime | None = None
    subsection_due: datetime | None = None
    gradebook: Gradebook = field(default_factory=Gradebook)

    # The enrollments service
    def get_active_enrollments_by_course_and_user(self, course_id: CourseKey, user_id: int) -> Any:
        """Give the enrolment, or None, as the platform does."""
        assert isinstance(course_id, CourseKey), "the platform looks enrolments up by course key"
        return SimpleNamespace(mode="audit") if user_id in self.enrolled else None

    def has_studio_write_access(self, user: SessionUser, course_key: CourseKey) -> bool:
        """Say whether the user may write the course, as edx-platform common/djangoapps/student/auth.py does."""
        assert isinstance(course_key, CourseKey), "the platform asks for a course key"
        return self.may_write and user.id not in self.may_not_write

    def has_access(self, user: SessionUser, action: str, block: Any, course_key: CourseKey) -> bool:
        """Say whether the user may load the block; as the platform does, refuse questions that nobody should ask."""
        if action == "staff":
            assert block == course_key
            return user.id in self.course_team or user.id in self.teams.get(str(course_key), ())
        assert action == "load"
        assert course_key == block.scope_ids.usage_id.course_key
        return user.id not in self.may_not_load

    def has_forum_role(self, course_id: CourseKey, names: Iterable[str], user_id: int) -> bool:
        """Say whether the user has one of the roles in the course's forum."""
        assert isinstance(course_id, CourseKey), "the platform keeps forum roles by course key"
        return self.forum_roles.get(user_id) in set(names)

    def get_item(self, key: UsageKey) -> Any:
        """Give a published block, as the modulestore does."""
        try:
            block = copy(self.published[str(key)])
        except KeyError:
            raise ItemNotFoundError from None
        # Every block of the platform inherits these.
        block.start, block.due = self.subsection_start or DEFAULT_START_DATE, self.subsection_due
        return block

    def has_item(self, key: UsageKey) -> bool:
        """Say whether the course holds the block, as the modulestore does."""
        assert isinstance(key, UsageKey), "the platform keeps blocks by usage key"
        self.times_loaded += key.course_key != self.loaded
        return str(key) in self.published

    @contextmanager
    def bulk_operations(self, course_id: CourseKey, emit_signals: bool = True) -> Iterator[None]:
        """Load a course once for all that is asked meanwhile, as the modulestore does."""
        assert not emit_signals, "nothing is written"
        self.loaded = course_id
        self.times_loaded += 1
        yield
        self.loaded = None

    def _overviews(self, id: CourseKey) -> Any:
        assert isinstance(id, CourseKey), "the platform keeps overviews by course key"
        self.times_asked_for_start += 1
        known = {"start": self.course_starts.get(str(id)), "display_name": "Physics"}
        return SimpleNamespace(values_list=lambda column, flat: SimpleNamespace(first=lambda: known[column]))

    def upload(self, name: str, content: bytes, course: str) -> None:
        """Put a file into a course, as Studio does."""
        self.files[str(asset_key(CourseKey.from_string(course), name))] = content

    def find(self, location: AssetKey, as_stream: bool = False) -> Any:
        """Open a course file, as the contentstore does (edx-platform xmodule/contentstore/mongo.py)."""
        assert isinstance(location, AssetKey) and as_stream
        if str(location) not in self.files:
            raise NotFoundError
        self.files_open += 1
        stream = BytesIO(self.files[str(location)])

        def close() -> None:
            self.files_open -= not stream.closed
            stream.close()

        return SimpleNamespace(
            length=len(stream.getbuffer()), stream_data=lambda: iter(lambda: stream.read(1024), b""), close=close
        )

    def has_published_version(self, block: Any) -> bool:
        """Say whether the LMS has the block, as the modulestore does in Studio."""
        return str(block.scope_ids.usage_id) in self.published

    def num_enrolled_in(self, course_key: CourseKey) -> int:
        """Count the active enrolments of a course, as ``CourseEnrollment.objects`` does."""
        assert isinstance(course_key, CourseKey), "the platform counts by course key"
        self.times_counted += 1
        return self.active_enrollments.get(str(course_key), 0)

    def users_enrolled_in(self, course_key: CourseKey) -> Any:
        """Give who is enrolled in a course, as ``CourseEnrollment.objects`` does."""
        assert isinstance(course_key, CourseKey)

        def rows(ids: Iterable[int]) -> Any:
            return SimpleNamespace(
                values_list=lambda _column, flat: sorted(ids),
                filter=lambda pk__in: rows(self.enrolled & set(pk__in)),
            )

        return rows(self.enrolled)

    def get_course_cohorts(self, course_id: CourseKey) -> list[Any]:
        """Give the cohorts of a course, as edx-platform openedx/core/djangoapps/course_groups/cohorts.py does."""
        assert isinstance(course_id, CourseKey), "the platform keeps cohorts by course key"
        return [
            SimpleNamespace(
                id=key, name=name, users=SimpleNamespace(values_list=lambda _column, flat, of=members: sorted(of))
            )
            for key, (name, members) in enumerate(self.cohorts.items(), start=1)
        ]

    def _ids_of(self, user: SessionUser) -> Any:
        ids = sorted(self.anonymous_ids.get(user.id, ()))
        return SimpleNamespace(values_list=lambda *names, flat: ids)

    def role(self, name: str) -> Any:
        """Give a class as in edx-platform common/djangoapps/student/roles.py, made of a course key or of an org."""

        def held_in(place: Any) -> Any:
            assert isinstance(place, str if name.startswith("Org") else CourseKey)
            return SimpleNamespace(users_with_role=lambda: [SimpleNamespace(pk=pk) for pk in self.roles.get(name, ())])

        return held_in

    def lti_users(self, edx_user_id__in: Iterable[int]) -> Any:
        """Give the rows of these users, as far as they are asked for."""
        found = sorted(self.came_through_lti & set(edx_user_id__in))
        return SimpleNamespace(values_list=lambda _column, flat: found)

    @contextmanager
    def modules(self) -> Iterator[None]:
        """Put the platform's modules in place for a while."""
        access = ModuleType("lms.djangoapps.courseware.access")
        access.has_access = self.has_access
        lti = ModuleType("lms.djangoapps.lti_provider.models")
        lti.LtiUser = SimpleNamespace(objects=SimpleNamespace(filter=self.lti_users))
        roles = ModuleType("common.djangoapps.student.roles")
        vars(roles).update({name: self.role(name) for name in ROLES})
        student = ModuleType("common.djangoapps.student.models")
        student.anonymous_id_for_user = lambda user, course_key: f"{user.id:032x}"
        student.AnonymousUserId = SimpleNamespace(objects=SimpleNamespace(filter=self._ids_of))
        student.CourseEnrollment = SimpleNamespace(
            is_enrolled=lambda user, course_key: user.id in self.enrolled,
            objects=SimpleNamespace(num_enrolled_in=self.num_enrolled_in, users_enrolled_in=self.users_enrolled_in),
        )
        forum = ModuleType("openedx.core.djangoapps.django_comment_common.models")
        forum.Role = SimpleNamespace(
            objects=SimpleNamespace(
                filter=lambda course_id, name__in, users__id: SimpleNamespace(
                    exists=lambda: self.has_forum_role(course_id, name__in, users__id)
                )
            )
        )
        groups = ModuleType("openedx.core.djangoapps.course_groups")
        groups.cohorts = ModuleType("openedx.core.djangoapps.course_groups.cohorts")
        groups.cohorts.is_course_cohorted = lambda course_key: bool(self.cohorts)
        groups.cohorts.get_course_cohorts = self.get_course_cohorts
        store = ModuleType("xmodule.modulestore.django")
        store.modulestore = lambda: self
        overviews = ModuleType("openedx.core.djangoapps.content.course_overviews.models")
        overviews.CourseOverview = SimpleNamespace(objects=SimpleNamespace(filter=self._overviews))
        grades = ModuleType("lms.djangoapps.grades.api")
        grades.signals = SimpleNamespace(SCORE_PUBLISHED=self.gradebook.published)
        completion = ModuleType("completion.services")
        completion.CompletionService = self.gradebook.completion_service
        errors = ModuleType("xmodule.modulestore.exceptions")
        errors.ItemNotFoundError = ItemNotFoundError
        content = ModuleType("xmodule.contentstore.content")
        content.StaticContent = SimpleNamespace(compute_location=asset_key)
        contents = ModuleType("xmodule.contentstore.django")
        contents.contentstore = lambda: self
        no_file = ModuleType("xmodule.exceptions")
        no_file.NotFoundError = NotFoundError
        auth = ModuleType("common.djangoapps.student.auth")
        auth.has_studio_write_access = self.has_studio_write_access
        files = (content, contents, no_file)
        courseware = (access, lti, roles, student, store, errors, forum, overviews, auth, groups, grades, completion)
        modules = {module.__name__: module for module in (*courseware, *files)}
        parents = {".".join(name.split(".")[:depth]) for name in modules for depth in range(1, name.count(".") + 1)}
        courses.class_sizes.clear()
        playing.fresh_addresses.clear()
        with patch.dict(sys.modules, {name: ModuleType(name) for name in parents} | modules), self._installed():
            yield

    @contextmanager
    def _installed(self) -> Iterator[None]:
        """Have Django say that the LTI provider's app is installed, as long as the platform has one."""
        really = apps.is_installed

        def is_installed(name: str) -> bool:
            return self.has_lti_provider if name == "lms.djangoapps.lti_provider" else really(name)

        with patch.object(apps, "is_installed", is_installed):
            yield


class PlatformRuntime(Runtime):
    """A runtime with the LMS's handler addresses and services; ``studio`` gives it Studio's services."""

    def __init__(
        self, platform: Platform, user: SessionUser, roles: Roles, field_data: FieldData, *, studio: bool = False
    ) -> None:
        ids = MemoryIdManager()
        services = {"user": UserService(user, roles), "field-data": field_data}
        permissions = StudioPermissions(platform, user)
        services |= {"studio_user_permissions": permissions} if studio else {"enrollments": platform}
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
        """The block publishes nothing: the services of a process may be those of somebody else."""
        raise NotImplementedError
