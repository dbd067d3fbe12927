"""A herd of browsers: many different learners, each with a page of their own, who all click within one second."""

import asyncio
import random
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from json import JSONDecodeError, loads

HOST = "127.0.0.1"
# One request, and everything that one learner does.
SECONDS_PER_REQUEST = 60.0
SECONDS_TO_GET_IN = 90.0
BUSY_HEADER = "x-bench-busy"

LINK = {"Accept": "text/html,application/xhtml+xml"}
SCRIPT = {"Accept": "application/json"}


@dataclass(frozen=True)
class Answer:
    """One answer. ``seconds`` is what the learner waited, ``busy`` how long a worker worked on it."""

    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float
    busy: float


@dataclass
class Learner:
    """One learner's way into the room: every answer, the address in the end, and the seconds since the click."""

    number: int
    answers: list[Answer] = field(default_factory=list)
    room_url: str = ""
    seconds: float = 0.0
    error: str = ""


async def ask(port: int, path: str, headers: Mapping[str, str] = LINK) -> Answer:
    """Send one GET over a connection of its own and read the whole answer."""
    started = time.perf_counter()
    async with asyncio.timeout(SECONDS_PER_REQUEST):
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            # 1.0, so that the answer ends where the connection does.
            lines = [f"GET {path} HTTP/1.0", f"Host: {HOST}:{port}", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode())
            raw = await reader.read(-1)
        finally:
            writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    if not first.startswith("HTTP/"):
        raise ConnectionError("the connection was closed without an answer")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    busy = float(fields.get(BUSY_HEADER, 0))
    return Answer(int(first.split()[1]), fields, body.decode("utf-8", "replace"), time.perf_counter() - started, busy)


async def get_in(port: int, learner: Learner, path: str, delay: float) -> None:
    """Click, and come back as ``message.js`` does as long as the answer is that the room is starting."""
    await asyncio.sleep(delay)
    clicked = time.perf_counter()
    try:
        async with asyncio.timeout(SECONDS_TO_GET_IN):
            # The click follows a link; from then on the script of the small page asks.
            answer = await ask(port, path)
            learner.answers.append(answer)
            while answer.status == 202:
                # It spreads the next try by a quarter to both sides.
                await asyncio.sleep(again_seconds(answer) * (0.75 + random.random() / 2))  # noqa: S311 - no secret
                answer = await ask(port, path, SCRIPT)
                learner.answers.append(answer)
    except (OSError, TimeoutError, ValueError) as error:
        learner.error = type(error).__name__
    else:
        learner.room_url = room_url(answer)
        learner.error = "" if learner.room_url else f"status {answer.status}"
    learner.seconds = time.perf_counter() - clicked


def again_seconds(answer: Answer) -> float:
    """Read when to come back: from the JSON of a script's answer, from the page of a click. ValueError if never."""
    try:
        wanted = float(loads(answer.body)["again_seconds"])
    except JSONDecodeError:
        said = re.search(r'data-again-seconds="(\d+)"', answer.body)
        wanted = float(said[1]) if said else 0
    if wanted <= 0:
        raise ValueError("the answer does not say when to come back")
    return wanted


def room_url(answer: Answer) -> str:
    """Give the address of the room; empty if the answer is none that lets anybody in."""
    if answer.status == 302:
        return answer.headers.get("location", "")
    if answer.status == 200:
        try:
            return str(loads(answer.body).get("url", ""))
        except JSONDecodeError:
            return ""
    return ""


def stampede(port: int, paths: Mapping[int, str], within: float = 1.0) -> list[Learner]:
    """Let everybody click, evenly spread over ``within`` seconds, in a shuffled order; return when the last is done."""
    learners = [Learner(number) for number in paths]
    random.shuffle(learners)

    async def everybody() -> None:
        clicks = enumerate(learners)
        await asyncio.gather(
            *(get_in(port, one, paths[one.number], index * within / len(learners)) for index, one in clicks)
        )

    asyncio.run(everybody())
    return learners


def few_at_a_time(port: int, paths: Iterable[str], most: int = 8) -> list[Answer]:
    """Ask for many addresses without a hurry; the answers come in the same order."""

    async def everything() -> list[Answer]:
        free = asyncio.Semaphore(most)

        async def one(path: str) -> Answer:
            async with free:
                return await ask(port, path)

        return await asyncio.gather(*map(one, paths))

    return asyncio.run(everything())
