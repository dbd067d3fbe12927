"""The course team publishes, hides, deletes, names and shows recordings, several at once."""

import pytest
from django.db import connection

from bbb_xblock import tasks
from bbb_xblock.models import Recording
from tests.builders import THEA, learner, teacher
from tests.desk import ask, on_server, room_of, state_on, token_of
from tests.recorded import make_recording

OTHER_COURSE = "course-v1:ExampleX+Chemistry+2026"


@pytest.fixture
def desk(platform):
    return teacher(platform)


def fresh(recording):
    return Recording.objects.get(pk=recording.pk)


def test_hidden_is_hidden_on_the_server_and_in_the_row(desk, simulator):
    recording = on_server(simulator, desk)
    answer = ask(desk, "hide", recording.pk)
    assert answer.json == {"said": "The recording is hidden.", "done": [recording.pk], "troubles": {}}
    assert state_on(simulator, recording) == "unpublished"
    assert not fresh(recording).is_published


def test_several_are_published_with_one_change_and_one_question(desk, simulator):
    recordings = [on_server(simulator, desk, is_published=False) for _ in range(3)]
    for told in simulator.recordings:
        told.state = "unpublished"
    answer = ask(desk, "publish", *(each.pk for each in recordings))
    assert answer.json["said"] == "3 recordings are published."
    assert [call.name for call in simulator.calls] == ["publishRecordings", "getRecordings"]
    assert all(fresh(each).is_published for each in recordings)


def test_what_is_deleted_keeps_its_row(desk, simulator):
    recording = on_server(simulator, desk)
    answer = ask(desk, "delete", recording.pk)
    assert answer.json["said"] == "The recording is deleted."
    assert state_on(simulator, recording) == "deleted"
    assert fresh(recording).state == Recording.State.DELETED


def test_what_a_server_forgets_when_it_deletes_is_marked_deleted_too(desk, simulator):
    recording = on_server(simulator, desk)
    simulator.world.recordings.clear()
    ask(desk, "delete", recording.pk)
    assert fresh(recording).state == Recording.State.DELETED


def test_a_server_that_does_not_answer_changes_nothing_and_is_named_once(desk, simulator):
    recordings = [on_server(simulator, desk) for _ in range(2)]
    simulator.fault("*", "html_502", times=None)
    answer = ask(desk, "hide", *(each.pk for each in recordings))
    sentence = "The classroom server does not answer. Try again in a few minutes."
    assert answer.json["said"] == f"Nothing has changed. {sentence}"
    assert answer.json["troubles"] == {str(each.pk): sentence for each in recordings}
    assert all(fresh(each).is_published for each in recordings)


def test_of_two_servers_one_may_fail(desk, simulator, namespace):
    namespace["SERVERS"]["other"] = {"URL": "http://127.0.0.1:9/bigbluebutton/", "SECRET": "another-secret"}
    here = [on_server(simulator, desk) for _ in range(2)]
    there = make_recording(room_of(desk), server="other")
    answer = ask(desk, "hide", here[0].pk, there.pk, here[1].pk)
    assert answer.json["said"] == (
        "2 of 3 recordings are hidden. The classroom server does not answer. Try again in a few minutes."
    )
    assert answer.json["done"] == [each.pk for each in here]
    assert list(answer.json["troubles"]) == [str(there.pk)]
    assert fresh(there).is_published


def test_a_change_whose_answer_was_lost_is_found_out(desk, simulator):
    recording = on_server(simulator, desk)
    simulator.fault("publishRecordings", "html_502", work_done=True)
    assert ask(desk, "hide", recording.pk).json["said"] == "The recording is hidden."
    assert not fresh(recording).is_published


def test_a_change_that_was_confirmed_and_not_made_is_not_believed(desk, simulator):
    rebuilt, other = on_server(simulator, desk), on_server(simulator, desk)
    # A server changes what it can, and says SUCCESS if that was any of them.
    simulator.recordings[0].state = "processing"
    answer = ask(desk, "hide", rebuilt.pk, other.pk)
    assert answer.json["done"] == [other.pk]
    assert answer.json["said"].startswith("1 of 2 recordings are hidden.")
    assert fresh(rebuilt).state == Recording.State.PROCESSING


@pytest.mark.parametrize("action", ["publish", "hide", "delete"])
@pytest.mark.parametrize(
    ("state", "says"),
    [
        (Recording.State.EXPECTED, "not ready yet"),
        (Recording.State.PROCESSING, "not ready yet"),
        (Recording.State.DELETED, "any more"),
        (Recording.State.GONE, "any more"),
    ],
)
def test_no_server_is_asked_about_what_it_cannot_change(desk, simulator, action, state, says):
    recording = on_server(simulator, desk, state=state)
    assert says in ask(desk, action, recording.pk).json["troubles"][str(recording.pk)]
    assert simulator.count() == 0


def test_a_server_that_is_not_in_the_settings_is_told(desk, simulator):
    recording = make_recording(room_of(desk), server="formerly")
    assert "not connected" in ask(desk, "hide", recording.pk).json["said"]


def test_a_name_and_a_description_are_kept_here_and_cleaned(desk, simulator):
    recording = on_server(simulator, desk)
    ask(desk, "describe", recording.pk, title=" Light\u202e and\nwaves ", description="One\n\x00two")
    assert (fresh(recording).title, fresh(recording).description) == ("Light and waves", "One\ntwo")
    assert simulator.count() == 0


@pytest.mark.parametrize("audience", Recording.Audience.values)
def test_who_may_see_recordings_is_kept_here(desk, simulator, audience):
    recordings = [on_server(simulator, desk) for _ in range(2)]
    ask(desk, "audience", *(each.pk for each in recordings), audience=audience)
    assert [fresh(each).audience for each in recordings] == [audience] * 2
    assert simulator.count() == 0


def test_recordings_of_other_rooms_are_out_of_reach(desk, simulator, platform):
    elsewhere = on_server(simulator, teacher(platform, block_id="another"))
    abroad = on_server(simulator, teacher(platform, course=OTHER_COURSE))
    own = on_server(simulator, desk)
    for action, more in [
        ("hide", {}),
        ("delete", {}),
        ("audience", {"audience": "nobody"}),
        ("give_back", {}),
    ]:
        answer = ask(desk, action, elsewhere.pk, abroad.pk, 987_654, **more)
        assert answer.json["done"] == []
        assert set(answer.json["troubles"]) == {str(elsewhere.pk), str(abroad.pk), "987654"}
    assert simulator.count() == 0
    assert ask(desk, "hide", elsewhere.pk, own.pk).json["done"] == [own.pk]
    assert fresh(elsewhere).audience == fresh(abroad).audience == Recording.Audience.EVERYBODY
    assert {state_on(simulator, each) for each in (elsewhere, abroad)} == {"published"}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "hide"},
        {"action": "hide", "ids": []},
        {"action": "hide", "ids": "1"},
        {"action": "hide", "ids": ["1"]},
        {"action": "hide", "ids": [True]},
        {"action": "hide", "ids": [0]},
        {"action": "hide", "ids": [2**63]},
        {"action": "hide", "ids": [1.5]},
        {"action": "hide", "ids": list(range(1, 102))},
        {"action": "burn", "ids": [1]},
        {"action": ["hide"], "ids": [1]},
        {"action": None, "ids": [1]},
        {"action": "describe", "ids": [1]},
        {"action": "describe", "ids": [1], "title": 5, "description": ""},
        {"action": "describe", "ids": [1, 2], "title": "", "description": ""},
        {"action": "audience", "ids": [1], "audience": "friends"},
        {"action": "captions", "ids": [1], "kind": "captions", "language": "en", "label": "", "text": None},
    ],
)
def test_what_cannot_be_read_is_refused(desk, simulator, body):
    answer = desk.call("manage", "POST", body=body | {"token": token_of(desk)})
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert simulator.count() == 0


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_only_a_post_does_anything(desk, simulator, method):
    recording = on_server(simulator, desk)
    body = {"token": token_of(desk), "action": "hide", "ids": [recording.pk]}
    assert desk.call("manage", method, body=body).status_code == 405
    assert simulator.count() == 0


@pytest.mark.parametrize("action", ["publish", "hide", "delete", "offer", "look_again", "give_back", "adopt"])
def test_a_learner_with_a_teachers_token_or_one_of_their_own_does_nothing(desk, simulator, platform, action):
    recording = on_server(simulator, desk)
    ada = learner(platform)
    assert ask(ada, action, recording.pk, token=token_of(desk)).json["code"] == "ticket_refused"
    assert ask(ada, action, recording.pk).json["code"] == "moderators_only"
    demoted = learner(platform, THEA)
    assert ask(demoted, action, recording.pk, token=token_of(desk)).json["code"] == "moderators_only"
    assert simulator.count() == 0


def test_a_body_that_is_too_long_is_refused(desk, simulator):
    answer = desk.call("manage", "POST", body=b" " * 2_000_001)
    assert answer.json["code"] == "bad_request"


def test_a_server_is_asked_for_news_by_a_worker(desk, simulator):
    learner(desk.platform).click_join()
    room = room_of(desk)
    told = simulator.add_recording(room.meeting_id)
    make_recording(room, record_id=told.record_id, state=Recording.State.PROCESSING, is_published=False)
    simulator.forget_calls()
    answer = ask(desk, "look_again")
    assert "asked for news" in answer.json["said"]
    assert {call.name for call in simulator.calls} == {"getRecordings"}
    assert Recording.objects.get().is_published


def test_for_a_room_that_nobody_used_there_is_no_news(desk, simulator):
    assert ask(desk, "look_again").status_code == 200
    assert simulator.count() == 0


def test_without_a_broker_nobody_is_promised_news(desk, monkeypatch):
    def gone(*args, **details):
        raise tasks.OperationalError

    make_recording(room_of(desk))
    monkeypatch.setattr(tasks.look_again, "apply_async", gone)
    answer = ask(desk, "look_again")
    assert (answer.status_code, answer.json["code"]) == (503, "out_of_order")
    assert answer.json["error"].startswith("The course platform cannot change recordings at the moment.")


def test_a_server_that_is_silent_is_asked_no_more_however_many_recordings_it_has(desk, simulator):
    recordings = [on_server(simulator, desk) for _ in range(80)]
    simulator.fault("*", "html_502", times=None)
    answer = ask(desk, "hide", *(each.pk for each in recordings))
    assert len(answer.json["troubles"]) == 80
    assert [call.name for call in simulator.calls] == ["publishRecordings", "getRecordings"]


def test_many_are_changed_in_addresses_that_stay_short(desk, simulator):
    recordings = [on_server(simulator, desk) for _ in range(80)]
    answer = ask(desk, "hide", *(each.pk for each in recordings))
    assert answer.json["done"] == [each.pk for each in recordings]
    assert simulator.count("publishRecordings") > 1
    assert {state_on(simulator, each) for each in recordings} == {"unpublished"}


def test_no_row_is_touched_before_every_server_was_asked(desk, simulator):
    recordings = [on_server(simulator, desk) for _ in range(80)]
    happened = []

    def note(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            happened.append(simulator.count())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask(desk, "hide", *(each.pk for each in recordings))
    assert len(happened) >= 80
    assert set(happened) == {simulator.count()}
