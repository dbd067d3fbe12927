"""Looks at a meeting while it runs, so that it is known who was in when even if nobody has a page open.

There is no beat. A task looks, and has itself called again a minute later; ``Meeting.look_due_at`` says when, and is
null where nobody is to look. Whoever moves it on by one compare-and-set update looks, so a task that came twice does
nothing. A task that was lost leaves it in the past, and the next join, question of a page or task has another one sent.
The answers are shared with the open pages (``sightings.take_in``): a minute in which one of them asked needs no
question.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import Max
from django.dispatch import Signal
from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.domain import making, rooms, servers
from bbb_xblock.domain.attendance import settling, sightings
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.models import Join, Meeting, Sighting

log = logging.getLogger(__name__)

wanted = Signal()
"""Sent with ``meeting_id``, when somebody is to call :func:`look` in ``LOOK_SECONDS``."""

LOOK_SECONDS = 60
# A queue may be a little early, and is often late.
EARLY = timedelta(seconds=10)
LOST = timedelta(seconds=180)
# A room in which nobody was for so long is empty, and somebody who comes has looks begin again.
EMPTY = timedelta(minutes=10)
# A server that does not answer for so long may be gone for good.
SILENT = timedelta(hours=1)


def somebody_came(meeting: Meeting) -> None:
    """Have a meeting looked at from now on, unless somebody does."""
    if meeting.look_due_at is None or _is_lost(meeting.look_due_at):
        _begin(meeting)


def somebody_asked(meeting: Meeting | None) -> None:
    """Have looks at a meeting go on, if the task that was to look was lost."""
    if meeting and meeting.look_due_at and _is_lost(meeting.look_due_at):
        log.warning("meeting %s: a task that was to look at it was lost", meeting.pk)
        _begin(meeting)


def take_up_lost(at_most: int) -> None:
    """Have looks go on at some meetings whose task was lost, with a worker that was killed for instance. One query."""
    lost = Meeting.objects.filter(ended_at=None, look_due_at__lt=timezone.now() - LOST).order_by("look_due_at")
    for meeting in lost[:at_most]:
        log.warning("meeting %s: a task that was to look at it was lost", meeting.pk)
        _begin(meeting)


def look(meeting_id: int) -> None:
    """Look at a meeting if its turn has come, and have it looked at again. One that is over is settled instead."""
    meeting = Meeting.objects.select_related("room__current").filter(pk=meeting_id).first()
    if meeting is None or meeting.look_due_at is None or meeting.look_due_at > timezone.now() + EARLY:
        return
    if not _take_turn(meeting):
        return
    if _is_over(meeting) or _is_left(meeting, was_answered=_is_looked_at(meeting)):
        _stop(meeting)
    else:
        wanted.send(Meeting, meeting_id=meeting.pk)


def _begin(meeting: Meeting) -> None:
    if meeting.ended_at is None and _take_turn(meeting):
        wanted.send(Meeting, meeting_id=meeting.pk)


def _stop(meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(look_due_at=None)
    log.info("meeting %s is not looked at any more", meeting.pk)


def _take_turn(meeting: Meeting) -> bool:
    """Move the moment of the next look on, as one of all who would."""
    due = timezone.now() + timedelta(seconds=LOOK_SECONDS)
    moved = Meeting.objects.filter(pk=meeting.pk, look_due_at=meeting.look_due_at).update(look_due_at=due)
    return moved == 1


def _is_lost(due: datetime) -> bool:
    # What is due far ahead was written by a machine whose clock is wrong.
    return abs(timezone.now() - due) > LOST


def _is_over(meeting: Meeting) -> bool:
    """Say whether a meeting has ended, and have it settled if nobody did."""
    meeting.refresh_from_db(fields=["ended_at", "settled_at"])
    if meeting.ended_at and meeting.settled_at is None:
        settling.settle(meeting.pk)
    return meeting.ended_at is not None


def _is_looked_at(meeting: Meeting) -> bool:
    """Ask who is in, unless that was asked within the minute; false if the server does not tell."""
    room = meeting.room
    course = config.for_course(room.course_key)
    is_fresh = rooms.was_asked_about(room, sightings.LOOK_SECONDS) and not room.trouble
    if is_fresh or not rooms.take_turn_to_ask(room, course.knobs.status_seconds):
        return not room.trouble
    try:
        making.ask(room, servers.of_meeting(meeting.server, course))
    except Refusal as refusal:
        log.info("meeting %s cannot be looked at now: %s", meeting.pk, refusal.code.value)
        return False
    return True


def _is_left(meeting: Meeting, *, was_answered: bool) -> bool:
    """Say whether a meeting is over, as it turned out, or has been empty or out of reach for long."""
    if _is_over(meeting):
        return True
    came = Join.objects.filter(meeting=meeting).aggregate(last=Max("joined_at"))["last"]
    seen = Sighting.objects.filter(meeting=meeting).aggregate(last=Max("last_seen_at"))["last"]
    last_sign: datetime = max(filter(None, [meeting.started_at, came, seen]))
    return timezone.now() - last_sign > (EMPTY if was_answered else SILENT)
