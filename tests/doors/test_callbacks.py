"""The addresses that BigBlueButton calls: who is let in, what is kept, and how fast."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
from celery import Celery, current_app
from django.db import OperationalError, connections
from django.test import Client
from freezegun import freeze_time

from bbb_xblock import config
from bbb_xblock.domain import callbacks
from bbb_xblock.models import Receipt
from tests.callbacks import NAME, SECRET, bearer, hold_lease, make_meeting, make_room, notice, report

pytestmark = pytest.mark.django_db

OLD_SECRET = "the-secret-before"
READY, ANALYTICS = "/bbb/recording-ready/main", "/bbb/analytics/main"


@pytest.fixture(autouse=True)
def servers(settings):
    """One server with a secret and one before it; another one with another secret."""
    main = {"URL": "http://127.0.0.1:9/", "SECRET": SECRET, "PREVIOUS_SECRETS": [{"SECRET": OLD_SECRET}]}
    second = {"URL": "http://127.0.0.1:9/", "SECRET": "the-secret-of-another"}
    settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": main, "second": second}, "SERVER": "main"}}
    return settings.XBLOCK_SETTINGS["bbb"]["SERVERS"]


@pytest.fixture
def room(db):
    made = make_room()
    make_meeting(made)
    return made


@pytest.fixture
def browserless(settings):
    """A client that is checked for CSRF as everybody is, without cookies."""
    settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
    return Client(enforce_csrf_checks=True)


def post_notice(client, token: str | None = None, url: str = READY, **details) -> int:
    form = urlencode({"signed_parameters": notice() if token is None else token})
    return client.post(url, form, content_type="application/x-www-form-urlencoded", **details).status_code


def post_report(client, authorization: str | None = None, body: bytes | None = None, url: str = ANALYTICS) -> int:
    headers = {"HTTP_AUTHORIZATION": bearer() if authorization is None else authorization}
    body = report() if body is None else body
    return client.post(url, body, content_type="application/json", **headers).status_code


def end_path(room, server: str = "main") -> str:
    return urlsplit(callbacks.ended_url(room.meeting_id, server)).path


# What is let in


def test_each_callback_is_answered_with_nothing_and_kept(room, browserless):
    answer = browserless.get(end_path(room))
    assert (answer.status_code, answer.content, answer.cookies) == (200, b"", {})
    assert post_notice(browserless) == 200
    assert post_report(browserless) == 200
    assert sorted(Receipt.objects.values_list("kind", flat=True)) == ["analytics", "meeting_ended", "recording_ready"]
    assert set(Receipt.objects.values_list("server", "meeting_id")) == {("main", "oex-1")}


@pytest.mark.parametrize("hashed", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_a_balancer_signs_as_it_likes_with_the_new_or_the_old_secret(room, client, hashed, secret):
    assert post_notice(client, notice(secret=secret, hashed=hashed)) == 200
    assert post_report(client, bearer(secret, hashed, scheme="bearer")) == 200


def test_while_secrets_change_the_right_one_counts_and_wrong_entries_do_not_matter(room, client, servers):
    servers["main"]["PREVIOUS_SECRETS"] = [None, "x", {}, {"SECRET_FILE": "/nowhere"}, {"SECRET": OLD_SECRET}]
    assert post_notice(client, notice(secret=OLD_SECRET)) == 200
    servers["main"]["SECRET"] = ""
    assert post_notice(client, notice(secret=OLD_SECRET)) == 200
    servers["main"]["PREVIOUS_SECRETS"] = OLD_SECRET
    assert post_notice(client, notice(secret=OLD_SECRET)) == 401
    assert config.callback_secrets("main") == config.callback_secrets("nowhere") == ()


@pytest.mark.parametrize("secret", ["a-strangers", "the-secret-of-another", ""])
def test_who_has_another_secret_is_refused(room, client, secret):
    assert post_notice(client, notice(secret=secret)) == 401
    assert post_report(client, bearer(secret)) == 401
    assert not Receipt.objects.exists()


def test_an_unknown_server_is_refused_as_a_stranger_is(room, client):
    assert post_notice(client, url="/bbb/recording-ready/nowhere") == 401
    assert post_report(client, url="/bbb/analytics/nowhere") == 401


@pytest.mark.parametrize("meeting_id", ["another-site", "OEX-1"])
def test_another_sites_meeting_on_a_shared_server_is_refused_in_the_same_way(room, client, meeting_id):
    assert post_notice(client, notice(meeting_id)) == 401
    assert post_report(client, body=report(meeting_id)) == 401
    assert not Receipt.objects.exists()


def test_a_server_cannot_tell_about_the_meeting_of_another(room, client):
    theirs = {"secret": "the-secret-of-another"}
    assert post_notice(client, notice(**theirs), "/bbb/recording-ready/second") == 401
    assert post_report(client, bearer(**theirs), url="/bbb/analytics/second") == 401


def test_what_comes_before_the_answer_to_create_is_kept(client):
    hold_lease(make_room())
    assert (post_notice(client), post_report(client)) == (200, 200)
    assert Receipt.objects.count() == 2


def test_a_notice_is_no_bearer_token_and_a_bearer_token_no_notice(room, client):
    assert post_report(client, f"Bearer {notice()}") == 401
    assert post_notice(client, bearer().removeprefix("Bearer ")) == 401


def test_a_token_that_was_changed_is_refused(room, client):
    path = end_path(room)
    # The last letter of a token holds bits that mean nothing, and it is compared as it came all the same.
    for changed in (path[:-1], path[:-1] + ("A" if path[-1] != "A" else "B"), path + "=", "/bbb/ended/x", path.upper()):
        assert client.get(changed).status_code in (401, 404)
    assert client.get("/bbb/ended/é\x00%ff").status_code == 401
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("method", "name"), [("post", "end"), ("head", "end"), ("get", READY), ("get", ANALYTICS), ("put", READY)]
)
def test_the_wrong_method_is_not_allowed(room, client, method, name):
    assert getattr(client, method)(end_path(room) if name == "end" else name).status_code == 405
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"\xff\xfe",
        b"signed_parameters",
        b"signed_parameters=a.b.c",
        b"other=" + notice().encode(),
        b"signed_parameters=" + notice().encode() + b"&signed_parameters=" + notice().encode(),
        b"&".join(b"a=1" for _ in range(1000)) + b"&signed_parameters=" + notice().encode(),
    ],
)
def test_a_notice_that_is_no_form_with_one_token_is_refused(room, client, form):
    answer = client.post(READY, form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff", report(meeting_id=""), b"[" * 50_000])
def test_a_good_signature_with_a_body_that_makes_no_sense_is_a_bad_request(room, client, body):
    assert post_report(client, body=body) == 400


def test_a_good_signature_counts_whatever_the_body_is_called(room, client):
    form = urlencode({"signed_parameters": notice()})
    assert client.post(READY, form, content_type="text/plain").status_code == 200


# Once, often, at once, and when something is away


def test_the_same_callback_five_times_is_one_receipt(room, client):
    path = end_path(room)
    for _ in range(5):
        assert (client.get(path).status_code, post_notice(client), post_report(client)) == (200, 200, 200)
    assert Receipt.objects.count() == 3


def test_work_is_queued_after_the_receipt_is_stored_and_only_while_it_waits(
    room, client, django_capture_on_commit_callbacks
):
    path = end_path(room)
    with django_capture_on_commit_callbacks() as queued:
        client.get(path)
        client.get(path)
    assert len(queued) == 2
    Receipt.objects.update(worked_at=Receipt.objects.get().received_at)
    with django_capture_on_commit_callbacks() as queued:
        client.get(path)
    assert queued == []


@pytest.mark.django_db(transaction=True)
def test_the_same_callback_at_once_is_one_receipt(transactional_db, room):
    path = end_path(room)

    def call(_) -> list[int]:
        try:
            client = Client()
            return [client.get(path).status_code, post_notice(client), post_report(client)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        assert list(pool.map(call, range(10))) == [[200, 200, 200]] * 10
    assert Receipt.objects.count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("atomic", [False, True])
def test_without_a_broker_callbacks_are_kept_and_wait(transactional_db, room, client, caplog, atomic, monkeypatch):
    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", atomic)
    eager = current_app._get_current_object()
    Celery("without-broker", broker="redis://127.0.0.1:9/0", set_as_current=False).set_current()
    try:
        assert (post_notice(client), post_report(client)) == (200, 200)
    finally:
        eager.set_current()
    assert Receipt.objects.filter(worked_at=None).count() == 2
    assert "cannot be reached" in caplog.text
    # Long after, when the broker is back, the next callback takes them along; for the recording a server is needed.
    with freeze_time() as clock:
        clock.tick(3600)
        assert post_report(client, body=report(another="one")) == 200
    assert [receipt.kind for receipt in Receipt.objects.filter(worked_at=None)] == [Receipt.Kind.RECORDING_READY]


def test_without_a_database_the_answer_is_come_back_later_and_the_log_names_nobody(room, client, monkeypatch, caplog):
    def fail(**kwargs):
        raise OperationalError(f"Incorrect string value: {NAME}")

    monkeypatch.setattr(Receipt.objects, "get_or_create", fail)
    assert (post_notice(client), post_report(client)) == (503, 503)
    assert "OperationalError" in caplog.text
    assert NAME not in caplog.text


def test_the_log_of_refused_and_kept_callbacks_names_no_token_no_secret_and_no_person(room, client, caplog):
    caplog.set_level("DEBUG")
    tokens = [notice(), notice("another-site"), bearer(), bearer("wrong")]
    for token in tokens[:2]:
        post_notice(client, token)
    for token in tokens[2:]:
        post_report(client, token)
    path = end_path(room)
    client.get(path)
    assert "recording_ready from server main" in caplog.text
    for hidden in (*(token.rpartition(".")[2] for token in tokens), path, SECRET, NAME):
        assert hidden not in caplog.text
