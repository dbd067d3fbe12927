"""Asking servers for news of recordings: of one that was told of, of one room, of all rooms whose turn it is."""

import logging

from django.utils import timezone

from bbb_xblock.bbb import BBBError, RecordingsQuery
from bbb_xblock.domain import servers
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.recordings import rows
from bbb_xblock.models import Recording, Room

log = logging.getLogger(__name__)

_ANY_STATE = ("any",)


def look_again(room: Room) -> None:
    """Ask each server where the room had a meeting for its recordings, once."""
    for slug in sorted(set(room.meetings.order_by().values_list("server", flat=True))):
        try:
            asked_at = timezone.now()
            query = RecordingsQuery(meeting_ids=[room.meeting_id], states=_ANY_STATE)
            rows.take_in(slug, servers.of_recordings(slug).get_recordings(query), asked_at)
        except BBBError as error:
            log.warning("room %s: server %s does not tell its recordings: %s", room.meeting_id, slug, error)
        except Refusal as refusal:
            log.info("room %s: server %s is not asked: %s", room.meeting_id, slug, refusal.code.value)


def is_ready(room: Room, slug: str, record_id: str) -> bool:
    """Ask a server for a recording that it told of; false means that it is to be asked again.

    Raises ``BBBError`` and :class:`Refusal`.
    """
    asked_at = timezone.now()
    query = RecordingsQuery(record_ids=[record_id], states=_ANY_STATE)
    rows.take_in(slug, servers.of_recordings(slug).get_recordings(query), asked_at)
    waiting = (Recording.State.EXPECTED, Recording.State.PROCESSING)
    found = Recording.objects.filter(room=room, server=slug, record_id=record_id)
    return found.exclude(state__in=waiting).exists()
