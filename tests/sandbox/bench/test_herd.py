"""The client: what it takes for a way in, and when it comes back."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.bench import class_starts, herd
from sandbox.bench.class_starts import Start
from sandbox.bench.figures import Promise
from sandbox.bench.herd import Answer, Learner
from sandbox.bench.stage import Stage
from sandbox.demo.people import PEOPLE, anonymous_id
from sandbox.demo.rooms import OPEN
from sandbox.simulator import Simulator

ROOM = "http://127.0.0.1/bigbluebutton/api/join"


@pytest.fixture(autouse=True)
def class_of_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_LEARNERS", "20")


def answer(status: int, body: str = "", location: str = "", busy: float = 0.0) -> Answer:
    return Answer(status, {"location": location} if location else {}, body, seconds=0.1, busy=busy)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        (answer(302, location="https://bbb.example.org/join"), "https://bbb.example.org/join"),
        (answer(200, '{"url": "https://bbb.example.org/join"}'), "https://bbb.example.org/join"),
        (answer(200, "<p>a page</p>"), ""),
        (answer(403, '{"code": "ticket_refused"}'), ""),
        (answer(503, "busy"), ""),
    ],
)
def test_only_an_address_of_a_room_is_a_way_in(given: Answer, url: str) -> None:
    assert herd.room_url(given) == url


@pytest.mark.parametrize(
    "body", ['{"again_seconds": 2}', '<main class="bbb-xblock"\n data-tone="waiting" data-again-seconds="2">']
)
def test_the_server_says_when_to_come_back(body: str) -> None:
    assert herd.again_seconds(answer(202, body)) == 2


@pytest.mark.parametrize("body", ["<main>", '{"again_seconds": 0}'])
def test_nobody_comes_back_for_ever_without_being_told(body: str) -> None:
    with pytest.raises(ValueError, match="when to come back"):
        herd.again_seconds(answer(202, body))


def answering(*answers: Answer) -> Callable[..., Any]:
    given = iter(answers)

    async def ask(port: int, path: str, headers: dict[str, str] = herd.LINK) -> Answer:
        return next(given)

    return ask


@pytest.fixture
def no_sleep(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(herd.asyncio, "sleep", sleep)
    return slept


def test_who_is_told_starting_comes_back_until_in(monkeypatch: pytest.MonkeyPatch, no_sleep: list[float]) -> None:
    starting = answer(202, '{"again_seconds": 2}')
    monkeypatch.setattr(herd, "ask", answering(starting, starting, answer(200, f'{{"url": "{ROOM}"}}')))
    learner = Learner(1000)

    asyncio.run(herd.get_in(1, learner, "/join", delay=0.5))

    assert (learner.room_url, learner.error, len(learner.answers)) == (ROOM, "", 3)
    assert no_sleep[0] == 0.5
    assert all(1.5 <= pause <= 2.5 for pause in no_sleep[1:])


@pytest.mark.usefixtures("no_sleep")
def test_who_is_refused_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(herd, "ask", answering(answer(503)))
    learner = Learner(1000)

    asyncio.run(herd.get_in(1, learner, "/join", delay=0))

    assert learner.error == "status 503"


def test_a_connection_that_is_closed_without_an_answer_is_an_error() -> None:
    async def scenario() -> Learner:
        async def close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        async with await asyncio.start_server(close, "127.0.0.1", 0) as server:
            learner = Learner(1000)
            await herd.get_in(server.sockets[0].getsockname()[1], learner, "/join", delay=0)
            return learner

    learner = asyncio.run(scenario())
    assert learner.error.startswith("Connection")
    assert learner.room_url == ""


def in_room(number: int, as_number: int | None = None, meeting: str = "m", busy: float = 0.01) -> Learner:
    user_id = anonymous_id(PEOPLE.get(as_number or number), OPEN.course)
    url = f"{ROOM}?meetingID={meeting}&createTime=1&userID={user_id}"
    return Learner(number, [answer(302, location=url, busy=busy)], url)


def start_of(learners: list[Learner], calls: dict[str, int], name: str = "not started yet", delay: float = 0) -> Start:
    start = Start(name, learners, Counter(calls), in_the_room=len(learners), delay=delay)
    start.own = start.own_ways_in(OPEN)
    return start


def judged(start: Start) -> list[Promise]:
    ground = Stage(Simulator(secret="only-for-tests"), "SQLite", "", learners=len(start.learners), workers=2)
    return class_starts.section(ground, [start]).promises


def broken(start: Start) -> list[str]:
    return [promise.text for promise in judged(start) if not promise.kept]


ONE_CREATE = {"getMeetingInfo": 1, "create": 1}


def test_a_good_start_breaks_no_promise() -> None:
    start = start_of([in_room(1000), in_room(1001)], ONE_CREATE)

    assert len(judged(start)) == 3
    assert broken(start) == []


def test_a_second_create_breaks_a_promise() -> None:
    assert "exactly one create" in broken(start_of([in_room(1000)], {"create": 2}))[0]


def test_a_fourth_call_breaks_a_promise() -> None:
    assert "at most 3" in broken(start_of([in_room(1000)], {"getMeetingInfo": 3, "create": 1}))[0]


def test_a_call_for_a_room_known_to_run_breaks_a_promise() -> None:
    start = start_of([in_room(1000)], {"getMeetingInfo": 1}, "known to run")

    assert broken(start) == ["Room known to run: no BBB call"]


@pytest.mark.parametrize(
    "other",
    [
        lambda: in_room(1001, as_number=1000),
        lambda: in_room(1001, meeting="another"),
        lambda: Learner(1001, [answer(503)], error="status 503"),
    ],
    ids=["under another's name", "in another meeting", "outside"],
)
def test_somebody_who_is_not_in_as_they_should_be_breaks_a_promise(other: Callable[[], Learner]) -> None:
    assert "everybody is in" in broken(start_of([in_room(1000), other()], ONE_CREATE))[0]


def test_a_second_request_that_waits_for_the_slow_server_breaks_a_promise() -> None:
    maker, waiting = in_room(1000, busy=5.02), in_room(1001, busy=4.9)

    assert broken(start_of([maker, in_room(1001)], ONE_CREATE, delay=5)) == []
    assert "No worker waits" in broken(start_of([maker, waiting], ONE_CREATE, delay=5))[0]
