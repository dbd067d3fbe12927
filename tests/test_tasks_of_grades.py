"""The tasks of grades and completion: what they cannot do now is done later, and no error is lost."""

import pytest
from celery.exceptions import Retry

from bbb_xblock import grading, tasks
from bbb_xblock.domain.attendance import due
from bbb_xblock.models import Room
from tests.builders import ADA, THEA, learner
from tests.callbacks import make_room
from tests.sessions import enrol, hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    return make_room()


def test_a_grade_that_was_not_taken_is_tried_again_after_longer_and_longer_waits(platform, simulator, with_broker):
    enrol(platform, ADA)
    platform.gradebook.broken_for = {ADA.id}
    room = hold(platform, [(ADA, 0, 60)], fields={"grade_points": 1}).room
    app = with_broker("memory://")
    waits = []
    for repeats in range(tasks.REPEATS):
        tasks.grade_room.push_request(args=[room.pk], kwargs={}, retries=repeats, called_directly=False)
        with pytest.raises(Retry) as again:
            tasks.grade_room.run(room.pk)
        waits.append(again.value.when)
        tasks.grade_room.pop_request()
    assert waits == [30, 60, 120, 240]
    app.control.purge()
    assert due.waiting(1) == [room.pk]
    platform.gradebook.broken_for = set()
    tasks.grade_room.run(room.pk)
    assert platform.gradebook.points(ADA.id) == [1]


def test_telling_all_anew_is_tried_again_if_one_was_not_taken(platform, simulator, with_broker):
    enrol(platform, ADA)
    room = hold(platform, [(ADA, 0, 60)], fields={"grade_points": 1}).room
    platform.gradebook.broken_for = {ADA.id}
    app = with_broker("memory://")
    tasks.regrade_room.push_request(args=[room.pk, THEA.id], kwargs={}, retries=0, called_directly=False)
    with pytest.raises(Retry):
        tasks.regrade_room.run(room.pk, THEA.id)
    tasks.regrade_room.pop_request()
    app.control.purge()
    platform.gradebook.broken_for = set()
    tasks.regrade_room.run(room.pk, THEA.id)
    assert platform.gradebook.points(ADA.id) == [1, 1]


@pytest.mark.parametrize(
    ("run", "what"),
    [
        (lambda pk: tasks.grade_room.run(pk), "grade"),
        (lambda pk: tasks.regrade_room.run(pk, THEA.id), "regrade"),
        (lambda pk: tasks.complete.run(str(pk), ADA.id), "complete"),
    ],
    ids=["grades", "all grades", "completion"],
)
def test_an_error_that_nobody_thought_of_is_logged(room, monkeypatch, caplog, run, what):
    monkeypatch.setattr(grading, what, lambda *arguments: 1 / 0)
    run(room.pk)
    assert "could not be told" in caplog.text and "ZeroDivisionError" in caplog.text


def test_a_room_that_nobody_asked_about_is_left_alone(platform, room):
    tasks.grade_room.run(room.pk)
    tasks.grade_room.run(room.pk + 1)
    assert platform.gradebook.told == []


def test_without_a_broker_grades_and_completion_wait(
    platform, simulator, with_broker, django_capture_on_commit_callbacks, caplog
):
    enrol(platform, ADA)
    with_broker("redis://127.0.0.1:9/0")
    with django_capture_on_commit_callbacks(execute=True):
        assert learner(platform).click_join().status_code == 302
        due.ask(Room.objects.get().pk)
    assert caplog.text.count("waits: the queue of tasks cannot be reached") == 2
    assert due.waiting(1) == [Room.objects.get().pk]
