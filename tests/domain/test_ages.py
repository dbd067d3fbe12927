"""Everything personal goes after a while, bit by bit, and what is younger stays."""

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from bbb_xblock.domain import ages, retention
from bbb_xblock.domain.attendance import sheet
from bbb_xblock.domain.attendance.settling import settle
from bbb_xblock.models import (
    Adoption,
    ChosenName,
    Correction,
    Join,
    Meeting,
    Outcome,
    Presence,
    Receipt,
    Room,
    Sighting,
    Viewing,
)
from tests.callbacks import make_meeting, make_room
from tests.domain.kept import correction, days_ago, join, meeting, name, outcome, presence, receipt, sighting
from tests.recorded import make_recording

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def room(settings):
    settings.XBLOCK_SETTINGS = {"bbb": {"JOIN_DAYS": 100, "ATTENDANCE_DAYS": 50, "RECEIPT_DAYS": 10}}
    made = make_room()
    make_meeting(made)
    return made


def test_every_table_that_tells_of_people_has_an_age():
    models = apps.get_app_config("bbb_xblock").get_models()
    personal = {model for model in models if ".. pii:" in (model.__doc__ or "")}
    assert {kept.past.model for kept in ages.everything_kept()} == personal
    assert all(kept.days for kept in ages.everything_kept())


# Each row by its own age


def test_what_is_old_is_forgotten_and_what_is_young_is_kept(room):
    kept = [join(room, days=99), join(room, days=0)]
    join(room, days=101)
    young = receipt(room, days=9)
    receipt(room, days=11)
    assert retention.forget_old(50) == 2
    assert set(Join.objects.all()) == set(kept)
    assert set(Receipt.objects.all()) == {young}
    assert retention.forget_old(50) == 0


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


def test_what_was_sent_and_never_worked_on_goes_a_month_later_than_the_rest(room):
    waiting = receipt(room, days=None, came=39)
    receipt(room, days=None, came=41)
    assert retention.forget_old(50) == 1
    assert Receipt.objects.get() == waiting


def test_who_had_a_room_show_a_recording_is_forgotten_and_the_room_goes_on_showing_it(room):
    recording = make_recording(room)
    for days in (99, 101):
        Adoption.objects.create(
            recording=recording, room=make_room(f"oex-{days}"), user_id=13, adopted_at=days_ago(days)
        )
    assert retention.forget_old(50) == 1
    assert dict(Adoption.objects.values_list("room__meeting_id", "user_id")) == {"oex-99": 13, "oex-101": None}
    assert retention.forget_old(50) == 0


def test_who_was_in_a_room_is_forgotten_when_no_server_has_said_so_for_days(room):
    Room.objects.update(present='["a"]', confirmed_at=days_ago(2))
    assert retention.forget_old(50) == 0
    Room.objects.update(confirmed_at=days_ago(4))
    assert retention.forget_old(50) == 1
    assert Room.objects.get().present == "[]"
    assert retention.forget_old(50) == 0


def test_who_came_into_a_room_meanwhile_is_not_forgotten(room):
    Room.objects.update(present='["a"]', confirmed_at=days_ago(4))
    came = []

    def meanwhile(execute, sql, *more):
        if sql.startswith("UPDATE") and Room._meta.db_table in sql and not came:
            came.append(True)
            Room.objects.update(present='["b"]', confirmed_at=timezone.now())
        return execute(sql, *more)

    with connection.execute_wrapper(meanwhile):
        assert retention.forget_old(50) == 0
    assert came
    assert Room.objects.get().present == '["b"]'


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


def test_only_so_many_are_forgotten_at_once_and_the_rest_the_next_time(room):
    for _ in range(5):
        join(room, days=200)
    assert [retention.forget_old(2) for _ in range(4)] == [2, 2, 1, 0]


def test_an_operator_may_keep_everything_for_ever(room, settings):
    settings.XBLOCK_SETTINGS["bbb"] |= {"JOIN_DAYS": 0, "ATTENDANCE_DAYS": 0, "RECEIPT_DAYS": 0}
    join(room, days=10_000)
    presence(room, days=10_000)
    correction(room, days=10_000)
    outcome(room, days=10_000)
    receipt(room, days=10_000)
    name(11, days=10_000)
    assert retention.forget_old(50) == 0


def test_meetings_and_rooms_stay(room):
    join(room, days=10_000)
    retention.forget_old(50)
    room.refresh_from_db()
    assert room.current is not None


# Attendance, session by session


def lines(room: Room) -> list[int]:
    """Give the users on the sheet of a room."""
    return sorted(sheet.people_in(sheet.sessions_in(room.pk)))


def test_the_attendance_of_a_session_is_forgotten_with_how_it_was_corrected(room):
    old, young = meeting(room, days=51), meeting(room, days=49)
    for each, days in ((old, 51), (young, 49)):
        presence(room, days=days, meeting=each)
        correction(room, days=days - 20, meeting=each)
    assert retention.forget_old(50) == 2
    assert Presence.objects.get().meeting == Correction.objects.get().meeting == young
    assert [each.forgotten_at is None for each in (refreshed(old), refreshed(young))] == [False, True]


def refreshed(row: Meeting) -> Meeting:
    row.refresh_from_db()
    return row


def test_a_session_is_forgotten_whole_when_the_last_who_was_in_it_is_past_the_time(room):
    long = meeting(room, days=50)
    presence(room, days=51, meeting=long)
    last = presence(room, days=49.9, user_id=12, meeting=long)
    assert retention.forget_old(50) == 0
    assert lines(room) == [11, 12]
    Presence.objects.filter(pk=last.pk).update(last_out=days_ago(50.1))
    assert retention.forget_old(50) == 2
    assert lines(room) == []


def test_of_a_session_that_is_forgotten_bit_by_bit_nobody_is_shown_as_absent(room):
    """Somebody of whom nothing is left would otherwise stand there among those of whom something is."""
    large = meeting(room, days=51)
    for user_id in (11, 12, 13):
        presence(room, days=51, user_id=user_id, meeting=large)
    assert lines(room) == [11, 12, 13]
    assert retention.forget_old(2) == 2
    assert Presence.objects.count() == 1
    assert lines(room) == []
    assert [retention.forget_old(2) for _ in range(2)] == [1, 0]


def test_corrections_go_even_where_nobody_of_the_session_is_left(room):
    emptied = meeting(room, days=51)
    correction(room, days=48, meeting=emptied)
    assert retention.forget_old(50) == 1
    assert not Correction.objects.exists()


@pytest.mark.parametrize("ended", [True, False])
def test_attendance_that_is_past_its_time_does_not_come_back(room, ended):
    """Not even where clicks are kept longer, and nobody ever told the end."""
    old = meeting(room, days=60)
    Meeting.objects.filter(pk=old.pk).update(ended_at=old.ended_at if ended else None)
    join(room, days=60, meeting=old)
    presence(room, days=60, meeting=old)
    assert retention.forget_old(50) == 1
    assert settle(old.pk) == 0
    assert not Presence.objects.exists()


def test_a_session_that_goes_on_is_not_forgotten(room, settings):
    settings.XBLOCK_SETTINGS["bbb"]["ATTENDANCE_DAYS"] = 1
    presence(room, days=0)
    Meeting.objects.update(started_at=days_ago(3))
    assert retention.forget_old(50) == 0


# What the platform was told


def test_what_the_platform_was_told_is_forgotten_after_what_it_followed_from(room):
    """Without it a grade would be told again, and over one that a teacher wrote."""
    presence(room, days=49, user_id=12)
    outcome(room, days=51)
    still_there, young = outcome(room, days=51, user_id=12), outcome(room, days=49, user_id=13)
    assert retention.forget_old(50) == 1
    assert set(Outcome.objects.all()) == {still_there, young}
    Presence.objects.update(last_out=days_ago(51))
    assert retention.forget_old(50) == 2
    assert Outcome.objects.get() == young
