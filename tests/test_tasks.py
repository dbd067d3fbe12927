"""The tasks: one use case, again after a while if need be, and never an error that nobody looks at."""

import json
from datetime import datetime, timedelta

import pytest
from celery.exceptions import Retry
from celery.signals import worker_ready
from django.db import transaction
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock import tasks
from bbb_xblock.domain import looks, receipts
from bbb_xblock.domain.recordings import sweep
from bbb_xblock.models import Meeting, Receipt, Recording, Room
from tests.callbacks import is_waiting, make_meeting, make_room, serving_main, told_the_end
from tests.recorded import publish, record_id_of
from tests.services.redis_server import running_redis

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return make_room()


@pytest.fixture
def waiting(room, settings) -> Receipt:
    """The end of a meeting on a server that does not answer."""
    settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": {"URL": "http://127.0.0.1:9/", "SECRET": "quiet"}}}}
    make_meeting(room)
    return told_the_end(room)


def test_a_task_works_on_its_receipt(waiting):
    Room.objects.update(current=None)
    tasks.queue(waiting.pk)
    assert not is_waiting(waiting)


def test_a_task_works_on_forgotten_receipts_too(waiting):
    Room.objects.update(current=None)
    with freeze_time() as clock:
        clock.tick(receipts.FORGOTTEN_SECONDS + 1)
        tasks.queue(waiting.pk + 1)
    assert not is_waiting(waiting)


def test_a_task_forgets_what_is_old(waiting):
    Receipt.objects.update(worked_at=timezone.now() - timedelta(days=1000))
    tasks.queue(waiting.pk)
    assert not Receipt.objects.exists()


@pytest.fixture
def unheard(settings, room):
    """A recording that nobody told of, on a simulated server."""
    with serving_main(settings) as server:
        meeting = make_meeting(room, record_id_of(room.meeting_id))
        publish(server, room.meeting_id, meeting.internal_id)
        yield server


def test_a_task_looks_for_recordings_of_a_room(unheard, room):
    assert tasks.queue_look_again(room.pk) is True
    assert Recording.objects.get().state == Recording.State.READY


def test_every_task_looks_for_recordings_whose_turn_it_is(unheard, room):
    for run in (lambda: tasks.queue(1), lambda: tasks.queue_look_again(room.pk + 1)):
        Recording.objects.all().delete()
        Room.objects.update(recordings_due_at=timezone.now())
        run()
        assert Recording.objects.get().state == Recording.State.READY


def test_an_error_in_looking_that_nobody_thought_of_is_logged(room, monkeypatch, caplog):
    monkeypatch.setattr(sweep, "look_again", lambda room: 1 / 0)
    assert tasks.queue_look_again(room.pk) is True
    assert f"the recordings of room {room.pk} could not be looked for" in caplog.text


def test_without_a_broker_it_is_said_that_nobody_looks_now(with_broker, room, caplog):
    with_broker("redis://127.0.0.1:9/0")
    assert tasks.queue_look_again(room.pk) is False
    assert "cannot be reached" in caplog.text


def test_a_queued_task_is_a_name_and_a_number(with_broker, waiting):
    app = with_broker("memory://")
    tasks.queue(waiting.pk)
    with app.connection() as connection:
        message = connection.SimpleQueue("celery").get(block=False)
    assert message.headers["task"] == "bbb_xblock.tasks.work_on_receipt"
    assert json.loads(message.body)[:2] == [[waiting.pk], {}]


def test_what_cannot_be_done_now_is_tried_again_after_longer_and_longer_waits(with_broker, waiting):
    with_broker("memory://")
    waits = []
    for repeats in range(4):
        tasks.work_on_receipt.push_request(args=[waiting.pk], kwargs={}, retries=repeats, called_directly=False)
        with pytest.raises(Retry) as again:
            tasks.work_on_receipt.run(waiting.pk)
        waits.append(again.value.when)
        tasks.work_on_receipt.pop_request()
    assert waits == [30, 60, 120, 240]


def test_what_can_never_be_done_ends_without_an_error_and_waits(waiting, monkeypatch, caplog):
    tries = []
    work_on = receipts.work_on
    monkeypatch.setattr(receipts, "work_on", lambda pk: tries.append(pk) or work_on(pk))
    result = tasks.work_on_receipt.apply(args=[waiting.pk])
    assert len(tries) == 5
    assert result.state != "FAILURE"
    assert is_waiting(waiting)
    assert "ERROR" not in {record.levelname for record in caplog.records}


def test_an_error_that_nobody_thought_of_is_logged_and_the_receipt_waits(waiting, monkeypatch, caplog):
    monkeypatch.setattr(receipts, "_is_done", lambda receipt: 1 / 0)
    tasks.queue(waiting.pk)
    assert is_waiting(waiting)
    assert f"receipt {waiting.pk} could not be worked on" in caplog.text


def test_a_receipt_that_is_gone_or_done_is_no_error(waiting):
    Receipt.objects.update(worked_at=timezone.now())
    assert tasks.work_on_receipt.apply(args=[waiting.pk]).successful()
    assert tasks.work_on_receipt.apply(args=[waiting.pk + 1]).successful()


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:9/0", "amqp://127.0.0.1:9//"])
def test_without_a_broker_a_receipt_waits(with_broker, waiting, broker, caplog):
    with_broker(broker)
    tasks.queue(waiting.pk)
    assert is_waiting(waiting)
    assert "cannot be reached" in caplog.text


@pytest.mark.redis
def test_with_redis_a_worker_gets_the_task_and_without_it_receipts_wait(with_broker, waiting, caplog):
    with running_redis() as url:
        socket = url.removeprefix("unix://").partition("?")[0]
        app = with_broker(f"redis+socket://{socket}")
        tasks.queue(waiting.pk)
        with app.connection() as connection:
            message = connection.SimpleQueue("celery").get(timeout=5)
        assert json.loads(message.body)[0] == [waiting.pk]
        assert "cannot be reached" not in caplog.text
    tasks.queue(waiting.pk)
    assert "cannot be reached" in caplog.text
    assert is_waiting(waiting)


@pytest.fixture
def due_look(room):
    """A meeting that is to be looked at now, on a server that does not answer."""
    meeting = make_meeting(room)
    meeting.look_due_at = timezone.now()
    meeting.save()
    return meeting


@pytest.mark.django_db(transaction=True)
def test_a_look_sends_the_next_one_for_a_minute_later(with_broker, due_look):
    app = with_broker("memory://")
    with app.connection() as connection:
        waiting = connection.SimpleQueue("celery")
        # Other tests left theirs there.
        waiting.clear()
        tasks.look_in.run(due_look.pk)
        message = waiting.get(block=False)
    assert message.headers["task"] == "bbb_xblock.tasks.look_in"
    assert json.loads(message.body)[:2] == [[due_look.pk], {}]
    wait = datetime.fromisoformat(message.headers["eta"]) - timezone.now()
    assert timedelta(seconds=50) < wait <= timedelta(seconds=60)


@pytest.mark.django_db(transaction=True)
def test_a_look_is_sent_only_when_what_asks_for_it_is_stored(with_broker, due_look):
    app = with_broker("memory://")
    with app.connection() as connection:
        waiting = connection.SimpleQueue("celery")
        before = waiting.qsize()
        with transaction.atomic():
            looks.wanted.send(Meeting, meeting_id=due_look.pk)
            assert waiting.qsize() == before
        assert waiting.qsize() == before + 1
        waiting.clear()


@pytest.mark.django_db(transaction=True)
def test_where_tasks_run_at_once_no_look_follows_another(due_look):
    tasks.look_in.delay(due_look.pk)
    assert Meeting.objects.get().look_due_at > due_look.look_due_at


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_there_are_no_looks_for_now(with_broker, due_look, caplog):
    with_broker("redis://127.0.0.1:9/0")
    tasks.look_in.run(due_look.pk)
    assert f"meeting {due_look.pk} is not looked at for now" in caplog.text


def test_an_error_in_a_look_that_nobody_thought_of_is_logged(due_look, monkeypatch, caplog):
    monkeypatch.setattr(looks, "_take_turn", lambda meeting: 1 / 0)
    tasks.look_in.run(due_look.pk)
    assert f"meeting {due_look.pk} could not be looked at" in caplog.text


@pytest.mark.parametrize(
    "run", [lambda: tasks.look_in(1), lambda: tasks.queue(1), tasks.look_in_lost], ids=["look", "receipt", "start"]
)
def test_every_task_takes_up_looks_that_were_lost(room, monkeypatch, run):
    taken_up = []
    monkeypatch.setattr(tasks, "_queue_look", lambda sender, *, meeting_id, **details: None)
    looks.wanted.connect(told := lambda sender, *, meeting_id, **details: taken_up.append(meeting_id), weak=False)
    make_meeting(room)
    Meeting.objects.update(look_due_at=timezone.now() - timedelta(hours=1))
    run()
    looks.wanted.disconnect(told)
    assert taken_up == [Meeting.objects.get().pk]


def test_a_worker_that_starts_has_lost_looks_taken_up_when_it_is_certain_that_they_are(with_broker):
    app = with_broker("memory://")
    with app.connection() as connection:
        queue = connection.SimpleQueue("celery")
        queue.clear()
        worker_ready.send(sender=None)
        message = queue.get(block=False)
    assert message.headers["task"] == "bbb_xblock.tasks.look_in_lost"
    due = datetime.fromisoformat(message.headers["eta"])
    assert abs(due - timezone.now() - looks.LOST) < timedelta(seconds=30)


def test_a_worker_starts_without_a_broker_too(with_broker, caplog):
    with_broker("redis://127.0.0.1:9/0")
    worker_ready.send(sender=None)
    assert "lost looks are not taken up now" in caplog.text


def test_workers_of_studio_leave_lost_looks_to_those_of_the_lms(with_broker, room, settings):
    app = with_broker("memory://")
    settings.ROOT_URLCONF = "cms.urls"
    make_meeting(room)
    Meeting.objects.update(look_due_at=timezone.now() - timedelta(hours=1))
    with app.connection() as connection:
        queue = connection.SimpleQueue("celery")
        queue.clear()
        worker_ready.send(sender=None)
        tasks.look_in(Meeting.objects.get().pk + 1)
        assert queue.qsize() == 0


def test_an_error_in_taking_up_lost_looks_is_logged(monkeypatch, caplog):
    monkeypatch.setattr(looks, "take_up_lost", lambda at_most: 1 / 0)
    tasks.look_in_lost()
    assert "ZeroDivisionError" in caplog.text
