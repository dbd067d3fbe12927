"""Who was in a meeting follows from what is known of it: clicks, looks, analytics, or what there is of them."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.domain import receipts
from bbb_xblock.domain.attendance import sightings
from bbb_xblock.domain.attendance.settling import FOR_GOOD, settle
from bbb_xblock.models import Join, Meeting, Presence, Sighting
from tests.callbacks import INTERNAL, make_meeting, report

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
ADA, BEN, THEA = "a" * 32, "b" * 32, "c" * 32
USERS = {ADA: 11, BEN: 12, THEA: 13}


@pytest.fixture
def begun(room):
    """A meeting that began an hour ago by the clocks of everybody."""
    meeting = make_meeting(room)
    began = timezone.now().replace(microsecond=0) - 60 * MINUTE
    Meeting.objects.filter(pk=meeting.pk).update(started_at=began, create_time=str(int(began.timestamp() * 1000)))
    meeting.refresh_from_db()
    return meeting


def at(meeting: Meeting, minutes: float) -> datetime:
    return meeting.started_at + minutes * MINUTE


def joined(meeting: Meeting, who: str, *minutes: float, is_team: bool = False) -> None:
    for minute in minutes:
        Join.objects.create(
            meeting=meeting,
            user_id=USERS[who],
            anonymous_id=who,
            role="MODERATOR" if is_team else "VIEWER",
            is_team=is_team,
            joined_at=at(meeting, minute),
        )


def ended(meeting: Meeting, minutes: float, why: str = Meeting.Ending.CALLBACK) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(ended_at=at(meeting, minutes), why_ended=why)


def looked(meeting: Meeting, minutes: float, *who: str) -> None:
    with freeze_time(at(meeting, minutes)):
        sightings.take_in(meeting, who)


def reported(
    meeting: Meeting,
    people: dict[str, list[tuple[float, float]]],
    *,
    clock: timedelta = timedelta(),
    finish: float | None = None,
) -> bytes:
    """Write the analytics of a meeting: who was in from which minute to which, by a clock that may be wrong."""

    def moment(minutes: float) -> str:
        return (at(meeting, minutes) + clock).isoformat()

    attendees = [
        {
            "ext_user_id": who,
            "name": "Somebody",
            "joins": [moment(begin) for begin, _ in visits],
            "leaves": [moment(end) for _, end in visits],
            "engagement": {"chats": 2},
        }
        for who, visits in people.items()
    ]
    data = {"attendees": attendees, "finish": None if finish is None else moment(finish)}
    return report(meeting.room.meeting_id, INTERNAL, data=data)


def minutes_of(meeting: Meeting) -> dict[str, float]:
    settle(meeting.pk)
    return {one.anonymous_id: one.seconds / 60 for one in Presence.objects.filter(meeting=meeting)}


def test_a_report_says_exactly_who_was_in_and_a_click_that_led_nowhere_counts_nothing(begun):
    joined(begun, ADA, 0)
    joined(begun, BEN, 5)
    ended(begun, 60)
    receipts.keep_analytics("main", reported(begun, {ADA: [(1, 20), (30, 41)]}))
    assert minutes_of(begun) == {ADA: 30}
    assert json.loads(Presence.objects.get().engagement)["chats"] == 2


def test_without_a_report_clicks_and_looks_say_the_same_a_little_coarser(begun):
    joined(begun, ADA, 0)
    for minute in (1, 2, 3):
        looked(begun, minute, ADA)
    joined(begun, BEN, 3)
    looked(begun, 4)
    ended(begun, 60)
    assert minutes_of(begun) == {ADA: 3.5, BEN: 0.5}
    assert not Presence.objects.exclude(engagement="").exists()


def test_with_clicks_alone_people_stayed_until_the_end(begun):
    joined(begun, ADA, 10)
    ended(begun, 60)
    assert minutes_of(begun) == {ADA: 50}


def test_a_meeting_that_was_found_gone_days_later_did_not_last_for_days(begun):
    joined(begun, ADA, 10)
    looked(begun, 30, ADA)
    ended(begun, 60 * 24 * 3, Meeting.Ending.GONE)
    assert minutes_of(begun) == {ADA: 30}


@pytest.mark.parametrize("clock", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_server_whose_clock_is_an_hour_off_reports_the_same(begun, clock):
    server_time = int((begun.started_at + clock).timestamp() * 1000)
    Meeting.objects.filter(pk=begun.pk).update(create_time=str(server_time))
    joined(begun, ADA, 1)
    ended(begun, 60)
    receipts.keep_analytics("main", reported(begun, {ADA: [(1, 31)]}, clock=clock))
    assert minutes_of(begun) == {ADA: 30}
    known = Presence.objects.get()
    assert abs(known.first_in - at(begun, 1)) <= MINUTE


def test_of_two_reports_the_fuller_one_counts(begun):
    joined(begun, ADA, 0)
    joined(begun, BEN, 0)
    ended(begun, 60)
    for people in ({ADA: [(0, 60)], BEN: [(0, 30)]}, {ADA: [(0, 10)]}):
        receipts.keep_analytics("main", reported(begun, people))
    assert minutes_of(begun) == {ADA: 60, BEN: 30}


def test_a_report_that_is_not_kept_any_more_is_not_forgotten(begun):
    joined(begun, ADA, 0)
    ended(begun, 60)
    receipt = receipts.keep_analytics("main", reported(begun, {ADA: [(0, 20)]}))
    before = minutes_of(begun)
    receipt.delete()
    assert minutes_of(begun) == before == {ADA: 20}


def test_neither_is_one_that_did_not_name_whoever_came_first(begun):
    joined(begun, ADA, 0)
    for minute in (1, 2):
        looked(begun, minute, ADA)
    joined(begun, BEN, 5)
    ended(begun, 60)
    receipt = receipts.keep_analytics("main", reported(begun, {BEN: [(5, 20)]}))
    before = minutes_of(begun)
    receipt.delete()
    assert minutes_of(begun) == before
    assert before[BEN] == 15


def test_people_whom_this_site_did_not_let_in_are_nobodys(begun):
    joined(begun, ADA, 0)
    ended(begun, 60)
    receipts.keep_analytics("main", reported(begun, {ADA: [(0, 60)], "w_abcdefghijkl": [(0, 60)]}))
    assert minutes_of(begun) == {ADA: 60}


def test_a_meeting_that_goes_on_counts_until_now(begun):
    joined(begun, ADA, 0)
    with freeze_time(at(begun, 30)):
        assert minutes_of(begun) == {ADA: 30}


def test_whoever_was_seen_and_is_forgotten_is_nobodys(begun):
    Sighting.objects.create(meeting=begun, anonymous_id=ADA, seen_at=at(begun, 0), last_seen_at=at(begun, 30))
    ended(begun, 60)
    assert minutes_of(begun) == {}


def test_settling_again_changes_nothing(begun):
    joined(begun, ADA, 0)
    joined(begun, THEA, 0, is_team=True)
    ended(begun, 60)
    once = minutes_of(begun)
    assert minutes_of(begun) == once == {ADA: 60, THEA: 60}
    assert Presence.objects.get(is_team=True).user_id == USERS[THEA]


def test_who_comes_back_as_a_learner_was_there_as_course_team_all_the_same(begun):
    joined(begun, THEA, 0, is_team=True)
    joined(begun, THEA, 10)
    ended(begun, 60)
    minutes_of(begun)
    assert Presence.objects.get().is_team


def test_a_look_within_the_same_minute_is_not_kept_and_costs_one_query(begun, django_assert_num_queries):
    joined(begun, ADA, 0)
    joined(begun, BEN, 0)
    looked(begun, 1, ADA)
    with freeze_time(at(begun, 1) + timedelta(seconds=5)), django_assert_num_queries(1):
        sightings.take_in(begun, [ADA, BEN])
    assert Sighting.objects.count() == 1


def test_a_callback_with_many_people_takes_few_queries(begun, django_assert_max_num_queries):
    many = {f"{number:032x}": 100 + number for number in range(1000)}
    joins = [
        Join(meeting=begun, user_id=user, anonymous_id=who, role="VIEWER", joined_at=at(begun, 0))
        for who, user in many.items()
    ]
    Join.objects.bulk_create(joins)
    ended(begun, 60)
    receipts.keep_analytics("main", reported(begun, {who: [(0, 30), (31, 60)] for who in many}))
    with django_assert_max_num_queries(25):
        assert settle(begun.pk) == len(many)
    assert Presence.objects.count() == len(many)


def test_a_meeting_found_gone_hours_later_ended_when_its_report_says(begun):
    joined(begun, ADA, 0)
    ended(begun, 60 * 5, Meeting.Ending.GONE)
    receipts.keep_analytics("main", reported(begun, {ADA: [(0, 90)]}, finish=90))
    assert minutes_of(begun) == {ADA: 90}


def test_somebody_who_is_reported_without_a_moment_was_there_when_looks_saw_them(begun):
    for who in (ADA, BEN):
        joined(begun, who, 0)
    looked(begun, 2, ADA)
    looked(begun, 4, ADA)
    looked(begun, 6)
    ended(begun, 60)
    receipts.keep_analytics("main", reported(begun, {THEA: [(0, 60)], ADA: [], BEN: []}))
    assert minutes_of(begun) == {ADA: 3}


def test_a_report_without_any_moment_is_none(begun):
    joined(begun, ADA, 0)
    ended(begun, 60)
    receipts.keep_analytics("main", reported(begun, {ADA: [], BEN: []}))
    assert minutes_of(begun) == {ADA: 60}


def test_a_person_who_is_reported_twice_counts_once(begun):
    joined(begun, ADA, 0)
    ended(begun, 60)
    once = json.loads(reported(begun, {ADA: [(0, 20)]}))
    twice = [*once["data"]["attendees"], {"ext_user_id": ADA}] * 2
    receipts.keep_analytics("main", json.dumps(once | {"data": {"attendees": twice}}).encode())
    assert minutes_of(begun) == {ADA: 20}


@pytest.mark.parametrize("time", ["", "9" * 20, "0"])
def test_a_server_that_does_not_say_when_a_meeting_was_made_is_read_all_the_same(begun, time):
    Meeting.objects.update(create_time=time)
    joined(begun, ADA, 0)
    ended(begun, 60)
    receipts.keep_analytics("main", reported(begun, {ADA: [(0, 20)]}))
    assert minutes_of(begun) == {ADA: 20}


def test_a_late_report_adds_to_what_was_settled_for_good_and_takes_nothing_away(begun):
    for who in (ADA, BEN):
        joined(begun, who, 0)
    ended(begun, 60)
    settle(begun.pk)
    Join.objects.filter(anonymous_id=BEN).delete()
    with freeze_time(timezone.now() + FOR_GOOD):
        assert minutes_of(begun) == {ADA: 60, BEN: 60}
        receipts.keep_analytics("main", reported(begun, {ADA: [(0, 20)]}))
        assert minutes_of(begun) == {ADA: 20, BEN: 60}
        assert minutes_of(begun) == {ADA: 20, BEN: 60}
