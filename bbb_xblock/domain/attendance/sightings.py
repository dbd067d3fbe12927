"""Looks at who is in a meeting, kept as changes: who appeared, who is missed.

Of people whom this site did not let in, callers by telephone for instance, nothing is kept: they are nobody's, and a
server may name any number of them.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from bbb_xblock.models import Join, Meeting, Sighting

# The server may be asked about a room every few seconds; for attendance once a minute is enough.
LOOK_SECONDS = 50


def take_in(meeting: Meeting, anonymous_ids: Iterable[str]) -> None:
    """Keep who is in a meeting at this moment, unless that was kept within ``LOOK_SECONDS``. At most six queries."""
    now = timezone.now()
    due = Q(looked_at=None) | Q(looked_at__lte=now - timedelta(seconds=LOOK_SECONDS)) | Q(looked_at__gt=now)
    if not Meeting.objects.filter(due, pk=meeting.pk).update(looked_at=now):
        return
    let_in = Join.objects.filter(meeting=meeting).order_by().values_list("anonymous_id", flat=True).distinct()
    present = (set(let_in) - {""}) & set(anonymous_ids)
    going_on = Sighting.objects.filter(meeting=meeting, missed_at=None)
    seen_before = set(going_on.values_list("anonymous_id", flat=True))
    if gone := seen_before - present:
        going_on.filter(anonymous_id__in=gone).update(missed_at=now)
    if seen_before & present:
        going_on.update(last_seen_at=now)
    Sighting.objects.bulk_create(
        Sighting(meeting=meeting, anonymous_id=one, seen_at=now, last_seen_at=now)
        for one in sorted(present - seen_before)
    )
