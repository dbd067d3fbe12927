"""What the platform tells by its signals (``apps.py`` says which)."""

from typing import Any

from bbb_xblock.domain import retention
from bbb_xblock.edx import users


def forget_user(sender: object, *, user: Any, **details: object) -> None:
    """Forget a user who is being retired.

    An error stops the platform's retirement of this user, which is then tried again: nobody must be told that they
    were forgotten when they were not. (edx-platform openedx/core/djangoapps/user_api/accounts/signals.py)
    """
    retention.forget_person(user.id, users.anonymous_ids_of(user))
