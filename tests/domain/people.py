"""People for tests of pure decisions."""

from typing import Any

from bbb_xblock.domain.data import Person


def person(**changes: Any) -> Person:
    """Make a learner, unless the changes say otherwise."""
    standard: dict[str, Any] = {"user_id": 7, "anonymous_id": "a" * 32, "username": "ada", "full_name": "Ada Example"}
    return Person(**{**standard, "is_moderator": False, **changes})
