"""The admin: every page is shown to those who may see it, asks little, and holds nothing secret."""

import re

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bbb_xblock.models import (
    Adoption,
    ChosenName,
    Correction,
    Examination,
    Join,
    Meeting,
    Outcome,
    Presence,
    Receipt,
    Recording,
    Server,
    Sighting,
    Viewing,
)
from tests.admin.conftest import PRIVATE
from tests.admin.pages import MODELS, TABLES, address_of, every_page, page_of, rows, signed_in
from tests.block.test_secrets import leaks
from tests.builders import ADA, COURSE, THEA
from tests.callbacks import NAME, make_meeting, make_room
from tests.classroom import SECRET
from tests.recorded import ADDRESS, make_recording


def test_every_table_is_shown_but_the_one_that_holds_names():
    assert set(apps.get_app_config("bbb_xblock").get_models()) - set(MODELS) == {ChosenName}


def test_every_page_and_every_filter_is_shown(lived, root):
    pages = every_page(root)
    assert len(pages) > 40
    assert all("Traceback" not in text for text in pages.values())


@pytest.mark.parametrize(
    ("table", "lookup", "value"),
    [
        ("receipt", "body__contains", NAME),
        ("receipt", "digest__startswith", "a"),
        ("join", "anonymous_id__startswith", f"{ADA.id:032x}"[:4]),
        ("join", "ticket_id__isnull", "1"),
        ("join", "meeting__create_time__startswith", "1"),
        ("meeting", "create_time__startswith", "1"),
        ("meeting", "room__present__contains", ADA.full_name),
        ("room", "present__contains", str(ADA.id)),
        ("room", "lease_holder", ""),
        ("presence", "anonymous_id__startswith", "0"),
        ("presence", "engagement__contains", "chats"),
        ("sighting", "anonymous_id__startswith", "0"),
        ("correction", "reason__contains", PRIVATE[0]),
        ("outcome", "room__present__contains", str(ADA.id)),
    ],
)
def test_what_no_page_shows_cannot_be_guessed_letter_by_letter(lived, root, table, lookup, value):
    assert root.get(address_of(table, **{lookup: value})).status_code == 400


def test_no_page_holds_a_secret_a_way_in_a_name_or_what_was_sent(lived, root):
    for address, text in every_page(root).items():
        assert leaks(text) == [], address
        assert ADDRESS not in text, address
        for word in (SECRET, NAME, PRIVATE, ADA.full_name, THEA.full_name, ADA.username, f"{ADA.id:032x}", "a" * 64):
            # As a word of its own: three letters stand in many a random token.
            assert not re.search(rf"\b{re.escape(word)}\b", text), (address, word)


def test_nothing_can_be_added_changed_or_deleted(lived, root):
    for table, model in zip(TABLES, MODELS, strict=True):
        row = model.objects.first()
        assert root.get(reverse(f"admin:bbb_xblock_{table}_add")).status_code == 403
        for page in ("change", "delete"):
            assert root.post(reverse(f"admin:bbb_xblock_{table}_{page}", args=[row.pk]), {}).status_code == 403
        assert model.objects.filter(pk=row.pk).exists()


def test_staff_without_a_permission_see_nothing(lived):
    client = signed_in()
    assert "bbb_xblock" not in client.get(reverse("admin:index")).content.decode()
    for table, model in zip(TABLES, MODELS, strict=True):
        assert client.get(address_of(table)).status_code == 403
        row = model.objects.first()
        assert client.get(reverse(f"admin:bbb_xblock_{table}_change", args=[row.pk])).status_code == 403


@pytest.mark.parametrize("table", TABLES)
def test_one_permission_opens_one_table(lived, table):
    client = signed_in(f"view_{table}")
    answers = {each: client.get(address_of(each)).status_code for each in TABLES}
    assert answers == {each: 200 if each == table else 403 for each in TABLES}


def test_people_who_are_not_staff_are_asked_to_sign_in(lived):
    teacher_of_a_course = signed_in("view_room")
    User.objects.update(is_staff=False)
    for client in (Client(), teacher_of_a_course):
        assert client.get(address_of("room")).status_code == 302


@pytest.mark.database
def test_two_hundred_rows_cost_as_many_questions_as_ten(root):
    def questions(table: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            page_of(root, table)
        return len(asked)

    fill(0, 10)
    few = {table: questions(table) for table in TABLES}
    fill(10, 200)
    assert {table: questions(table) for table in TABLES} == few
    assert max(few.values()) <= 6


def fill(first: int, last: int) -> None:
    """Make rows with these numbers in every table."""
    now = timezone.now()
    for number in range(first, last):
        meeting = make_meeting(make_room(f"oex-{number}"), f"internal-{number}", f"server-{number % 5}")
        recording = make_recording(meeting.room, record_id=meeting.internal_id, server=meeting.server)
        Adoption.objects.create(recording=recording, room=make_room(f"oex-other-{number}"), adopted_at=now)
        Viewing.objects.create(recording=recording, user_id=number, format="video", viewed_at=now)
        Join.objects.create(meeting=meeting, user_id=number, anonymous_id="a", role="VIEWER", joined_at=now)
        attended(meeting, number)
        Receipt.objects.create(kind="analytics", digest=f"{number}", meeting_id="oex-1", received_at=now)
        Server.objects.create(slug=f"server-{number}", failed_at=now, failure="It did not answer")
        Examination.objects.create(course_key=f"course-v1:ExampleX+{number}+2026", run=f"{number}", asked_at=now)


def attended(meeting: Meeting, number: int) -> None:
    """Make rows of attendance of somebody with this number."""
    now = timezone.now()
    who = {"meeting": meeting, "user_id": number}
    Presence.objects.create(**who, anonymous_id="a", first_in=now, last_out=now, seconds=0)
    Correction.objects.create(**who, standing="absent", made_at=now)
    Sighting.objects.create(meeting=meeting, anonymous_id="a", seen_at=now, last_seen_at=now)
    Outcome.objects.create(room=meeting.room, user_id=number, told_at=now)


def test_lists_are_found_by_what_operators_have_at_hand(lived, root):
    meeting = Meeting.objects.get()
    assert rows(root, "room") == 2
    for query in ({"q": lived.meeting_id}, {"running": "1"}, {"server": "main"}, {"trouble": "0"}, {"q": "block@room"}):
        assert rows(root, "room", **query) == 1, query
    assert rows(root, "room", running="0") == 1
    assert rows(root, "meeting", q=meeting.internal_id) == rows(root, "meeting", ended="0") == 1
    assert rows(root, "meeting", ended="1") == rows(root, "meeting", q="nothing") == 0
    assert rows(root, "join", q=str(ADA.id)) == rows(root, "join", role="VIEWER") == 1
    assert rows(root, "join", q=COURSE) == 2
    assert rows(root, "join", q="9" * 30) == 0
    recording = Recording.objects.get()
    assert rows(root, "recording", q=recording.record_id) == rows(root, "recording", published="1", server="main") == 1
    assert rows(root, "recording", published="0") == rows(root, "recording", state__exact="gone") == 0
    assert rows(root, "adoption", q=str(THEA.id)) == rows(root, "adoption", q=COURSE) == 1
    assert rows(root, "viewing", q=str(ADA.id)) == rows(root, "viewing", q=recording.record_id) == 1
    assert rows(root, "viewing", q=str(THEA.id)) == 0
    assert rows(root, "receipt", q=lived.meeting_id) == rows(root, "receipt", waiting="0") == 1
    assert rows(root, "receipt", waiting="1") == 0
    assert rows(root, "examination", q=COURSE) == rows(root, "examination", done="1") == 1
    assert rows(root, "examination", done="0") == 0


@pytest.mark.parametrize(
    "broken", [None, [], {"SERVERS": []}, {"SERVERS": {5: None, "x": "y"}}, {"SERVERS": {"main": {"STATE": 7}}}]
)
def test_wrong_settings_break_no_page(lived, root, settings, broken):
    settings.XBLOCK_SETTINGS = {"bbb": broken}
    assert len(every_page(root)) > 30


def test_no_server_is_asked(lived, root, simulator):
    simulator.forget_calls()
    every_page(root)
    assert simulator.count() == 0
