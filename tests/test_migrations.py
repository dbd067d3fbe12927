"""The tables: what the code needs is what the migrations make."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bbb_xblock.models import ChosenName, Join, Meeting, Receipt, Room, Server

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_no_migration_is_missing():
    printed = StringIO()
    call_command("makemigrations", "bbb_xblock", check=True, dry_run=True, stdout=printed)
    assert "No changes" in printed.getvalue()


def test_a_room_exists_once():
    Room.objects.create(meeting_id="oex-1", usage_key="u", course_key="c")
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(meeting_id="oex-1", usage_key="other", course_key="c")


def test_somebody_has_one_name_in_a_course():
    row = {"user_id": 11, "course_key": "c", "chosen_at": timezone.now()}
    ChosenName.objects.create(name="Vera", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChosenName.objects.create(name="Vera Visitor", **row)


def test_rows_have_names_that_tell_no_person():
    now = timezone.now()
    assert str(Room(meeting_id="oex-1")) == "oex-1"
    assert str(Meeting(internal_id="abc-1")) == "abc-1"
    assert str(ChosenName(pk=3, user_id=11, name="Vera Visitor")) == "name 3"
    assert str(Server(slug="main")) == "main"
    assert str(Receipt(kind="analytics", digest="0123456789")) == "analytics 01234567"
    assert str(Join(meeting_id=7, user_id=11, anonymous_id="a", joined_at=now)) == f"7 {now:%Y-%m-%d %H:%M}"


def test_the_migrations_can_be_undone_and_done_again(transactional_db):
    call_command("migrate", "bbb_xblock", "zero", verbosity=0)
    assert Room._meta.db_table not in connection.introspection.table_names()
    call_command("migrate", "bbb_xblock", verbosity=0)
    assert Room._meta.db_table in connection.introspection.table_names()


def test_long_keys_and_every_script_fit():
    key = "block-v1:" + "X" * 240
    Room.objects.create(meeting_id="oex-2", usage_key=key, course_key="course-v1:日本+Ünï+2026")
    assert Room.objects.get(usage_key=key).course_key == "course-v1:日本+Ünï+2026"
