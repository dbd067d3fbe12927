"""The right fault is named first, in a sentence of its own, whatever is broken."""

import json
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from bbb_xblock.bbb import Algorithm, Client, Endpoint, Secret
from bbb_xblock.doctor import examination, sentences, server
from bbb_xblock.doctor.findings import Code, Finding, Level
from bbb_xblock.models import Room
from tests.bbb.servers import http, recorded, scripted
from tests.doctor.broken import BROKEN, OLD_SECRET, SECRET, serving, simulated
from tests.recorded import make_recording

pytestmark = pytest.mark.django_db

# What is odd about every server of the tests but those with a certificate.
ALWAYS = {Code.TLS_UNUSED}


def examined(settings: Any, entry: dict[str, Any]) -> list[Finding]:
    settings.XBLOCK_SETTINGS = {
        "bbb": {"SERVERS": {"main": entry}, "SERVER": "main", "CONNECT_TIMEOUT": 1, "READ_TIMEOUT": 60}
    }
    return list(examination.everything())


def faults(found: list[Finding]) -> list[Finding]:
    return [each for each in found if each.level is not Level.OK and each.code not in ALWAYS]


@pytest.mark.parametrize(("place", "code", "level"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_the_right_fault_is_named(settings, tmp_path: Path, place: Any, code: Code, level: Level) -> None:
    with place(tmp_path) as entry:
        found = examined(settings, entry)
    assert [(each.code, each.level, each.server) for each in faults(found)] == [(code, level, "main")]
    # What lies behind a failure is left out.
    assert (found[-1].code is code) is (level is Level.FAIL or code is Code.RECORDINGS_FAILED)
    words = [sentences.line(each, translation) for each in found]
    assert words[found.index(faults(found)[0])].advice
    for hidden in (SECRET, OLD_SECRET, "checksum="):
        assert hidden not in repr(found)
    # The sentences may be shown to others than the operator.
    for hidden in ("127.0.0.1", "bbb.invalid", str(tmp_path)):
        assert hidden not in repr(words)


@pytest.mark.parametrize(
    ("mode", "code", "detail"),
    [
        ("bbb-2.6", Code.API_BIGBLUEBUTTON, "before 3.0"),
        ("bbb-3.0", Code.API_BIGBLUEBUTTON, "3.0 or newer"),
        ("bbb-4.0", Code.API_BIGBLUEBUTTON, "3.0 or newer"),
        ("scalelite", Code.API_SCALELITE, ""),
        ("bbblb", Code.API_BBBLB, ""),
    ],
)
def test_every_good_server_is_recognised_and_nothing_is_wrong(settings, mode: str, code: Code, detail: str) -> None:
    with simulated(mode=mode) as entry:
        found = examined(settings, entry)
    assert faults(found) == []
    assert [each.code for each in found if each.server] == [
        Code.NAME_KNOWN,
        Code.PORT_OPEN,
        Code.TLS_UNUSED,
        code,
        Code.CLOCK_RIGHT,
        Code.SECRET_TAKEN,
        Code.SPEED_GOOD,
        Code.RECORDINGS_TOLD,
    ]
    assert next(each.detail for each in found if each.code is code) == detail


def test_recordings_that_play_where_nobody_is_led_are_told_until_the_operator_names_the_host(settings):
    for host in ("127.0.0.1", "files.example.org", "files.example.org"):
        link = json.dumps([{"type": "video", "url": f"https://{host}/1"}, {"type": "notes", "url": "javascript:1"}])
        make_recording(Room.objects.get_or_create(meeting_id="oex-1")[0], formats=link)
    with simulated() as entry:
        (odd,) = faults(examined(settings, entry))
        named = faults(examined(settings, entry | {"PLAYBACK_HOSTS": ["files.example.org"]}))
    assert (odd.code, odd.level, odd.detail) == (Code.RECORDINGS_ELSEWHERE, Level.WARN, "files.example.org")
    assert named == []


@pytest.mark.parametrize(
    ("mode", "taken"), [("bbb-3.0", "sha1, sha256, sha384, sha512"), ("scalelite", "sha1, sha256, sha512")]
)
def test_it_is_told_which_checksums_the_server_takes(settings, mode: str, taken: str) -> None:
    with simulated(mode=mode) as entry:
        found = examined(settings, entry)
    said = next(sentences.line(each, translation).text for each in found if each.code is Code.SECRET_TAKEN)
    assert said == f"The server takes the secret, signed with sha256. It would take: {taken}."


@pytest.mark.parametrize(
    ("algorithms", "better"), [(["sha1", "sha384", "sha512"], "sha512"), (["sha256", "sha512"], "sha256")]
)
def test_the_checksum_that_is_advised_works_everywhere_or_is_the_strongest(settings, algorithms, better) -> None:
    with simulated(
        algorithms=algorithms, entry={"CHECKSUM": "sha384" if "sha256" in algorithms else "sha256"}
    ) as entry:
        found = examined(settings, entry)
    assert dict(faults(found)[0].values)["better"] == better


def test_a_secret_that_was_refused_is_not_tried_again_as_a_previous_one(settings) -> None:
    with serving() as (simulator, entry):
        examined(settings, entry | {"SECRET": "another-secret"})
        assert simulator.count("isMeetingRunning") == 1 + len(Algorithm)


@pytest.mark.parametrize(
    ("ours", "code"),
    [
        (-30.1, Code.CLOCK_AHEAD),
        (-30, Code.CLOCK_RIGHT),
        (30.9, Code.CLOCK_RIGHT),
        (31.1, Code.CLOCK_BEHIND),
    ],
)
def test_half_a_minute_is_nobody_s_trouble_and_a_server_tells_whole_seconds(monkeypatch, ours: float, code: Code):
    told = datetime.now(UTC).replace(microsecond=0)
    date = f"Date: {format_datetime(told, usegmt=True)}"
    monkeypatch.setattr(server, "time", SimpleNamespace(time=lambda: told.timestamp() + ours))
    with scripted([http(recorded("version_revealed"), "200 OK", date)]) as punctual:
        found = list(server.identity(Client(Endpoint("main", punctual.url, Secret(SECRET)))))
    assert found[1].code is code


def test_a_clock_that_is_off_is_told_by_how_much(settings) -> None:
    with simulated(ahead=3 * 3600 + 65) as entry:
        found = examined(settings, entry)
    told = dict(next(each.values for each in found if each.code is Code.CLOCK_AHEAD))["time"]
    assert str(told).startswith("3:01:0")


@pytest.mark.parametrize(
    ("seconds", "code", "said"),
    [
        ((1, 15, 15), Code.SPEED_GOOD, 15_000),
        ((16, 1, 16), Code.SPEED_SLOW, 16_000),
        ((1, 59, 1), Code.SPEED_GOOD, 1_000),
    ],
)
def test_slow_is_what_usually_takes_more_than_a_quarter_of_the_patience(
    settings, monkeypatch, seconds: tuple[int, ...], code: Code, said: int
) -> None:
    begins_and_ends = iter([moment for each in seconds for moment in (100, 100 + each)])
    clock = SimpleNamespace(monotonic=begins_and_ends.__next__, time=time.time)
    monkeypatch.setattr(server, "time", clock)
    with simulated() as entry:
        found = examined(settings, entry)
    speed = next(each for each in found if each.code in (Code.SPEED_GOOD, Code.SPEED_SLOW))
    assert (speed.code, dict(speed.values)["count"]) == (code, said)


def test_a_server_that_does_not_answer_in_time_is_called_slow(settings) -> None:
    with serving() as (simulator, entry):
        settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": entry}, "SERVER": "main", "READ_TIMEOUT": 0.2}}
        simulator.fault("", "slow", times=None)
        assert [each.code for each in faults(list(examination.everything()))] == [Code.API_SLOW]


def test_a_server_that_takes_any_secret_is_a_danger(settings) -> None:
    """BigBlueButton takes every checksum while its own secret is empty (GetChecksumValidator of bbb-web)."""
    everything_goes = http(recorded("isMeetingRunning_false"))
    with scripted([http(recorded("version_revealed")), everything_goes]) as careless:
        found = examined(settings, {"URL": careless.url, "SECRET": SECRET})
    assert [each.code for each in faults(found)] == [Code.SECRET_IGNORED]


def test_behind_a_proxy_the_way_is_not_looked_at(settings, monkeypatch) -> None:
    with simulated() as entry:
        monkeypatch.setenv("HTTP_PROXY", entry["URL"].removesuffix("/bigbluebutton/"))
        found = examined(settings, entry | {"URL": "http://localhost:9/bigbluebutton/"})
    assert faults(found) == []
    assert [each.code for each in found if each.server][:3] == [
        Code.NAME_PROXY,
        Code.TLS_UNUSED,
        Code.API_BIGBLUEBUTTON,
    ]


def test_a_proxy_that_is_none_breaks_the_connection(settings, monkeypatch) -> None:
    with simulated() as entry:
        monkeypatch.setenv("HTTPS_PROXY", entry["URL"].removesuffix("/bigbluebutton/"))
        found = examined(settings, entry | {"URL": "https://bbb.invalid/bigbluebutton/"})
    assert [each.code for each in found if each.server] == [Code.NAME_PROXY, Code.API_BROKEN]


@pytest.mark.parametrize(
    ("call", "kind", "key", "code"),
    [
        ("", "huge", "", Code.API_UNREADABLE),
        ("", "failed", "checksumError", Code.SECRET_REFUSED),
        ("", "failed", "apiNotEnabled", Code.API_REFUSED),
        ("isMeetingRunning", "failed", "made-up", Code.API_REFUSED),
        ("", "empty", "", Code.API_UNREADABLE),
        ("", "wrong_root", "", Code.API_WEB_PAGE),
        ("", "bomb", "", Code.API_UNREADABLE),
    ],
)
def test_odd_answers_have_their_sentence_too(settings, call: str, kind: str, key: str, code: Code) -> None:
    with serving() as (simulator, entry):
        simulator.fault(call, kind, times=None, key=key)
        found = examined(settings, entry)
    assert [each.code for each in faults(found)] == [code]
    assert "made-up" not in repr(found)


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, Code.API_LOCKED), (403, Code.API_LOCKED), (418, Code.API_STATUS), (503, Code.API_DOWN)],
)
def test_every_status_has_its_sentence(settings, status: int, code: Code) -> None:
    with scripted([http(b"", f"{status} Odd")]) as odd:
        found = examined(settings, {"URL": odd.url, "SECRET": SECRET})
    assert [each.code for each in faults(found)] == [code]
    assert str(status) in sentences.line(faults(found)[0], translation).text
