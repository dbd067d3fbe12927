"""Recordings of a deleted component, or of an earlier run of the course, shown in this room.

Nothing is copied and nothing changes owner: the recording stays with the room where it was made, and this room shows it
until it is given back.
"""

import logging
from collections.abc import Sequence

from django.db.models import Max
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.domain import rooms
from bbb_xblock.domain.data import Placement, Visit
from bbb_xblock.domain.recordings.team import Elsewhere, Outcome, Trouble, chosen, member
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.models import Adoption, Recording, Room

log = logging.getLogger(__name__)

# The newest of each. Each other run of the course costs a question to the platform.
MOST_ROOMS = 200
MOST_OFFERED = 100


@needs_tables
def offered(visit: Visit, elsewhere: Elsewhere) -> list[Recording]:
    """Give what the room could adopt, newest first, at most ``MOST_OFFERED``.

    Raises :class:`Refusal` for somebody who is not in the course team.
    """
    member(visit)
    shown = Adoption.objects.filter(room__meeting_id=rooms.meeting_id(visit.placement)).values("recording_id")
    found = Recording.objects.filter(room__in=_open_rooms(visit.placement, elsewhere)).exclude(state__in=Recording.LOST)
    return list(found.exclude(pk__in=shown).select_related("room")[:MOST_OFFERED])


@needs_tables
def adopt(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int]) -> Outcome:
    """Show recordings in this room from now on, of those that are offered. Twice is as good as once."""
    person, outcome = member(visit), Outcome()
    found = Recording.objects.filter(pk__in=ids, room__in=_open_rooms(visit.placement, elsewhere))
    outcome.done = list(found.exclude(state__in=Recording.LOST).values_list("pk", flat=True))
    outcome.troubles = {pk: Trouble.NOT_HERE for pk in ids if pk not in outcome.done}
    if outcome.done:
        room, now = rooms.of(visit.placement), timezone.now()
        rows = [Adoption(recording_id=pk, room=room, user_id=person.user_id, adopted_at=now) for pk in outcome.done]
        Adoption.objects.bulk_create(rows, ignore_conflicts=True)
        log.info("room %s: user %s adopted recordings %s", room.meeting_id, person.user_id, outcome.done)
    return outcome


@needs_tables
def give_back(visit: Visit, ids: Sequence[int]) -> Outcome:
    """Show adopted recordings here no more; where they were made nothing changes."""
    person, outcome = member(visit), Outcome()
    meeting_id = rooms.meeting_id(visit.placement)
    adopted = [each for each in chosen(visit, ids, outcome) if each.room.meeting_id != meeting_id]
    outcome.done = [recording.pk for recording in adopted]
    outcome.troubles = {pk: Trouble.NOT_HERE for pk in ids if pk not in outcome.done}
    Adoption.objects.filter(room__meeting_id=meeting_id, recording__in=outcome.done).delete()
    log.info("room %s: user %s gave back recordings %s", meeting_id, person.user_id, outcome.done)
    return outcome


def _open_rooms(placement: Placement, elsewhere: Elsewhere) -> list[int]:
    """Give the rooms whose recordings may be adopted: their block is gone, or the person leads their run."""
    found = Room.objects.filter(course_key__startswith=_of_every_run(placement.course_key))
    found = found.exclude(usage_key=placement.usage_key).annotate(newest=Max("recordings__started_at"))
    newest = list(found.exclude(newest=None).order_by("-newest").only("usage_key", "course_key")[:MOST_ROOMS])
    here = {room.usage_key for room in newest if room.course_key == placement.course_key}
    left = elsewhere.blocks_left(placement.course_key, here) if here else set()
    led = {key for key in {room.course_key for room in newest} - {placement.course_key} if elsewhere.leads(key)}
    return [room.pk for room in newest if room.course_key in led or room.usage_key in here - left]


def _of_every_run(course_key: str) -> str:
    """Give what the keys of all runs of a course begin with, and no others; a key that ends otherwise is its own."""
    run = CourseKey.from_string(course_key).run or ""
    return course_key.removesuffix(run) if run else course_key
