"""The stored state of rooms: found, made, refreshed by one question for all, corrected when BigBlueButton objects."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.bbb import Client, MeetingInfo, MeetingNotFound, ReplyError, Role
from bbb_xblock.domain import happenings, rules
from bbb_xblock.domain.attendance import due, sightings
from bbb_xblock.domain.data import Person, Placement, PortableTicket, Present, RoomSnapshot
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.models import Join, Meeting, Room
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.table import to_remember

log = logging.getLogger(__name__)

DOUBT_SECONDS = 2
# More people than anybody reads the names of.
MOST_PRESENT = 300
# When a server is asked for a recording that nobody told of: so long after the end, or after the beginning of a meeting
# whose end nobody tells either.
RECORDING_SECONDS = 600
MEETING_SECONDS = 7200


def meeting_id(placement: Placement) -> str:
    """Give the meeting id of a room."""
    return rules.meeting_id(site=config.site_salt(), usage_key=placement.usage_key, group=placement.group)


def known(placement: Placement) -> Room | None:
    """Give the room if anybody has used it yet. One query, no writing."""
    return Room.objects.select_related("current").filter(meeting_id=meeting_id(placement)).first()


def of(placement: Placement) -> Room:
    """Give the room, making its row if this is the first use."""
    room, _ = Room.objects.select_related("current").get_or_create(
        meeting_id=meeting_id(placement),
        defaults={
            "usage_key": placement.usage_key,
            "course_key": placement.course_key,
            "group": placement.group,
        },
    )
    return room


def snapshot(room: Room | None) -> RoomSnapshot:
    """Say what is known of a room."""
    if room is None:
        return RoomSnapshot()
    return RoomSnapshot(
        exists=room.current is not None,
        participants=room.participants,
        moderators=room.moderators,
        trouble=Code(room.trouble) if room.trouble in set(Code) else None,
    )


def was_asked_about(room: Room, seconds: float) -> bool:
    """Say whether the newest answer, good or bad, is younger than so many seconds."""
    return _is_younger(room.asked_at, seconds)


def was_confirmed(room: Room, seconds: float) -> bool:
    """Say whether the server has named the meeting within so many seconds."""
    return room.current is not None and _is_younger(room.confirmed_at, seconds)


def take_turn_to_ask(room: Room, seconds: float) -> bool:
    """Claim the next question about a room by one compare-and-set update: one page asks for all."""
    if was_asked_about(room, seconds):
        return False
    now = timezone.now()
    window = timedelta(seconds=seconds)
    due = Q(asked_at=None) | Q(asked_at__lte=now - window) | Q(asked_at__gte=now + window)
    return Room.objects.filter(due, pk=room.pk).update(asked_at=now) == 1


def ask(room: Room, client: Client) -> MeetingInfo | None:
    """Ask a server about the room and store the answer; None means that there is no such meeting.

    Raises ``BBBError`` if there is no answer; nothing is stored then.
    """
    try:
        info: MeetingInfo | None = client.get_meeting_info(room.meeting_id)
    except MeetingNotFound:
        info = None
    if info is None or info.has_been_forcibly_ended:
        lose_meeting(room)
        return None
    meeting = _meeting(
        room, info.internal_meeting_id, info.create_time, client.endpoint.slug, is_recordable=info.recording
    )
    sightings.take_in(meeting, (attendee.user_id for attendee in info.attendees))
    present = [attendee.user_id for attendee in info.attendees[:MOST_PRESENT]]
    _store(room, meeting, info.participant_count, info.moderator_count, present)
    return info


def begin_meeting(room: Room, client: Client, internal_id: str, create_time: str, options: SessionOptions) -> Meeting:
    """Store a meeting that has just been made, with the options it was made with."""
    meeting = _meeting(room, internal_id, create_time, client.endpoint.slug, is_recordable=options.record)
    Meeting.objects.filter(pk=meeting.pk).update(options=json.dumps(to_remember(options)))
    _store(room, meeting)
    return meeting


def lose_meeting(room: Room, why: Meeting.Ending = Meeting.Ending.GONE) -> None:
    """Store that the room has no meeting (any more)."""
    if room.current is not None:
        _end_meeting(room, room.current, why)
    _store(room, None)


def _end_meeting(room: Room, meeting: Meeting, why: Meeting.Ending) -> None:
    """Store once that a meeting ended; whoever comes later changes nothing."""
    going_on = Meeting.objects.filter(pk=meeting.pk, ended_at=None)
    if going_on.update(ended_at=timezone.now(), why_ended=why):
        happenings.ended(room, meeting, why)
        due.ask(room.pk)
        if meeting.is_recordable:
            _look_for_recordings(room, RECORDING_SECONDS)


def check_unused(ticket_id: str) -> None:
    """Raise :class:`Refusal` (``ticket_used``) if somebody was let in with the portable ticket."""
    if Join.objects.filter(ticket_id=ticket_id).exists():
        raise Refusal(Code.TICKET_USED)


def let_in(meeting: Meeting, person: Person, role: Role, ticket: PortableTicket | None = None) -> None:
    """Write down who is let in as what. Raises :class:`Refusal` if another click with the same ticket was faster."""
    join = Join(
        meeting=meeting,
        user_id=person.user_id,
        anonymous_id=person.anonymous_id,
        role=role.value,
        is_team=person.is_moderator,
        joined_at=timezone.now(),
    )
    if ticket is None:
        join.save()
        return
    join.ticket_id, join.asked_at = ticket.id, ticket.asked_at
    try:
        with transaction.atomic():
            join.save()
    except IntegrityError:
        raise Refusal(Code.TICKET_USED) from None


def people(room: Room) -> list[Present]:
    """Say who was in the room at the last question, moderators first. One query.

    Somebody whom this site did not let in, a caller by telephone for instance, has no user id.
    """
    ids = json.loads(room.present)
    first: dict[str, Join] = {}
    joins = Join.objects.filter(meeting=room.current, anonymous_id__in=ids).exclude(user_id=None)
    for join in joins.order_by("-joined_at"):
        first[join.anonymous_id] = join
    found = [_present(first.get(anonymous_id)) for anonymous_id in dict.fromkeys(ids)]
    return sorted(found, key=lambda person: not person.is_moderator)


def _present(join: Join | None) -> Present:
    if join is None:
        return Present(user_id=None, is_moderator=False, since=None)
    return Present(user_id=join.user_id, is_moderator=join.role == Role.MODERATOR.value, since=join.joined_at)


def note_trouble(room: Room, code: Code) -> None:
    """Store that a question failed, so that the pages can say so."""
    now = timezone.now()
    # Somebody else may have had a good answer meanwhile: a late failure does not overwrite it.
    unless_better = Q(confirmed_at=None) | Q(confirmed_at__lte=room.confirmed_at or now)
    Room.objects.filter(unless_better, pk=room.pk).update(trouble=code.value, asked_at=now)
    room.refresh_from_db()


def last_join(placement: Placement, user_id: int) -> Join | None:
    """Give the newest join of a user into a room; None if there is none."""
    joins = Join.objects.filter(meeting__room__meeting_id=meeting_id(placement), user_id=user_id)
    return joins.select_related("meeting").first()


def join_with(ticket_id: str) -> Join:
    """Give the join of a portable ticket. Raises :class:`Refusal` (``ticket_refused``) if nobody came in with it."""
    join = Join.objects.select_related("meeting").filter(ticket_id=ticket_id).first()
    if join is None:
        raise Refusal(Code.TICKET_REFUSED)
    return join


def joins_since(join: Join, seconds: float) -> int:
    """Count the joins of the same user into the same room within so many seconds."""
    same = Join.objects.filter(meeting__room=join.meeting.room_id, user_id=join.user_id)
    return same.filter(joined_at__gt=timezone.now() - timedelta(seconds=seconds)).count()


def doubt(join: Join, *, at_once: bool) -> None:
    """Drop the belief that the meeting is there, because BigBlueButton refused somebody: the next question asks afresh.

    Only what was believed when they were let in is dropped, so that nobody can shut a room that was seen since. Unless
    ``at_once``, it works once in ``DOUBT_SECONDS``, so that nobody can make us ask all the time.
    """
    believed_until = timezone.now() - timedelta(seconds=0 if at_once else DOUBT_SECONDS)
    Room.objects.filter(pk=join.meeting.room_id, confirmed_at__lte=min(join.joined_at, believed_until)).update(
        confirmed_at=None, asked_at=None
    )


def _meeting(room: Room, internal_id: str, create_time: str, server: str, *, is_recordable: bool) -> Meeting:
    meeting, is_new = Meeting.objects.get_or_create(
        internal_id=internal_id,
        defaults={
            "room": room,
            "create_time": create_time,
            "server": server,
            "started_at": timezone.now(),
            "is_recordable": is_recordable,
        },
    )
    if meeting.room_id != room.pk:
        # Whoever joined would be written down there, and whatever it says of its end believed.
        log.warning("room %s: server %s names meeting %s, which is another room's", room.meeting_id, server, meeting.pk)
        raise ReplyError("getMeetingInfo")
    if is_new:
        happenings.started(room, meeting)
        if is_recordable:
            _look_for_recordings(room, MEETING_SECONDS)
    elif meeting.why_ended == Meeting.Ending.GONE:
        # Balancers lose sight of meetings for a moment (bbblb): it goes on, and so does everybody's attendance.
        _take_up_again(meeting)
    return meeting


def _take_up_again(meeting: Meeting) -> None:
    meeting.ended_at, meeting.why_ended, meeting.settled_at = None, "", None
    Meeting.objects.filter(pk=meeting.pk, why_ended=Meeting.Ending.GONE).update(
        ended_at=None, why_ended="", settled_at=None
    )
    log.info("meeting %s was found gone, and goes on", meeting.pk)


def _look_for_recordings(room: Room, seconds: float) -> None:
    """Have servers asked about the room's recordings in so many seconds, if that is not to happen sooner."""
    due = timezone.now() + timedelta(seconds=seconds)
    later = Q(recordings_due_at=None) | Q(recordings_due_at__gt=due)
    Room.objects.filter(later, pk=room.pk).update(recordings_due_at=due)


def _store(
    room: Room, meeting: Meeting | None, participants: int = 0, moderators: int = 0, present: Sequence[str] = ()
) -> None:
    """Write only what is known now: the lease is somebody else's business."""
    room.current, room.participants, room.moderators = meeting, participants, moderators
    room.present = json.dumps(list(present))
    room.asked_at, room.trouble = timezone.now(), ""
    room.confirmed_at = room.asked_at if meeting else None
    room.save(update_fields=["current", "participants", "moderators", "present", "asked_at", "trouble", "confirmed_at"])


def _is_younger(moment: datetime | None, seconds: float) -> bool:
    """Say whether a moment is near. One far ahead was written by a machine whose clock is wrong, and tells nothing."""
    return moment is not None and abs(timezone.now() - moment) < timedelta(seconds=seconds)
