"""What a client asks about recordings, of servers that answer in their different ways."""

from collections.abc import Iterator

import pytest

from bbb_xblock.bbb import (
    CallUnsupported,
    Client,
    Endpoint,
    MeetingNotFound,
    RecordingsQuery,
    Secret,
    TrackKind,
    TrackRefused,
)
from bbb_xblock.bbb.ids import LONGEST_ADDRESS
from sandbox.simulator import Simulator
from tests.bbb.conftest import SECRET_TEXT
from tests.bbb.servers import ScriptedServer, http, recorded

MODES = ("bbb-2.6", "bbb-3.0", "scalelite", "bbblb")


@pytest.fixture(scope="module", params=MODES)
def running(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    simulator = Simulator(SECRET_TEXT, mode=request.param)
    with simulator.serve():
        yield simulator


@pytest.fixture
def archive(running: Simulator) -> Iterator[Simulator]:
    """A server of each kind, in turn."""
    yield running
    running.reset()


@pytest.fixture
def asking(archive: Simulator) -> Client:
    return Client(Endpoint("main", archive.url, Secret(SECRET_TEXT)))


def test_every_recording_of_many_rooms_comes_once_from_every_kind_of_server(archive: Simulator, asking: Client) -> None:
    rooms = [f"physics-101-room-{number:03}-{'x' * 30}" for number in range(60)]
    kept = [archive.add_recording(room).record_id for room in rooms for _ in range(5)]
    archive.add_recording("somebody-elses-room")
    found = [each.record_id for each in asking.every_recording(RecordingsQuery(meeting_ids=rooms, states=["any"]))]
    assert sorted(found) == sorted(kept)
    assert 1 < archive.count("getRecordings") < len(rooms)


def test_a_pool_that_tells_more_than_is_read_at_once_is_asked_for_less() -> None:
    pool = Simulator(SECRET_TEXT, mode="scalelite", recordings_per_room=200)
    with pool.serve():
        client = Client(Endpoint("main", pool.url, Secret(SECRET_TEXT), read_timeout=60))
        rooms = [f"room-{number}" for number in range(30)]
        found = {each.record_id for each in client.every_recording(RecordingsQuery(meeting_ids=rooms))}
    assert len(found) == 200 * len(rooms)
    assert pool.count("getRecordings") > 1


def test_only_the_recordings_with_exactly_these_ids_are_given(archive: Simulator, asking: Client) -> None:
    first, second = (archive.add_recording("m1").record_id for _ in range(2))
    same_meeting, _, _ = first.partition("-")
    assert second.startswith(same_meeting)
    (found,) = asking.get_recordings_by_id([first, same_meeting, "unknown", first])
    assert found.record_id == first


def test_the_recordings_come_in_the_order_in_which_they_were_asked_for(archive: Simulator, asking: Client) -> None:
    ids = [archive.add_recording("m1", state=state).record_id for state in ("published", "unpublished", "deleted")]
    assert [each.record_id for each in asking.get_recordings_by_id(iter(reversed(ids)))] == ids[::-1]
    assert [each.state for each in asking.get_recordings_by_id(ids, states=["deleted"])] == ["deleted"]


def test_no_ids_ask_nothing(archive: Simulator, asking: Client) -> None:
    archive.add_recording("m1")
    assert asking.get_recordings_by_id([]) == ()
    assert archive.calls == []


def test_publishing_tells_what_the_server_says(archive: Simulator, asking: Client) -> None:
    record_id = archive.add_recording("m1").record_id
    assert asking.publish_recordings([record_id], publish=False) is False
    assert asking.publish_recordings([record_id], publish=True) is True


def test_many_recordings_are_changed_in_batches_that_fit(server: ScriptedServer, client: Client) -> None:
    ids = [f"{'5e1f0d3c9a7b2e4f6081a2c3d4e5f60718293a4b'}-{number}" for number in range(1700000000000, 1700000000120)]
    meta = {"description": "Über stehende Wellen " * 10}
    cut = list(client.batches(ids, meta))
    assert [each for batch in cut for each in batch] == ids
    server.play(*[http(recorded("updateRecordings_updated"))] * len(cut))
    server.play(*[http(recorded("deleteRecordings_deleted"))] * len(cut))
    server.play(*[http(recorded("publishRecordings_published"))] * len(cut))
    for batch in cut:
        client.update_recordings(batch, meta)
    for batch in cut:
        client.delete_recordings(batch)
        client.publish_recordings(batch, publish=False)
    lengths = [len(target) + len(server.url) - len("/bigbluebutton/") for target in server.targets]
    assert len(lengths) == 3 * len(cut)
    assert 0.8 * LONGEST_ADDRESS < max(lengths) <= LONGEST_ADDRESS


def test_the_address_of_a_long_query_stays_short_enough(server: ScriptedServer, client: Client) -> None:
    server.scenes.extend([http(recorded("getRecordings_none"))] * 200)
    rooms = [f"Raum-ä-{number}" for number in range(300)]
    assert list(client.every_recording(RecordingsQuery(meeting_ids=rooms, states=["any"], meta={"c": "x" * 300}))) == []
    lengths = [len(target) + len(server.url) - len("/bigbluebutton/") for target in server.targets]
    assert len(lengths) > 1
    assert 0.8 * LONGEST_ADDRESS < max(lengths) <= LONGEST_ADDRESS


@pytest.mark.parametrize("ids", [["r1,r2"], ["r1", ""], ["r1 "]])
def test_what_is_no_id_changes_nothing(bbb: Client, simulator: Simulator, ids: list[str]) -> None:
    for call in (
        lambda: bbb.publish_recordings(ids, publish=True),
        lambda: bbb.delete_recordings(ids),
        lambda: bbb.update_recordings(ids, {"topic": "x"}),
        lambda: bbb.get_recordings_by_id(ids),
    ):
        with pytest.raises(ValueError, match=r"(?i)ids?"):
            call()
    assert simulator.calls == []


def test_an_unknown_recording_is_not_found_whoever_is_asked_to_publish_it(archive: Simulator, asking: Client) -> None:
    with pytest.raises(MeetingNotFound):
        asking.publish_recordings(["unknown"], publish=True)


def test_protecting_changes_what_scalelite_tells_and_nothing_elsewhere(archive: Simulator, asking: Client) -> None:
    record_id = archive.add_recording("m1").record_id
    is_scalelite = archive.world.mode.pool == "scalelite"
    asking.update_recordings([record_id], {}, protect=True)
    (recording,) = asking.get_recordings_by_id([record_id])
    assert recording.is_protected is (True if is_scalelite else None)
    asking.update_recordings([record_id], {"name": "Waves"}, protect=False)
    (recording,) = asking.get_recordings_by_id([record_id])
    assert (recording.is_protected, recording.title) == (False if is_scalelite else None, "Waves")


def test_captions_are_taken_and_listed_or_not_offered(archive: Simulator, asking: Client) -> None:
    record_id = archive.add_recording("m1").record_id
    if archive.world.mode.pool:
        with pytest.raises(CallUnsupported):
            asking.get_recording_text_tracks(record_id)
        with pytest.raises(CallUnsupported):
            asking.put_recording_text_track(record_id, TrackKind.CAPTIONS, "de", "Deutsch", "a.vtt", b"WEBVTT")
        return
    asking.put_recording_text_track(record_id, TrackKind.CAPTIONS, "de", "Deutsch", "a.vtt", b"WEBVTT")
    (track,) = asking.get_recording_text_tracks(record_id)
    assert (track.kind, track.lang, track.label) == (TrackKind.CAPTIONS, "de", "Deutsch")
    with pytest.raises(TrackRefused):
        asking.put_recording_text_track(record_id, TrackKind.CAPTIONS, "1", "Deutsch", "a.vtt", b"WEBVTT")
    with pytest.raises(TrackRefused):
        asking.put_recording_text_track(record_id, TrackKind.CAPTIONS, "de", "Deutsch", "a.vtt", b"")
    with pytest.raises(MeetingNotFound):
        asking.get_recording_text_tracks("unknown")
