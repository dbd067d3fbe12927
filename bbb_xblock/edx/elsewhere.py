"""What the platform says of other courses and blocks, to somebody who sends a handler's request."""

from collections.abc import Collection
from typing import Any

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.edx import courses, users


class AskedBy:
    """Answers for the user of one request (``domain/recordings/team.py``, ``Elsewhere``)."""

    def __init__(self, request: Any) -> None:
        self._user = users.django_user(request)

    def leads(self, course_key: str) -> bool:
        """Say whether the user is in the course team there; in a course that is no more, nobody is."""
        try:
            key = CourseKey.from_string(course_key)
        except InvalidKeyError:
            return False
        return self._user is not None and courses.has_access(self._user, "staff", key, key)

    def blocks_left(self, course_key: str, usage_keys: Collection[str]) -> set[str]:
        """Give those of a course's blocks that still exist."""
        return courses.blocks_left(course_key, usage_keys)
