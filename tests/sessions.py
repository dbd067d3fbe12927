"""Sessions that were held: who was in from which minute to which, told by BigBlueButton when they are over."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock import tasks
from bbb_xblock.domain import receipts
from bbb_xblock.models import Meeting, Receipt, Room
from tests.builders import STAFF, THEA, Desk
from tests.callbacks import client_of_main
from tests.fakes.platform import Platform, SessionUser

MINUTE = timedelta(minutes=1)
LONG_AGO = timedelta(days=1)

# Who was in from which minute to which.
Visits = Sequence[tuple[SessionUser, int, int]]


def enrol(platform: Platform, *people: SessionUser) -> None:
    """Give people accounts, and enrol them."""
    for person in people:
        get_user_model().objects.get_or_create(pk=person.id, defaults={"username": person.username})
        platform.enrolled.add(person.id)


def hold(
    platform: Platform,
    visits: Visits,
    *,
    minutes: int = 60,
    ago: timedelta = LONG_AGO,
    fields: Mapping[str, Any] | None = None,
    taught: bool = True,
    **engagement: int,
) -> Meeting:
    """Hold a session that began ``ago``: everybody clicks Join, stays as told, and the end is told.

    Where it is ``taught``, Thea is there all the time. ``engagement`` is how much everybody took part, if that is told.
    """
    began, chosen = timezone.now() - ago, dict(fields or {})
    with freeze_time(began):
        if taught:
            Desk(platform, THEA, STAFF, fields=chosen).click_join()
        for person, *_ in visits:
            Desk(platform, person, fields=chosen).click_join()
    meeting = Meeting.objects.order_by("pk").last()
    # The simulated server has a clock of its own, which does not go back with ours.
    meeting.create_time = str(int(began.timestamp() * 1000))
    meeting.started_at, meeting.ended_at, meeting.why_ended = began, began + minutes * MINUTE, Meeting.Ending.CALLBACK
    meeting.save()
    Room.objects.update(current=None, participants=0)
    client_of_main().end(meeting.room.meeting_id)
    report(meeting, [*visits, *([(THEA, 0, minutes)] if taught else [])], **engagement)
    return meeting


def report(meeting: Meeting, visits: Visits, **engagement: int) -> None:
    """Have analytics told, and worked on by a worker."""
    tasks.queue(keep_report(meeting, visits, **engagement).pk)


def keep_report(meeting: Meeting, visits: Visits, **engagement: int) -> Receipt:
    """Have analytics told; nobody has worked on them yet."""

    def moment(minutes: int) -> str:
        return (meeting.started_at + minutes * MINUTE).isoformat()

    people: dict[int, dict[str, Any]] = {}
    for person, begin, end in visits:
        each = people.setdefault(person.id, {"ext_user_id": f"{person.id:032x}", "joins": [], "leaves": []})
        each["joins"].append(moment(begin))
        each["leaves"].append(moment(end))
        each |= {"engagement": engagement} if engagement else {}
    ids = {"meeting_id": meeting.room.meeting_id, "internal_meeting_id": meeting.internal_id}
    return receipts.keep_analytics("main", json.dumps(ids | {"data": {"attendees": list(people.values())}}).encode())


def later(days: float) -> datetime:
    """Give a moment so many days from now."""
    return timezone.now() + timedelta(days=days)
