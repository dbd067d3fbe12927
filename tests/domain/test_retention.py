"""What is forgotten: everything personal after a while, and everything about a person who is to be forgotten."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bbb_xblock.domain import receipts, retention, rooms
from bbb_xblock.domain.attendance.settling import settle
from bbb_xblock.models import (
    Adoption,
    ChosenName,
    Correction,
    Join,
    Meeting,
    Presence,
    Receipt,
    Room,
    Sighting,
    Viewing,
)
from tests.callbacks import NAME, make_meeting, make_room, report
from tests.recorded import make_recording

pytestmark = pytest.mark.django_db

ADA, BEN = "a" * 32, "b" * 32


@pytest.fixture
def room(settings):
    settings.XBLOCK_SETTINGS = {"bbb": {"JOIN_DAYS": 100, "ATTENDANCE_DAYS": 50, "RECEIPT_DAYS": 10}}
    made = make_room()
    make_meeting(made)
    return made


def days_ago(days: float):
    return timezone.now() - timedelta(days=days)


def join(room: Room, days: float = 0, user_id: int = 11, anonymous_id: str = ADA) -> Join:
    return Join.objects.create(
        meeting=room.current, user_id=user_id, anonymous_id=anonymous_id, role="VIEWER", joined_at=days_ago(days)
    )


def receipt(room: Room, days: float | None) -> Receipt:
    """Keep a receipt that was worked on so many days ago; None for one that waits, however old."""
    return Receipt.objects.create(
        kind=Receipt.Kind.MEETING_ENDED,
        digest=f"worked on {days} days ago",
        meeting_id=room.meeting_id,
        received_at=days_ago(1000),
        worked_at=None if days is None else days_ago(days),
    )


def presence(room: Room, days: float = 0, user_id: int = 11, anonymous_id: str = ADA) -> Presence:
    return Presence.objects.create(
        meeting=room.current,
        user_id=user_id,
        anonymous_id=anonymous_id,
        first_in=days_ago(days + 0.01),
        last_out=days_ago(days),
        seconds=864,
    )


def correction(room: Room, days: float = 0, **who: int) -> Correction:
    people = {"user_id": 11, "by_user_id": 13} | who
    return Correction.objects.create(
        meeting=room.current, standing="excused", reason="Ill", made_at=days_ago(days), **people
    )


def sighting(room: Room, anonymous_id: str = ADA) -> Sighting:
    moment = days_ago(4)
    return Sighting.objects.create(meeting=room.current, anonymous_id=anonymous_id, seen_at=moment, last_seen_at=moment)


def analytics(*people: str) -> Receipt:
    attendees = [{"ext_user_id": one, "name": f"{NAME} {one}"} for one in people]
    votes = dict.fromkeys(people, "Yes")
    body = report(data={"attendees": attendees, "polls": [{"id": "1", "votes": votes}]})
    return receipts.keep_analytics("main", body)


# After a while


def test_what_is_old_is_forgotten_and_what_is_young_is_kept(room):
    kept = [join(room, days=99), join(room, days=0)]
    join(room, days=101)
    young, waiting = receipt(room, days=9), receipt(room, days=None)
    receipt(room, days=11)
    assert retention.forget_old(50) == 2
    assert set(Join.objects.all()) == set(kept)
    assert set(Receipt.objects.all()) == {young, waiting}
    assert retention.forget_old(50) == 0


def name(user_id: int, days: float) -> ChosenName:
    return ChosenName.objects.create(
        user_id=user_id, course_key="a course", name="Vera Example", chosen_at=days_ago(days)
    )


def test_the_name_of_somebody_who_has_not_come_for_a_long_time_is_forgotten(room):
    """Who still comes goes on under the name, however long ago it was chosen; who has just chosen one is about to."""
    join(room, days=99, user_id=11)
    join(room, days=101, user_id=12)
    kept = {name(11, days=300), name(13, days=99)}
    name(12, days=300)
    name(14, days=101)
    assert retention.forget_old(50) == 3
    assert set(ChosenName.objects.all()) == kept
    assert retention.forget_old(50) == 0


def test_who_opened_a_recording_is_forgotten_as_who_joined_is(room):
    recording = make_recording(room)
    for days in (99, 101):
        Viewing.objects.create(recording=recording, user_id=11, format="video", viewed_at=days_ago(days))
    assert retention.forget_old(50) == 1
    assert Viewing.objects.get().viewed_at > days_ago(100)


def test_attendance_and_its_corrections_are_forgotten_after_days_of_their_own(room):
    old, young = presence(room, days=51), presence(room, days=49, user_id=12)
    mended, later = correction(room, days=51), correction(room, days=49)
    assert retention.forget_old(50) == 2
    assert set(Presence.objects.all()) == {young} != {old}
    assert set(Correction.objects.all()) == {later} != {mended}


def test_sightings_are_forgotten_some_days_after_attendance_was_worked_out(room):
    sighting(room)
    assert retention.forget_old(50) == 0
    Meeting.objects.update(ended_at=days_ago(4))
    assert retention.forget_old(50) == 0
    Meeting.objects.update(settled_at=days_ago(5))
    assert retention.forget_old(50) == 0
    Meeting.objects.update(settled_at=days_ago(3))
    assert retention.forget_old(50) == 1
    sighting(room)
    Meeting.objects.update(settled_at=None)
    Sighting.objects.update(seen_at=days_ago(34))
    assert retention.forget_old(50) == 1
    assert not Sighting.objects.exists()


def test_attendance_that_is_past_its_time_does_not_come_back(room):
    join(room, days=60)
    Meeting.objects.update(started_at=days_ago(60), ended_at=days_ago(59))
    assert settle(room.current.pk) == 1
    retention.forget_old(50)
    assert settle(room.current.pk) == 0
    assert not Presence.objects.exists()


def test_only_so_many_are_forgotten_at_once_and_the_rest_the_next_time(room):
    for _ in range(5):
        join(room, days=200)
    assert [retention.forget_old(2) for _ in range(4)] == [2, 2, 1, 0]


def test_an_operator_may_keep_everything_for_ever(room, settings):
    settings.XBLOCK_SETTINGS["bbb"] |= {"JOIN_DAYS": 0, "ATTENDANCE_DAYS": 0, "RECEIPT_DAYS": 0}
    join(room, days=10_000)
    presence(room, days=10_000)
    receipt(room, days=10_000)
    name(11, days=10_000)
    assert retention.forget_old(50) == 0


def test_meetings_and_rooms_stay(room):
    join(room, days=10_000)
    retention.forget_old(50)
    room.refresh_from_db()
    assert room.current is not None


# A person


def test_joins_of_a_forgotten_person_still_count_and_are_nobody_s(room):
    join(room)
    other = join(room, user_id=12, anonymous_id=BEN)
    retention.forget_person(11)
    assert sorted(Join.objects.values_list("user_id", "anonymous_id"), key=str) == [(12, BEN), (None, "")]
    assert other.user_id == 12


def test_the_name_that_a_forgotten_person_chose_is_forgotten_and_others_stay(room):
    for user_id, name in ((11, "Ada Example"), (12, "Ben Example")):
        ChosenName.objects.create(user_id=user_id, course_key="a course", name=name, chosen_at=timezone.now())
    retention.forget_person(11)
    assert [chosen.name for chosen in ChosenName.objects.all()] == ["Ben Example"]


def test_recordings_that_a_forgotten_person_opened_or_adopted_are_nobody_s(room):
    recording, now = make_recording(room), timezone.now()
    for user_id in (11, 12):
        Viewing.objects.create(recording=recording, user_id=user_id, format="video", viewed_at=now)
    Adoption.objects.create(recording=recording, room=make_room("oex-2"), user_id=11, adopted_at=now)
    retention.forget_person(11)
    assert set(Viewing.objects.values_list("user_id", flat=True)) == {None, 12}
    assert Adoption.objects.get().user_id is None


def test_the_attendance_of_a_forgotten_person_is_deleted_and_others_stay(room):
    for user_id, who in ((11, ADA), (12, BEN)):
        join(room, user_id=user_id, anonymous_id=who)
        presence(room, user_id=user_id, anonymous_id=who)
        sighting(room, who)
        correction(room, user_id=user_id)
    for _ in range(2):
        retention.forget_person(11)
    for table in (Presence, Sighting):
        assert [one.anonymous_id for one in table.objects.all()] == [BEN]
    assert Correction.objects.get().user_id == 12


def test_attendance_of_a_forgotten_person_does_not_come_back(room):
    join(room, days=1)
    Meeting.objects.update(started_at=days_ago(1), ended_at=days_ago(0.9))
    assert settle(room.current.pk) == 1
    retention.forget_person(11)
    assert settle(room.current.pk) == 0
    assert not Presence.objects.exists()


def test_sightings_are_found_by_ids_of_attendance_where_joins_are_forgotten_already(room):
    presence(room)
    sighting(room)
    retention.forget_person(11)
    assert not Sighting.objects.exists()


def test_corrections_that_a_forgotten_person_made_or_undid_count_and_are_nobody_s(room):
    correction(room, user_id=12, by_user_id=11)
    correction(room, user_id=12, undone_by=11)
    retention.forget_person(11)
    left = Correction.objects.values_list("user_id", "by_user_id", "undone_by")
    assert set(left) == {(12, None, None), (12, 13, None)}


def test_names_and_votes_of_a_forgotten_person_leave_the_analytics_and_others_stay(room):
    join(room)
    kept = analytics(ADA, BEN)
    retention.forget_person(11)
    body = Receipt.objects.get(pk=kept.pk).body
    assert ADA not in body
    assert f"{NAME} {BEN}" in body
    told = json.loads(body)
    assert [one["ext_user_id"] for one in told["data"]["attendees"]] == [BEN]
    assert told["data"]["polls"][0]["votes"] == {BEN: "Yes"}
    assert told["meeting_id"] == "oex-1"


def test_analytics_that_come_once_more_do_not_bring_anybody_back(room):
    join(room)
    analytics(ADA, BEN)
    retention.forget_person(11)
    analytics(ADA, BEN)
    assert ADA not in Receipt.objects.get().body


def test_ids_that_only_the_platform_knows_are_forgotten_too(room):
    kept = analytics(ADA)
    retention.forget_person(11, {ADA})
    assert ADA not in Receipt.objects.get(pk=kept.pk).body


def test_a_forgotten_person_is_in_no_room_any_more(room):
    join(room)
    Room.objects.update(present=json.dumps([ADA, BEN]))
    retention.forget_person(11)
    room.refresh_from_db()
    assert json.loads(room.present) == [BEN]


def test_an_answer_that_came_meanwhile_counts(room):
    join(room)
    Room.objects.update(present=json.dumps([ADA, BEN]))
    newer, came = json.dumps([BEN, "c" * 32]), []

    def meanwhile(execute, sql, *more):
        if sql.startswith("UPDATE") and Room._meta.db_table in sql and not came:
            came.append(True)
            Room.objects.update(present=newer)
        return execute(sql, *more)

    with connection.execute_wrapper(meanwhile):
        retention.forget_person(11)
    assert came
    assert Room.objects.get().present == newer


def test_somebody_without_an_id_of_this_site_is_not_taken_for_one_who_was_forgotten(room):
    join(room)
    retention.forget_person(11)
    room.present = json.dumps([""])
    assert [(one.user_id, one.since) for one in rooms.people(room)] == [(None, None)]


def test_forgetting_twice_or_somebody_who_was_never_there_changes_nothing(room):
    join(room, user_id=12, anonymous_id=BEN)
    body = analytics(BEN).body
    for user_id in (11, 11, 99):
        retention.forget_person(user_id)
    assert Join.objects.get().user_id == 12
    assert Receipt.objects.get().body == body


def test_a_report_that_cannot_be_read_is_emptied(room):
    kept = analytics(ADA)
    Receipt.objects.update(body=f'{{"ext_user_id": "{ADA}"')
    retention.forget_person(11, {ADA})
    assert Receipt.objects.get(pk=kept.pk).body == ""


def test_the_log_says_whom_by_number_only(room, caplog):
    caplog.set_level("DEBUG")
    join(room)
    analytics(ADA)
    retention.forget_person(11)
    assert "user 11 is forgotten" in caplog.text
    assert ADA not in caplog.text
    assert NAME not in caplog.text
