"""What BigBlueButton tells comes five times, in the wrong order, too early, from a stranger, or is far too large."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests
from django.db import connections
from django.test import Client
from freezegun import freeze_time

from bbb_xblock import bbb, config
from bbb_xblock.domain import receipts
from bbb_xblock.models import Meeting, Receipt, Recording, Room
from tests.builders import learner, teacher
from tests.callbacks import bearer, end_token, notice, report
from tests.recorded import publish

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

MEGABYTE = 1024 * 1024
FORM = "application/x-www-form-urlencoded"


def callbacks(room: Room, secret: str | None = None) -> list[Callable[[], int]]:
    """Make the three ways in which BigBlueButton tells something of a room; with another secret, a stranger's."""
    ids, more = (room.meeting_id, room.current.internal_id), {"secret": secret} if secret else {}
    end = f"/bbb/ended/{end_token(room) if not secret else 'made:up:token'}"
    form, body, signed = f"signed_parameters={notice(*ids, **more)}", report(*ids), {"Authorization": bearer(**more)}
    client = Client()
    return [
        lambda: client.get(end).status_code,
        lambda: client.post("/bbb/recording-ready/main", form, FORM).status_code,
        lambda: client.post("/bbb/analytics/main", body, "application/json", headers=signed).status_code,
    ]


def end_quietly(room: Room) -> None:
    """End the meeting in BigBlueButton, by somebody who does not tell us."""
    bbb.Client(config.endpoint("main")).end(room.meeting_id)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_five_times_in_any_order_is_once(transactional_db, platform, simulator, order):
    teacher(platform, fields={"record": True}).click_join()
    room = Room.objects.get()
    recorded = urlsplit(simulator.meeting(room.meeting_id).metadata["endcallbackurl"]).path
    told = [*callbacks(room), lambda: Client().get(recorded, {"recordingmarks": "true"}).status_code]
    end_quietly(room)
    publish(simulator, room.meeting_id, room.current.internal_id)
    assert {told[which]() for _ in range(5) for which in order} == {200}
    kinds = sorted(Receipt.objects.values_list("kind", flat=True))
    assert kinds == ["analytics", "meeting_ended", "meeting_recorded", "recording_ready"]
    assert not Receipt.objects.filter(worked_at=None).exists()
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK
    assert Recording.objects.get().state == Recording.State.READY


def test_the_end_told_before_create_is_answered_is_taken_in_afterwards(
    transactional_db, live_server, settings, platform, simulator, wait_until, walk_in
):
    settings.LMS_ROOT_URL = live_server.url
    # The meeting is made at once, and the answer is long on its way.
    simulator.fault("create", "drip", seconds=1)

    def start() -> int:
        try:
            return teacher(platform).click_join().status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(start)
        wait_until(lambda: simulator.world.meetings)
        room = Room.objects.get()
        assert room.current is None
        end_quietly(room)
        assert {delivery.status for delivery in simulator.deliver_callbacks()} == {200}
        assert not starting.done()
        assert starting.result() == 302
    assert Receipt.objects.filter(worked_at=None).get().kind == Receipt.Kind.MEETING_ENDED
    with freeze_time() as clock:
        clock.tick(receipts.FORGOTTEN_SECONDS + 1)
        assert receipts.work_on_waiting(5) == 1
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK
    assert walk_in(learner(platform)) == "in"


def test_a_stranger_changes_nothing_and_keeps_nobody_from_telling(transactional_db, platform, simulator):
    teacher(platform).click_join()
    room = Room.objects.get()
    simulator.forget_calls()
    for _ in range(5):
        assert [tell() for tell in callbacks(room, secret="a-stranger-s")] == [401, 401, 401]
    assert not Receipt.objects.exists()
    assert simulator.count() == 0
    assert [tell() for tell in callbacks(room)] == [200, 200, 200]


@pytest.mark.parametrize("path", ["recording-ready", "analytics"])
def test_fifty_megabytes_are_refused_and_the_next_callback_is_taken(transactional_db, live_server, platform, path):
    teacher(platform).click_join()
    room = Room.objects.get()
    address = f"{live_server.url}/bbb/{path}/main"
    sent = requests.post(address, b"x" * 50 * MEGABYTE, headers={"Authorization": bearer()}, timeout=60)
    assert sent.status_code == 413
    assert urlsplit(sent.url).path == f"/bbb/{path}/main"
    assert not Receipt.objects.exists()
    assert [tell() for tell in callbacks(room)] == [200, 200, 200]
