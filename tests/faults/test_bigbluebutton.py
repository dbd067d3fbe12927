"""BigBlueButton is slow, down, talks rubbish, or restarts or ends a meeting while people are on their way."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections

from bbb_xblock.models import Meeting, Room
from sandbox.simulator import Simulator
from tests.builders import BEN, Desk, learner, teacher
from tests.classroom import SECRET
from tests.fakes.platform import SessionUser

CROWD = 12
RUBBISH = ("html_502", "status_500", "cut_xml", "huge", "bomb", "external_entity", "redirect_loop", "reset", "empty")
RUBBISH += ("not_xml", "json", "wrong_root", "no_servers")


@pytest.mark.parametrize("fault", [*RUBBISH, "slow", "drip"])
def test_whatever_it_answers_people_get_a_sentence_and_get_in_once_it_is_well(
    platform, simulator, namespace, walk_in, a_moment_passes, fault
):
    namespace["READ_TIMEOUT"] = 0.3
    simulator.fault("*", fault, times=None, seconds=60)
    refused = learner(platform).click_join()
    assert refused.status_code == 503
    assert refused.content_type == "text/html"
    assert learner(platform).page().cssselect("a.bbb-join")
    assert learner(platform).status().json["state"] == "trouble"
    simulator.clear_faults()
    del namespace["READ_TIMEOUT"]
    a_moment_passes()
    assert walk_in(learner(platform)) == "in"
    a_moment_passes()
    assert learner(platform).status().json["state"] == "live"


def test_a_server_that_does_not_answer_keeps_one_person_waiting_and_nobody_else(platform, simulator, namespace):
    namespace["READ_TIMEOUT"] = 0.3
    simulator.fault("*", "slow", times=None, seconds=60)
    statuses = [learner(platform, user).click_join().status_code for user in (BEN, SessionUser(99, "u99"))]
    for user in (BEN, SessionUser(99, "u99")):
        learner(platform, user).status()
    assert statuses == [503, 503]
    assert simulator.count() == 1


def test_a_server_that_names_the_meeting_of_another_room_is_not_believed(platform, simulator, a_moment_passes, caplog):
    learner(platform).click_join()
    meeting = Meeting.objects.get()
    elsewhere = Room.objects.create(meeting_id="oex-elsewhere", usage_key="elsewhere", course_key="elsewhere")
    Meeting.objects.update(room=elsewhere)
    a_moment_passes()
    Room.objects.update(current=None)
    assert learner(platform, BEN).click_join().status_code == 503
    learner(platform, BEN).status()
    meeting.refresh_from_db()
    assert (meeting.joins.count(), meeting.ended_at, meeting.looked_at) == (1, None, None)
    assert not Room.objects.exclude(current=None).exists()
    assert "which is another room's" in caplog.text


def test_a_meeting_that_a_balancer_loses_sight_of_for_a_moment_goes_on(platform, simulator, a_moment_passes):
    learner(platform).click_join()
    simulator.fault("getMeetingInfo", "failed", times=1, key="notFound")
    a_moment_passes()
    learner(platform).status()
    meeting = Meeting.objects.get()
    assert (meeting.why_ended, Room.objects.get().current) == (Meeting.Ending.GONE, None)
    a_moment_passes()
    learner(platform).status()
    meeting.refresh_from_db()
    assert (meeting.why_ended, meeting.ended_at, meeting.settled_at) == ("", None, None)
    assert Room.objects.get().current == meeting


@pytest.fixture
def own_server(namespace) -> Iterator[Any]:
    """A simulated server that can be stopped, and started at the same address; it forgets everything then."""
    server = Simulator(secret=SECRET)
    running = server.serve()
    port = urlsplit(running.__enter__()).port
    namespace["SERVERS"]["main"] |= {"URL": server.url}

    class Own:
        simulator = server
        up = running

        def stop(self) -> None:
            self.up.__exit__(None, None, None)

        def start(self) -> None:
            server.reset()
            self.up = server.serve(port=port)
            self.up.__enter__()

    own = Own()
    yield own
    own.stop()


def test_a_server_that_is_down_is_told_and_taken_up_again_when_it_is_back(
    platform, own_server, walk_in, a_moment_passes
):
    assert walk_in(teacher(platform)) == "in"
    own_server.stop()
    a_moment_passes()
    assert walk_in(learner(platform)) == "503"
    assert learner(platform).status().json["state"] == "trouble"
    own_server.start()
    a_moment_passes()
    assert walk_in(learner(platform)) == "in"
    assert Meeting.objects.filter(ended_at=None).count() == 1


def test_a_server_that_restarts_between_create_and_join_costs_nobody_the_way_in(platform, own_server, walk_in):
    """The meeting is known to run here and gone there: everybody is sent back by BigBlueButton, and then let in."""
    head = teacher(platform)
    sent_to = head.click_join()
    own_server.stop()
    own_server.start()
    assert walk_in(head, sent_to) == "in"
    assert [walk_in(desk) for desk in (learner(platform), learner(platform, BEN))] == ["in", "in"]
    assert own_server.simulator.count("create") == 1
    assert Meeting.objects.filter(ended_at=None).count() == 1
    live = own_server.simulator.meeting(Room.objects.get().meeting_id)
    assert len(live.participants) == 3


def test_a_server_that_made_the_room_and_could_not_say_so_is_asked_once_more(
    platform, simulator, walk_in, a_moment_passes
):
    simulator.fault("create", "reset", work_done=True)
    assert walk_in(teacher(platform)) == "503"
    a_moment_passes()
    assert walk_in(teacher(platform)) == "in"
    assert simulator.count("create") == 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_meeting_that_ends_while_people_join_leaves_nobody_without_an_answer(
    transactional_db, platform, simulator, walk_in
):
    head = teacher(platform)
    assert walk_in(head) == "in"
    token = str(head.page().cssselect("section")[0].get("data-end-token"))
    people = [
        SessionUser(id=100 + number, username=f"u{number}", full_name=f"Learner {number}") for number in range(CROWD)
    ]
    desks = [learner(platform, person) for person in people]
    together = Barrier(CROWD + 1, timeout=30)

    def join(desk: Desk) -> str:
        try:
            together.wait()
            return walk_in(desk)
        finally:
            connections.close_all()

    def end() -> str:
        try:
            together.wait()
            return str(head.call("end", "POST", body={"token": token}).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CROWD + 1) as pool:
        ended = pool.submit(end)
        ways = Counter(pool.map(join, desks))
    # In, "it is being made: come back", or "it has just ended".
    assert set(ways) <= {"in", "202", "200"}
    assert ended.result() == "200"
    assert [walk_in(desk) for desk in desks[:3]] == ["in"] * 3
    room = Room.objects.get()
    assert room.current is not None
    assert room.current.create_time == str(simulator.meeting(room.meeting_id).create_time)
    assert list(Meeting.objects.filter(ended_at=None)) == [room.current]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_teachers_who_press_start_together_meet_in_one_room(transactional_db, platform, simulator, walk_in):
    simulator.fault("create", "slow", seconds=0.3)
    together = Barrier(2, timeout=30)
    desks = [teacher(platform), Desk(platform, SessionUser(21, "tim"), teacher(platform).roles)]
    tickets = [desk.ticket() for desk in desks]

    def start(desk: Desk, ticket: str) -> int:
        try:
            together.wait()
            return desk.call("join", query={"ticket": ticket}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(start, desks, tickets))
    assert statuses == [202, 302]
    assert [walk_in(desk) for desk in desks] == ["in", "in"]
    assert (simulator.count("getMeetingInfo"), simulator.count("create")) == (1, 1)
    assert Meeting.objects.count() == 1
    assert len(simulator.meeting(Room.objects.get().meeting_id).participants) == 2
