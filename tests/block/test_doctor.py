"""An author has the room looked at: what is asked, what is told, to whom, and what is kept back."""

import json

import pytest
from django.db import InterfaceError, connection
from freezegun import freeze_time

from bbb_xblock import tasks
from bbb_xblock.doctor import for_authors
from bbb_xblock.domain import examinations
from bbb_xblock.domain.examinations import MOST_AT_ONCE
from bbb_xblock.models import Examination
from tests.builders import COURSE, Desk, teacher

SECRET_WORDS = ("a-secret-of-the-tests", "127.0.0.1", "checksum=", "nowhere")


@pytest.fixture
def desk(platform, monkeypatch):
    # Nobody calls back: no LMS runs here.
    monkeypatch.setattr(for_authors, "CALLBACK_PATIENCE", 0.01)
    platform.may_write = True
    return teacher(platform, studio=True)


@pytest.fixture
def check(desk, django_capture_on_commit_callbacks):
    """Ask for a check, let a worker do it, and give the next answer."""

    def run(other: Desk | None = None):
        asking = other or desk
        with django_capture_on_commit_callbacks(execute=True):
            asked = asking.call("doctor", "POST")
        assert asked.status_code == 200, asked.text
        return asking.call("doctor").json

    return run


def levels(told, code="text"):
    return {line[code]: line["level"] for line in told["findings"]}


def test_nothing_is_looked_at_until_somebody_asks(desk, simulator):
    told = desk.call("doctor").json
    assert told == {"stage": "unasked", "said": "", "findings": [], "again_seconds": 0}
    assert not Examination.objects.exists()
    assert simulator.count() == 0


def test_the_request_asks_no_server_and_says_when_to_look_again(desk, simulator):
    told = desk.call("doctor", "POST").json
    assert (told["stage"], told["again_seconds"]) == ("under_way", for_authors.PAUSE_SECONDS)
    assert simulator.count() == 0


def test_a_healthy_room_is_told_in_sentences_of_which_each_says_what_to_do(check):
    told = check()
    assert (told["stage"], told["again_seconds"]) == ("done", 0)
    found = levels(told)
    assert found["The course has a server."] == "ok"
    assert found["BigBlueButton answers."] == "ok"
    assert (
        found["The server takes the secret, signed with sha256. It would take: sha1, sha256, sha384, sha512."] == "ok"
    )
    assert found["The clocks of the server and of this machine agree."] == "ok"
    assert found["A meeting could be made and ended."] == "ok"
    for line in told["findings"]:
        assert bool(line["advice"]) == bool(line["who"])
        assert line["label"] in ("In order", "Odd", "Problem")
        assert line["server"] == ""


def test_a_room_that_is_not_called_back_is_odd_and_the_end_says_so(check):
    told = check()
    assert "warn" in levels(told).values()
    assert "something is odd" in told["said"]


def test_a_misconfigured_room_is_a_problem_with_somebody_who_can_help(check, namespace, simulator):
    namespace["SERVER"] = "nowhere"
    told = check()
    (line,) = told["findings"]
    assert line["level"] == "fail"
    assert line["who"] == "For the people who run this platform:"
    assert "do not work here" in told["said"]
    assert simulator.count() == 0


def test_a_wrong_secret_is_found(check, namespace):
    namespace["SERVERS"]["main"]["SECRET"] = "another"
    assert check()["findings"][-1]["text"] == "The server refuses the secret, with every checksum."


def test_a_course_for_which_sessions_are_switched_off_is_looked_at_no_further(check, namespace, simulator):
    namespace["ENABLED"] = False
    assert [line["level"] for line in check()["findings"]] == ["warn"]
    assert simulator.count() == 0


def test_a_secret_that_cannot_be_read_is_a_problem_of_the_settings(check, namespace):
    namespace["SERVERS"]["second"] = {"URL": namespace["SERVERS"]["main"]["URL"]}
    namespace["SERVER"] = ["main", "second"]
    last = check()["findings"][-1]
    assert (last["server"], last["level"]) == ("Server 2", "fail")
    assert "E003" in last["text"]


def test_no_address_no_secret_and_no_name_of_a_server_is_kept_or_told(check, namespace):
    namespace["SERVERS"]["bbb.example.org"] = namespace["SERVERS"].pop("main")
    namespace["SERVER"] = "bbb.example.org"
    told = json.dumps(check())
    kept = Examination.objects.get().findings
    for word in (*SECRET_WORDS, "bbb.example.org"):
        assert word not in told
        assert word not in kept


def test_the_operator_may_show_addresses_but_never_a_secret(check, namespace, desk):
    namespace["SHOW_ADDRESSES_TO_AUTHORS"] = True
    told = check()
    assert "127.0.0.1: 127.0.0.1" in levels(told, "detail")
    assert {line["server"] for line in told["findings"]} == {"", "main"}
    assert SECRET_WORDS[0] not in Examination.objects.get().findings
    namespace["SHOW_ADDRESSES_TO_AUTHORS"] = False
    assert "127.0.0.1" not in desk.call("doctor").text


def test_what_was_looked_at_a_moment_ago_is_shown_and_not_looked_at_again(check, simulator):
    with freeze_time(tick=True) as clock:
        first = check()
        asked = simulator.count()
        assert check() == first
        assert simulator.count() == asked
        clock.tick(31)
        assert check()["stage"] == "done"
        assert simulator.count() > asked


def test_another_block_of_the_course_is_served_by_the_same_look(check, platform, simulator):
    with freeze_time(tick=True):
        told = check()
        asked = simulator.count()
        assert check(teacher(platform, studio=True, block_id="other")) == told
        assert simulator.count() == asked
    assert Examination.objects.count() == 1


def test_where_nobody_works_on_tasks_the_author_is_told(desk):
    with freeze_time(tick=True) as clock:
        desk.call("doctor", "POST")
        clock.tick(31)
        told = desk.call("doctor").json
    assert told["said"] == "Nobody works on background tasks here: ask the people who run this platform."
    assert told["again_seconds"] == 0


def test_without_a_broker_the_request_is_answered_all_the_same(
    desk, settings, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def gone(*args, **details):
        raise tasks.OperationalError

    monkeypatch.setattr(tasks.examine_course, "apply_async", gone)
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.call("doctor", "POST").json["stage"] == "under_way"
    assert f"the course {COURSE} is not examined" in caplog.text


def test_a_worker_that_stumbles_leaves_a_line_and_no_secret(check, monkeypatch, caplog):
    def stumble(course_key, patience):
        raise RuntimeError("no matter what")
        yield

    monkeypatch.setattr(for_authors.examination, "of_course", stumble)
    with freeze_time(tick=True) as clock:
        assert check()["stage"] == "under_way"
        clock.tick(300)
        assert check()["stage"] in ("under_way", "broken_off")
    assert "could not be looked at to the end" in caplog.text


def test_when_many_courses_are_checked_an_author_is_asked_to_wait(desk, simulator):
    for number in range(MOST_AT_ONCE):
        examinations.ask(f"course-v1:ExampleX+Music+{number}")
    answer = desk.call("doctor", "POST")
    assert (answer.status_code, answer.json["code"]) == (429, "many_checks")
    assert "in a minute" in answer.json["error"]
    assert desk.call("doctor").json["stage"] == "unasked"
    assert simulator.count() == 0


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_tables_an_author_reads_a_sentence(desk, method):
    def refuse(*args):
        raise InterfaceError("gone")

    with connection.execute_wrapper(refuse):
        answer = desk.call("doctor", method)
    assert (answer.status_code, answer.json["code"]) == (503, "out_of_order")
    assert "Out of order" in answer.json["title"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD"])
def test_other_methods_look_at_nothing(desk, method):
    assert desk.call("doctor", method).status_code == 405
    assert not Examination.objects.exists()


def test_outside_of_courses_there_is_nothing_to_look_at(platform):
    platform.may_write = True
    desk = teacher(platform, studio=True)
    desk.block.scope_ids = desk.block.scope_ids._replace(usage_id="lb:ExampleX:Library:bbb:room")
    assert desk.call("doctor", "POST").json["code"] == "no_course"
