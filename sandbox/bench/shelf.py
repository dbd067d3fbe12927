"""What lists of recordings of two sizes cost the site: calls to BigBlueButton and SQL queries, request by request."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.utils import timezone
from lxml import html

from bbb_xblock.domain.recordings.shelf import PAGE
from bbb_xblock.models import Recording, Room
from sandbox.bench.costs import MOST_QUERIES, Cost, cost_of
from sandbox.bench.door import Site, open_door
from sandbox.bench.figures import Promise, Section, table
from sandbox.bench.stage import Stage, StartError, forget_everything
from sandbox.demo.people import TEACHER
from sandbox.demo.rooms import RECORDED

FEW, MANY = 10, 500


def section(stage: Stage) -> Section:
    """Ask for the same things of a short list and of a long one."""
    forget_everything(stage.simulator)
    with open_door() as site:
        site.join(site.page(TEACHER.id))
        room, done = Room.objects.get(), 0
        costs: dict[int, dict[str, Cost]] = {}
        for size in (FEW, MANY):
            _record(room, range(done, size))
            done = size
            costs[size] = _costs(site, stage, size)
    return Section("A list of recordings", _story(), _counts(costs), promises=_promises(costs))


def _record(room: Room, numbers: range) -> None:
    """Put published recordings on the shelf, as if the sweep had found them."""
    now = timezone.now()
    formats = [
        {"type": kind, "url": "https://playback.example.org/", "minutes": 50} for kind in ("presentation", "video")
    ]
    Recording.objects.bulk_create(
        Recording(
            room=room,
            server="main",
            record_id=f"recording-{number}",
            state=Recording.State.READY,
            since=now,
            is_published=True,
            # Some of them are for those who were there, which is one question more to the database.
            audience=Recording.Audience.THERE if number % 5 == 0 else Recording.Audience.EVERYBODY,
            name=f"Lecture {number + 1}",
            started_at=now - timedelta(days=number + 1),
            minutes=50,
            formats=json.dumps(formats),
            made_at=now,
        )
        for number in numbers
    )


@dataclass(frozen=True)
class _List:
    """What a page of the room says of its list of recordings."""

    url: str
    token: str
    player: str
    total: str


def _look(site: Site, number: int) -> _List:
    """Open one person's page of the room."""
    status, body = site.get(f"/rooms/{RECORDED.slug}/?student={number}")
    found = html.fromstring(body).xpath("//*[@data-list-url]") if status == 200 else []
    if not found or not found[0].xpath(".//*[@data-recording]"):
        raise StartError(f"The page of person {number} shows no recordings (status {status}).")
    card = found[0]
    return _List(
        url=card.get("data-list-url"),
        token=card.get("data-page-token"),
        player=str(card.xpath(".//*[contains(@class, 'bbb-recording-title')]/a/@href")[0]),
        total=card.xpath("string(.//*[contains(@class, 'bbb-shelf-count')])").strip("()"),
    )


def _costs(site: Site, stage: Stage, size: int) -> dict[str, Cost]:
    learner, teacher = stage.numbers[0], TEACHER.id
    seen = {number: _look(site, number) for number in (learner, teacher)}
    if seen[teacher].total != str(size):
        raise StartError(f"The teacher's list has {seen[teacher].total} recordings and not {size}.")

    def turned(**asked: str) -> Callable[[], object]:
        shelf = seen[learner]
        url = f"{shelf.url}{'&' if '?' in shelf.url else '?'}{urlencode(asked)}"
        return lambda: _answered(site.get(url, HTTP_X_BBB_PAGE_TOKEN=shelf.token), "data-recording")

    requests: dict[str, Callable[[], object]] = {
        "the page of a learner": lambda: _look(site, learner),
        "the page of a teacher": lambda: _look(site, teacher),
        "the last page of the list": turned(page="25"),
        "a search": turned(search="lecture 7"),
        "the page of one recording": lambda: _answered(site.get(seen[learner].player), "bbb-formats"),
    }
    return {name: cost_of(stage, request) for name, request in requests.items()}


def _answered(answer: tuple[int, bytes], part: str) -> None:
    status, body = answer
    if status != 200 or part.encode() not in body:
        raise StartError(f"A request about recordings got the status {status}, or another page than it asked for.")


def _promises(costs: dict[int, dict[str, Cost]]) -> list[Promise]:
    calls = sum(cost.calls for each in costs.values() for cost in each.values())
    promises = [Promise(f"A list of {FEW} or {MANY} recordings, whatever is asked: no BBB call", str(calls), not calls)]
    for name, long in costs[MANY].items():
        same = costs[FEW][name].statements == long.statements
        promises.append(
            Promise(
                f"SQL of {name}, with {FEW} and with {MANY} recordings: at most {MOST_QUERIES} on our tables, the same",
                f"{long.own}, {'the same' if same else 'not the same'}",
                same and long.own <= MOST_QUERIES,
            )
        )
    return promises


def _counts(costs: dict[int, dict[str, Cost]]) -> str:
    header = ("request", *(f"{size} recordings: SQL" for size in costs), "on our tables", "BBB calls", "statements")
    return table(
        header,
        [
            (name, *(len(each[name].statements) for each in costs.values()), cost.own, cost.calls, cost.listed)
            for name, cost in costs[MANY].items()
        ],
    )


def _story() -> str:
    return (
        f"One request each, with all that the demo's door asks besides, of a room with {FEW} recordings and of one "
        f"with {MANY}. A fifth of them is for people who were there. A page has {PAGE} of them; a search goes through "
        "all."
    )
