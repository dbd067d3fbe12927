"""Recordings by the hundred thousand that come about when a room is asked for."""

import tracemalloc

import pytest

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import SECRET, Caller

ROOMS = [f"room-{number}" for number in range(30)]


@pytest.fixture(params=["bbb-3.0", "scalelite", "bbblb"])
def crowd(request: pytest.FixtureRequest) -> Caller:
    """A server of each kind on which every room has five recordings that nobody made."""
    return Caller(Simulator(secret=SECRET, mode=request.param, recordings_per_room=5))


def ids(caller: Caller, **params: str) -> list[str]:
    return [str(each.text) for each in caller.ask("getRecordings", **params).findall("recordings/recording/recordID")]


def test_every_room_that_is_asked_for_has_its_recordings(crowd: Caller) -> None:
    found = crowd.ask("getRecordings", meetingID=",".join(ROOMS)).findall("recordings/recording")
    assert len(found) == 5 * len(ROOMS) == len({each.findtext("recordID") for each in found})
    assert {each.findtext("meetingID") for each in found} == set(ROOMS)
    assert all(each.findtext("state") == "published" for each in found)
    assert all(int(each.findtext("startTime") or 0) < int(each.findtext("endTime") or 0) for each in found)


def test_they_are_the_same_ones_on_another_server_and_at_another_time(crowd: Caller) -> None:
    simulator = Simulator(secret=SECRET, mode=crowd.simulator.world.mode.name, recordings_per_room=5)
    simulator.advance(10_000)
    assert ids(Caller(simulator), meetingID="m1") == ids(crowd, meetingID="m1") != []


def test_they_are_found_by_their_own_ids_once_their_room_was_asked_for(crowd: Caller) -> None:
    first, second, *_others = ids(crowd, meetingID="m1")
    assert ids(crowd, recordID=f"{first},{second}") in ([first, second], [second, first])
    assert ids(crowd, recordID="0" * 40) == []


def test_they_are_hidden_renamed_deleted_and_lost_like_others(crowd: Caller) -> None:
    first, second, third, *others = ids(crowd, meetingID="m1")
    crowd.ask("publishRecordings", recordID=first, publish="false")
    crowd.ask("updateRecordings", recordID=second, meta_name="Waves")
    crowd.simulator.forget_recording(third)
    found = crowd.ask("getRecordings", meetingID="m1").findall("recordings/recording")
    states = {each.findtext("recordID"): each.findtext("state") for each in found}
    assert states == {first: "unpublished", second: "published", **dict.fromkeys(others, "published")}
    assert ids(crowd, meta_name="Waves") == [second]
    crowd.ask("deleteRecordings", recordID=first)
    assert first not in ids(crowd, meetingID="m1")
    assert first in ids(crowd, meetingID="m1", state="any")


def test_they_are_played(crowd: Caller) -> None:
    found = crowd.ask("getRecordings", meetingID="m1").find("recordings/recording/playback/format")
    assert found is not None
    assert crowd.browser.get(str(found.findtext("url"))).status_code == 200


def test_they_stand_beside_those_of_meetings_that_were_held(crowd: Caller) -> None:
    own = crowd.simulator.add_recording("m1").record_id
    assert own in ids(crowd, meetingID="m1")
    assert len(ids(crowd, meetingID="m1")) == 6
    assert ids(crowd) == [own]


def test_where_the_server_knows_pages_they_come_by_pages() -> None:
    caller = Caller(Simulator(secret=SECRET, recordings_per_room=50))
    rooms = ",".join(ROOMS)
    pages = [ids(caller, meetingID=rooms, limit="100", offset=str(offset)) for offset in range(0, 1600, 100)]
    assert [len(page) for page in pages] == [100] * 15 + [0]
    assert len({record_id for page in pages for record_id in page}) == 1500


def test_without_the_option_there_are_none(caller: Caller) -> None:
    assert caller.key("getRecordings", meetingID="m1") == "noRecordings"


def test_they_take_no_memory_worth_speaking_of() -> None:
    simulator = Simulator(secret=SECRET, recordings_per_room=50)
    tracemalloc.start()
    try:
        held = sum(1 for number in range(2_000) for _ in simulator.world.of_meetings([f"room-{number}"]))
        kept, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held == 100_000
    # Fifty for each room would be 40 MB and more; 128 rooms are at hand, of the others the id.
    assert kept < 8_000_000
    assert simulator.recordings == []
