"""An open page has its room's recordings asked for when it is time: by a task, once for all pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bbb_xblock import tasks
from bbb_xblock.models import Recording, Room
from tests.builders import BEN, learner, teacher
from tests.recorded import make_recording, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(platform, simulator) -> Room:
    """The room of a block, with a recording that is being made, and done on its server."""
    teacher(platform).click_join()
    made = Room.objects.get()
    row = make_recording(made, state=Recording.State.PROCESSING, is_published=False, formats="[]")
    publish(simulator, made.meeting_id, row.record_id)
    Room.objects.update(recordings_due_at=timezone.now())
    simulator.forget_calls()
    return made


@pytest.mark.parametrize("who", [learner, teacher])
def test_a_page_that_is_open_when_it_is_time_has_a_task_ask(
    room, platform, simulator, who, django_capture_on_commit_callbacks
):
    desk = who(platform)
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.status().status_code == 200
    assert simulator.count("getRecordings") > 0
    assert Recording.objects.get().state == Recording.State.READY


def test_of_many_pages_one_has_it_done(room, platform, monkeypatch):
    """The others do not even put anything into the queue."""
    queued = []
    monkeypatch.setattr(tasks, "queue_look_again", queued.append)
    for desk in (learner(platform), learner(platform, BEN), learner(platform)):
        assert desk.status().status_code == 200
    assert queued == [room.pk]


def test_before_it_is_time_nobody_asks(room, platform, simulator, django_capture_on_commit_callbacks):
    Room.objects.update(recordings_due_at=timezone.now() + timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        learner(platform).status()
        teacher(platform).status()
    assert simulator.count("getRecordings") == 0


def test_looking_at_a_page_has_nobody_ask(room, platform, simulator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        learner(platform).page()
        teacher(platform).page()
    assert simulator.count() == 0
