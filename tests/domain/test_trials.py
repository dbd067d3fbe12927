"""A meeting made to try a server out: it has no room, and its end is kept all the same."""

import pytest
from django.test import Client
from django.urls import resolve
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain import receipts, rules, trials
from bbb_xblock.domain.callbacks import NotOurs
from bbb_xblock.models import Receipt, Room
from tests.callbacks import end_token, make_room

pytestmark = pytest.mark.django_db


def token_of(url: str) -> str:
    return str(resolve(url.removeprefix("https://lms.example.org")).kwargs["token"])


def test_each_trial_is_another_meeting_that_is_never_recorded():
    first, second = trials.options("main"), trials.options("main")
    assert first.meeting_id != second.meeting_id
    assert (first.record, first.meeting_expire_if_no_user_joined_in_minutes) == (False, 1)


@given(site=st.text(), usage_key=st.text(), group=st.text(), chance=st.text())
def test_no_room_is_ever_taken_for_a_trial(site, usage_key, group, chance):
    assert not rules.is_trial(rules.meeting_id(site=site, usage_key=usage_key, group=group))
    assert rules.is_trial(rules.trial_id(chance))


def test_the_end_of_a_trial_arrives_at_the_address_of_every_end():
    wanted = trials.options("main")
    assert not trials.has_told_its_end(wanted.meeting_id)
    assert Client().get(f"/bbb/ended/{token_of(wanted.meeting_ended_url)}").status_code == 200
    assert trials.has_told_its_end(wanted.meeting_id)
    assert not trials.has_told_its_end(trials.options("main").meeting_id)
    assert not Room.objects.exists()


def test_there_is_nothing_to_do_for_it():
    receipt = receipts.keep_end(token_of(trials.options("main").meeting_ended_url))
    assert receipts.work_on(receipt.pk)


def test_without_a_token_of_ours_nothing_is_kept():
    with pytest.raises(NotOurs):
        receipts.keep_end(trials.options("main").meeting_id)
    assert not Receipt.objects.exists()


def test_the_end_in_a_room_that_is_gone_is_none_of_ours():
    room = make_room()
    token = end_token(room)
    room.delete()
    with pytest.raises(NotOurs):
        receipts.keep_end(token)


def test_where_the_lms_has_no_address_no_call_back_is_asked_for(settings):
    settings.LMS_ROOT_URL = ""
    assert trials.options("main").meeting_ended_url is None


def test_old_trials_are_cleared_away_and_nothing_else_is():
    with freeze_time() as clock:
        receipts.keep_end(token_of(trials.options("main").meeting_ended_url))
        receipts.keep_end(end_token(make_room()))
        clock.tick(2 * 86400)
        young = receipts.keep_end(token_of(trials.options("main").meeting_ended_url))
        clock.tick(86400 - 1)
        trials.clear_away()
    assert set(Receipt.objects.values_list("meeting_id", flat=True)) == {"oex-1", young.meeting_id}
