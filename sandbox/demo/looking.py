"""Looks at running meetings, a minute apart by the demo's clock, in place of a queue that keeps tasks for later."""

from datetime import datetime, timedelta

from django.utils import timezone

from bbb_xblock import tasks
from bbb_xblock.domain import looks

_due: dict[int, datetime] = {}


def listen() -> None:
    """Keep from now on which meetings are to be looked at."""
    looks.wanted.connect(_keep, dispatch_uid="sandbox.demo.looking._keep")


def look_at_due() -> None:
    """Look at the meetings whose time has come."""
    now = timezone.now()
    for meeting_id in [meeting_id for meeting_id, at in list(_due.items()) if at <= now]:
        # Another thread may have been faster.
        if _due.pop(meeting_id, None):
            tasks.look_in(meeting_id)


def _keep(sender: object, *, meeting_id: int, **details: object) -> None:
    _due[meeting_id] = timezone.now() + timedelta(seconds=looks.LOOK_SECONDS)
