"""The platform's cohorts: the groups into which a course team divides a course.

Sources: edx-platform openedx/core/djangoapps/course_groups/cohorts.py (``is_course_cohorted``, ``get_course_cohorts``)
and models.py (``CourseUserGroup.users``). Where the platform cannot be asked, there are none. Nobody is put into a
cohort by being looked at.
"""

from typing import Any

from opaque_keys.edx.keys import CourseKey

from bbb_xblock.domain.data import Placement


def names(placement: Placement) -> dict[int, str]:
    """Give the names of a course's cohorts by their ids, in the order of names."""
    return dict(sorted(((group.id, group.name) for group in _groups(placement)), key=lambda each: each[1].casefold()))


def members(placement: Placement, cohort_id: int) -> set[int]:
    """Give the user ids of those who are in a cohort of the course; none for one that the course does not have."""
    groups = [group for group in _groups(placement) if group.id == cohort_id]
    return {user_id for group in groups for user_id in group.users.values_list("pk", flat=True)}


def _groups(placement: Placement) -> list[Any]:
    try:
        from openedx.core.djangoapps.course_groups import cohorts
    except (ImportError, RuntimeError):
        # RuntimeError: Django's word for a model whose app is not installed.
        return []
    course_key = CourseKey.from_string(placement.course_key)
    return list(cohorts.get_course_cohorts(course_id=course_key)) if cohorts.is_course_cohorted(course_key) else []
