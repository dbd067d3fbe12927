"""Where a block stands and what the platform lets people do there. Whatever cannot be asked is answered with no."""

import logging
from typing import Any
from urllib.parse import quote, urljoin

from django.urls import NoReverseMatch, reverse
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey

from bbb_xblock import config
from bbb_xblock.domain import names
from bbb_xblock.domain.data import Access, Person, Placement
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx.users import came_through_lti, django_user, every_name_of

log = logging.getLogger(__name__)

# Signs of opaque keys that stand for themselves in a path.
_KEY_SIGNS = ":+@"


def placement_of(block: Any) -> Placement:
    """Give the place of a block. Raises :class:`Refusal` (``no_course``) for a block that is in no course."""
    try:
        usage_key = UsageKey.from_string(str(block.scope_ids.usage_id))
    except InvalidKeyError:
        raise Refusal(Code.NO_COURSE) from None
    course_key = usage_key.context_key
    if not isinstance(course_key, CourseKey):
        # A block in a content library: nobody is enrolled there, and no class can meet.
        raise Refusal(Code.NO_COURSE)
    return Placement(usage_key=str(usage_key), course_key=str(course_key), org=course_key.org or "")


def access_of(block: Any, person: Person | None, placement: Placement, request: Any = None) -> Access:
    """Say what the platform lets a person do.

    A view (no ``request``) is only ever called after the platform's own check. A handler is not: see
    :func:`_may_load`, and enrolment is never checked by the platform's handler route.
    """
    if person is None:
        return Access(may_load=False, is_enrolled=False)
    return Access(
        may_load=request is None or _may_load(block, request, placement),
        is_enrolled=_is_enrolled(block, person, placement),
    )


def _may_load(block: Any, request: Any, placement: Placement) -> bool:
    """Ask for groups, staff-only and start date: edx-platform lms/djangoapps/courseware/access.py ``has_access``.

    Studio runs handlers for anybody who is signed in, and there only people who may write the course may act.
    """
    if block.runtime.service(block, "studio_user_permissions") is not None:
        return may_author(block, placement)
    try:
        from lms.djangoapps.courseware.access import has_access
    except ImportError:
        log.error("the platform's has_access cannot be imported; everybody is refused")
        return False
    return bool(has_access(django_user(request), "load", block, CourseKey.from_string(placement.course_key)))


def _is_enrolled(block: Any, person: Person, placement: Placement) -> bool:
    service = block.runtime.service(block, "enrollments")
    course_key = CourseKey.from_string(placement.course_key)
    if service and service.get_active_enrollments_by_course_and_user(course_key, person.user_id):
        return True
    # Whom another learning platform sent is never enrolled; the launch, whose signature the platform checked, stands in
    # for it. Without a launch they get no page of the block, and so no ticket either.
    return bool(came_through_lti([person.user_id]))


def may_author(block: Any, placement: Placement) -> bool:
    """Say whether the person may write the course: Studio's own service; elsewhere nobody may.

    Studio runs handlers for anybody who is signed in (edx-platform cms/djangoapps/contentstore/views/component.py).
    """
    service = block.runtime.service(block, "studio_user_permissions")
    if service is None:
        return False
    return bool(service.can_write(CourseKey.from_string(placement.course_key)))


def team_names(placement: Placement, besides: int) -> list[str]:
    """Give the names of the course team, for whom nobody else may be taken; without those of the user ``besides``.

    It is who has a role in the course or its organisation, and who was ever let into a room here as a moderator.
    """
    return every_name_of((_team(placement) | names.moderators(placement)) - {besides})


def _team(placement: Placement) -> set[int]:
    """Ask who may moderate (edx-platform common/djangoapps/student/roles.py). Of global staff there is no list."""
    try:
        from common.djangoapps.student import roles
    except (ImportError, RuntimeError):
        log.error("the platform's roles cannot be imported; only who has moderated already is known as course team")
        return set()
    course_key = CourseKey.from_string(placement.course_key)
    held = [
        *(
            role(course_key)
            for role in (roles.CourseStaffRole, roles.CourseInstructorRole, roles.CourseLimitedStaffRole)
        ),
        *(role(course_key.org) for role in (roles.OrgStaffRole, roles.OrgInstructorRole)),
    ]
    return {user.pk for role in held for user in role.users_with_role()}


def lms_url(path: str) -> str:
    """Make an address of the LMS absolute, so that BigBlueButton can send people there; empty if that is unknown.

    The root comes from ``LMS_ROOT_URL``, never from the request: a forged Host header must not lead people away.
    """
    return urljoin(config.lms_root() + "/", path) if config.lms_root() else ""


def page_status_url() -> str:
    """Give the address where learners' pages ask for the status; empty where the app's addresses are not mounted."""
    return _app_url("status")


def question_url() -> str:
    """Give the address that takes the answer to the question for a name; empty where it is not mounted."""
    return _app_url("name")


def _app_url(name: str) -> str:
    try:
        return reverse(f"bbb_xblock:{name}")
    except NoReverseMatch:
        return ""


def unit_url(placement: Placement) -> str:
    """Give the address of the unit that holds the block (edx-platform lms/urls.py, ``jump_to``)."""
    return lms_url(
        f"/courses/{quote(placement.course_key, safe=_KEY_SIGNS)}/jump_to/{quote(placement.usage_key, safe=_KEY_SIGNS)}"
    )
