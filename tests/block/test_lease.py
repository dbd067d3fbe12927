"""Many click at once: one makes the meeting, nobody waits for that one, and a dead one blocks nobody for long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection, connections
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.domain import leases
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.models import Meeting, Room
from tests.builders import STAFF, THEA, Desk, learner, teacher
from tests.fakes.platform import SessionUser

CROWD = 24


@pytest.fixture
def held_room(platform):
    """A room whose lease somebody holds."""
    learner(platform).status()
    Room.objects.update(asked_at=None, lease_holder="somebody", lease_until=timezone.now() + timedelta(seconds=30))
    return Room.objects.get()


def test_a_loser_of_the_lease_is_told_at_once_to_come_back(platform, simulator, held_room):
    simulator.forget_calls()
    answer = learner(platform).join_by_script()
    assert (answer.status_code, answer.json["code"]) == (202, "starting")
    assert answer.json["again_seconds"] > 0
    assert simulator.count() == 0


def test_the_page_of_a_loser_comes_back_by_itself(platform, held_room):
    page = learner(platform).click_join()
    assert page.status_code == 202
    assert "message.js" in page.text


def test_the_lease_of_a_process_that_died_runs_out(platform, held_room):
    with freeze_time() as clock:
        clock.tick(31)
        assert learner(platform).click_join().status_code == 302
    assert Room.objects.get().lease_until is None


def test_the_lease_is_given_back_even_after_a_failure(platform, simulator):
    simulator.fault("create", "html_502")
    assert learner(platform).join_by_script().status_code == 503
    assert Room.objects.get().lease_until is None


def test_a_lease_that_ran_out_is_not_given_back_by_its_old_holder(platform, held_room):
    with freeze_time() as clock:
        clock.tick(31)
        with leases.lease(held_room, 5):
            Room.objects.update(lease_holder="the next", lease_until=timezone.now() + timedelta(seconds=30))
        assert Room.objects.get().lease_holder == "the next"


def test_two_cannot_hold_a_lease(platform, held_room):
    with pytest.raises(Refusal) as caught, leases.lease(held_room, 5):
        pass
    assert caught.value.code is Code.STARTING


def test_a_meeting_that_the_holder_before_has_just_made_is_used(platform, simulator):
    """Between looking and taking the lease, somebody else may have made it."""
    late = learner(platform)
    ticket = late.ticket()
    teacher(platform).click_join()
    simulator.forget_calls()
    assert late.call("join", "POST", body={"ticket": ticket}).status_code == 200
    assert simulator.count() == 0


def test_a_meeting_that_was_made_while_one_was_taking_the_lease_is_used(platform, simulator):
    late, others = learner(platform), [teacher(platform)]
    ticket = late.ticket()

    def somebody_is_faster(execute, sql, *rest):
        if "lease_holder" in sql and sql.startswith("UPDATE") and others:
            others.pop().click_join()
        return execute(sql, *rest)

    with connection.execute_wrapper(somebody_is_faster):
        assert late.call("join", "POST", body={"ticket": ticket}).status_code == 200
    assert [call.name for call in simulator.calls] == ["getMeetingInfo", "create"]


def test_a_create_that_finds_a_meeting_on_its_way_out_asks_people_to_come_back(platform, simulator):
    with freeze_time() as clock:
        teacher(platform).click_join()
        clock.tick(60)
        # The meeting is known to the server and not told about: it is on its way out.
        simulator.fault("getMeetingInfo", "failed", times=2, key="notFound")
        answer = teacher(platform).join_by_script()
    assert (answer.status_code, answer.json["code"]) == (202, "starting")
    assert [call.name for call in simulator.calls][-3:] == ["getMeetingInfo", "create", "getMeetingInfo"]


def test_a_create_that_finds_a_meeting_somebody_else_made_uses_it(platform, simulator):
    with freeze_time() as clock:
        teacher(platform).click_join()
        clock.tick(60)
        simulator.fault("getMeetingInfo", "failed", times=1, key="notFound")
        assert teacher(platform).join_by_script().status_code == 200
    assert Meeting.objects.filter(ended_at=None).count() <= 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_crowd_that_clicks_at_once_makes_one_meeting_and_everybody_gets_in(transactional_db, platform, simulator):
    simulator.fault("create", "slow", seconds=0.5)
    people = [
        SessionUser(id=100 + number, username=f"u{number}", full_name=f"Person {number}") for number in range(CROWD)
    ]
    desks = [learner(platform, person) for person in people] + [Desk(platform, THEA, STAFF)]
    tickets = [desk.ticket() for desk in desks]

    made = Event()

    def click(desk: Desk, ticket: str) -> int:
        try:
            for _ in range(50):
                answer = desk.call("join", "POST", body={"ticket": ticket})
                if answer.status_code != 202:
                    return answer.status_code
                made.wait(0.05)
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(click, desks, tickets))
    assert set(statuses) == {200}
    assert simulator.count("create") == 1
    assert simulator.count("getMeetingInfo") <= 2
