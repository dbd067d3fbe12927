"""How long recordings are kept: which are past their time, and how they go, from their server first.

The operator's ``RECORDING_DAYS`` and the author's ``recording_days`` both count; the smaller one does. Nothing is
deleted by itself: somebody runs ``bbb_purge``.
"""

import functools
import logging
import operator
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.bbb import BBBError, Client, MeetingNotFound
from bbb_xblock.domain import servers
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.recordings import rules
from bbb_xblock.models import Recording, Room

log = logging.getLogger(__name__)

AT_ONCE = 100
# So long after it was told to delete, a server is asked whether it did.
PROOF = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Deletion:
    """What became of one recording that is past its time: ``trouble`` is a sentence, empty if its server deleted it."""

    recording: int
    server: str
    meeting_id: str
    course_key: str
    over_at: datetime
    trouble: str = ""


def days_in(course_key: str) -> int:
    """Give the operator's days for the recordings of a course; 0 is for ever."""
    return config.for_course(course_key).knobs.recording_days


def deletes_at(recording: Recording, course_days: int) -> datetime | None:
    """Say when a recording is past its time; None is never. ``course_days`` are those of :func:`days_in`."""
    if recording.state != Recording.State.READY:
        return None
    return rules.deletes_at(over_at(recording), recording.keep_days, course_days)


def over_at(recording: Recording) -> datetime:
    """Give when the days of a recording begin: with the end of its meeting."""
    return recording.ended_at or recording.started_at


def past() -> QuerySet[Recording]:
    """Give the recordings that are there and past their time."""
    ready = Recording.objects.filter(state=Recording.State.READY).order_by()
    courses: defaultdict[int, list[str]] = defaultdict(list)
    for key in ready.values_list("room__course_key", flat=True).distinct():
        courses[days_in(key)].append(key)
    authors = set(ready.values_list("keep_days", flat=True).distinct())
    now = timezone.now()
    late = (
        Q(room__course_key__in=keys, keep_days=wanted, over__lt=now - timedelta(days=min(kept)))
        for days, keys in courses.items()
        for wanted in authors
        if (kept := [each for each in (days, wanted) if each])
    )
    which = functools.reduce(operator.or_, late, Q(pk__in=[]))
    return ready.annotate(over=Coalesce("ended_at", "started_at")).filter(which)


def delete_past() -> Iterator[Deletion]:
    """Delete on their servers the recordings that are past their time; their rows stay, and say so."""
    for slug in sorted(set(past().values_list("server", flat=True))):
        last, trouble = 0, ""
        while some := list(past().filter(server=slug, pk__gt=last).select_related("room").order_by("pk")[:AT_ONCE]):
            # Nobody waits for a server that has just not answered.
            trouble = trouble or _delete(slug, some)
            yield from (_deletion(row, trouble) for row in some)
            last = some[-1].pk


def _delete(slug: str, some: Sequence[Recording]) -> str:
    """Delete some recordings of one server; gives a sentence if that cannot be done."""
    try:
        client = servers.of_recordings(slug)
        for record_ids in client.batches([row.record_id for row in some]):
            _delete_there(client, record_ids)
            _note_deleted([row for row in some if row.record_id in record_ids])
    except BBBError as error:
        return str(error)
    except Refusal:
        return "The server is switched off, or gone from the settings"
    return ""


def _delete_there(client: Client, record_ids: Sequence[str]) -> None:
    try:
        client.delete_recordings(record_ids)
    except MeetingNotFound:
        log.info("server %s had none of %d recordings any more", client.endpoint.slug, len(record_ids))


def _note_deleted(some: Sequence[Recording]) -> None:
    now = timezone.now()
    pks, rooms = [row.pk for row in some], {row.room_id for row in some}
    Recording.objects.filter(pk__in=pks).update(
        state=Recording.State.DELETED, since=now, is_published=False, asked_at=now
    )
    # A server that has not done it after all names them again.
    later = Q(recordings_due_at=None) | Q(recordings_due_at__gt=now + PROOF)
    Room.objects.filter(later, pk__in=rooms).update(recordings_due_at=now + PROOF)
    for row in some:
        log.info("room %s: recording %s was past its time and is deleted", row.room.meeting_id, row.pk)


def _deletion(row: Recording, trouble: str) -> Deletion:
    return Deletion(
        recording=row.pk,
        server=row.server,
        meeting_id=row.room.meeting_id,
        course_key=row.room.course_key,
        over_at=over_at(row),
        trouble=trouble,
    )
