"""Attendance in the admin: who was there, how it was corrected, what the platform was told."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bbb_xblock.models import Correction, Join, Meeting, Outcome, Presence, Room, Sighting
from tests.admin.pages import address_of, cells, page_of, rows
from tests.builders import ADA, BEN, COURSE, THEA

TABLES = ("presence", "sighting", "correction", "outcome")


def words(client, table: str) -> set[str]:
    """Give the words of a list that has one row."""
    (row,) = cells(client, table)
    return set(row)


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_found_by_a_user_a_course_or_a_room(lived, root, table):
    for query in (str(ADA.id), COURSE, lived.meeting_id):
        assert rows(root, table, q=query) == 1, query
    for query in (str(BEN.id), "9" * 30, "course-v1:ExampleX+Other+2026"):
        assert rows(root, table, q=query) == 0, query


@pytest.mark.parametrize("table", ("presence", "sighting", "correction"))
def test_rows_of_a_meeting_are_found_by_its_internal_id(lived, root, table):
    assert rows(root, table, q=Meeting.objects.get().internal_id) == 1


@pytest.mark.parametrize(
    ("table", "query"),
    [
        ("presence", {"team": "0"}),
        ("sighting", {"in": "1"}),
        ("correction", {"undone": "1", "standing__exact": "excused"}),
        ("outcome", {"graded": "1", "overridden": "0", "complete": "1"}),
    ],
)
def test_filters_choose(lived, root, table, query):
    assert rows(root, table, **query) == 1
    for name, value in query.items():
        other = {"0": "1", "1": "0"}.get(value, "absent")
        assert rows(root, table, **{name: other}) == 0, name


def test_presence_tells_who_was_in_for_how_long_and_where_that_is_known_from(lived, root):
    assert {str(ADA.id), "40", COURSE} <= words(root, "presence")
    page = root.get(reverse("admin:bbb_xblock_presence_change", args=[Presence.objects.get().pk])).content.decode()
    assert "&quot;jl&quot;" in page
    assert "chats" not in page


def test_a_sighting_tells_which_user_it_was_by_the_join(lived, root):
    assert str(ADA.id) in words(root, "sighting")
    row = Sighting.objects.get().pk
    assert f">{ADA.id}<" in root.get(reverse("admin:bbb_xblock_sighting_change", args=[row])).content.decode()
    Join.objects.update(user_id=None)
    assert str(ADA.id) not in words(root, "sighting")
    assert rows(root, "sighting", q=str(ADA.id)) == 0


def test_a_correction_is_found_by_whoever_made_it_too(lived, root):
    assert rows(root, "correction", q=str(THEA.id)) == 1
    Correction.objects.update(by_user_id=None)
    assert rows(root, "correction", q=str(THEA.id)) == 1
    Correction.objects.update(undone_by=None)
    assert rows(root, "correction", q=str(THEA.id)) == 0


def test_an_outcome_tells_the_grade_that_was_told_and_of_which_block(lived, root):
    assert {str(ADA.id), "0.5", COURSE} <= words(root, "outcome")
    assert rows(root, "outcome", q=lived.usage_key) == 1
    Outcome.objects.update(value=None)
    assert "0.5" not in words(root, "outcome")
    assert rows(root, "outcome", graded="0") == 1


@pytest.mark.parametrize(
    ("table", "hidden"),
    [("presence", "engagement"), ("correction", "reason")],
)
def test_what_no_page_shows_is_not_even_read(lived, root, table, hidden):
    model = {"presence": Presence, "correction": Correction}[table]
    row = model.objects.get().pk
    with CaptureQueriesContext(connection) as asked:
        page_of(root, table)
        root.get(reverse(f"admin:bbb_xblock_{table}_change", args=[row]))
    read = [query["sql"] for query in asked if f"bbb_xblock_{table}" in query["sql"]]
    assert any("user_id" in sql for sql in read)
    assert [sql for sql in read if hidden in sql] == []


def test_rooms_whose_grades_wait_to_be_told_are_found(lived, root):
    assert rows(root, "room", grades="1") == 0
    Room.objects.filter(pk=lived.pk).update(grades_due_at=timezone.now())
    assert rows(root, "room", grades="1") == 1


def test_a_list_may_be_searched_and_filtered_at_once(lived, root):
    assert root.get(address_of("correction", q=str(THEA.id), undone="1")).status_code == 200
    assert rows(root, "correction", q=str(THEA.id), undone="0") == 0
