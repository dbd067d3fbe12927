"""The lease on a room: of many who click at once, one makes the meeting, and nobody waits for that one.

A lease is taken by one compare-and-set ``UPDATE`` on the room's row, so it needs no lock, no long transaction and no
cache (the platform's cache swallows Redis errors). Whoever does not get it is told to come back; the lease of a
process that died runs out by itself.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.models import Room

# Twice as long as a lease can be (``LEASE_SECONDS``): what ends later was taken by a machine whose clock is wrong.
UNBELIEVABLE = timedelta(seconds=600)


def is_held(room: Room) -> bool:
    """Say whether somebody holds the room's lease, as it was read: a meeting may be about to be made."""
    now = timezone.now()
    return room.lease_until is not None and now < room.lease_until <= now + UNBELIEVABLE


@contextmanager
def lease(room: Room, seconds: float) -> Iterator[None]:
    """Hold the room's lease for the block's duration, ``seconds`` at most.

    Raises :class:`Refusal` (``starting``) at once if somebody else holds it. Afterwards ``room`` is read anew, because
    the holder before may just have made the meeting.
    """
    holder, now = secrets.token_hex(16), timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=now + UNBELIEVABLE)
    taken = Room.objects.filter(free, pk=room.pk).update(
        lease_holder=holder, lease_until=now + timedelta(seconds=seconds)
    )
    if not taken:
        raise Refusal(Code.STARTING)
    try:
        room.refresh_from_db()
        yield
    finally:
        # Only the own lease is given back: it may have run out, and somebody else may hold the room now.
        Room.objects.filter(pk=room.pk, lease_holder=holder).update(lease_holder="", lease_until=None)
