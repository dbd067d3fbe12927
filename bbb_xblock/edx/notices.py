"""Notices of the platform to everybody in a course.

Sources: openedx-events openedx_events/learning/data.py (``CourseNotificationData``), edx-platform
openedx/core/djangoapps/notifications/base_notification.py (``course_updates`` is the one type that says what it is
given) and cms/djangoapps/contentstore/utils.py (``send_course_update_notification``).
"""

from typing import Any

from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.domain.data import Placement
from bbb_xblock.edx import courses

# Up to Ulmo the platform writes the text into HTML as it is, and later escapes it: these signs come out right nowhere.
_MARKUP = str.maketrans(dict.fromkeys("<>&\"'"))


def is_for_all(block: Any) -> bool:
    """Say whether everybody in the course may open a published block now; where that depends on them, no."""
    groups = getattr(block, "merged_group_access", None) or getattr(block, "group_access", None)
    starts = getattr(block, "start", None)
    return not (getattr(block, "visible_to_staff_only", False) or groups or (starts and starts > timezone.now()))


def send(placement: Placement, text: str) -> bool:
    """Give a notice to everybody who is enrolled, with a link to the unit; false where the platform has no notices."""
    try:
        from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
        from openedx_events.learning.data import CourseNotificationData
        from openedx_events.learning.signals import COURSE_NOTIFICATION_REQUESTED
    except (ImportError, RuntimeError):
        return False
    course_key = CourseKey.from_string(placement.course_key)
    name = CourseOverview.objects.filter(id=course_key).values_list("display_name", flat=True).first()
    told = CourseNotificationData(
        course_key=course_key,
        app_name="updates",
        notification_type="course_updates",
        content_url=courses.unit_url(placement),
        content_context={"course_update_content": text.translate(_MARKUP), "course_name": str(name or "")},
        audience_filters={},
    )
    COURSE_NOTIFICATION_REQUESTED.send_event(course_notification_data=told)
    return True
