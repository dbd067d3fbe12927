"""The admin: every page is shown to those who may see it, asks little, and holds nothing secret."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html as lxml_html

from bbb_xblock.doctor import for_authors
from bbb_xblock.domain import examinations
from bbb_xblock.models import (
    MOST_TRIES,
    Adoption,
    Examination,
    Join,
    Meeting,
    Receipt,
    Recording,
    Room,
    Server,
    Viewing,
)
from tests.block.test_secrets import leaks
from tests.builders import ADA, COURSE, THEA, learner, teacher
from tests.callbacks import NAME, is_waiting, make_meeting, make_room, report, told_the_end
from tests.classroom import SECRET
from tests.recorded import ADDRESS, make_recording

MODELS = (Room, Meeting, Join, Receipt, Server, Examination, Recording, Adoption, Viewing)
PRIVATE = "Grades of somebody"
TABLES = [model._meta.model_name for model in MODELS]


def signed_in(*permissions: str, **details) -> Client:
    """Give the browser of a member of the staff with these permissions."""
    user = User.objects.create_user(f"staff{User.objects.count()}", is_staff=True, **details)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def root(db) -> Client:
    return signed_in(is_superuser=True)


def address_of(table: str, **query: str) -> str:
    """Give the address of a list."""
    return f"{reverse(f'admin:bbb_xblock_{table}_changelist')}?{urlencode(query)}"


def page_of(client: Client, table: str, **query: str) -> lxml_html.HtmlElement:
    """Open a list."""
    answer = client.get(address_of(table, **query))
    assert answer.status_code == 200
    return lxml_html.fromstring(answer.content.decode())


def rows(client: Client, table: str, **query: str) -> int:
    """Count the rows that a list shows."""
    return len(page_of(client, table, **query).cssselect("#result_list tbody tr"))


@pytest.fixture(autouse=True)
def nobody_waits_for_calls_back(monkeypatch):
    """No LMS runs here that could be called."""
    monkeypatch.setattr(for_authors, "CALLBACK_PATIENCE", 0.01)


@pytest.fixture
def lived(platform, simulator):
    """A site that was used: a room with a meeting and two people in it, a failure, something that was sent."""
    platform.enrolled.add(ADA.id)
    teacher(platform).click_join()
    learner(platform).click_join()
    room = Room.objects.get()
    simulator.add_participants(room.meeting_id, 2)
    Room.objects.update(asked_at=None)
    learner(platform).status()
    simulator.fault("getMeetingInfo", "html_502")
    learner(platform, block_id="other").click_join()
    internal = Meeting.objects.get().internal_id
    body = report(room.meeting_id, internal).decode()
    Receipt.objects.create(
        kind="analytics",
        digest="a" * 64,
        server="main",
        meeting_id=room.meeting_id,
        body=body,
        received_at=timezone.now(),
        worked_at=timezone.now(),
    )
    for_authors.examine(COURSE, examinations.ask(COURSE))
    recording = make_recording(room, record_id=internal, title=PRIVATE, name=PRIVATE, description=PRIVATE)
    other = Room.objects.exclude(pk=room.pk).get()
    Adoption.objects.create(recording=recording, room=other, user_id=THEA.id, adopted_at=timezone.now())
    Viewing.objects.create(recording=recording, user_id=ADA.id, format="video", viewed_at=timezone.now())
    return room


def every_page(client: Client) -> dict[str, str]:
    """Open the start of the admin, every list, every filter's and search's answer, and every row."""
    found = {}
    addresses = [reverse("admin:index"), reverse("admin:app_list", args=["bbb_xblock"])]
    for table in TABLES:
        addresses.append(address_of(table))
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.content.decode()
        page = lxml_html.fromstring(found[address])
        filters = [link.get("href") for link in page.cssselect("#changelist-filter a")]
        for href in filters:
            answer = client.get(address.partition("?")[0] + href)
            assert answer.status_code == 200, href
            found[address + href] = answer.content.decode()
    for model, table in zip(MODELS, TABLES, strict=True):
        for row in model.objects.all():
            address = reverse(f"admin:bbb_xblock_{table}_change", args=[row.pk])
            answer = client.get(address)
            assert answer.status_code == 200, address
            found[address] = answer.content.decode()
    return found


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
        Receipt.objects.create(kind="analytics", digest=f"{number}", meeting_id="oex-1", received_at=now)
        Server.objects.create(slug=f"server-{number}", failed_at=now, failure="It did not answer")
        Examination.objects.create(course_key=f"course-v1:ExampleX+{number}+2026", run=f"{number}", asked_at=now)


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


# Examinations


def cells(client: Client, table: str) -> list[list[str]]:
    """Give the texts of a list, row by row, without the times."""
    found = page_of(client, table).cssselect("#result_list tbody tr")
    return [[cell.text_content().strip() for cell in row if "asked_at" not in cell.get("class", "")] for row in found]


def test_an_examination_tells_how_far_it_is_and_what_was_found(root, platform, simulator, settings):
    run = examinations.ask(COURSE)
    ((course, stage, worst),) = cells(root, "examination")
    # Newer Django writes a dash for nothing.
    assert (course, stage, worst.strip("-")) == (COURSE, "under_way", "")
    simulator.fault("", "html_502", times=None)
    for_authors.examine(COURSE, run)
    assert cells(root, "examination") == [[COURSE, "done", "fail"]]
    row = Examination.objects.get()
    text = root.get(reverse("admin:bbb_xblock_examination_change", args=[row.pk])).content.decode()
    assert "ok course.served" in text
    assert "fail api.down" in text


def test_details_that_authors_may_read_are_not_repeated_in_the_admin(root, platform, simulator, namespace):
    namespace["SHOW_ADDRESSES_TO_AUTHORS"] = True
    for_authors.examine(COURSE, examinations.ask(COURSE))
    row = Examination.objects.get()
    assert "127.0.0.1" in row.findings
    text = root.get(reverse("admin:bbb_xblock_examination_change", args=[row.pk])).content.decode()
    assert "ok name.known" in text
    assert "127.0.0.1" not in text


# Receipts


def work_on_again(client: Client, *chosen: Receipt):
    body = {"action": "work_on_again", "_selected_action": [receipt.pk for receipt in chosen]}
    return client.post(address_of("receipt"), body, follow=True)


def test_a_receipt_is_worked_on_again(lived, simulator, django_capture_on_commit_callbacks):
    """Its end was told too early and given up; now the meeting is over indeed."""
    receipt = told_the_end(lived)
    Receipt.objects.filter(pk=receipt.pk).update(worked_at=timezone.now() - timedelta(days=3))
    simulator.reset()
    client = signed_in("view_receipt", "change_receipt")
    with django_capture_on_commit_callbacks(execute=True):
        answer = work_on_again(client, receipt)
    assert "1 receipt is worked on again." in answer.content.decode()
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK
    assert not is_waiting(receipt)


def test_a_receipt_that_is_parked_is_found_and_worked_on_again(lived, root, django_capture_on_commit_callbacks):
    receipt = told_the_end(lived)
    Receipt.objects.filter(pk=receipt.pk).update(tries=MOST_TRIES)
    assert rows(root, "receipt", parked="1") == 1
    with django_capture_on_commit_callbacks(execute=True):
        work_on_again(signed_in("view_receipt", "change_receipt"), receipt)
    assert rows(root, "receipt", parked="1") == 0
    assert Receipt.objects.get(pk=receipt.pk).tries == 0


def test_who_may_only_look_cannot_have_receipts_worked_on(lived):
    receipt = Receipt.objects.get()
    work_on_again(signed_in("view_receipt"), receipt)
    assert not is_waiting(receipt)


def test_bodies_are_not_even_read(lived, root):
    row = Receipt.objects.get().pk
    with CaptureQueriesContext(connection) as asked:
        root.get(address_of("receipt"))
        root.get(reverse("admin:bbb_xblock_receipt_change", args=[row]))
    read = [query["sql"] for query in asked if "bbb_xblock_receipt" in query["sql"]]
    assert any("digest" in sql for sql in read)
    assert [sql for sql in read if "body" in sql] == []


def test_addresses_and_texts_of_recordings_are_not_even_read(lived, root):
    row = Recording.objects.get().pk
    with CaptureQueriesContext(connection) as asked:
        root.get(address_of("recording"))
        root.get(reverse("admin:bbb_xblock_recording_change", args=[row]))
    read = [query["sql"] for query in asked if "bbb_xblock_recording" in query["sql"]]
    assert any("record_id" in sql for sql in read)
    assert [sql for sql in read if "formats" in sql or "description" in sql] == []


# The state of the servers


def servers(client: Client) -> dict[str, list[str]]:
    """Read the table: for each server the texts of its row."""
    page = page_of(client, "server")
    table = page.cssselect("#content-main tbody tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in table]
    return {slug: rest for slug, *rest in cells}


def test_each_server_of_the_settings_tells_its_state_and_what_lives_there(lived, root, namespace):
    namespace["SERVERS"]["main"] |= {"STATE": "draining", "CAPACITY": 2.5}
    namespace["SERVERS"]["idle"] = {"URL": "https://bbb.example.org/", "SECRET": SECRET}
    shown = servers(root)
    assert shown["main"][:5] == ["draining", "2.5", "1", "1", "2"]
    assert shown["idle"] == ["active", "1.0", "0", "0", "0", "–", "–"]
    assert "HTTP status 502" in shown["main"][6]
    assert shown["main"][5] != "–"


def test_the_number_of_meetings_leads_to_the_rooms_for_those_who_may_see_them(lived):
    client = signed_in("view_server", "view_room")
    page = page_of(client, "server")
    link = urlsplit(page.cssselect("td a")[0].get("href"))
    assert rows(client, "room", **dict(parse_qsl(link.query))) == 1
    page = page_of(signed_in("view_server"), "server")
    assert page.cssselect("td a") == []


def test_a_server_that_is_gone_from_the_settings_is_still_shown_with_what_lives_there(lived, root, namespace):
    del namespace["SERVERS"]["main"]
    assert servers(root)["main"][:5] == ["not in the settings", "–", "1", "1", "2"]


def test_a_server_without_a_usable_secret_says_which_finding_it_is_and_repeats_nothing(lived, root, namespace):
    namespace["SERVERS"]["main"] = {"URL": "https://bbb.example.org/", "SECRET_ENV": "what-was-meant-as-the-secret"}
    text = root.get(address_of("server")).content.decode()
    assert "cannot be used (E004; bbb_check says why)" in " ".join(text.split())
    assert "what-was-meant" not in text


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


def test_a_site_that_was_never_used_says_so(root, settings):
    settings.XBLOCK_SETTINGS = {}
    assert "none was ever asked" in root.get(address_of("server")).content.decode()
    assert servers(root) == {}
