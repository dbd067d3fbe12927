"""Rows of recordings, and meetings that are recorded on the simulated server."""

import hashlib
import itertools
import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from bbb_xblock.models import Meeting, Recording, Room
from sandbox.simulator import Simulator
from tests.classroom import PLAYBACK_HOST

_numbers = itertools.count(1)
ADDRESS = f"https://{PLAYBACK_HOST}/presentation/2.3/"


def formats(*types: str, minutes: int = 50, size: int = 1_000_000) -> str:
    """Write the formats of a recording, as its row holds them."""
    return json.dumps([{"type": each, "url": f"{ADDRESS}{each}", "minutes": minutes, "size": size} for each in types])


def record_id_of(meeting_id: str) -> str:
    """Make the id of a recording as BigBlueButton does: that of a meeting of the room, and always another."""
    digest = hashlib.sha1(meeting_id.encode(), usedforsecurity=False).hexdigest()
    return f"{digest}-{1531155809613 + next(_numbers)}"


def make_recording(room: Room, days_ago: float = 0, **columns: Any) -> Recording:
    """Make the row of a published recording of a meeting that ended so many days ago; ``columns`` replace its own.

    A row of its meeting is made too, unless there is one with that id.
    """
    ended_at: datetime = timezone.now() - timedelta(days=days_ago)
    started_at = ended_at - timedelta(minutes=50)
    record_id, server = columns.pop("record_id", record_id_of(room.meeting_id)), columns.pop("server", "main")
    Meeting.objects.get_or_create(
        internal_id=record_id,
        defaults={
            "room": room,
            "server": server,
            "create_time": "1531155809613",
            "started_at": started_at,
            "ended_at": ended_at,
            "is_recordable": True,
        },
    )
    own: dict[str, Any] = {
        "state": Recording.State.READY,
        "since": ended_at,
        "is_published": True,
        "name": "Physics",
        "started_at": started_at,
        "ended_at": ended_at,
        "minutes": 50,
        "participants": 3,
        "size": 2_000_000,
        "formats": formats("presentation", "video"),
        "made_at": ended_at,
        "asked_at": ended_at,
        "seen_at": ended_at,
    }
    return Recording.objects.create(room=room, record_id=record_id, server=server, **(own | columns))


def record(simulator: Simulator, room: Room) -> None:
    """Have somebody come into the room's meeting on the simulated server, and record it."""
    simulator.add_participants(room.meeting_id, 1)
    simulator.world.switch_recording(simulator.meeting(room.meeting_id), True)


def publish(simulator: Simulator, meeting_id: str, record_id: str) -> Any:
    """Have the simulated server list a published recording with this id."""
    recording = simulator.add_recording(meeting_id)
    recording.record_id = record_id
    return recording
