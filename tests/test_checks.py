"""The start-up checks: one finding for each fault, never an error that stops the platform."""

from io import StringIO
from typing import Any

import pytest
from django.core.checks import ERROR
from django.core.management import call_command

from bbb_xblock.checks import check_settings
from bbb_xblock.options import OPTIONS

GOOD = {
    "SERVERS": {"main": {"URL": "https://bbb.example.org/bigbluebutton/", "SECRET": "quiet"}},
    "SERVER": "main",
}
SERVER = GOOD["SERVERS"]["main"]


def ids(settings: Any, namespace: object) -> list[str]:
    settings.XBLOCK_SETTINGS = {"bbb": namespace}
    settings.DEBUG = False
    return [str(message.id).removeprefix("bbb_xblock.") for message in check_settings(None)]


def with_server(**changes: Any) -> dict[str, Any]:
    return GOOD | {"SERVERS": {"main": SERVER | changes}}


def test_a_good_configuration_has_no_finding(settings):
    everything = GOOD | {
        "ORGS": {"OrgX": {"SERVER": ["main"], "ENABLED": False}},
        "COURSES": {"course-v1:*": {"DEFAULTS": {"record": True}, "LOCKED": ["record"], "POLL_SECONDS": 30}},
        "SITE": "our-site",
        "SERVERS": {
            "main": SERVER | {"PREVIOUS_SECRETS": [{"SECRET": "old"}], "STATE": "draining", "CAPACITY": 0.5},
        },
    }
    assert ids(settings, everything) == []


@pytest.mark.parametrize(
    ("namespace", "expected"),
    [
        (None, ["W001"]),
        ({}, ["W001"]),
        ([], ["E001"]),
        ("text", ["E001"]),
        (GOOD | {"SERVERS": []}, ["E001", "E002"]),
        ({"SERVERS": GOOD["SERVERS"]}, ["W001"]),
        (GOOD | {"SERVER": ["main", 7]}, ["E009"]),
        (GOOD | {"SERVERS": {"main": SERVER, "m" * 64: SERVER, "m-1_2.x": SERVER}}, []),
        (GOOD | {"SERVERS": {"main": SERVER, "m" * 65: SERVER}}, ["E009"]),
        (GOOD | {"SERVERS": {"main": SERVER, "north/1": SERVER}}, ["E009"]),
        (GOOD | {"SERVERS": {"main": SERVER, "north\n": SERVER}}, ["E009"]),
        (GOOD | {"SERVERS": {"main": SERVER, "": SERVER}}, ["E009"]),
        (GOOD | {"SERVERS": {"main": SERVER, 7: SERVER}}, ["E009"]),
        (GOOD | {"LOCKED": "record"}, ["E009"]),
        (GOOD | {"OFFER_EVERYWHERE": "yes"}, ["E009"]),
        (GOOD | {"LOCKED": ["recrod"]}, ["E008"]),
        (GOOD | {"LOCKED": [["record"]]}, ["E008"]),
        (GOOD | {"DEFAULTS": {"recrod": True}}, ["E008"]),
        (GOOD | {"DEFAULTS": {"max_participants": "many"}}, ["E009"]),
        (GOOD | {"ORGS": {"OrgX": {"DEFAULTS": {"record": 1}}}}, ["E009"]),
        (GOOD | {"PRESETS": {"exam": None, "mine": {"LABEL": "Mine", "OPTIONS": {"record": True}}}}, []),
        (GOOD | {"PRESETS": ["exam"]}, ["E001"]),
        (GOOD | {"PRESETS": {"mine": {"LABEL": "Mine"}}}, ["E009"]),
        (GOOD | {"PRESETS": {"nothing": None}}, ["E008"]),
        (GOOD | {"COURSES": {"course-v1:*": {"PRESETS": {7: {"LABEL": "M", "OPTIONS": {"record": True}}}}}}, ["E009"]),
        (GOOD | {"SITE": ["x"]}, ["E009"]),
        (GOOD | {"NAME_POLICY": "nonsense"}, ["E009"]),
        (GOOD | {"NAME_POLICY": "pseudonym"}, []),
        (GOOD | {"TIME_ZONE": "Europe/Berlin"}, []),
        (GOOD | {"TIME_ZONE": "Berlin"}, ["E009"]),
        (GOOD | {"DEFAULTS": {"opens_at": "2026-11-24T14:00:00Z"}}, []),
        (GOOD | {"DEFAULTS": {"opens_at": "course_start+P7D"}}, ["E009"]),
        (GOOD | {"ORGS": "text"}, ["E001"]),
        (GOOD | {"COURSES": []}, ["E001"]),
        (GOOD | {"DEFAULTS": 3}, ["E001"]),
        (GOOD | {"ORGS": {"OrgX": "main"}}, ["E001"]),
        (GOOD | {"SERVER": "nowhere"}, ["E002"]),
        (GOOD | {"SERVER": ["main", "nowhere"]}, ["E002"]),
        (GOOD | {"ORGS": {"OrgX": {"SERVER": "nowhere"}}}, ["E002"]),
        (GOOD | {"COURSES": {"course-v1:*": {"SERVER": "nowhere"}}}, ["E002"]),
        (with_server(SECRET=""), ["E003"]),
        (with_server(SECRET=12345), ["E004"]),
        (with_server(SECRET="", SECRET_FILE="/nowhere/at/all"), ["E004"]),
        (with_server(SECRET="", SECRET_ENV="BBB_TEST_NO_SUCH_VARIABLE"), ["E004"]),
        (with_server(PREVIOUS_SECRETS=[{}]), ["E003"]),
        (with_server(PREVIOUS_SECRETS=[{"SECRET_FILE": "/nowhere/at/all"}]), ["E004"]),
        (with_server(PREVIOUS_SECRETS="old"), ["E001"]),
        (with_server(PREVIOUS_SECRETS=["old"]), ["E001"]),
        (with_server(PLAYBACK_HOSTS="recordings.example.org"), ["E009"]),
        (with_server(PLAYBACK_HOSTS=["https://recordings.example.org/"]), ["E009"]),
        (with_server(PLAYBACK_HOSTS=[7]), ["E009"]),
        (with_server(PLAYBACK_HOSTS=["recordings.example.org", ".cdn.example.org"]), []),
        (with_server(PLAYBACK_HOSTS=["*"]), []),
        (with_server(URL="gopher://bbb.example.org"), ["E005"]),
        (with_server(URL="http://bbb.example.org/bigbluebutton/"), ["E006"]),
        (with_server(CHECKSUM="md5"), ["E007"]),
        (with_server(SECERT="typo"), ["E008"]),
        (GOOD | {"SEVRER": "main"}, ["E008"]),
        (GOOD | {"COURSES": {"course-v1:*": {"SERVERS": {}}}}, ["E008"]),
        (GOOD | {"READ_TIMEOUT": "5"}, ["E009"]),
        (GOOD | {"ORGS": {"OrgX": {"ENABLED": "no"}}}, ["E009"]),
        (GOOD | {"SERVER": 7}, ["E009"]),
        (with_server(STATE="asleep"), ["E009"]),
        (with_server(CAPACITY=-1), ["E009"]),
        (with_server(CAPACITY="much"), ["E009"]),
        (with_server(CAPACITY=True), ["E009"]),
        (with_server(SECRET_ENV="PATH"), ["W002"]),
    ],
    ids=repr,
)
def test_each_fault_has_its_own_finding(settings, namespace, expected):
    assert ids(settings, namespace) == expected


@pytest.mark.parametrize("option", OPTIONS)
def test_a_default_that_no_author_could_choose_is_found_by_the_name_of_its_option(settings, option):
    settings.XBLOCK_SETTINGS = {"bbb": GOOD | {"DEFAULTS": {option: 3.5}, "LOCKED": [option]}}
    (message,) = check_settings(None)
    assert message.id == "bbb_xblock.E009"
    assert f"“{option}”" in message.msg


@pytest.mark.parametrize("root", [None, "", "lms.example.org", "ftp://lms.example.org", "http://[bad"], ids=repr)
def test_a_missing_or_wrong_lms_address_is_found(settings, root):
    settings.LMS_ROOT_URL = root
    assert ids(settings, GOOD) == ["W003"]


def test_every_finding_says_what_to_do_and_none_stops_the_platform(settings):
    settings.XBLOCK_SETTINGS = {"bbb": with_server(URL="x", CHECKSUM="md5", SECRET="", TYPO=1, STATE=2) | {"TYPO": 1}}
    found = check_settings(None)
    assert found
    for message in found:
        assert message.hint
        assert message.level < ERROR


def test_the_checks_are_registered_and_never_print_a_secret(settings):
    settings.XBLOCK_SETTINGS = {"bbb": with_server(CHECKSUM="md5", SECRET="must-stay-quiet")}
    printed = StringIO()
    call_command("check", stdout=printed, stderr=printed)
    assert "bbb_xblock.E007" in printed.getvalue()
    assert "must-stay-quiet" not in printed.getvalue()
