"""A receipt that fails each time is parked, so that it keeps nothing else from being done, and is not lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bbb_xblock.domain import receipts, retention
from bbb_xblock.domain.receipts import FORGOTTEN_SECONDS, WORTHLESS_SECONDS
from bbb_xblock.models import MOST_TRIES, Receipt, Room
from tests.callbacks import is_waiting, make_meeting, make_room, told_the_end

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def receipt() -> Receipt:
    """The end of a meeting that is over already."""
    room = make_room()
    make_meeting(room)
    Room.objects.update(current=None)
    return told_the_end(room)


@pytest.fixture
def poison(receipt, monkeypatch):
    """The receipt fails as long as the value says so; gives the tries that were made."""
    tries, is_done = [], receipts._is_done

    def fail(one: Receipt) -> bool:
        tries.append(one.pk)
        return is_done(one) if one.pk != receipt.pk else 1 / 0

    monkeypatch.setattr(receipts, "_is_done", fail)
    return tries


def fails(receipt: Receipt) -> None:
    with pytest.raises(ZeroDivisionError):
        receipts.work_on(receipt.pk)


def park(receipt: Receipt) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(tries=MOST_TRIES)


def is_long_ago(seconds: float) -> None:
    Receipt.objects.update(received_at=timezone.now() - timedelta(seconds=seconds))


def test_after_some_failures_nobody_tries_any_more_and_it_waits(receipt, poison, caplog):
    for _ in range(MOST_TRIES):
        fails(receipt)
    assert "after another failure it is parked" in caplog.text
    assert receipts.work_on(receipt.pk) is True
    is_long_ago(FORGOTTEN_SECONDS)
    assert receipts.work_on_waiting(5) == 0
    assert len(poison) == MOST_TRIES
    assert is_waiting(receipt)


def test_one_that_is_parked_keeps_no_other_from_being_worked_on(receipt, poison):
    park(receipt)
    room = make_room("oex-2")
    make_meeting(room, "another")
    Room.objects.update(current=None)
    other = told_the_end(room)
    is_long_ago(FORGOTTEN_SECONDS)
    assert receipts.work_on_waiting(5) == 1
    assert not is_waiting(other)


def test_a_server_that_cannot_be_asked_is_no_failure_of_a_receipt(receipt, monkeypatch):
    monkeypatch.setattr(receipts, "_is_done", lambda one: False)
    for _ in range(MOST_TRIES + 2):
        assert receipts.work_on(receipt.pk) is False
    assert Receipt.objects.get().tries == 0


def test_a_receipt_that_is_worked_on_at_last_has_failed_no_more(receipt, poison, monkeypatch):
    for _ in range(MOST_TRIES - 1):
        fails(receipt)
    monkeypatch.setattr(receipts, "_is_done", lambda one: True)
    assert receipts.work_on(receipt.pk) is True
    assert Receipt.objects.get().tries == 0
    assert not is_waiting(receipt)


def test_a_worker_that_dies_over_a_receipt_counts_as_a_failure(receipt, monkeypatch):
    class Killed(BaseException):
        pass

    def die(one: Receipt) -> bool:
        raise Killed

    monkeypatch.setattr(receipts, "_is_done", die)
    with pytest.raises(Killed):
        receipts.work_on(receipt.pk)
    assert Receipt.objects.get().tries == 1


def test_what_fails_is_not_given_up_in_silence(receipt, poison):
    fails(receipt)
    is_long_ago(WORTHLESS_SECONDS + 1)
    with pytest.raises(ZeroDivisionError):
        receipts.work_on_waiting(5)
    park(receipt)
    assert receipts.work_on_waiting(5) == 0
    assert is_waiting(receipt)


def test_somebody_of_staff_may_have_it_tried_again(receipt):
    park(receipt)
    receipts.reopen([receipt.pk])
    assert receipts.work_on(receipt.pk) is True
    assert not is_waiting(receipt)


def test_what_is_parked_is_kept_no_longer_than_what_was_worked_on(receipt, settings):
    settings.XBLOCK_SETTINGS = {"bbb": {"RECEIPT_DAYS": 10}}
    park(receipt)
    is_long_ago(9 * 86400)
    assert retention.forget_old(5) == 0
    is_long_ago(11 * 86400)
    assert retention.forget_old(5) == 1
