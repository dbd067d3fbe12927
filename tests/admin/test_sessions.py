"""Examinations, receipts and servers in the admin."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bbb_xblock.doctor import for_authors
from bbb_xblock.domain import examinations
from bbb_xblock.models import MOST_TRIES, Examination, Meeting, Receipt
from tests.admin.pages import address_of, cells, page_of, rows, signed_in
from tests.builders import COURSE
from tests.callbacks import is_waiting, told_the_end
from tests.classroom import SECRET

# Examinations


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


def test_a_site_that_was_never_used_says_so(root, settings):
    settings.XBLOCK_SETTINGS = {}
    assert "none was ever asked" in root.get(address_of("server")).content.decode()
    assert servers(root) == {}
