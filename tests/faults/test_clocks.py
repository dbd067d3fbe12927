"""Clocks that are off by an hour: the server's against ours, and one machine of the site's against another's."""

from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock import config
from bbb_xblock.bbb import TimedOut
from bbb_xblock.domain import leases, servers
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.models import Meeting, Room
from tests.builders import BEN, COURSE, learner, teacher

HOUR = 3600
BOTH = pytest.mark.parametrize("wrong", [HOUR, -HOUR], ids=["ahead", "behind"])


def clock_of(seconds: float):
    """The time on a machine whose clock is so far ahead of this one's, standing still."""
    return freeze_time(timezone.now() + timedelta(seconds=seconds))


@BOTH
def test_a_server_with_another_time_lets_people_in_and_out(platform, simulator, walk_in, a_moment_passes, wrong):
    simulator.world.clock, right = (lambda: right() + wrong), simulator.world.clock
    try:
        assert [walk_in(desk) for desk in (teacher(platform), learner(platform))] == ["in", "in"]
        a_moment_passes()
        assert learner(platform).status().json["state"] == "live"
        simulator.world.end(simulator.meeting(Room.objects.get().meeting_id))
        a_moment_passes()
        assert walk_in(learner(platform, BEN)) == "in"
    finally:
        simulator.world.clock = right
    assert Meeting.objects.filter(ended_at=None).count() == 1
    assert simulator.count("create") == 2


@BOTH
def test_a_page_made_by_a_machine_with_another_time_works(platform, wrong):
    with clock_of(wrong):
        ticket, token = learner(platform).ticket(), teacher(platform).page_token()
    assert learner(platform).call("join", query={"ticket": ticket}).status_code == 302
    assert teacher(platform).call("status", headers={"X-BBB-Page-Token": token}).status_code == 200


@BOTH
def test_what_a_machine_with_another_time_saw_running_is_looked_at_again(platform, simulator, walk_in, wrong):
    with clock_of(wrong):
        teacher(platform).click_join()
    simulator.reset()
    assert walk_in(learner(platform)) == "in"
    assert [call.name for call in simulator.calls] == ["getMeetingInfo", "create", "join"]


@BOTH
def test_pages_ask_again_although_a_machine_with_another_time_has_asked(platform, simulator, wrong):
    with clock_of(wrong):
        learner(platform).status()
    simulator.forget_calls()
    learner(platform).status()
    learner(platform, BEN).status()
    assert simulator.count("getMeetingInfo") == 1


@BOTH
def test_trouble_that_a_machine_with_another_time_had_is_over_when_it_is_over(platform, simulator, walk_in, wrong):
    simulator.fault("*", "html_502", times=None)
    with clock_of(wrong):
        assert walk_in(learner(platform)) == "503"
    simulator.clear_faults()
    assert walk_in(learner(platform)) == "in"


@BOTH
def test_a_server_that_failed_by_another_machine_s_time_is_not_tried_last(db, namespace, wrong):
    main = namespace["SERVERS"]["main"]
    namespace |= {"SERVERS": {"main": main, "second": main}, "SERVER": ["main", "second"]}

    def order() -> list[str]:
        clients = servers.for_new_meetings(config.for_course(COURSE), "oex-1")
        return [client.endpoint.slug for client in clients]

    first, last = order()
    with clock_of(wrong):
        servers.failed(first, TimedOut("create", 8.0))
        assert order() == [last, first]
    assert order() == [first, last]


@BOTH
def test_a_machine_with_another_time_that_dies_over_the_lease_blocks_nobody_for_an_hour(platform, walk_in, wrong):
    learner(platform).page()
    learner(platform).status()
    with clock_of(wrong):
        dead = leases.lease(Room.objects.get(), 30)
        dead.__enter__()
    with freeze_time() as clock:
        clock.tick(31)
        assert walk_in(learner(platform)) == "in"


def test_a_clock_that_is_a_little_ahead_breaks_no_lease(platform):
    learner(platform).status()
    room = Room.objects.get()
    with clock_of(20), leases.lease(Room.objects.get(), 30):
        with clock_of(-20), pytest.raises(Refusal) as refused, leases.lease(room, 30):
            pass
        assert refused.value.code is Code.STARTING


@BOTH
def test_machines_with_different_times_that_both_make_the_room_make_one_meeting(platform, simulator, walk_in, wrong):
    """The lease cannot keep such machines apart; that ``create`` makes nothing twice does."""
    simulator.fault("getMeetingInfo", "failed", times=2, key="notFound")
    first = teacher(platform).click_join()
    Room.objects.update(current=None, confirmed_at=None, asked_at=None)
    with clock_of(wrong):
        second = learner(platform).click_join()
    assert (first.status_code, second.status_code) == (302, 302)
    assert Meeting.objects.count() == 1
    assert [walk_in(teacher(platform), first), walk_in(learner(platform), second)] == ["in", "in"]
