"""What BigBlueButton tells a site, signed by hand, and the rows that it is about."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.urls import resolve
from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.bbb import Client, CreateMeeting
from bbb_xblock.domain import callbacks, receipts
from bbb_xblock.models import Meeting, Receipt, Room
from sandbox.simulator import Simulator
from tests.bbb.tokens import expiring, token
from tests.builders import COURSE
from tests.classroom import SECRET

INTERNAL = "640ab2bae07bedc4c163f679a746f7ab7fb5d1fa-1531155809613"
NAME = "Ada Example"


def make_room(meeting_id: str = "oex-1") -> Room:
    """Make a room in which no meeting has been yet."""
    return Room.objects.create(meeting_id=meeting_id, usage_key=f"block-{meeting_id}", course_key=COURSE)


def hold_lease(room: Room) -> None:
    """Have somebody be about to make the meeting of a room."""
    Room.objects.filter(pk=room.pk).update(lease_holder="somebody", lease_until=timezone.now() + timedelta(seconds=30))


def make_meeting(room: Room, internal_id: str = INTERNAL, server: str = "main") -> Meeting:
    """Make the meeting that is believed to live in a room."""
    now = timezone.now()
    room.current = Meeting.objects.create(
        room=room, internal_id=internal_id, create_time="1531155809613", server=server, started_at=now
    )
    room.participants, room.confirmed_at = 2, now
    room.save()
    return room.current


def notice(meeting_id: str = "oex-1", record_id: str = INTERNAL, secret: str = SECRET, hashed: str = "HS256") -> str:
    """Sign the notice of a recording."""
    return token({"meeting_id": meeting_id, "record_id": record_id}, hashed, secret)


def bearer(secret: str = SECRET, hashed: str = "HS512", scheme: str = "Bearer") -> str:
    """Make the header that comes with analytics."""
    return f"{scheme} {token(expiring(86400), hashed, secret)}"


def report(meeting_id: str = "oex-1", internal_id: str = INTERNAL, **more: Any) -> bytes:
    """Write analytics of a meeting with one person in it."""
    people = [{"ext_user_id": "u-1", "name": NAME, "duration": 60}]
    ids = {"meeting_id": meeting_id, "internal_meeting_id": internal_id}
    return json.dumps({"version": "1.0", **ids, "data": {"attendees": people}, **more}).encode()


@contextmanager
def serving_main(settings: Any) -> Iterator[Simulator]:
    """Run a simulated server that the site knows as ``main``; at the address of ``second`` there is nobody."""
    server = Simulator(secret=SECRET)
    with server.serve(port=0):
        main, second = {"URL": server.url, "SECRET": SECRET}, {"URL": "http://127.0.0.1:9/", "SECRET": "another"}
        settings.XBLOCK_SETTINGS = {
            "bbb": {"SERVERS": {"main": main, "second": second}, "SERVER": ["main", "second"]},
        }
        yield server


def client_of_main() -> Client:
    """Give a client of the server ``main``."""
    return Client(config.endpoint("main"))


def make_live_meeting(room: Room) -> Meeting:
    """Have the meeting of a room live on the simulated server, and believed to."""
    made = client_of_main().create(CreateMeeting(meeting_id=room.meeting_id, name="Physics"))
    return make_meeting(room, made.internal_meeting_id)


def end_token(room: Room, server: str = "main") -> str:
    """Give the token in the address that tells the end of a meeting about to be made."""
    return str(resolve(urlsplit(callbacks.ended_url(room.meeting_id, server)).path).kwargs["token"])


def told_the_end(room: Room, server: str = "main") -> Receipt:
    """Have the end of a meeting told."""
    return receipts.keep_end(end_token(room, server))


def is_waiting(receipt: Receipt) -> bool:
    """Say whether a receipt has still to be worked on."""
    return Receipt.objects.get(pk=receipt.pk).worked_at is None
