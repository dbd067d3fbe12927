"""A person who is to be forgotten is forgotten everywhere, and nobody else is."""

import json

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
from tests.domain.kept import ADA, BEN, correction, days_ago, join, presence, sighting
from tests.recorded import make_recording

pytestmark = pytest.mark.django_db


@pytest.fixture
def room():
    made = make_room()
    make_meeting(made)
    return made


def analytics(*people: str) -> Receipt:
    attendees = [{"ext_user_id": one, "name": f"{NAME} {one}"} for one in people]
    votes = dict.fromkeys(people, "Yes")
    body = report(data={"attendees": attendees, "polls": [{"id": "1", "votes": votes}]})
    return receipts.keep_analytics("main", body)


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
