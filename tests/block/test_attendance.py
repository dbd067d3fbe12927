"""The attendance register, through the block: what the course team sees, and nobody else."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html as lxml_html

from bbb_xblock.domain import receipts, tickets
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.doors.register.file import COLUMNS
from bbb_xblock.doors.register.wanted import PEOPLE_ON_A_PAGE, SESSIONS_ON_A_PAGE
from bbb_xblock.models import Correction, Meeting, Presence, Room
from tests.builders import ADA, BEN, STAFF, THEA, Desk, learner, teacher
from tests.register import cells, correct, link, register, table
from tests.sessions import MINUTE, enrol, hold, keep_report

DAY = timedelta(days=1)
# What the register may cost, beside what the platform asks to know who is there.
MOST_QUERIES = 12
PAGES = {"all": {}, "those present": {"standing": "present"}, "the second page": {"page": "2"}, "file": {"as": "csv"}}


@pytest.fixture
def people(platform):
    enrol(platform, ADA, BEN, THEA)


@pytest.fixture
def held(platform, people, simulator):
    return hold(platform, [(ADA, 0, 20)])


def crowd(platform, number: int):
    """Enrol many people."""
    many = [get_user_model()(pk=1000 + n, username=f"learner-{n:04}") for n in range(number)]
    get_user_model().objects.bulk_create(many)
    platform.enrolled |= {one.pk for one in many}
    return many


def was_there(meeting: Meeting, user_id: int) -> Presence:
    begin, end = meeting.started_at.isoformat(), meeting.ended_at.isoformat()
    return Presence(
        meeting=meeting,
        user_id=user_id,
        first_in=meeting.started_at,
        last_out=meeting.ended_at,
        seconds=3600,
        spans=json.dumps([[begin, end, "r"]]),
    )


def another(held: Meeting, number: int) -> Meeting:
    """Hold the same session so many days before."""
    times = {"started_at": held.started_at - number * DAY, "ended_at": held.ended_at - number * DAY}
    return Meeting.objects.create(
        room=held.room,
        internal_id=f"meeting-{number}",
        create_time="1",
        server="main",
        why_ended=Meeting.Ending.CALLBACK,
        settled_at=timezone.now(),
        **times,
    )


def queries_of(desk: Desk, query: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.call("attendance", query=query).status_code == 200
    return len(asked)


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
    assert (thea["role"], thea["credit"]) == ("course_team", "")


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1"])
def test_no_name_is_a_formula_in_a_spreadsheet(platform, held, name):
    get_user_model().objects.filter(pk=ADA.id).update(username=name)
    assert f"'{name}" in [row["name"] for row in table(teacher(platform))]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["Ada;=1+1", 'Ada";=1+1', "Ada\t=1+1", "Ada,=1+1", "Ada\r\n=1+1", "＝1+1", " =1+1"])
def test_no_part_of_a_name_is_one_either_whatever_a_spreadsheet_takes_for_a_separator(platform, held, name, separator):
    get_user_model().objects.filter(pk=ADA.id).update(username=name)
    text = register(teacher(platform), **{"as": "csv"}).text.removeprefix("\ufeff")
    cells = [cell.strip() for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
    assert any("1+1" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "＝"))]


def test_a_session_in_which_only_the_team_was_is_no_session(platform, people, simulator):
    teacher(platform).click_join()
    Meeting.objects.update(ended_at=timezone.now(), why_ended=Meeting.Ending.CALLBACK)
    assert "No session has been held yet" in register(teacher(platform)).text


def test_what_comes_late_changes_the_register(platform, held):
    assert cells(teacher(platform))["ben"] == ["Absent"]
    learner(platform, BEN).click_join()
    Meeting.objects.filter(pk=held.pk).update(settled_at=None)
    receipt = keep_report(held, [(person, 0, 60) for person in (ADA, BEN, THEA)])
    assert receipts.work_on(receipt.pk) is True
    assert Presence.objects.filter(user_id=ADA.id).get().seconds == 3600


def test_learners_have_no_link_and_get_nothing(platform, held):
    desk = learner(platform, ADA)
    assert not desk.page().cssselect("a.bbb-attendance")
    answer = desk.call("attendance", query={"ticket": tickets.session.issue(desk.visit(), Purpose.ATTENDANCE)})
    assert answer.status_code == 403
    assert "ben" not in answer.text


def test_a_link_that_is_no_good_is_refused_in_words_about_attendance(platform, held):
    desk = teacher(platform)
    stolen = tickets.session.issue(learner(platform, BEN).visit(), Purpose.ATTENDANCE)
    for ticket in (stolen, desk.ticket(), "rubbish", ""):
        answer = desk.call("attendance", query={"ticket": ticket})
        assert answer.status_code == 403
        assert "open the attendance there" in answer.text
        assert "Join" not in answer.text


def test_a_class_of_a_thousand_in_fifteen_sessions_asks_no_more_of_the_database_than_a_small_one(platform, held):
    desk = teacher(platform)
    query = link(desk)
    register(desk)
    pages = {name: query | more for name, more in PAGES.items()}
    before = {name: queries_of(desk, page) for name, page in pages.items()}
    many = crowd(platform, 1000)
    for meeting in [held, *(another(held, number) for number in range(1, SESSIONS_ON_A_PAGE))]:
        Presence.objects.bulk_create(was_there(meeting, one.pk) for one in many)
    assert {name: queries_of(desk, page) for name, page in pages.items()} == before
    assert max(before.values()) <= MOST_QUERIES
    first, last = (desk.call("attendance", query=query | {"page": page}).text for page in ("1", "999"))
    assert "learner-0000" in first and "learner-0000" not in last
    assert "learner-0999" in last
    assert len(lxml_html.fromstring(first).cssselect("tbody tr")) == PEOPLE_ON_A_PAGE


@pytest.mark.parametrize(("most", "sessions"), [(1, 1), (5, 1), (6, 2), (100, 3)])
def test_of_a_very_large_class_the_file_has_the_newest_sessions_only(platform, held, monkeypatch, most, sessions):
    monkeypatch.setattr("bbb_xblock.domain.register.MOST_ROWS", most)
    for number in (1, 2):
        Presence.objects.bulk_create([was_there(another(held, number), ADA.id)])
    began = sorted({row["session_began"] for row in table(teacher(platform))})
    assert len(began) == sessions
    assert began[-1] == held.started_at.isoformat(timespec="seconds")


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_the_register_is_read_only(platform, held, method):
    desk = teacher(platform)
    assert desk.call("attendance", method, query=link(desk)).status_code == 405


def test_names_are_on_no_page_of_somebody_who_left_the_team(platform, held):
    query = link(teacher(platform))
    answer = Desk(platform, THEA).call("attendance", query=query)
    assert answer.status_code == 403 and "ada" not in answer.text
    assert STAFF.user_is_staff and Room.objects.count() == 1


def test_one_session_is_shown_with_when_everybody_was_in_and_where_that_is_known_from(platform, people, simulator):
    meeting = hold(platform, [(ADA, 0, 20), (ADA, 21, 30), (ADA, 40, 60)])
    page = lxml_html.fromstring(register(teacher(platform), session=meeting.pk).text)
    (row,) = [row for row in page.cssselect("tbody tr") if row.cssselect("bdi")[0].text == "ada"]
    sources = [li.text_content().rpartition(": ")[2] for li in row.cssselect(".bbb-spans li")]
    exact = "reported by the classroom server"
    assert sources == [exact, "short absence, passed over", exact, exact]
    bars = [(int(bar.get("x")), bar.get("data-kind")) for bar in row.cssselect("svg .bbb-bar")]
    assert [kind for _, kind in bars] == ["report", "passed", "report", "report"]
    places = [0, 20 / 60, 21 / 60, 40 / 60]
    assert [x for x, _ in bars] == pytest.approx([1000 * place for place in places], abs=2)


def test_who_took_part_how_is_shown_where_the_server_tells_it(platform, people, simulator):
    meeting = hold(platform, [(ADA, 0, 20)], chats=3, talk_time=125)
    desk = teacher(platform)
    words = " ".join(register(desk, session=meeting.pk).text.split())
    assert "Chat messages" in words and "<td>2:05</td>" in words
    assert "not delivered" not in words
    assert {row["name"]: (row["chats"], row["talk_seconds"]) for row in table(desk)}["ada"] == ("3", "125")


def test_where_the_server_does_not_tell_it_the_page_says_so(platform, held):
    page = register(teacher(platform), session=held.pk).text
    assert "not delivered by this server" in page and "Chat messages" not in page
    assert {row["chats"] for row in table(teacher(platform))} == {""}


def test_what_two_meetings_of_one_session_tell_is_added_up(platform, people, simulator):
    first = hold(platform, [(ADA, 0, 60)], ago=125 * MINUTE, chats=1)
    hold(platform, [(ADA, 0, 60)], ago=60 * MINUTE, chats=2)
    (entry, *_) = table(teacher(platform))
    assert (entry["minutes"], entry["chats"]) == ("120", "3")
    assert "Present" in cells(teacher(platform), session=first.pk)["ada"][0]


def test_a_session_that_is_not_there_is_said_to_be_gone(platform, held):
    assert "not here any more" in register(teacher(platform), session=held.pk + 99).text


def test_older_sessions_are_on_pages_of_their_own(platform, people, simulator):
    for number in range(SESSIONS_ON_A_PAGE + 2):
        hold(platform, [(ADA, 0, 20)], ago=(number + 1) * DAY)
    desk = teacher(platform)

    def columns(**more):
        page = lxml_html.fromstring(register(desk, **more).text)
        links = [a.text for a in page.cssselect("nav a")]
        return len(page.cssselect("thead th")) - 1, links

    assert columns() == (SESSIONS_ON_A_PAGE, ["Earlier sessions"])
    assert columns(back=1) == (2, ["Later sessions"])
    assert columns(back=999) == columns(back=1)


def test_people_are_found_by_a_part_of_their_name(platform, held):
    assert list(cells(teacher(platform), search="AD")) == ["ada"]
    assert "Nobody here is like that" in register(teacher(platform), search="zz").text


def test_people_are_found_by_how_they_stand(platform, held):
    assert list(cells(teacher(platform), standing="absent")) == ["ben"]
    assert list(cells(teacher(platform), standing="anything")) == ["ada", "ben", "thea"]


def test_people_are_found_by_cohort(platform, held):
    platform.cohorts = {"Tuesday group": {BEN.id}, "Monday group": {ADA.id}}
    desk = teacher(platform)
    page = lxml_html.fromstring(register(desk).text)
    offered = {option.text: option.get("value") for option in page.cssselect("select[name=cohort] option")}
    assert list(offered) == ["All", "Monday group", "Tuesday group"]
    assert list(cells(desk, cohort=offered["Monday group"])) == ["ada"]
    assert "Nobody here is like that" in register(desk, cohort=99).text


def test_without_cohorts_nobody_can_choose_one(platform, held):
    assert not lxml_html.fromstring(register(teacher(platform)).text).cssselect("select[name=cohort]")


@pytest.mark.parametrize("name", ["session", "back", "cohort", "page", "standing", "search"])
@pytest.mark.parametrize("text", ["-1", "x", "1" * 40, "²", "\x00", "9223372036854775807"])
def test_whatever_an_address_asks_for_there_is_a_page(platform, held, name, text):
    assert register(teacher(platform), **{name: text}).status_code == 200


def test_an_earlier_correction_is_named_with_who_made_it_though_they_left(platform, held):
    left = get_user_model().objects.create(username="former")
    correct(teacher(platform), held, ADA)
    Correction.objects.update(by_user_id=left.pk)
    assert "former" in cells(teacher(platform))["ada"][0]
