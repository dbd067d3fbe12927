"""Whoever looks at a meeting dies, or the queue of looks is gone: people come in, and looks go on with the next."""

import signal
from datetime import timedelta

import pytest
from celery import Celery, current_app
from django.db import connection
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.domain import looks
from bbb_xblock.models import Meeting, Room
from tests.builders import BEN, learner, teacher
from tests.faults.worker import at_work

# That somebody completes the block by joining is a task as well.
NO_COMPLETION = {"completed_by": "never"}

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def running(transactional_db, platform, simulator) -> Meeting:
    """A meeting that is to be looked at now."""
    assert teacher(platform).click_join().status_code == 302
    Meeting.objects.update(look_due_at=timezone.now())
    return Meeting.objects.get()


@pytest.fixture
def queued(running):
    """Counts the looks that were ever put into a queue; tasks go there as on a real site."""
    eager = current_app._get_current_object()
    app = Celery("looking", broker="memory://", set_as_current=False)
    app.set_current()
    with app.connection() as connected:
        waiting = connected.SimpleQueue("celery")
        waiting.clear()
        names: list[str] = []

        def looks_sent() -> int:
            names.extend(waiting.get(block=False).headers["task"] for _ in range(waiting.qsize()))
            return names.count("bbb_xblock.tasks.look_in")

        yield looks_sent
        waiting.clear()
    eager.set_current()


def test_when_a_worker_is_killed_while_it_looks_the_next_who_comes_has_another_look(
    platform, simulator, namespace, running, queued, wait_until, walk_in
):
    simulator.fault("getMeetingInfo", "slow", seconds=60)
    asked = simulator.count("getMeetingInfo")
    orders = {"database": str(connection.settings_dict["NAME"]), "settings": namespace}
    Room.objects.update(asked_at=None)
    with at_work(work="look", meeting=running.pk, **orders) as worker:
        wait_until(lambda: simulator.count("getMeetingInfo") > asked)
        worker.kill()
        assert worker.wait() == -signal.SIGKILL
    assert queued() == 0
    simulator.clear_faults()
    with freeze_time() as clock:
        assert walk_in(learner(platform, fields=NO_COMPLETION)) == "in"
        assert queued() == 0
        clock.tick(looks.LOST + timedelta(seconds=looks.LOOK_SECONDS + 1))
        assert walk_in(learner(platform, BEN, fields=NO_COMPLETION)) == "in"
        assert queued() == 1
        clock.tick(looks.LOOK_SECONDS)
        looks.look(running.pk)
        assert queued() == 2


def test_a_look_that_comes_twice_from_the_queue_is_one(running, queued):
    for _ in range(3):
        looks.look(running.pk)
    assert queued() == 1


def test_a_queue_that_is_gone_keeps_nobody_out(platform, running, walk_in, caplog):
    eager = current_app._get_current_object()
    Celery("nowhere", broker="redis://127.0.0.1:9/0", set_as_current=False).set_current()
    try:
        Meeting.objects.update(look_due_at=None)
        assert [walk_in(desk) for desk in (learner(platform), learner(platform, BEN))] == ["in", "in"]
    finally:
        eager.set_current()
    assert caplog.text.count("is not looked at for now") == 1
