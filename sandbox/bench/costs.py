"""What one join and one status cost the site: SQL queries in classes of two sizes, and time against doing nothing."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bbb_xblock.models import Meeting
from bbb_xblock.models import Room as StoredRoom
from sandbox.bench.door import LMS_QUERIES_OF_A_HANDLER, LMS_QUERIES_OF_A_VIEW, Page, Site, open_door
from sandbox.bench.figures import Promise, Section, median, seconds, table
from sandbox.bench.stage import Stage, StartError, forget_everything
from sandbox.demo.people import TEACHER

FEW = 10
REPETITIONS = 300
# "Few" in the promise, for queries of our own tables.
MOST_QUERIES = 8
MOST_OF_JOIN, MOST_OF_STATUS = 1.5, 0.5


def sections(stage: Stage) -> Iterator[Section]:
    """Count the queries, then take the time."""
    forget_everything(stage.simulator)
    with open_door() as site:
        site.join(site.page(TEACHER.id))
        asking = site.page(stage.numbers[0])
        counts = {}
        done = 0
        for size in (FEW, stage.learners):
            for number in stage.numbers[done:size]:
                site.join(site.page(number))
            _fill(stage, size - done)
            done = size
            counts[size] = _queries(site, asking, stage)
        yield _section_of_queries(counts)
        yield _section_of_times(_times(site, asking), stage.database)


def _fill(stage: Stage, number: int) -> None:
    made = next(call for call in stage.simulator.calls if call.name == "create")
    stage.simulator.add_participants(made.params["meetingID"], number)


@dataclass(frozen=True)
class Cost:
    """The SQL statements of one request in short, and the calls to BigBlueButton."""

    statements: tuple[str, ...]
    calls: int

    @property
    def own(self) -> int:
        """Count the statements on our own tables; the others are the door's: who is asking."""
        return sum("bbb_xblock_" in statement for statement in self.statements)

    @property
    def listed(self) -> str:
        """Write the statements in a row, each once, with how often it was made."""
        times = Counter(self.statements)
        return "; ".join(f"{number} × {one}" if number > 1 else one for one, number in times.items()) or "–"


def cost_of(stage: Stage, request: Callable[[], object]) -> Cost:
    """Make a request and count what it costs."""
    before = len(stage.simulator.calls)
    with CaptureQueriesContext(connection) as captured:
        request()
    return Cost(tuple(short(query["sql"]) for query in captured), len(stage.simulator.calls) - before)


def _queries(site: Site, page: Page, stage: Stage) -> dict[str, Cost]:
    def cost(request: Callable[[Page], None]) -> Cost:
        return cost_of(stage, lambda: request(page))

    def nothing_at_the_lms(page: Page) -> None:
        site.model_a_handler()
        site.nothing(page)

    StoredRoom.objects.update(asked_at=None)
    Meeting.objects.update(looked_at=None)
    # The one page whose turn it is asks BigBlueButton; right after it, it is nobody's turn.
    asks = cost(site.status)
    return {
        "status, this page's turn to ask BBB": asks,
        "status, nobody's turn": cost(site.status),
        "join, room known to run": cost(site.join),
        "a handler that does nothing": cost(site.nothing),
        "a handler that does nothing, behind the LMS's number of queries": _checked(cost(nothing_at_the_lms)),
    }


def _checked(modelled: Cost) -> Cost:
    """Give the cost of the modelled door, which must ask the database as often as it says."""
    if len(modelled.statements) != LMS_QUERIES_OF_A_HANDLER:
        raise StartError(f"The model of the LMS's door asks {len(modelled.statements)} times.")
    return modelled


def short(sql: str) -> str:
    """Write a statement as its verb and its tables: ``UPDATE bbb_xblock_room``."""
    bare = re.sub(r"'(?:[^'\\]|\\.)*'", "?", sql)
    verb, tables = (
        bare.lstrip("( ").split(None, 1)[0].upper(),
        re.findall(r"(?:FROM|INTO|JOIN|UPDATE)\s+[`\"]?(\w+)", bare),
    )
    return " ".join([verb, *dict.fromkeys(tables)])


def _section_of_queries(counts: dict[int, dict[str, Cost]]) -> Section:
    (few, small), (many, big) = counts.items()
    header = (
        "request",
        f"class of {few:,}: SQL",
        f"class of {many:,}: SQL",
        "on our tables",
        "BBB calls",
        "statements",
    )
    rows, promises = [], []
    for name, cost in big.items():
        before, own = small[name], cost.own
        rows.append((name, len(before.statements), len(cost.statements), own, cost.calls, cost.listed))
        if "nothing" in name:
            continue
        same = before.statements == cost.statements
        promises.append(
            Promise(
                f"SQL of {name}: at most {MOST_QUERIES} on our tables, the same in classes of {few:,} and {many:,}",
                f"{own}, {'the same' if same else 'not the same'}",
                same and own <= MOST_QUERIES,
            )
        )
    known = big["join, room known to run"].calls
    promises.append(Promise("A join into a room known to run: no BBB call", str(known), known == 0))
    story = (
        "One request each, with all that the demo's door asks besides; so many people have joined and are in the room. "
        "Statements are given by verb and tables. (In a running LMS a handler that does nothing was seen to ask "
        f"{LMS_QUERIES_OF_A_HANDLER} times, and an LTI launch 33 times.)"
    )
    return Section("Database queries", story, table(header, rows), promises=promises)


def _times(site: Site, page: Page) -> dict[str, list[float]]:
    """Give the median of each request at the demo's door, then behind as many queries as a running LMS's door asks."""
    doors = {
        "nothing": (site.nothing, site.model_a_handler),
        "join": (site.join, site.model_a_handler),
        "status": (site.status, site.model_a_view),
    }
    taken: dict[str, list[list[float]]] = {name: [[], []] for name in doors}
    for _ in range(REPETITIONS):
        # In turn, so that whatever else the machine does meets all of them alike.
        for name, (request, model) in doors.items():
            for times, before in zip(taken[name], (None, model), strict=True):
                started = time.perf_counter()
                if before:
                    before()
                request(page)
                times.append(time.perf_counter() - started)
    return {name: [median(times) for times in both] for name, both in taken.items()}


def _section_of_times(medians: dict[str, list[float]], database: str) -> Section:
    limits = {"join": MOST_OF_JOIN, "status": MOST_OF_STATUS}
    names = {"nothing": "handler that does nothing", "join": "join into a room known to run", "status": "status"}
    ratios = {name: [one / of for one, of in zip(medians[name], medians["nothing"], strict=True)] for name in names}
    promises = [
        Promise(
            f"A {names[name]} takes at most {most} times as long as a handler of the same block that does nothing, "
            "both behind the LMS's number of queries (modelled)",
            f"{ratios[name][1]:.2f} times (at the demo's own light door, not judged: {ratios[name][0]:.2f} times)",
            ratios[name][1] <= most,
        )
        for name, most in limits.items()
    ]
    header = ("request", "at the demo's door", "behind the LMS's number of queries (a model)")
    counts = table(header, [(names[name], *(f"{ratio:.2f}" for ratio in ratios[name])) for name in names])
    times = table(header, [(names[name], *map(seconds, medians[name])) for name in names])
    return Section("Against doing nothing", _story_of_times(database), counts, times, promises)


def _story_of_times(database: str) -> str:
    return (
        f"Medians of {REPETITIONS} requests of each kind, in turn, in one process, on {database}, divided by the "
        "median of a handler of the same block that does nothing. What is promised is what an operator pays: the "
        "platform's door costs the same whatever is behind it, so the measure is a request at a door like the LMS's. "
        "The demo's door is no such door. It asks the database once for a handler and not at all for a plain view; "
        f"a running LMS (one process, MariaDB, a course of one unit) was seen to ask {LMS_QUERIES_OF_A_HANDLER} times "
        f"in 28 ms for a handler that does nothing, and {LMS_QUERIES_OF_A_VIEW} times in 6 ms for a plain view that is "
        "asked without cookies. The second column is therefore judged: in front of each request as many queries as are "
        "missing are really made to the same database, each for one account by its number. It is a model and no "
        "measurement of the platform. It has the queries and not the platform's other work, so its door is lighter "
        "than the real one, and our share is larger here than there. The first column shows what a join and a status "
        "cost almost without a door; it is not judged."
    )
