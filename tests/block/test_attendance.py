"""The attendance register, through the block: what the course team sees, and nobody else."""

import csv
import io
import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from freezegun import freeze_time
from lxml import html as lxml_html

from bbb_xblock.domain import receipts, tickets
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.models import Meeting, Presence, Receipt, Room
from bbb_xblock.register_page import COLUMNS, PEOPLE_ON_A_PAGE
from tests.builders import ADA, BEN, STAFF, THEA, Desk, learner, teacher

MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(platform):
    """Ada, Ben and Thea have accounts; Ada and Ben are enrolled."""
    for person in (ADA, BEN, THEA):
        get_user_model().objects.create(pk=person.id, username=person.username)
    platform.enrolled |= {ADA.id, BEN.id}


@pytest.fixture
def held(platform, people, simulator):
    """A session of an hour in which Thea was all the time and Ada for twenty minutes; Ben was not."""
    began = timezone.now() - 60 * MINUTE
    with freeze_time(began):
        teacher(platform).click_join()
        learner(platform, ADA).click_join()
    meeting = Meeting.objects.get()
    # The simulated server has a clock of its own, which does not go back with ours.
    meeting.create_time = str(int(began.timestamp() * 1000))
    meeting.ended_at, meeting.why_ended = began + 60 * MINUTE, Meeting.Ending.CALLBACK
    meeting.save()
    report_of(meeting, [(ADA, 0, 20), (THEA, 0, 60)])
    return meeting


def report_of(meeting: Meeting, visits) -> Receipt:
    """Have analytics told: who was in from which minute to which."""

    def moment(minutes):
        return (meeting.started_at + minutes * MINUTE).isoformat()

    attendees = [
        {"ext_user_id": f"{person.id:032x}", "joins": [moment(begin)], "leaves": [moment(end)]}
        for person, begin, end in visits
    ]
    ids = {"meeting_id": meeting.room.meeting_id, "internal_meeting_id": meeting.internal_id}
    return receipts.keep_analytics("main", json.dumps(ids | {"data": {"attendees": attendees}}).encode())


def link(desk: Desk) -> dict[str, str]:
    """Give the query of the card's link to the register."""
    (href,) = [a.get("href") for a in desk.page().cssselect("a.bbb-attendance")]
    return {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}


def register(desk: Desk, **more: str):
    answer = desk.call("attendance", query=link(desk) | more)
    assert answer.status_code == 200, answer.text
    return answer


def cells(desk: Desk) -> dict[str, list[str]]:
    """Read the table: the words of each person's sessions."""
    rows = lxml_html.fromstring(register(desk).text).cssselect("tbody tr")
    return {
        row.cssselect("th bdi")[0].text: [" ".join(cell.text_content().split()) for cell in row.cssselect("td")]
        for row in rows
    }


def table(desk: Desk) -> list[dict[str, str]]:
    """Read the file."""
    answer = register(desk, **{"as": "csv"})
    assert answer.content_type == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_before_the_first_session_the_register_says_so(platform, people):
    assert "No session has been held yet" in register(teacher(platform)).text


def test_the_course_team_sees_who_was_there_for_how_long_and_who_was_not(platform, held):
    read = cells(teacher(platform))
    assert read["ben"] == ["Absent"]
    assert read["ada"][0].startswith("Partly 20 minutes")
    assert read["thea"][0].startswith("Present 60 minutes")


def test_what_counts_as_present_is_the_authors_choice(platform, held):
    lenient = {"attendance_measure": "minutes", "attendance_minutes": 15}
    assert cells(teacher(platform, fields=lenient))["ada"][0].startswith("Present")
    assert "for 15 minutes" in register(teacher(platform, fields=lenient)).text
    assert cells(teacher(platform, fields={"attendance_share": 33}))["ada"][0].startswith("Present")


def test_the_file_has_a_row_for_each_person_and_session_in_the_same_columns(platform, held):
    rows = table(teacher(platform))
    assert tuple(rows[0]) == COLUMNS
    ada, ben, thea = rows
    assert (ada["name"], ada["minutes"], ada["standing"], ada["credit"], ada["known_from"]) == (
        "ada",
        "20",
        "partly",
        "0.00",
        "report",
    )
    assert (ben["standing"], ben["first_in"], ben["known_from"]) == ("absent", "", "")
    assert (thea["role"], thea["credit"]) == ("moderator", "")


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1"])
def test_no_name_is_a_formula_in_a_spreadsheet(platform, held, name):
    get_user_model().objects.filter(pk=ADA.id).update(username=name)
    assert f"'{name}" in [row["name"] for row in table(teacher(platform))]


def test_a_session_in_which_only_the_team_was_is_no_session(platform, people, simulator):
    teacher(platform).click_join()
    Meeting.objects.update(ended_at=timezone.now(), why_ended=Meeting.Ending.CALLBACK)
    assert "No session has been held yet" in register(teacher(platform)).text


def test_what_comes_late_changes_the_register(platform, held):
    assert cells(teacher(platform))["ben"] == ["Absent"]
    learner(platform, BEN).click_join()
    Meeting.objects.filter(pk=held.pk).update(settled_at=None)
    receipt = report_of(held, [(person, 0, 60) for person in (ADA, BEN, THEA)])
    assert receipts.work_on(receipt.pk) is True
    assert Presence.objects.filter(user_id=ADA.id).get().seconds == 3600


def test_learners_have_no_link_and_get_nothing(platform, held):
    desk = learner(platform, ADA)
    assert not desk.page().cssselect("a.bbb-attendance")
    answer = desk.call("attendance", query={"ticket": tickets.session.issue(desk.visit(), Purpose.ATTENDANCE)})
    assert answer.status_code == 403
    assert "ben" not in answer.text


def test_a_large_class_has_pages_and_no_page_asks_more_of_the_database(platform, held, django_assert_max_num_queries):
    many = [get_user_model()(pk=1000 + n, username=f"learner-{n:04}") for n in range(2 * PEOPLE_ON_A_PAGE)]
    get_user_model().objects.bulk_create(many)
    platform.enrolled |= {one.pk for one in many}
    desk = teacher(platform)
    query = link(desk)
    register(desk)
    with django_assert_max_num_queries(12):
        first, last = (desk.call("attendance", query=query | {"page": page}).text for page in ("1", "999"))
    assert "learner-0000" in first and "learner-0000" not in last
    assert "learner-0099" in last


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_the_register_is_read_only(platform, held, method):
    desk = teacher(platform)
    assert desk.call("attendance", method, query=link(desk)).status_code == 405


def test_names_are_on_no_page_of_somebody_who_left_the_team(platform, held):
    query = link(teacher(platform))
    answer = Desk(platform, THEA).call("attendance", query=query)
    assert answer.status_code == 403 and "ada" not in answer.text
    assert STAFF.user_is_staff and Room.objects.count() == 1
