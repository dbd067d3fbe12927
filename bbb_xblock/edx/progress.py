"""Grades and completion, told to the platform for somebody who asks for nothing: in a worker, with the user named.

A block's own ``runtime.publish`` writes for whoever the services of the process were last made for; here it could be
anybody. Sources: edx-platform lms/djangoapps/grades/signals/handlers.py (``score_published_handler``), completion
completion/services.py (``CompletionService``), both called as xblock-lti-consumer and the platform's runtime do.
"""

import logging
from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from opaque_keys.edx.keys import CourseKey, UsageKey

from bbb_xblock.domain.data import Placement
from bbb_xblock.edx import courses
from bbb_xblock.edx.users import came_through_lti

log = logging.getLogger(__name__)


def takers(placement: Placement, user_ids: Collection[int]) -> dict[int, Any]:
    """Give the users, by id, who may get a grade in the course: enrolled, or sent by another learning platform.

    Raises ImportError where the platform cannot be asked. Three queries.
    """
    wanted = set(user_ids)
    allowed = courses.enrolled_among(placement, wanted) | came_through_lti(wanted)
    return get_user_model().objects.filter(is_active=True).in_bulk(allowed & wanted)


def give_grade(block: Any, user: Any, value: float, *, only_if_higher: bool) -> bool:
    """Tell the platform a grade, 0 to 1; false if one of those whom it tells failed. Raises ImportError.

    ``block`` is the published one, bound to nobody. How many points that are the platform works out with the block's
    ``weight``. The same signal makes it send the grade on to another learning platform (LTI).
    """
    from lms.djangoapps.grades.api import signals

    answers = signals.SCORE_PUBLISHED.send_robust(
        sender=None,
        block=block,
        user=user,
        raw_earned=value,
        raw_possible=1.0,
        only_if_higher=only_if_higher,
        score_deleted=False,
    )
    failures = [type(answer).__name__ for _receiver, answer in answers if isinstance(answer, Exception)]
    if failures:
        log.warning("a grade of user %s in %s was not taken: %s", user.pk, block.scope_ids.usage_id, failures)
    return not failures


def complete(placement: Placement, user: Any) -> bool:
    """Tell the platform that somebody has completed a block; false if it keeps no track of that. Raises ImportError."""
    from completion.services import CompletionService

    service = CompletionService(user, CourseKey.from_string(placement.course_key))
    if not service.completion_tracking_enabled():
        return False
    service.submit_completion(UsageKey.from_string(placement.usage_key), 1.0)
    return True
