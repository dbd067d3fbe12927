"""A worker is killed while it holds something: nobody has to wait for long, and nothing is lost."""

import signal

import pytest
from django.db import connection
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock import bbb, config
from bbb_xblock.domain import receipts
from bbb_xblock.models import Meeting, Receipt, Room
from tests.builders import learner, teacher
from tests.callbacks import is_waiting, told_the_end
from tests.faults.worker import at_work

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order(transactional_db, platform, simulator, namespace):
    """What every worker is told: which database, and where BigBlueButton is."""
    namespace["LEASE_SECONDS"] = 5
    return {"database": str(connection.settings_dict["NAME"]), "settings": namespace}


def test_when_a_worker_is_killed_while_it_makes_the_room_the_next_click_after_the_lease_makes_it(
    platform, simulator, order, wait_until, walk_in
):
    simulator.fault("create", "slow", seconds=60)
    with at_work(work="join", **order) as worker:
        wait_until(lambda: simulator.count("create"))
        assert learner(platform).click_join().status_code == 202
        worker.kill()
        assert worker.wait() == -signal.SIGKILL
    left_behind = Room.objects.get()
    assert left_behind.lease_until is not None
    assert left_behind.current is None
    with freeze_time() as clock:
        clock.tick(4)
        assert learner(platform).click_join().status_code == 202
        clock.tick(left_behind.lease_until - timezone.now())
        assert [walk_in(desk) for desk in (learner(platform), teacher(platform))] == ["in", "in"]
    assert Meeting.objects.count() == 1
    assert Room.objects.get().lease_until is None


def test_when_a_worker_is_killed_over_a_receipt_another_finishes_it(platform, simulator, order, wait_until):
    teacher(platform).click_join()
    bbb.Client(config.endpoint("main")).end(Room.objects.get().meeting_id)
    receipt = told_the_end(Room.objects.get())
    simulator.forget_calls()
    simulator.fault("getMeetingInfo", "slow", seconds=60)
    with at_work(work="receipt", receipt=receipt.pk, **order) as worker:
        wait_until(lambda: simulator.count("getMeetingInfo"))
        worker.kill()
        assert worker.wait() == -signal.SIGKILL
    assert Receipt.objects.get().claimed_until is not None
    with freeze_time() as clock:
        clock.tick(receipts.CLAIM_SECONDS)
        assert is_waiting(receipt)
        clock.tick(receipts.FORGOTTEN_SECONDS)
        assert receipts.work_on_waiting(5) == 1
    assert not is_waiting(receipt)
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK
