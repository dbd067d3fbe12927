"""Everything that is kept of one person, for that person to read. It asks nobody but the database."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db.models import Q

from bbb_xblock import bbb
from bbb_xblock.domain.retention import holds, ids_of
from bbb_xblock.models import (
    Adoption,
    ChosenName,
    Correction,
    Join,
    Outcome,
    Presence,
    Receipt,
    Room,
    Sighting,
    Viewing,
)

Rows = Sequence[Mapping[str, Any]]

_OF_MEETING = ("meeting__room__course_key", "meeting__room__usage_key", "meeting__room__group", "meeting__internal_id")
_OF_RECORDING = ("recording__room__course_key", "recording__room__usage_key", "recording__record_id")


def kept_of(user_id: int, anonymous_ids: Collection[str] = ()) -> dict[str, Rows]:
    """Give everything that is kept of a user, kind by kind, ready to be written as JSON but for moments.

    ``anonymous_ids`` are those the platform knows of. Of other people, those for instance whose attendance this one
    corrected, nothing is told.
    """
    ids = ids_of(user_id, anonymous_ids)
    return {name: kept(user_id, ids) for name, kept in _KINDS.items()}


def _joins(user_id: int, ids: frozenset[str]) -> Rows:
    return list(Join.objects.filter(user_id=user_id).values(*_OF_MEETING, "role", "is_team", "asked_at", "joined_at"))


def _sightings(user_id: int, ids: frozenset[str]) -> Rows:
    seen = Sighting.objects.filter(anonymous_id__in=ids)
    return list(seen.values(*_OF_MEETING, "seen_at", "last_seen_at", "missed_at"))


def _presences(user_id: int, ids: frozenset[str]) -> Rows:
    told = ("is_team", "led", "first_in", "last_out", "seconds", "spans", "engagement")
    rows = Presence.objects.filter(user_id=user_id).values(*_OF_MEETING, *told)
    return [
        row | {"spans": json.loads(row["spans"]), "engagement": json.loads(row["engagement"] or "null")} for row in rows
    ]


def _corrections(user_id: int, ids: frozenset[str]) -> Rows:
    rows = Correction.objects.filter(user_id=user_id)
    return list(rows.values(*_OF_MEETING, "standing", "reason", "made_at", "undone_at"))


def _corrected(user_id: int, ids: frozenset[str]) -> Rows:
    """Give when this person corrected others or undid that, without what somebody else did of it."""
    rows = Correction.objects.filter(Q(by_user_id=user_id) | Q(undone_by=user_id)).values(
        *_OF_MEETING, "by_user_id", "made_at", "undone_by", "undone_at"
    )
    return [
        {name: row[name] for name in _OF_MEETING}
        | {"made_at": row["made_at"] if row["by_user_id"] == user_id else None}
        | {"undone_at": row["undone_at"] if row["undone_by"] == user_id else None}
        for row in rows
    ]


def _outcomes(user_id: int, ids: frozenset[str]) -> Rows:
    told = ("value", "since", "is_overridden", "is_partly_forgotten", "is_complete", "told_at")
    return list(Outcome.objects.filter(user_id=user_id).values("room__course_key", "room__usage_key", *told))


def _names(user_id: int, ids: frozenset[str]) -> Rows:
    return list(ChosenName.objects.filter(user_id=user_id).values("course_key", "name", "chosen_at"))


def _viewings(user_id: int, ids: frozenset[str]) -> Rows:
    return list(Viewing.objects.filter(user_id=user_id).values(*_OF_RECORDING, "format", "viewed_at"))


def _adoptions(user_id: int, ids: frozenset[str]) -> Rows:
    return list(Adoption.objects.filter(user_id=user_id).values(*_OF_RECORDING, "room__usage_key", "adopted_at"))


def _rooms(user_id: int, ids: frozenset[str]) -> Rows:
    # Somebody without an anonymous id is nowhere.
    rooms = Room.objects.filter(holds("present", ids)).values("course_key", "usage_key", "group", "present")
    return [{**room, "present": True} for room in rooms if ids & set(json.loads(room["present"]))]


def _reports(user_id: int, ids: frozenset[str]) -> Rows:
    found = Receipt.objects.filter(holds("body", ids), kind=Receipt.Kind.ANALYTICS).order_by("pk")
    return [
        {"meeting_id": receipt.meeting_id, "received_at": receipt.received_at, "entries": entries}
        for receipt in found.iterator(chunk_size=1)
        if (entries := bbb.entries_of(receipt.body, ids))
    ]


_KINDS: dict[str, Callable[[int, frozenset[str]], Rows]] = {
    "joins": _joins,
    "names": _names,
    "presences": _presences,
    "sightings": _sightings,
    "corrections": _corrections,
    "corrections_made": _corrected,
    "outcomes": _outcomes,
    "viewings": _viewings,
    "adoptions": _adoptions,
    "rooms": _rooms,
    "reports": _reports,
}
