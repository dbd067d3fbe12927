"""What BigBlueButton tells by itself: kept first as a receipt, worked on later, any number of times with one result.

Nothing of it is simply believed. Of the end of a meeting, which comes without a signature of the server, BigBlueButton
is asked whether it is true. What the server has signed counts only for rooms of this site.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from bbb_xblock import bbb, config
from bbb_xblock.bbb import BBBError, CallbackUnreadable, Client, MeetingNotFound, RecordingReady
from bbb_xblock.domain import callbacks, rooms, rules, servers
from bbb_xblock.domain.attendance import settling
from bbb_xblock.domain.callbacks import NotOurs, ToldAlready
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.leases import is_held, lease
from bbb_xblock.domain.recordings import sweep
from bbb_xblock.domain.recordings.reading import LONGEST_ID
from bbb_xblock.models import MOST_TRIES, Meeting, Receipt, Room

log = logging.getLogger(__name__)

# A receipt that waits longer than its own task repeats was forgotten by the queue.
FORGOTTEN_SECONDS = 900
# Longer than any look at a server takes (``CONNECT_TIMEOUT`` and ``READ_TIMEOUT`` at their limits are 90 together).
CLAIM_SECONDS = 300
# Whoever looks at a room asks BigBlueButton as well, so after a day a receipt tells nothing new.
WORTHLESS_SECONDS = 86400
# Who tells the same again within so many seconds tells nothing; a task repeats itself for longer.
AGAIN_SECONDS = 60
# One is made for each meeting, and perhaps anew after a rebuild. They are large, and a server may send any number.
MOST_REPORTS = 5
# One is sent for each meeting and breakout room that was recorded.
MOST_NOTICES = 100


def keep_fetch(token: str) -> Receipt:
    """Keep that the slides of a trial were fetched. Raises :class:`NotOurs`."""
    meeting_id, server = callbacks.read_fetched(token)
    return _keep(Receipt.Kind.SLIDES_FETCHED, server, meeting_id, [token], "")


def keep_end(token: str) -> Receipt:
    """Keep that the end of a meeting was told. Raises :class:`NotOurs`."""
    meeting_id, server = callbacks.read_ended(token)
    # A meeting made to try the server out has no room; that the token is ours is enough.
    if not rules.is_trial(meeting_id):
        _room(meeting_id)
    return _keep(Receipt.Kind.MEETING_ENDED, server, meeting_id, [token], "")


def keep_recorded(token: str) -> Receipt:
    """Keep that a meeting was recorded. Raises :class:`NotOurs`.

    Everybody in the meeting may tell it, at any time and any number of times, and each time the server is asked: so
    that is done once in ``AGAIN_SECONDS``, and :class:`ToldAlready` raised for the others.
    """
    meeting_id, server, made_at = callbacks.read_recorded(token)
    _room(meeting_id)
    body = _written({"made_at": made_at})
    receipt, is_new = _kept(Receipt.Kind.MEETING_RECORDED, server, meeting_id, [token], body)
    if not is_new and not _is_told_anew(receipt):
        raise ToldAlready
    return receipt


def keep_recording(server: str, ready: RecordingReady, meeting_id: str = "") -> Receipt:
    """Keep that a recording is ready. Raises :class:`NotOurs`.

    The same notice comes for each format, and after a rebuild: each time there is something new to fetch.
    ``meeting_id`` is that in the address: the room's, if the notice is about a breakout room. There are at most
    ``MOST_NOTICES`` for each meeting of the room on that server, and for one that is being made.
    """
    if len(ready.record_id) > LONGEST_ID:
        raise NotOurs
    is_known = not meeting_id or Room.objects.filter(meeting_id=ready.meeting_id).exists()
    room = _room_of_meeting(server, ready.meeting_id if is_known else meeting_id, ready.record_id)
    body = _written({"meeting_id": ready.meeting_id, "record_id": ready.record_id})
    _check_room_for(Receipt.Kind.RECORDING_READY, server, room, body, MOST_NOTICES)
    receipt = _keep(Receipt.Kind.RECORDING_READY, server, room.meeting_id, [body], body)
    receipt.worked_at, receipt.received_at = None, timezone.now()
    receipt.save(update_fields=["worked_at", "received_at"])
    return receipt


def keep_analytics(server: str, body: bytes) -> Receipt:
    """Keep the analytics of a meeting, whole. Raises ``CallbackUnreadable`` and :class:`NotOurs`.

    There are at most ``MOST_REPORTS`` for each meeting of the room on that server, and for one that is being made.
    """
    report = bbb.analytics(body)
    room = _room_of_meeting(server, report.meeting_id, report.internal_meeting_id)
    text = _canonical(body)
    _check_room_for(Receipt.Kind.ANALYTICS, server, room, text, MOST_REPORTS)
    return _keep(Receipt.Kind.ANALYTICS, server, room.meeting_id, [text], text)


def work_on(receipt_id: int) -> bool:
    """Do what a receipt asks for, unless that is done or another does it; false means: try again later.

    The receipt is claimed for a while only, so that one whose worker died is found again. One that fails each time is
    parked: it would keep everything else from being done.
    """
    claimed_until = timezone.now() + timedelta(seconds=CLAIM_SECONDS)
    if not _unclaimed().filter(pk=receipt_id).update(claimed_until=claimed_until, tries=F("tries") + 1):
        return True
    # Reports of analytics are large, and most of the work needs no body.
    receipt = Receipt.objects.defer("body").get(pk=receipt_id)
    if receipt.tries >= MOST_TRIES:
        log.warning("receipt %s failed %s times; after another failure it is parked", receipt_id, receipt.tries - 1)
    given_back: dict[str, Any] = {"claimed_until": None}
    try:
        # What was told once more meanwhile has to be worked on once more.
        same = Receipt.objects.filter(pk=receipt_id, received_at=receipt.received_at)
        is_done = _is_done(receipt) and same.update(worked_at=timezone.now()) == 1
        given_back["tries"] = 0
        return is_done
    finally:
        # Only the own claim is given back: it may have run out, and somebody else may work on it now.
        Receipt.objects.filter(pk=receipt_id, claimed_until=claimed_until).update(**given_back)


def work_on_waiting(at_most: int) -> int:
    """Work on some receipts that the queue has forgotten, and give up very old ones. Says how many were worked on."""
    now = timezone.now()
    waiting = Receipt.objects.filter(worked_at=None, tries=0)
    waiting.filter(received_at__lte=now - timedelta(seconds=WORTHLESS_SECONDS)).update(worked_at=now)
    forgotten = _unclaimed().filter(received_at__lte=now - timedelta(seconds=FORGOTTEN_SECONDS))
    # In no order: those that fail each time do not keep the others waiting.
    return sum(work_on(receipt_id) for receipt_id in forgotten.order_by("?").values_list("pk", flat=True)[:at_most])


def reopen(receipt_ids: Sequence[int]) -> None:
    """Have receipts worked on once more, whether that was done or given up, or they are parked."""
    Receipt.objects.filter(pk__in=receipt_ids).update(worked_at=None, tries=0)


def _unclaimed() -> QuerySet[Receipt]:
    """Give what waits and nobody works on, but for what is parked."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=timezone.now())
    return Receipt.objects.filter(free, worked_at=None, tries__lt=MOST_TRIES)


def _is_done(receipt: Receipt) -> bool:
    work = _WORK.get(Receipt.Kind(receipt.kind))
    room = Room.objects.filter(meeting_id=receipt.meeting_id).first()
    if work is None or room is None:
        # Nobody needs it; it is kept.
        return True
    try:
        return work(room, receipt)
    except BBBError as error:
        log.warning("room %s: %s cannot be confirmed: %s", room.meeting_id, receipt.kind, error)
    except Refusal as refusal:
        log.info("room %s: %s cannot be confirmed now: %s", room.meeting_id, receipt.kind, refusal.code.value)
    return False


def _take_end(room: Room, receipt: Receipt) -> bool:
    is_done = _is_stored_as_ended(room, receipt.server)
    settling.settle_left(room)
    return is_done


def _take_recorded(room: Room, receipt: Receipt) -> bool:
    """Expect a recording of the meeting that was about to be made when the address was; when it is over."""
    made_at = datetime.fromtimestamp(json.loads(receipt.body)["made_at"] / 1000, UTC)
    made = room.meetings.filter(server=receipt.server, started_at__gte=made_at)
    meeting = made.order_by("started_at").first()
    if meeting is None:
        # The answer to create may be on its way.
        return not is_held(room)
    if meeting.ended_at is None and not _is_stored_as_ended(room, receipt.server):
        return False
    meeting.refresh_from_db()
    if meeting.is_recordable:
        sweep.expect(room, meeting.internal_id, meeting.server)
    return True


def _take_recording(room: Room, receipt: Receipt) -> bool:
    return sweep.is_ready(room, receipt.server, json.loads(receipt.body)["record_id"])


def _take_report(room: Room, receipt: Receipt) -> bool:
    """Work out anew who was in the meeting that is reported, if it is over; else its end does."""
    reported = bbb.analytics(receipt.body.encode()).internal_meeting_id
    settling.settle_ended(room.meetings.filter(internal_id=reported))
    return True


_WORK: dict[Receipt.Kind, Callable[[Room, Receipt], bool]] = {
    Receipt.Kind.MEETING_ENDED: _take_end,
    Receipt.Kind.MEETING_RECORDED: _take_recorded,
    Receipt.Kind.RECORDING_READY: _take_recording,
    Receipt.Kind.ANALYTICS: _take_report,
}


def _is_stored_as_ended(room: Room, server: str) -> bool:
    """Ask the server whether it still has the room's meeting, and store the end if not.

    Raises ``BBBError`` and :class:`Refusal`.
    """
    course = config.for_course(room.course_key)
    # The answer to create may be on its way while the end is told, and no other meeting may begin meanwhile.
    with lease(room, course.knobs.lease_seconds):
        meeting = room.current
        if meeting is None or meeting.server != server:
            return True
        if not _is_gone(meeting, room.meeting_id, servers.of_meeting(server, course)):
            return False
        rooms.lose_meeting(room, Meeting.Ending.CALLBACK)
    log.info("room %s: server %s told the end of the meeting", room.meeting_id, server)
    return True


def _is_gone(meeting: Meeting, meeting_id: str, client: Client) -> bool:
    try:
        info = client.get_meeting_info(meeting_id)
    except MeetingNotFound:
        return True
    has_ended = info.has_been_forcibly_ended or info.end_time_ms > 0
    return has_ended or info.internal_meeting_id != meeting.internal_id


def _check_room_for(kind: Receipt.Kind, server: str, room: Room, content: str, most: int) -> None:
    """Raise :class:`NotOurs` if a server has told too much of one kind; what it told before, it may tell again."""
    kept = Receipt.objects.filter(kind=kind, server=server, meeting_id=room.meeting_id)
    is_full = kept.count() >= most * (1 + room.meetings.filter(server=server).count())
    if is_full and not kept.filter(digest=_digest(kind, server, [content])).exists():
        raise NotOurs


def _digest(kind: Receipt.Kind, server: str, content: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([kind.value, server, *content]).encode()).hexdigest()


def _keep(kind: Receipt.Kind, server: str, meeting_id: str, content: Sequence[str], body: str) -> Receipt:
    return _kept(kind, server, meeting_id, content, body)[0]


def _kept(kind: Receipt.Kind, server: str, meeting_id: str, content: Sequence[str], body: str) -> tuple[Receipt, bool]:
    """Give the receipt and whether it is new."""
    receipt, is_new = Receipt.objects.get_or_create(
        digest=_digest(kind, server, content),
        defaults={
            "kind": kind,
            "server": server,
            "meeting_id": meeting_id,
            "body": body,
            "received_at": timezone.now(),
        },
    )
    log.info("room %s: %s from server %s%s", meeting_id, kind.value, server, "" if is_new else ", once more")
    return receipt, is_new


def _is_told_anew(receipt: Receipt) -> bool:
    """Note that it was told now, unless it was told lately; says whether it was noted."""
    now = timezone.now()
    before = Receipt.objects.filter(pk=receipt.pk, received_at__lte=now - timedelta(seconds=AGAIN_SECONDS))
    return before.update(received_at=now) == 1


def _room(meeting_id: str) -> Room:
    room = Room.objects.filter(meeting_id=meeting_id).first()
    # Databases find texts in another case as well.
    if room is None or room.meeting_id != meeting_id:
        raise NotOurs
    return room


def _room_of_meeting(server: str, meeting_id: str, internal_id: str) -> Room:
    """Give the room, if it was ever on that server, or may be about to: then ``create`` has not been answered yet."""
    room = _room(meeting_id)
    if not is_held(room) and not room.meetings.filter(server=server).exists():
        raise NotOurs
    if Meeting.objects.filter(~Q(room=room) | ~Q(server=server), internal_id=internal_id).exists():
        raise NotOurs
    return room


def _canonical(body: bytes) -> str:
    try:
        return _written(json.loads(body))
    except (ValueError, RecursionError):
        raise CallbackUnreadable(Receipt.Kind.ANALYTICS.value) from None


def _written(content: object) -> str:
    """Write JSON in one way only, and in ASCII, which every database takes."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
