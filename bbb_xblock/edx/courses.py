"""Where a block stands and what the platform lets people do there. Whatever cannot be asked is answered with no."""

import logging
from collections.abc import Collection
from functools import partial
from typing import Any
from urllib.parse import quote, urljoin

from django.core.cache.backends.locmem import LocMemCache
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey

from bbb_xblock import config
from bbb_xblock.domain import names, rules
from bbb_xblock.domain.data import Access, Person, Placement, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx.users import came_through_lti, django_user, every_name_of

log = logging.getLogger(__name__)

# In each process by itself: a page must not wait for the platform's cache, which may be away.
class_sizes = LocMemCache("bbb_xblock.class_sizes", {"TIMEOUT": 600, "MAX_ENTRIES": 1000})

# Courses that are larger have no register of everybody; whoever was in a room is in it in any course.
MOST_LEARNERS = 5000
# Signs of opaque keys that stand for themselves in a path.
_KEY_SIGNS = ":+@"


def placement_of(block: Any) -> Placement:
    """Give the place of a block. Raises :class:`Refusal` (``no_course``) for a block that is in no course."""
    return placement_at(str(block.scope_ids.usage_id))


def placement_at(usage_id: str) -> Placement:
    """Give the place that a usage key names. Raises :class:`Refusal` (``no_course``)."""
    try:
        usage_key = UsageKey.from_string(usage_id)
    except InvalidKeyError:
        raise Refusal(Code.NO_COURSE) from None
    course_key = usage_key.context_key
    if not isinstance(course_key, CourseKey):
        # A block in a content library: nobody is enrolled there, and no class can meet.
        raise Refusal(Code.NO_COURSE)
    return Placement(usage_key=str(usage_key), course_key=str(course_key))


def stored_block(placement: Placement) -> Any:
    """Give the block as the course holds it, bound to nobody; in the LMS, what is published.

    Raises :class:`Refusal` (``no_access``) for a block that is gone; ImportError where the platform cannot be asked.
    (edx-platform xmodule/modulestore/django.py, ``modulestore``)
    """
    from xmodule.modulestore.django import modulestore
    from xmodule.modulestore.exceptions import ItemNotFoundError

    try:
        return modulestore().get_item(UsageKey.from_string(placement.usage_key))
    except ItemNotFoundError:
        raise Refusal(Code.NO_ACCESS) from None


def access_of(block: Any, person: Person | None, placement: Placement, request: Any = None) -> Access:
    """Say what the platform lets a person do.

    A view (no ``request``) is only ever called after the platform's own check. A handler is not: see
    :func:`_may_load`, and enrolment is never checked by the platform's handler route.
    """
    if person is None:
        return Access(may_load=False, is_enrolled=False)
    is_enrolled = _is_enrolled(block, person, placement)
    return Access(
        may_load=request is None or _may_load(block, request, placement),
        is_enrolled=is_enrolled,
        is_visitor=not is_enrolled and bool(came_through_lti([person.user_id])),
    )


def _may_load(block: Any, request: Any, placement: Placement) -> bool:
    """Ask for groups, staff-only and start date: edx-platform lms/djangoapps/courseware/access.py ``has_access``.

    Studio runs handlers for anybody who is signed in, and there only people who may write the course may act.
    """
    if is_in_studio(block):
        return may_author(block, placement, request)
    return has_access(django_user(request), "load", block, CourseKey.from_string(placement.course_key))


def has_access(user: Any, action: str, what: Any, course_key: CourseKey) -> bool:
    """Ask the platform whether a user may do that (edx-platform lms/djangoapps/courseware/access.py)."""
    try:
        from lms.djangoapps.courseware.access import has_access as platform_allows
    except ImportError:
        log.error("the platform's has_access cannot be imported; everybody is refused")
        return False
    return bool(platform_allows(user, action, what, course_key))


def _is_enrolled(block: Any, person: Person, placement: Placement) -> bool:
    service = block.runtime.service(block, "enrollments")
    course_key = CourseKey.from_string(placement.course_key)
    return bool(service and service.get_active_enrollments_by_course_and_user(course_key, person.user_id))


def class_size(placement: Placement) -> int:
    """Give the number of people enrolled in the course, as it was a few minutes ago; 0 if it cannot be asked.

    (edx-platform common/djangoapps/student/models/course_enrollment.py, ``CourseEnrollmentManager``)
    """
    try:
        from common.djangoapps.student.models import CourseEnrollment
    except ImportError:
        return 0
    count = partial(CourseEnrollment.objects.num_enrolled_in, CourseKey.from_string(placement.course_key))
    return int(class_sizes.get_or_set(placement.course_key, count) or 0)


def learners(placement: Placement) -> list[int]:
    """Give the user ids of those who are enrolled in the course and not in its team; none if it cannot be asked.

    (edx-platform common/djangoapps/student/models/course_enrollment.py, ``CourseEnrollmentManager``)
    """
    try:
        from common.djangoapps.student.models import CourseEnrollment
    except ImportError:
        return []
    enrolled = CourseEnrollment.objects.users_enrolled_in(CourseKey.from_string(placement.course_key))
    ids = list(enrolled.values_list("pk", flat=True)[:MOST_LEARNERS])
    team = _team(placement)
    return [user_id for user_id in ids if user_id not in team]


def enrolled_among(placement: Placement, user_ids: Collection[int]) -> set[int]:
    """Give those of some users who are enrolled in the course. Raises ImportError. One query.

    (edx-platform common/djangoapps/student/models/course_enrollment.py, ``CourseEnrollmentManager``)
    """
    from common.djangoapps.student.models import CourseEnrollment

    enrolled = CourseEnrollment.objects.users_enrolled_in(CourseKey.from_string(placement.course_key))
    return set(enrolled.filter(pk__in=user_ids).values_list("pk", flat=True))


def check_still_in(visit: Visit) -> None:
    """Ask whether somebody whose page was made a while ago is in the course now. One query, two for visitors.

    Raises :class:`Refusal`: ``not_enrolled``; ``identity_unclear`` where the platform cannot be asked.
    """
    person = rules.check_person(visit.person, visit.access)
    try:
        is_enrolled = bool(enrolled_among(visit.placement, [person.user_id]))
    except ImportError:
        log.error("the platform's enrollments cannot be imported; nobody is in a course")
        raise Refusal(Code.IDENTITY_UNCLEAR) from None
    if not (is_enrolled or (visit.access.is_visitor and came_through_lti([person.user_id]))):
        raise Refusal(Code.NOT_ENROLLED)


def may_author(block: Any, placement: Placement, request: Any = None) -> bool:
    """Say whether somebody may write the course: in Studio; elsewhere nobody may.

    A view (no ``request``) is only ever called after Studio's own check. Handlers it runs for anybody who is signed in
    (edx-platform cms/djangoapps/contentstore/views/component.py and preview.py), and all blocks of a process may share
    their services: the one of permissions may be what somebody else's request left there, or be missing. So it is
    believed about nobody but the sender of the request; else the platform itself is asked.
    """
    service = block.runtime.service(block, "studio_user_permissions")
    course_key = CourseKey.from_string(placement.course_key)
    if request is None:
        return service is not None and bool(service.can_write(course_key))
    user = django_user(request)
    if user is None or not is_in_studio(block):
        return False
    if getattr(getattr(service, "_user", None), "id", None) == user.id:
        return bool(service.can_write(course_key))
    return _may_write(user, course_key)


def is_in_studio(block: Any) -> bool:
    """Say whether the block is Studio's. What shows it is the service; what runs a preview's handlers has none."""
    return block.runtime.service(block, "studio_user_permissions") is not None or config.is_studio()


def _may_write(user: Any, course_key: CourseKey) -> bool:
    """Ask the platform (edx-platform common/djangoapps/student/auth.py)."""
    try:
        from common.djangoapps.student.auth import has_studio_write_access
    except (ImportError, RuntimeError):
        # RuntimeError: Django's word for a model whose app is not installed.
        log.error("the platform's has_studio_write_access cannot be imported; nobody is an author here")
        return False
    return bool(has_studio_write_access(user, course_key))


def blocks_left(course_id: str, usage_ids: Collection[str]) -> set[str]:
    """Give those of a course's blocks that it still holds (edx-platform xmodule/modulestore/mixed.py).

    However many they are, the course is loaded once. Where the platform cannot be asked, all are there: nothing of
    them is given away.
    """
    try:
        from xmodule.modulestore.django import modulestore
    except ImportError:
        log.error("the platform's modulestore cannot be imported; every block counts as there")
        return set(usage_ids)
    store = modulestore()
    with store.bulk_operations(CourseKey.from_string(course_id), emit_signals=False):
        return {usage_id for usage_id in usage_ids if store.has_item(UsageKey.from_string(usage_id))}


def is_published(block: Any) -> bool:
    """Say whether the LMS has the block, asked in Studio (edx-platform xmodule/modulestore/draft_and_published.py)."""
    try:
        from xmodule.modulestore.django import modulestore
    except ImportError:
        log.error("the platform's modulestore cannot be imported; nothing counts as published")
        return False
    return bool(modulestore().has_published_version(block))


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


def unit_url(placement: Placement) -> str:
    """Give the address of the unit that holds the block (edx-platform lms/urls.py, ``jump_to``)."""
    return lms_url(
        f"/courses/{quote(placement.course_key, safe=_KEY_SIGNS)}/jump_to/{quote(placement.usage_key, safe=_KEY_SIGNS)}"
    )
