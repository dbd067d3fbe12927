"""``bbb_rooms``: the rooms in a list, and an end for a runaway meeting."""

import json
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bbb_xblock.models import Meeting, Room
from tests.block.test_secrets import leaks
from tests.builders import ADA, COURSE, THEA, learner, teacher

OTHER = "course-v1:ExampleX+Chemistry+2026"


def run(*arguments: str) -> str:
    printed = StringIO()
    call_command("bbb_rooms", *arguments, stdout=printed)
    return printed.getvalue()


def rooms_of(*arguments: str) -> list[dict]:
    return json.loads(run(*arguments, "--json"))


@pytest.fixture
def two_rooms(platform, simulator):
    """One room of each course: one has a meeting with two people in it, the other has none."""
    teacher(platform).click_join()
    room = Room.objects.get()
    simulator.add_participants(room.meeting_id, 2)
    Room.objects.update(asked_at=None)
    learner(platform).status()
    learner(platform, course=OTHER).status()
    return room


@pytest.fixture
def answering(monkeypatch):
    """Let somebody at the keyboard answer; nothing means that nobody is there."""

    def answer(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", StringIO(text))

    return answer


def test_each_room_is_a_line_with_its_state_people_and_server(two_rooms):
    head, *lines = run().splitlines()
    (running,) = [line for line in lines if line.startswith("running")]
    (closed,) = [line for line in lines if line.startswith("closed")]
    assert head.split()[:3] == ["STATE", "PEOPLE", "SERVER"]
    since = f"{timezone.localtime(Meeting.objects.get().started_at):%Y-%m-%d %H:%M}"
    assert running.split()[:3] == ["running", "2", "main"]
    assert since in running
    assert two_rooms.meeting_id in running
    assert running.endswith(f"{COURSE}  {two_rooms.usage_key}")
    assert closed.split()[:3] == ["closed", "0", "-"]
    assert lines[-1] == "Rooms: 2. With a meeting: 1. People in them: 2."


def test_rooms_can_be_chosen_by_course_server_and_state(two_rooms):
    ours = two_rooms.meeting_id
    assert len(rooms_of()) == 2
    for arguments in (["--course", COURSE], ["--server", "main"], ["--running"]):
        assert [room["meeting_id"] for room in rooms_of(*arguments)] == [ours]
    assert [room["course_key"] for room in rooms_of("--course", OTHER)] == [OTHER]
    assert rooms_of("--server", "nowhere") == []
    assert run("--server", "nowhere") == "There is no such room.\n"


def test_a_script_gets_everything_that_is_known(two_rooms):
    room = rooms_of("--running")[0]
    assert (room["server"], room["people"], room["is_running"], room["trouble"]) == ("main", 2, True, "")
    assert room["since"].startswith(str(Meeting.objects.get().started_at.year))
    assert room["usage_key"] == two_rooms.usage_key


def test_trouble_and_groups_stand_at_the_end_of_the_line(two_rooms):
    Room.objects.filter(pk=two_rooms.pk).update(trouble="server_unreachable", group="7")
    assert "group 7  (server_unreachable)" in run("--running")


def test_no_server_is_asked_for_a_list_and_the_questions_do_not_grow(two_rooms, simulator, django_assert_num_queries):
    simulator.forget_calls()
    Room.objects.bulk_create(
        Room(meeting_id=f"oex-{number}", usage_key=f"block-{number}", course_key=COURSE) for number in range(200)
    )
    with django_assert_num_queries(1):
        run()
    assert simulator.count() == 0


def test_a_list_holds_nothing_secret_and_nobody(two_rooms):
    text = run() + run("--json")
    assert leaks(text) == []
    for word in (ADA.username, THEA.username, f"{THEA.id:032x}"):
        assert word not in text


# An end


def test_a_runaway_meeting_is_ended_on_its_server(two_rooms, simulator):
    assert run("--end", two_rooms.meeting_id, "--yes").startswith("The meeting on the server 'main' was ended.")
    assert simulator.count("end") == 1
    assert Meeting.objects.get().why_ended == Meeting.Ending.ENDED_HERE
    two_rooms.refresh_from_db()
    assert two_rooms.current is None


def test_whoever_is_not_sure_is_asked_first(two_rooms, simulator, answering, capsys):
    for text in ("", "n\n", "\n"):
        answering(text)
        with pytest.raises(CommandError, match="Nothing was ended") as declined:
            run("--end", two_rooms.meeting_id)
        assert declined.value.returncode == 1
    assert simulator.count("end") == 0
    answering("Y\n")
    assert "was ended" in run("--end", two_rooms.meeting_id)
    assert "for everybody in it? [y/N]" in capsys.readouterr().out


def test_a_meeting_that_the_site_believes_to_be_over_is_ended_all_the_same(two_rooms, simulator):
    Room.objects.update(current=None)
    assert "was ended" in run("--end", two_rooms.meeting_id, "--yes")
    assert simulator.count("end") == 1


def test_a_meeting_that_is_over_is_no_failure(two_rooms, simulator):
    simulator.reset()
    assert "it was over already" in run("--end", two_rooms.meeting_id, "--yes")
    assert Meeting.objects.get().why_ended == Meeting.Ending.GONE


def test_a_meeting_is_ended_where_everything_is_switched_off(two_rooms, namespace, simulator):
    namespace["ENABLED"] = False
    namespace["SERVERS"]["main"]["STATE"] = "off"
    assert "was ended" in run("--end", two_rooms.meeting_id, "--yes")
    assert simulator.count("end") == 1


def test_ids_that_are_not_ours_and_rooms_without_a_meeting_are_told_in_a_sentence(two_rooms, simulator):
    never = Room.objects.get(course_key=OTHER).meeting_id
    for meeting_id in ("oex-somebody-else-s", never):
        with pytest.raises(CommandError, match="no meeting with this id"):
            run("--end", meeting_id, "--yes")
    assert simulator.count("end") == 0


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda simulator, servers: simulator.fault("end", "html_502"), "HTTP status 502. The meeting may still run"),
        (lambda simulator, servers: servers["main"].update(SECRET="wrong"), "check the shared secret"),
        (lambda simulator, servers: servers.clear(), "'main' is not in SERVERS. Add it to SERVERS"),
    ],
    ids=["unreachable", "wrong secret", "gone from the settings"],
)
def test_what_stands_in_the_way_is_told_in_a_sentence_and_the_meeting_goes_on(
    two_rooms, simulator, namespace, break_it, sentence
):
    break_it(simulator, namespace["SERVERS"])
    with pytest.raises(CommandError) as caught:
        run("--end", two_rooms.meeting_id, "--yes")
    assert sentence in str(caught.value)
    assert leaks(str(caught.value)) == []
    assert Meeting.objects.get().ended_at is None
