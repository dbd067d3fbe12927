"""Captions reach the server as the course team's file has them, if they are captions at all."""

import pytest

from bbb_xblock.models import Recording
from sandbox.simulator import Simulator
from tests.builders import teacher
from tests.classroom import SECRET
from tests.desk import ask, on_server

WEBVTT = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nWelcome to the lecture.\n"
SUBRIP = "1\n00:00:01,000 --> 00:00:04,000\nWillkommen zur Vorlesung.\n"


@pytest.fixture
def desk(platform):
    return teacher(platform)


def upload(desk, recording, text=WEBVTT, **details):
    given = {"kind": "captions", "language": "en", "label": "English", "text": text} | details
    return ask(desk, "captions", recording.pk, **given)


@pytest.mark.parametrize("text", [WEBVTT, SUBRIP, "\ufeff" + WEBVTT, WEBVTT.replace("\n", "\r\n")])
def test_a_file_is_at_the_server_as_it_was_chosen(desk, simulator, text):
    recording = on_server(simulator, desk)
    answer = upload(desk, recording, text)
    assert answer.json["done"] == [recording.pk]
    assert answer.json["said"].startswith("The captions are at the classroom server.")
    (track,) = simulator.recordings[0].tracks
    assert track.content.decode() == text.removeprefix("\ufeff").replace("\r\n", "\n")
    assert (track.kind, track.lang, track.label) == ("captions", "en", "English")


def test_without_a_label_the_player_shows_the_language(desk, simulator):
    upload(desk, on_server(simulator, desk), kind="subtitles", language="pt-BR", label=" ")
    (track,) = simulator.recordings[0].tracks
    assert (track.kind, track.lang, track.label) == ("subtitles", "pt-BR", "pt-BR")


@pytest.mark.parametrize(
    "text", ["", "WEBVTT\n", "Just a text.", "\x00" + WEBVTT, WEBVTT + "\ufffd", WEBVTT + "\ud800"]
)
def test_what_holds_no_captions_is_refused_here(desk, simulator, text):
    answer = upload(desk, on_server(simulator, desk), text)
    assert (answer.status_code, answer.json["code"]) == (422, "captions_not_read")
    assert simulator.count() == 0


def test_what_is_too_long_is_refused_here(desk, simulator):
    answer = upload(desk, on_server(simulator, desk), WEBVTT + "ä" * 250_000)
    assert answer.json["code"] == "captions_too_long"
    assert simulator.count() == 0


@pytest.mark.parametrize("language", ["", "english please", "e", "en_US", "../en", "en\n", "d" * 30])
def test_a_language_is_a_short_code(desk, simulator, language):
    answer = upload(desk, on_server(simulator, desk), language=language)
    assert answer.json["code"] == "captions_language"
    assert simulator.count() == 0


@pytest.mark.parametrize("kind", ["lyrics", "", None, ["captions"]])
def test_a_kind_is_one_of_two(desk, simulator, kind):
    assert upload(desk, on_server(simulator, desk), kind=kind).json["code"] == "bad_request"


def test_captions_are_for_one_recording(desk, simulator):
    one, other = on_server(simulator, desk), on_server(simulator, desk)
    given = {"kind": "captions", "language": "en", "label": "", "text": WEBVTT}
    assert ask(desk, "captions", one.pk, other.pk, **given).json["code"] == "bad_request"


@pytest.mark.parametrize("mode", ["scalelite", "bbblb"])
def test_a_balancer_cannot_take_them_and_that_is_said(platform, namespace, mode):
    balancer = Simulator(secret=SECRET, mode=mode)
    with balancer.serve(port=0) as url:
        namespace["SERVERS"]["main"]["URL"] = url
        desk = teacher(platform)
        recording = on_server(balancer, desk)
        answer = upload(desk, recording)
    assert answer.json["said"] == "Nothing has changed. The classroom server of this recording cannot do this."
    assert Recording.objects.get().state == Recording.State.READY


def test_what_the_server_refuses_is_told(desk, simulator):
    recording = on_server(simulator, desk)
    simulator.recordings[0].state = "deleted"
    answer = upload(desk, recording)
    assert answer.json["done"] == []
    assert "does not have this recording any more" in answer.json["said"]
