"""Recordings."""

from typing import Any

import pytest
from lxml import etree

from sandbox.simulator import Simulator
from tests.sandbox.simulator.calling import Caller

ORDER = (
    "recordID meetingID internalMeetingID name isBreakout published state startTime endTime participants rawSize "
    "metadata size playback data"
)


def found(caller: Caller, **params: Any) -> list[str]:
    """Return the names of the recordings that a search finds."""
    return [str(each.text) for each in caller.ask("getRecordings", **params).findall("recordings/recording/name")]


def recorded(simulator: Simulator, caller: Caller, **params: str) -> None:
    """Hold a recorded meeting."""
    caller.create(record="true", autoStartRecording="true", **params)
    simulator.add_participants("m1", 2)
    caller.ask("end", meetingID="m1")


def test_a_recording_is_processed_first_and_then_published(simulator: Simulator, caller: Caller) -> None:
    recorded(simulator, caller, meta_course="c1")
    assert found(caller) == []
    answer = caller.ask("getRecordings", state="processing")
    recording = answer.find("recordings/recording")
    assert recording is not None
    playback = recording.find("playback")
    assert playback is not None and len(playback) == 0
    simulator.advance(simulator.processing_seconds)
    recording = caller.ask("getRecordings").find("recordings/recording")
    assert recording is not None
    assert " ".join(child.tag for child in recording) == ORDER
    assert (recording.findtext("state"), recording.findtext("published")) == ("published", "true")
    assert [each.text for each in recording.findall("playback/format/type")] == ["presentation", "video"]
    metadata = {child.tag: child.text for child in recording.iterfind("metadata/*")}
    assert metadata == {"isBreakout": "false", "meetingId": "m1", "meetingName": "Seminar", "course": "c1"}


def test_the_playback_address_leads_to_a_page_until_it_is_hidden(simulator: Simulator, caller: Caller) -> None:
    recording = simulator.add_recording("m1", name="Waves")
    answer = caller.ask("getRecordings")
    for url in answer.findall("recordings/recording/playback/format/url"):
        page = caller.browser.get(url.text or "")
        assert b"Waves" in page.data
        assert b"This is a simulation" in page.data
    caller.ask("publishRecordings", recordID=recording.record_id, publish="false")
    assert caller.browser.get(url.text or "").status_code == 404


@pytest.mark.parametrize(
    ("params", "presses"),
    [({}, ["record"]), ({"record": "true"}, []), ({"record": "true", "allowStartStopRecording": "false"}, ["record"])],
)
def test_nothing_is_recorded_unless_it_is_allowed_and_switched_on(
    simulator: Simulator, caller: Caller, params: dict[str, str], presses: list[str]
) -> None:
    caller.create(**params)
    token = caller.enter(role="MODERATOR")
    for action in presses:
        assert caller.press(token, action).status_code == 403
    caller.ask("end", meetingID="m1")
    assert simulator.recordings == []


def test_a_moderator_switches_the_recording_on_and_off(simulator: Simulator, caller: Caller) -> None:
    caller.create(record="true")
    token = caller.enter(role="MODERATOR")
    caller.press(token, "record")
    assert caller.state(token)["recording"] is True
    caller.press(token, "record")
    assert caller.state(token)["recording"] is False
    caller.ask("end", meetingID="m1")
    assert len(simulator.recordings) == 1


@pytest.fixture
def archive(simulator: Simulator) -> Simulator:
    simulator.add_recording("m1", name="one", metadata={"course": "waves-1"})
    simulator.add_recording("m1", name="two", metadata={"course": "waves-2", "term": "autumn"})
    simulator.add_recording("m2", name="three", metadata={"course": "light-1"}, state="unpublished")
    simulator.add_recording("m2", name="four", state="deleted")
    return simulator


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["one", "two", "three"]),
        ({"state": "any"}, ["one", "two", "three", "four"]),
        ({"state": "deleted"}, ["four"]),
        ({"state": "unpublished,deleted"}, ["three", "four"]),
        ({"meetingID": "m1"}, ["one", "two"]),
        ({"meetingID": "m1,m2"}, ["one", "two", "three"]),
        ({"meetingID": "m"}, []),
        ({"meta_course": "waves-1"}, ["one"]),
        ({"meta_Course": "waves%"}, ["one", "two"]),
        ({"meta_course": "%-1"}, ["one", "three"]),
        ({"meta_course": "%ight%"}, ["three"]),
        ({"meta_course": "waves%", "meta_term": "autumn"}, ["two"]),
        ({"meta_meetingName": "three"}, ["three"]),
        ({"limit": "1"}, ["one"]),
        ({"limit": "1", "offset": "1"}, ["two"]),
        ({"limit": "2", "offset": "-5"}, ["one", "two"]),
        ({"limit": "2", "offset": "x"}, ["one", "two"]),
        ({"limit": "0"}, ["one"]),
        ({"limit": "x", "offset": "1"}, ["one", "two", "three"]),
        ({"offset": "1"}, ["one", "two", "three"]),
    ],
)
def test_a_search_finds_what_the_server_would_find(
    archive: Simulator, caller: Caller, params: dict[str, str], expected: list[str]
) -> None:
    assert found(caller, **params) == expected


def test_a_record_id_matches_by_its_beginning_and_goes_before_the_meeting_id(
    archive: Simulator, caller: Caller
) -> None:
    ids = {recording.name: recording.record_id for recording in archive.recordings}
    assert found(caller, recordID=ids["one"][:20], meetingID="m2") == ["one", "two"]
    assert found(caller, recordID=f"{ids['two']},{ids['three']}") == ["two", "three"]


def test_a_page_says_how_many_there_are_and_holds_at_most_a_hundred(simulator: Simulator, caller: Caller) -> None:
    for _ in range(101):
        simulator.add_recording("m1")
    answer = caller.ask("getRecordings", limit="500")
    assert len(answer.findall("recordings/recording")) == 100
    assert answer.findtext("pagination/totalElements") == "101"
    assert caller.ask("getRecordings").find("pagination") is None


def test_no_recordings_is_a_success_with_a_key(caller: Caller) -> None:
    answer = caller.ask("getRecordings", meetingID="nobody")
    assert (answer.findtext("returncode"), answer.findtext("messageKey")) == ("SUCCESS", "noRecordings")
    assert answer.find("recordings") is not None


def test_publishing_repeats_what_was_asked(archive: Simulator, caller: Caller) -> None:
    record_id = archive.recordings[0].record_id
    assert caller.ask("publishRecordings", recordID=record_id, publish="FALSE").findtext("published") == "FALSE"
    assert archive.recordings[0].state == "unpublished"
    caller.ask("publishRecordings", recordID=record_id, publish="true")
    assert archive.recordings[0].state == "published"


def test_deleting_keeps_a_recording_where_only_any_state_finds_it(archive: Simulator, caller: Caller) -> None:
    record_id = archive.recordings[0].record_id
    assert caller.ask("deleteRecordings", recordID=record_id).findtext("deleted") == "true"
    assert "one" not in found(caller)
    assert "one" in found(caller, state="any")
    assert caller.key("deleteRecordings", recordID=record_id) == "notFound"


def test_metadata_is_updated_in_lower_case_and_removed_when_empty(archive: Simulator, caller: Caller) -> None:
    recording = archive.recordings[1]
    answer = caller.ask("updateRecordings", recordID=recording.record_id, meta_Room="A", meta_term="")
    assert answer.findtext("updated") == "true"
    assert recording.metadata == {"course": "waves-2", "room": "A"}
    assert caller.ask("updateRecordings", recordID=recording.record_id).findtext("updated") == "true"


@pytest.mark.parametrize(
    ("call", "params", "key"),
    [
        ("publishRecordings", {}, "missingParamRecordID"),
        ("publishRecordings", {"recordID": "x"}, "missingParamPublish"),
        ("publishRecordings", {"recordID": "x", "publish": "true"}, "notFound"),
        ("deleteRecordings", {}, "missingParamRecordID"),
        ("deleteRecordings", {"recordID": "x"}, "notFound"),
        ("updateRecordings", {}, "missingParamRecordID"),
        ("updateRecordings", {"recordID": "x", "meta_a": "1"}, "notFound"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(caller: Caller, call: str, params: dict[str, str], key: str) -> None:
    assert caller.key(call, **params) == key


def test_changes_need_the_exact_id(archive: Simulator, caller: Caller) -> None:
    beginning = archive.recordings[0].record_id[:-1]
    assert caller.key("publishRecordings", recordID=beginning, publish="true") == "notFound"


def test_publishing_is_for_get_only(caller: Caller) -> None:
    answer = caller.send("publishRecordings", method="POST", recordID="x", publish="true")
    assert answer.status_code == 405


def test_a_scalelite_pool_searches_in_its_own_way(archive: Simulator) -> None:
    pool = Caller(Simulator(secret=archive.secret, mode="scalelite"))
    pool.simulator.world.recordings = archive.world.recordings
    ids = {recording.name: recording.record_id for recording in archive.recordings}
    assert found(pool, recordID=ids["one"], meetingID="m2") == []
    assert found(pool, meta_course="waves-1,light-1") == ["three", "one"]
    assert found(pool, meta_course="waves%", meta_term="autumn") == ["two"]
    assert sorted(found(pool, limit="1")) == ["one", "three", "two"]
    recording = pool.ask("getRecordings").find("recordings/recording")
    assert recording is not None
    tags = [child.tag for child in recording]
    assert "protected" in tags
    assert not {"isBreakout", "rawSize", "size"} & set(tags)
    empty = pool.ask("getRecordings", meetingID="nobody")
    assert empty.findtext("message") == "There are not recordings for the meetings"
    assert pool.ask("updateRecordings", recordID="unknown", meta_a="1").findtext("updated") == "false"


def test_a_bbblb_pool_answers_in_its_own_way(archive: Simulator) -> None:
    pool = Caller(Simulator(secret=archive.secret, mode="bbblb"))
    pool.simulator.world.recordings = archive.world.recordings
    record_id = archive.recordings[0].record_id
    assert pool.ask("getRecordings", meetingID="nobody").find("messageKey") is None
    assert pool.ask("publishRecordings", recordID=record_id, publish="true").findtext("published") == "published"
    assert pool.ask("deleteRecordings", recordID="unknown").findtext("deleted") == "true"
    assert pool.ask("updateRecordings", recordID=record_id, meta_course="waves-1").findtext("updated") == "false"
    assert pool.key("publishRecordings") == "missingParameterRecordID"
    ids = [each.text or "" for each in pool.ask("getRecordings").findall("recordings/recording/recordID")]
    assert ids == sorted(ids)


def test_an_answer_about_recordings_is_well_formed_whatever_the_names(simulator: Simulator, caller: Caller) -> None:
    simulator.add_recording("m1", name="<&>\x00", metadata={"bad name": "x", "good": "<x>"})
    answer = etree.fromstring(caller.send("getRecordings").data)
    assert answer.findtext("recordings/recording/name") == "<&>"
    assert answer.findtext("recordings/recording/metadata/good") == "<x>"
