"""Recordings as rows, made without a server, for what is shown of them."""

import json
from datetime import timedelta
from typing import Any

from django.utils import timezone

from bbb_xblock.domain import rooms
from bbb_xblock.models import Recording, Room
from tests.builders import Desk

FORMATS = {"presentation": "https://play.example.org/presentation/1", "video": "https://play.example.org/video/1"}


def room_of(desk: Desk) -> Room:
    """Give the room in front of somebody."""
    return rooms.of(desk.visit().placement)


def recording(room: Room, number: int = 1, *, formats: dict[str, str] | None = None, **details: Any) -> Recording:
    """Make the row of a recording that can be played, unless its details say otherwise."""
    began = timezone.now() - timedelta(days=2)
    written = [
        {"type": kind, "url": url, "minutes": 58, "size": 0}
        for kind, url in (FORMATS if formats is None else formats).items()
    ]
    row = {
        "record_id": f"{number:040x}-1531155809613",
        "server": "main",
        "state": Recording.State.READY,
        "since": began + timedelta(hours=2),
        "is_published": True,
        "name": f"Lecture {number}",
        "started_at": began + timedelta(minutes=number),
        "ended_at": began + timedelta(hours=1),
        "minutes": 58,
        "made_at": began,
        "formats": json.dumps(written),
    }
    return Recording.objects.create(room=room, **row | details)
