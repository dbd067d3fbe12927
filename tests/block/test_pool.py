"""Several servers: rooms are spread, stay where they are, and move when their server is gone."""

import pytest
from freezegun import freeze_time

from bbb_xblock.models import Meeting, Room, Server
from sandbox.simulator import Simulator
from tests.builders import BEN, learner, teacher
from tests.classroom import SECRET


@pytest.fixture
def second(namespace):
    """A second server beside the first; each room prefers one of them."""
    other = Simulator(secret=SECRET)
    with other.serve(port=0):
        namespace["SERVERS"]["second"] = {"URL": other.url, "SECRET": SECRET}
        namespace["SERVER"] = ["main", "second"]
        yield other


def of(simulator, second, slug):
    return {"main": simulator, "second": second}[slug]


def start(platform, **details) -> str:
    """Start a room and say on which server it is."""
    assert teacher(platform, **details).click_join().status_code == 302
    return Meeting.objects.latest("pk").server


def test_rooms_are_spread_over_the_servers_and_a_room_keeps_to_its_own(platform, second):
    chosen = [start(platform, block_id=f"room{number}") for number in range(12)]
    assert set(chosen) == {"main", "second"}


def test_everybody_follows_to_the_server_of_the_meeting(platform, simulator, second):
    where = of(simulator, second, start(platform))
    answer = learner(platform).click_join()
    assert answer.location.startswith(where.url)


def test_a_meeting_stays_where_it_was_made_when_its_server_is_being_emptied(platform, simulator, namespace, second):
    slug = start(platform)
    namespace["SERVERS"][slug]["STATE"] = "draining"
    with freeze_time() as clock:
        clock.tick(60)
        answer = learner(platform).click_join()
    assert answer.location.startswith(of(simulator, second, slug).url)
    assert Meeting.objects.count() == 1


def test_a_drained_server_gets_no_new_meetings(platform, namespace, second):
    namespace["SERVERS"]["main"]["STATE"] = "draining"
    assert {start(platform, block_id=f"room{number}") for number in range(6)} == {"second"}


def test_the_last_server_may_be_drained_and_its_meetings_go_on(platform, namespace):
    start(platform)
    namespace["SERVERS"]["main"]["STATE"] = "draining"
    assert learner(platform).click_join().status_code == 302
    assert learner(platform).page().cssselect("a.bbb-join")


def test_a_meeting_on_a_server_that_was_switched_off_is_out_of_reach(platform, namespace):
    start(platform)
    ticket = learner(platform).ticket()
    namespace["SERVERS"]["main"]["STATE"] = "off"
    answer = learner(platform).call("join", "POST", body={"ticket": ticket})
    assert answer.json["code"] == "not_configured"


@pytest.mark.parametrize("fault", ["html_502", "reset", "empty"])
def test_when_a_server_dies_mid_class_the_next_join_makes_the_room_elsewhere_and_everybody_follows(
    platform, simulator, second, fault
):
    slug = start(platform)
    dead, alive = (simulator, second) if slug == "main" else (second, simulator)
    dead.fault("*", fault, times=None)
    with freeze_time() as clock:
        clock.tick(60)
        for who in (teacher(platform), learner(platform), learner(platform, BEN)):
            assert who.click_join().location.startswith(alive.url)
    assert alive.count("create") == 1
    assert Meeting.objects.filter(ended_at=None).count() == 1
    dead.clear_faults()


def test_a_server_that_fails_is_tried_last_for_a_while(platform, simulator, second):
    slug = start(platform)
    dead = of(simulator, second, slug)
    dead.fault("*", "html_502", times=None)
    Room.objects.update(current=None, confirmed_at=None, asked_at=None)
    dead.reset()
    dead.fault("*", "html_502", times=None)
    with freeze_time() as clock:
        clock.tick(60)
        assert start(platform) != slug
        assert Server.objects.get(slug=slug).failed_at is not None
        dead.forget_calls()
        others = [start(platform, block_id=f"room{number}") for number in range(6)]
        assert slug not in others
        assert dead.count() == 0
    dead.clear_faults()


def test_a_server_that_refuses_the_secret_is_no_reason_to_go_elsewhere(platform, simulator, second):
    for server in (simulator, second):
        server.fault("*", "failed", times=None, key="checksumError")
    answer = teacher(platform).call("join", "POST", body={"ticket": teacher(platform).ticket()})
    assert answer.json["code"] == "signature_refused"
    assert simulator.count() + second.count() == 1
    for server in (simulator, second):
        server.clear_faults()


def test_when_all_servers_are_down_each_was_tried_once(platform, simulator, second):
    for server in (simulator, second):
        server.fault("*", "html_502", times=None)
    answer = teacher(platform).call("join", "POST", body={"ticket": teacher(platform).ticket()})
    assert answer.json["code"] == "server_unreachable"
    assert simulator.count() and second.count()
    for server in (simulator, second):
        server.clear_faults()


def test_a_meeting_whose_server_is_gone_from_the_settings_is_out_of_reach(platform, namespace, second, caplog):
    ticket = learner(platform).ticket()
    slug = start(platform)
    del namespace["SERVERS"][slug]
    answer = learner(platform).call("join", "POST", body={"ticket": ticket})
    assert answer.json["code"] == "not_configured"
    assert "E002" in caplog.text


def test_a_server_of_a_pool_that_is_not_configured_is_passed_over(platform, namespace):
    namespace["SERVER"] = ["nowhere", "main"]
    assert start(platform) == "main"
