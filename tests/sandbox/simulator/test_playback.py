"""The player of recordings: what it shows, and whom it lets in."""

from urllib.parse import urlsplit

import pytest

from sandbox.simulator import Simulator
from sandbox.simulator.links import COOKIE_SECONDS, KEPT, TOKEN_SECONDS
from sandbox.simulator.recordings import TextTrack
from tests.sandbox.simulator.calling import SECRET, Caller

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nGrüße & <b>\n".encode()


def addresses(caller: Caller, kind: str = "presentation") -> list[str]:
    """Return where the recordings are played, as the server tells it now."""
    formats = caller.ask("getRecordings").iterfind("recordings/recording/playback/format")
    return [str(each.findtext("url")) for each in formats if each.findtext("type") == kind]


def pictures(caller: Caller) -> list[str]:
    path = "recordings/recording/playback/format/preview/images/image"
    return [str(image.text) for image in caller.ask("getRecordings").iterfind(path)]


@pytest.fixture
def pool(simulator: Simulator) -> Caller:
    """A Scalelite pool with one protected recording."""
    pool = Simulator(secret=SECRET, mode="scalelite", clock=simulator.world.clock)
    pool.add_recording("m1", name="Waves", protected=True)
    return Caller(pool)


@pytest.mark.parametrize("kind", ["presentation", "video", "notes"])
def test_a_page_says_which_recording_and_which_format_it_would_play(
    simulator: Simulator, caller: Caller, kind: str
) -> None:
    metadata = {"name": "Waves, part two", "description": "From minute 12 on."}
    simulator.add_recording("m1", name="Waves", metadata=metadata, formats=(kind,), minutes=47)
    (address,) = addresses(caller, kind)
    text = caller.browser.get(address).get_data(as_text=True)
    for words in ("This is a simulation", "<h1>Waves, part two</h1>", f"“{kind}”", "From minute 12", "no captions"):
        assert words in text
    assert ("47 min" in text) is (kind != "notes")


def test_a_format_that_a_recording_does_not_have_is_not_played(simulator: Simulator, caller: Caller) -> None:
    recording = simulator.add_recording("m1", formats=("presentation",))
    assert caller.browser.get(f"/playback/video/{recording.record_id}/").status_code == 404


def test_presentations_have_thumbnails_that_are_pictures_always_the_same(simulator: Simulator, caller: Caller) -> None:
    recording = simulator.add_recording("m1")
    found = pictures(caller)
    answers = [caller.browser.get(urlsplit(address).path) for address in found]
    assert len({answer.data for answer in answers}) == len(found) > 1
    assert {answer.content_type for answer in answers} == {"image/png"}
    assert all(answer.data.startswith(b"\x89PNG\r\n") for answer in answers)
    assert caller.browser.get(urlsplit(found[0]).path).data == answers[0].data
    assert urlsplit(found[0]).path in caller.browser.get(addresses(caller)[0]).get_data(as_text=True)
    assert caller.browser.get(urlsplit(found[0]).path.replace("thumb-1", "thumb-99")).status_code == 404
    caller.ask("publishRecordings", recordID=recording.record_id, publish="false")
    assert caller.browser.get(urlsplit(found[0]).path).status_code == 404


def test_text_tracks_stand_on_the_page_and_have_an_address(simulator: Simulator, caller: Caller) -> None:
    recording = simulator.add_recording("m1")
    track = TextTrack("captions", "de", "Deutsch", VTT)
    recording.take_track(track)
    text = caller.browser.get(addresses(caller)[0]).get_data(as_text=True)
    assert "Deutsch (de, captions)" in text
    assert "Grüße &amp; &lt;b&gt;" in text
    answer = caller.browser.get(track.path(recording.record_id))
    assert (answer.mimetype, answer.data) == ("text/vtt", VTT)
    assert caller.browser.get(track.path(recording.record_id).replace("_de", "_fr")).status_code == 404


def test_a_protected_address_works_once_and_for_the_browser_that_used_it_until_evening(
    pool: Caller, simulator: Simulator
) -> None:
    (address,) = addresses(pool)
    page = pool.browser.get(address)
    assert b"This recording is protected. Your link is used up now" in page.data
    assert "HttpOnly" in page.headers["Set-Cookie"]
    assert pool.browser.get(address).status_code == 200
    assert pool.browser.get(urlsplit(address).path).status_code == 200
    stranger = Caller(pool.simulator)
    refused = stranger.browser.get(address)
    assert refused.status_code == 403
    assert b"This link was used up" in refused.data and b"This is a simulation" in refused.data
    assert b"Waves" not in refused.data
    pool.simulator.advance(COOKIE_SECONDS)
    assert pool.browser.get(address).status_code == 403


def test_each_answer_brings_another_address_for_a_protected_recording(pool: Caller) -> None:
    assert addresses(pool) != addresses(pool)
    assert addresses(pool, "video") != addresses(pool)


def test_a_protected_address_is_too_old_after_an_hour(pool: Caller) -> None:
    (address,) = addresses(pool)
    pool.simulator.advance(TOKEN_SECONDS)
    refused = pool.browser.get(address)
    assert (refused.status_code, b"This link is too old" in refused.data) == (403, True)


def test_a_protected_recording_does_not_open_without_its_own_token(pool: Caller) -> None:
    other = pool.simulator.add_recording("m2", protected=True)
    own = next(each for each in addresses(pool) if other.record_id in each)
    for token in ("", "?token=", "?token=guess", own.replace(own.partition("?")[0], "")):
        address = pool.simulator.recordings[0].playback_path("presentation") + token
        refused = pool.browser.get(address)
        assert (refused.status_code, b"This recording is protected" in refused.data) == (403, True)


def test_who_used_one_address_may_not_look_at_another_recording(pool: Caller) -> None:
    (address,) = addresses(pool)
    cookie = pool.browser.get(address).headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    other = pool.simulator.add_recording("m2", protected=True)
    pool.browser.set_cookie(f"recording_{other.record_id}", cookie)
    assert pool.browser.get(other.playback_path("presentation")).status_code == 403


def test_thumbnails_of_a_protected_recording_are_neither_told_nor_served(pool: Caller) -> None:
    assert pictures(pool) == []
    path, _alt = pool.simulator.recordings[0].previews("presentation")[0]
    assert pool.browser.get(path).status_code == 404
    record_id = pool.simulator.recordings[0].record_id
    assert pool.ask("updateRecordings", recordID=record_id, protect="false").findtext("updated") == "true"
    assert len(pictures(pool)) > 0
    assert pool.browser.get(path).status_code == 200
    assert "token=" not in addresses(pool)[0]


def test_protecting_is_known_to_scalelite_alone(simulator: Simulator, caller: Caller) -> None:
    recording = simulator.add_recording("m1", protected=True)
    caller.ask("updateRecordings", recordID=recording.record_id, protect="true")
    answer = caller.ask("getRecordings").find("recordings/recording")
    assert answer is not None and answer.find("protected") is None
    assert caller.browser.get(urlsplit(addresses(caller)[0]).path).status_code == 200


def test_no_more_addresses_are_remembered_than_are_needed(pool: Caller) -> None:
    links = pool.simulator.world.links
    record_id = pool.simulator.recordings[0].record_id
    first = links.issue(record_id, pool.simulator.world.now())
    for _ in range(KEPT):
        links.issue(record_id, pool.simulator.world.now())
    path = pool.simulator.recordings[0].playback_path("video")
    assert b"This recording is protected" in pool.browser.get(f"{path}?token={first}").data
