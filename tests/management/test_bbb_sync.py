"""``bbb_sync``: servers are asked for news of recordings, and what came of it is told."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bbb_xblock.models import Recording, Room
from tests.builders import COURSE
from tests.callbacks import make_room, serving_main
from tests.recorded import make_recording, publish

State = Recording.State
pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def simulator(settings):
    with serving_main(settings) as server:
        yield server


@pytest.fixture
def room() -> Room:
    return make_room()


def run(*arguments: str) -> tuple[int, str]:
    """Give the exit code and what is printed."""
    printed, code = StringIO(), 0
    try:
        call_command("bbb_sync", *arguments, stdout=printed, no_color=True)
    except SystemExit as end:
        code = int(end.code)
    return code, printed.getvalue()


def test_what_is_new_changed_and_gone_is_told_and_stored(simulator, room):
    found = make_recording(room)
    Recording.objects.filter(pk=found.pk).delete()
    done = make_recording(room, state=State.PROCESSING)
    gone = make_recording(room)
    for each in (found, done):
        publish(simulator, room.meeting_id, each.record_id)
    assert run("--all") == (0, "main: 1 rooms, 2 recordings, 1 new, 1 changed, 1 gone.\n")
    states = dict(Recording.objects.values_list("record_id", "state"))
    assert states == {found.record_id: State.READY, done.record_id: State.READY, gone.record_id: State.GONE}


def test_a_second_time_nothing_is_new(simulator, room):
    publish(simulator, room.meeting_id, make_recording(room).record_id)
    run("--all")
    assert run("--all") == (0, "main: 1 rooms, 1 recordings, 0 new, 0 changed, 0 gone.\n")


def test_one_course_or_one_room_can_be_chosen(simulator, room):
    make_recording(room)
    other = make_room("oex-2")
    make_recording(other)
    Room.objects.filter(pk=other.pk).update(course_key="course-v1:Other+One+2026")
    assert run("--room", "oex-2") == (0, "main: 1 rooms, 0 recordings, 0 new, 0 changed, 1 gone.\n")
    assert Recording.objects.get(room=room).state == State.READY
    assert run("--course", COURSE) == (0, "main: 1 rooms, 0 recordings, 0 new, 0 changed, 1 gone.\n")
    assert run("--course", "course-v1:No+Such+One") == (0, "No meeting was held in these rooms.\n")


def test_breakout_rooms_are_found_where_a_room_or_a_course_is_chosen(simulator, room):
    make_recording(room)
    theirs = simulator.add_recording("a-breakout-room", metadata={"bbb-context-room": room.meeting_id})
    theirs.is_breakout = True
    run("--all")
    assert not Recording.objects.filter(is_breakout=True).exists()
    run("--course", COURSE)
    assert Recording.objects.get(is_breakout=True).record_id == theirs.record_id


def test_a_room_without_a_meeting_is_told_from_one_that_is_not_there(simulator, room):
    with pytest.raises(CommandError, match="bbb_rooms"):
        run("--room", "oex-9")
    assert run("--all") == (0, "No meeting was held in these rooms.\n")


def test_a_server_that_does_not_answer_is_code_2_and_the_others_are_asked(simulator, room):
    publish(simulator, room.meeting_id, make_recording(room).record_id)
    make_recording(room, server="second")
    code, printed = run("--all")
    assert code == 2
    assert "main: 1 rooms, 1 recordings" in printed
    assert "second: no answer for 1 rooms. The BigBlueButton server refused the connection" in printed
    assert Recording.objects.get(server="second").state == State.READY


def test_a_server_that_is_off_or_unknown_is_code_1(simulator, room, settings):
    make_recording(room, server="before")
    settings.XBLOCK_SETTINGS["bbb"]["SERVERS"]["main"]["STATE"] = "off"
    make_recording(room)
    code, printed = run("--all")
    assert code == 1
    assert [line.partition(",")[0] for line in printed.splitlines()] == [
        "before: not asked for 1 rooms: it is switched off",
        "main: not asked for 1 rooms: it is switched off",
    ]
    assert set(Recording.objects.values_list("state", flat=True)) == {State.READY}


def test_scripts_get_a_list(simulator, room):
    make_recording(room)
    code, printed = run("--all", "--json")
    assert (code, json.loads(printed)) == (
        0,
        [
            {
                "server": "main",
                "rooms": 1,
                "silent": 0,
                "off": 0,
                "trouble": "",
                "tally": {"told": 0, "new": 0, "changed": 0, "gone": 1},
            }
        ],
    )


@pytest.mark.parametrize("arguments", [(), ("--all", "--course", COURSE), ("--all", "--room", "oex-1")])
def test_which_rooms_has_to_be_said_once(arguments):
    with pytest.raises(CommandError):
        run(*arguments)
