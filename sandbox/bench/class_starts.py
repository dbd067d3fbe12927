"""A class clicks Join within one second: the room has not started, BigBlueButton is slow, the room is known to run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from lxml import html

from sandbox.bench.figures import Promise, Section, counted, percentile, seconds, table
from sandbox.bench.herd import Learner, few_at_a_time, stampede
from sandbox.bench.stage import Stage, StartError, forget_everything, serving
from sandbox.demo.people import PEOPLE, TEACHER, anonymous_id
from sandbox.demo.rooms import OPEN, RECORDED, Room

SITE = "sandbox.bench.wsgi:application"
SLOW_SECONDS = 5.0
MOST_CALLS = 3


@dataclass
class Start:
    """One scenario as it went. ``calls`` are the API calls of our server; the browsers' joins are not among them."""

    name: str
    learners: list[Learner]
    calls: Counter[str]
    in_the_room: int
    own: int = 0
    delay: float = 0.0

    @property
    def statuses(self) -> Counter[str]:
        """Count all answers by their HTTP status."""
        return Counter(str(answer.status) for one in self.learners for answer in one.answers)

    @property
    def errors(self) -> Counter[str]:
        """Count what kept people out."""
        return Counter(one.error for one in self.learners if one.error)

    @property
    def refused_for_now(self) -> list[float]:
        """Give the seconds for which a worker was busy with each answer that said "starting"."""
        return [answer.busy for one in self.learners for answer in one.answers if answer.status == 202]

    @property
    def held_up(self) -> int:
        """Count the requests that kept a worker for longer than half of BigBlueButton's delay."""
        return sum(answer.busy > self.delay / 2 for one in self.learners for answer in one.answers)

    def own_ways_in(self, room: Room) -> int:
        """Count the addresses that let in the very learner who clicked; 0 if they lead to more than one meeting."""
        queries = {one.number: parse_qs(urlsplit(one.room_url).query) for one in self.learners if one.room_url}
        if len({(query["meetingID"][0], query["createTime"][0]) for query in queries.values()}) != 1:
            return 0
        ids = {number: anonymous_id(PEOPLE.get(number), room.course) for number in queries}
        return sum(query["userID"][0] == ids[number] for number, query in queries.items())


def starts(stage: Stage, rehearsal: bool = False) -> list[Start]:
    """Run the scenarios, or only the first, and give what was seen."""
    with serving(SITE, stage.workers) as port:
        links = join_links(port, OPEN, stage.numbers)
        seen = [_start(stage, port, "not started yet", OPEN, links)]
        if rehearsal:
            return seen
        forget_everything(stage.simulator)
        stage.simulator.fault("create", "slow", times=None, seconds=SLOW_SECONDS)
        slow = f"not started yet, create takes {SLOW_SECONDS:.0f} s"
        seen.append(_start(stage, port, slow, OPEN, links, delay=SLOW_SECONDS))
        stage.simulator.clear_faults()
        forget_everything(stage.simulator)
        links = join_links(port, RECORDED, stage.numbers)
        _let_in_the_teacher(port, RECORDED)
        stage.simulator.forget_calls()
        seen.append(_start(stage, port, "known to run", RECORDED, links))
        return seen


def join_links(port: int, room: Room, numbers: range) -> dict[int, str]:
    """Load everybody's own page and take the Join link out of it."""
    pages = few_at_a_time(port, [f"/rooms/{room.slug}/?student={number}" for number in numbers])
    links = {}
    for number, page in zip(numbers, pages, strict=True):
        found = html.fromstring(page.body).xpath("//a[contains(@class, 'bbb-join')]/@href") if page.body else []
        if page.status != 200 or not found:
            raise StartError(f"The page of learner {number} has no Join link (status {page.status}).")
        links[number] = str(found[0])
    return links


def section(stage: Stage, seen: list[Start], title: str = "A class clicks Join within one second") -> Section:
    """Tell it in tables, and hold it against the promises."""
    story = (
        f"{stage.learners:,} different learners, each with their own page and ticket, click within one second; "
        f"{stage.workers} worker processes, {stage.database}. Who is told “starting” comes back by the rule of the "
        "page's own script. Afterwards every address is followed into the simulated room."
    )
    return Section(title, story, _counts(seen), _timings(seen), _promises(stage, seen))


def _start(stage: Stage, port: int, name: str, room: Room, links: Mapping[int, str], delay: float = 0.0) -> Start:
    learners = stampede(port, links)
    calls = Counter(call.name for call in stage.simulator.calls)
    room_port = urlsplit(stage.simulator.url).port or 0
    doors = [urlsplit(one.room_url) for one in learners if one.room_url]
    answers = few_at_a_time(room_port, [f"{door.path}?{door.query}" for door in doors])
    # Whom the room refuses is sent back with errors in the address.
    entered = sum("sessionToken=" in answer.headers.get("location", "") for answer in answers)
    start = Start(name, learners, calls, entered, delay=delay)
    start.own = start.own_ways_in(room)
    return start


def _let_in_the_teacher(port: int, room: Room) -> None:
    teacher = stampede(port, join_links(port, room, range(TEACHER.id, TEACHER.id + 1)))[0]
    if not teacher.room_url:
        raise StartError(f"The teacher could not start the room ({teacher.error}).")


def _counts(seen: list[Start]) -> str:
    header = ("the room is", "clicks", "requests", "answers", "BBB calls", "creates", "errors", "people in the room")
    rows = [
        (
            start.name,
            len(start.learners),
            sum(start.statuses.values()),
            counted(start.statuses),
            counted(start.calls),
            start.calls["create"],
            counted(start.errors) if start.errors else 0,
            start.in_the_room,
        )
        for start in seen
    ]
    return table(header, rows)


def _timings(seen: list[Start]) -> str:
    header = ("the room is", "in: p50", "p95", "max", "longest request", "longest in a worker", "longest “starting”")
    rows = []
    for start in seen:
        way_in = [one.seconds for one in start.learners]
        answers = [answer for one in start.learners for answer in one.answers]
        times = [percentile(way_in, 0.5), percentile(way_in, 0.95), max(way_in)]
        times += [max((a.seconds for a in answers), default=0), max((a.busy for a in answers), default=0)]
        lost = seconds(max(start.refused_for_now)) if start.refused_for_now else "–"
        rows.append((start.name, *map(seconds, times), lost))
    return table(header, rows)


def _promises(stage: Stage, seen: list[Start]) -> list[Promise]:
    kept = []
    for start in seen:
        people = min(start.own, start.in_the_room)
        who = f"Room {start.name}: everybody is in, as themselves, without an error"
        said = f"{people:,} of {stage.learners:,}, errors: {counted(start.errors)}"
        kept.append(Promise(who, said, people == stage.learners and not start.errors))
        kept += _promises_about_calls(start)
        if start.delay:
            kept.append(_promise_about_waiting(start))
    return kept


def _promises_about_calls(start: Start) -> list[Promise]:
    total = start.calls.total()
    if "known to run" in start.name:
        return [Promise(f"Room {start.name}: no BBB call", str(total), total == 0)]
    creates = start.calls["create"]
    return [
        Promise(f"Room {start.name}: exactly one create", str(creates), creates == 1),
        Promise(f"Room {start.name}: at most {MOST_CALLS} BBB calls", str(total), total <= MOST_CALLS),
    ]


def _promise_about_waiting(start: Start) -> Promise:
    return Promise(
        "No worker waits for another's lease: while BBB is slow, one request alone keeps a worker "
        f"for longer than {start.delay / 2:.1f} s",
        f"{start.held_up} (longest “starting”: {max(start.refused_for_now, default=0) / start.delay:.1%} of the delay)",
        start.held_up == 1,
    )
