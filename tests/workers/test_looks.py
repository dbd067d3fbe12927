"""Looks on a real queue: each has the next one sent, and neither a killed worker nor a lost queue is their end."""

import signal
import time
from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from bbb_xblock.models import Meeting, Presence, Receipt, Room, Sighting
from sandbox.simulator.callbacks import analytics
from tests.builders import ADA, BEN
from tests.register import register
from tests.workers.clock import queue_on
from tests.workers.hurry import looking_every
from tests.workers.school import School
from tests.workers.worker import at_work

pytestmark = [pytest.mark.redis, pytest.mark.database, pytest.mark.django_db(transaction=True)]

A_MINUTE = 60
LOOKS, LOOK_SECONDS = 3, 2


def truth(school: School) -> dict[str, int]:
    """Give for how many seconds people have been in, as the classroom server knows it."""
    people = analytics(school.simulator.meeting(Room.objects.get().meeting_id), school.clock.now())["data"]["attendees"]
    return {person["ext_user_id"]: person["duration"] for person in people}


def known() -> dict[str, int]:
    """Give the same as the site knows it."""
    return dict(Presence.objects.values_list("anonymous_id", "seconds"))


def waiting_in(school: School) -> int:
    """Count what is in the queue, or in the hands of a worker."""
    with redis.Redis.from_url(school.order["broker"]) as client:
        return int(client.llen("celery")) + int(client.hlen("unacked"))


def begin(school: School) -> None:
    """Have Thea and Ada come in, and be looked at for two minutes."""
    school.enter(school.teacher())
    school.enter(school.learner(ADA))
    school.pass_minutes(2)
    assert Sighting.objects.get(anonymous_id=f"{ADA.id:032x}").last_seen_at > timezone.now() - timedelta(minutes=1)


def go_on_and_end(school: School) -> dict[str, int]:
    """Have two more minutes looked at, in which Ada leaves, and end; gives who was in for how long."""
    school.pass_minutes(1)
    school.leave(school.devices[1])
    school.pass_minutes(2)
    told = truth(school)
    school.end()
    return told


def test_a_look_has_the_next_one_sent_after_a_while_and_the_last_one_none(school: School):
    school.use(queue_on(school.order["broker"]))
    with looking_every(LOOK_SECONDS), at_work(school.order | {"look_seconds": LOOK_SECONDS}):
        started = time.monotonic()
        school.enter(school.teacher())
        school.enter(school.learner(ADA))
        school.simulator.forget_calls()
        school.wait_until(lambda: school.clock.noted("done", "look_in") == LOOKS)
        assert time.monotonic() - started >= LOOKS * LOOK_SECONDS
        assert school.simulator.count("getMeetingInfo") == LOOKS
        seen = Sighting.objects.get(anonymous_id=f"{ADA.id:032x}")
        between = (LOOKS - 1) * LOOK_SECONDS
        assert seen.last_seen_at - seen.seen_at >= timedelta(seconds=between - LOOK_SECONDS / 6)
        assert waiting_in(school) == 1
        school.end()
        school.wait_until(lambda: Meeting.objects.get().look_due_at is None)
        school.wait_until(lambda: waiting_in(school) == 0)
    assert Meeting.objects.get().settled_at is not None


def test_after_a_worker_was_killed_the_next_one_looks_when_a_page_asks_and_nobody_is_lost(school: School):
    with at_work(school.order) as worker:
        begin(school)
        worker.kill()
        assert worker.wait() == -signal.SIGKILL
    school.enter(school.learner(BEN))
    school.pass_minutes(4, looked=False)
    school.learner(ADA).status()
    school.simulator.treat_callbacks("analytics", dropped=True)
    with at_work(school.order):
        told = go_on_and_end(school)
        school.wait_until(lambda: school.record(BEN)[0] and school.record(ADA)[0])
    assert known() == pytest.approx(told, abs=A_MINUTE)


def test_a_worker_that_starts_goes_on_with_the_looks_of_one_that_was_killed_though_nobody_asks(school: School):
    with at_work(school.order) as worker:
        begin(school)
        worker.kill()
        worker.wait()
    with at_work(school.order):
        # That they are lost is certain after a while only.
        school.pass_minutes(4, looked=False)
        school.pass_minutes(1)
        school.leave(school.devices[1])
        school.pass_minutes(3)
    left = Sighting.objects.get(anonymous_id=f"{ADA.id:032x}").missed_at
    assert left is not None
    assert timezone.now() - left > timedelta(minutes=1)


def test_what_was_told_while_there_was_no_worker_is_done_by_the_next(school: School):
    with at_work(school.order) as worker:
        begin(school)
        worker.kill()
        worker.wait()
    told = truth(school)
    school.end()
    school.tell()
    assert Receipt.objects.filter(worked_at=None).count() == 2
    assert known() == {}
    with at_work(school.order):
        school.wait_until(lambda: school.record(ADA) == (1.0, True))
        school.wait_until(lambda: not Receipt.objects.filter(worked_at=None).exists())
    assert known() == pytest.approx(told, abs=A_MINUTE)


# A worker that loses Redis may end, as kombu 5.7 does then; where the platform runs, it is started again.
def test_looks_go_on_after_the_queue_was_gone_and_lost_all_it_had(school: School):
    with at_work(school.order):
        begin(school)
        school.stop_queue()
        school.enter(school.learner(BEN))
        school.pass_minutes(4, looked=False)
        school.start_queue()
        school.learner(ADA).status()
        school.simulator.treat_callbacks("analytics", dropped=True)
        with at_work(school.order):
            told = go_on_and_end(school)
            school.wait_until(lambda: school.record(BEN)[0] and school.record(ADA)[0])
    assert known() == pytest.approx(told, abs=A_MINUTE)


def test_an_end_that_was_told_while_the_queue_was_gone_counts_when_the_register_is_opened(school: School):
    with at_work(school.order):
        begin(school)
        told = truth(school)
        school.stop_queue()
        school.end()
        school.tell()
        school.start_queue()
        assert school.record(ADA) == (0.0, False)
        with at_work(school.order):
            register(school.teacher())
            school.wait_until(lambda: school.record(ADA) == (1.0, True))
    assert known() == pytest.approx(told, abs=A_MINUTE)
