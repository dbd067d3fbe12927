"""``./manage.py lms bbb_check``, as operators and scripts run it."""

import json
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.doctor.broken import SECRET, serving, simulated, with_certificate

pytestmark = pytest.mark.django_db

COURSE = "course-v1:ExampleX+Physics+2026"


def check(*words: str) -> SimpleNamespace:
    """Run the command, and give its exit code and what it printed."""
    printed, code = StringIO(), 0
    try:
        call_command("bbb_check", *words, stdout=printed, no_color=True)
    except SystemExit as left:
        code = int(left.code or 0)
    return SimpleNamespace(code=code, text=printed.getvalue(), lines=printed.getvalue().splitlines())


def rows(*words: str) -> list[dict[str, str]]:
    return list(json.loads(check("--json", *words).text))


def codes(*words: str) -> list[str]:
    return [f"{row['server']} {row['code']}".strip() for row in rows(*words)]


@pytest.fixture
def bucket(settings: Any) -> Any:
    """A namespace with two good servers, of which one is in use."""
    with serving() as (_, main), serving() as (_, second):
        settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": main, "second": second}, "SERVER": "main"}}
        yield settings.XBLOCK_SETTINGS["bbb"]


def test_where_all_is_well_but_tls_is_missing_the_exit_code_is_one(bucket):
    done = check()
    assert done.code == 1
    assert done.lines[0] == "ok    The start-up checks find nothing wrong with the settings. (settings.good)"
    assert "ok    main: BigBlueButton answers. (api.bigbluebutton)" in done.lines
    assert "warn  main: The server is called without TLS: anybody on the way can read along. (tls.unused)" in done.lines


def test_where_all_is_well_the_exit_code_is_zero(settings, tmp_path):
    with with_certificate(tmp_path, trusted=True, ends=90) as entry:
        settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": entry}, "SERVER": "main"}}
        done = check()
    assert "ok    main: BigBlueButton answers. (api.bigbluebutton)" in done.lines
    assert done.code == 0


def test_a_server_that_is_off_is_not_looked_at_and_nothing_is_wrong(settings):
    settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": {"URL": "https://bbb.invalid", "SECRET": "x"}}}}
    settings.XBLOCK_SETTINGS["bbb"] |= {"SERVER": "main", "COURSES": {COURSE: {"SERVER": "main"}}}
    settings.XBLOCK_SETTINGS["bbb"]["SERVERS"]["main"]["STATE"] = "off"
    assert codes() == ["settings.good"]
    assert check().code == 0


def test_where_something_does_not_work_the_exit_code_is_two(settings):
    with simulated(secret="another-secret") as entry:
        settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": entry}, "SERVER": "main"}}
        done = check()
    assert done.code == 2
    assert "fail  main: The server refuses the secret, with every checksum. (secret.refused)" in done.lines
    assert any(line.startswith("      → Compare it with what bbb-conf --secret prints") for line in done.lines)


def test_scripts_get_a_list_of_findings_with_the_same_keys(bucket):
    found = rows()
    assert {frozenset(row) for row in found} == {frozenset({"level", "code", "server", "text", "detail", "advice"})}
    assert {row["level"] for row in found} == {"ok", "warn"}
    assert found[0]["code"] == "settings.good"
    assert "127.0.0.1: 127.0.0.1" in {row["detail"] for row in found}
    assert check("--json").code == 1


def test_only_servers_in_use_are_looked_at(bucket):
    assert "main name.known" in codes()
    assert "second name.known" not in codes()
    bucket["ORGS"] = {"ExampleX": {"SERVER": ["second"]}}
    assert {"main name.known", "second name.known"} <= set(codes())


def test_a_server_that_is_being_emptied_is_in_use_and_one_that_is_off_is_not(bucket):
    bucket["SERVERS"]["second"]["STATE"] = "draining"
    bucket["SERVERS"]["main"]["STATE"] = "off"
    assert [code for code in codes() if code.endswith("name.known")] == ["second name.known"]


def test_one_server_can_be_named(bucket):
    assert [code for code in codes("--server", "second") if code.endswith("name.known")] == ["second name.known"]


def test_a_server_that_nobody_knows_is_a_finding(bucket):
    done = check("--server", "nowhere")
    assert done.code == 2
    assert "A start-up check finds something wrong in the settings (E002). (settings.wrong)" in done.text
    assert "'nowhere' is not in SERVERS" in done.text


def test_a_wrong_setting_is_told_once_with_its_number(bucket):
    bucket["SERVERS"]["main"]["CHECKSUM"] = "md5"
    found = [row for row in rows() if row["level"] == "fail"]
    assert [row["code"] for row in found] == ["settings.wrong"]
    assert "(E007)" in found[0]["text"]
    assert found[0]["detail"].startswith("The CHECKSUM of the server 'main' is not known.")


def test_a_site_without_any_setting_is_told_where_to_begin(settings):
    settings.XBLOCK_SETTINGS = {}
    done = check()
    assert done.code == 1
    assert "(W001)" in done.text


def test_for_a_course_the_deciding_layers_and_its_servers_are_told(bucket):
    bucket["ORGS"] = {"ExampleX": {"SERVER": "second", "READ_TIMEOUT": 3}}
    found = rows("--course", COURSE)
    served = next(row for row in found if row["code"] == "course.served")
    assert served["detail"] == "second [SERVER: ORGS['ExampleX']; READ_TIMEOUT: ORGS['ExampleX']]"
    assert {row["server"] for row in found} == {"", "second"}


def test_a_course_whose_servers_take_nobody_is_a_failure(bucket):
    bucket["SERVERS"]["main"]["STATE"] = "draining"
    done = check("--course", COURSE)
    assert done.code == 2
    assert "fail  The course has no server that can be used (W005). (course.unserved)" in done.lines


def test_a_course_for_which_sessions_are_off_is_odd_only(bucket):
    bucket["COURSES"] = {COURSE: {"ENABLED": False}}
    done = check("--course", COURSE)
    assert done.code == 1
    assert "warn  Live sessions are switched off for this course. (course.off)" in done.lines
    assert f"ENABLED: COURSES['{COURSE}']" in done.text


def test_what_is_no_course_key_is_told_and_nothing_else_is_done(bucket):
    assert codes("--course", "Physics") == ["settings.good", "course.unreadable"]


@pytest.mark.django_db(transaction=True)
def test_without_our_tables_the_migration_is_asked_for(transactional_db, bucket):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bbb_xblock_receipt RENAME TO bbb_xblock_elsewhere")
        try:
            found = check("--deep")
        finally:
            cursor.execute("ALTER TABLE bbb_xblock_elsewhere RENAME TO bbb_xblock_receipt")
    assert found.code == 2
    assert "fail  The tables of live sessions cannot be read. (settings.tables)" in found.lines
    assert "      → Run ./manage.py lms migrate bbb_xblock." in found.lines


def test_neither_the_secret_nor_a_checksum_is_printed_or_logged(bucket, caplog):
    caplog.set_level("DEBUG")
    printed = check().text + check("--json", "--deep", "--wait", "0.01").text + caplog.text
    assert SECRET not in printed
    assert "checksum=" not in printed.replace("checksum=…", "")


def test_an_option_that_there_is_not_is_refused(bucket):
    with pytest.raises(CommandError):
        call_command("bbb_check", "--everything")
