"""Grades that were told stay when attendance goes by its age: from what is left, another grade would follow.

A grade is marked just before something is deleted from which it was worked out, and whoever grades anew finds the mark
(``outcomes``). Comparing days instead would go wrong where an operator chooses other days.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from bbb_xblock.models import Correction, Meeting, Outcome, Presence, Viewing

_OPENED = ("recording__record_id", "user_id")


def presences(keys: Collection[int]) -> None:
    """Mark the grades of those who were there, and all that were worked out from the same session or an earlier one.

    Without the last who was in there is no session any more, and without some it may be a shorter one.
    """
    for meeting, users in _by_meeting(Presence.objects.filter(pk__in=keys).values_list("meeting", "user_id")):
        _mark(meeting, Q(user_id__in=users) | Q(since__lte=meeting.ended_at))


def corrections(keys: Collection[int]) -> None:
    """Mark the grades of those of whom the course team said how they stand."""
    counting = Correction.objects.filter(pk__in=keys, undone_at=None)
    for meeting, users in _by_meeting(counting.values_list("meeting", "user_id")):
        _mark(meeting, Q(user_id__in=users))


def viewings(keys: Collection[int]) -> None:
    """Mark the grades of those who may have made up for a session: they opened its recording and were not there."""
    opened = Viewing.objects.filter(pk__in=keys).exclude(user_id=None)
    by_record = [(record_id, user_id or 0) for record_id, user_id in opened.values_list(*_OPENED)]
    # A recording has the id of its meeting.
    records = {record_id for record_id, _user_id in by_record}
    meetings = dict(Meeting.objects.filter(internal_id__in=records).values_list("internal_id", "pk"))
    by_meeting = [(meetings[record_id], user_id) for record_id, user_id in by_record if record_id in meetings]
    for meeting, users in _by_meeting(by_meeting):
        there = meeting.presences.filter(user_id__in=users).values_list("user_id", flat=True)
        _mark(meeting, Q(user_id__in=users - set(there)) & (Q(since=None) | Q(since__lte=meeting.ended_at)))


def _by_meeting(pairs: Iterable[tuple[int, int]]) -> list[tuple[Meeting, set[int]]]:
    """Give the meetings that are over, each with its users. One query."""
    users: dict[int, set[int]] = defaultdict(set)
    for meeting_id, user_id in pairs:
        users[meeting_id].add(user_id)
    return [(one, users[one.pk]) for one in Meeting.objects.filter(pk__in=users).exclude(ended_at=None)]


def _mark(meeting: Meeting, whose: Q) -> None:
    Outcome.objects.filter(whose, room=meeting.room_id, value__isnull=False).update(is_partly_forgotten=True)
