"""A sweep of all recordings: calls, statements and memory, for some rooms and for ten times as many."""

import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from bbb_xblock.bbb import CallReport
from bbb_xblock.domain import happenings, rules
from bbb_xblock.domain.recordings import rows, sweep
from bbb_xblock.models import Meeting, Room
from sandbox.bench.figures import Promise, Section, seconds, table
from sandbox.bench.populated import populated
from sandbox.bench.stage import Stage, forget_everything

ROOMS, PER_ROOM = 10_000, 50
FEW = ROOMS // 10
PAGE = 100
# A room more costs some bytes of the interpreter's own, and no recording more.
MOST_GROWTH = 1.25
# A page is not full where the rooms of one address end.
MOST_CALLS, MOST_STATEMENTS = 1.1, 10
# Each tenth of the rooms is a course.
_COURSE = "course-v1:Example+Recorded{}+2026"
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Sweep:
    """What one sweep cost. ``few`` and ``all`` are bytes of the process, after a tenth of all rooms and in the end."""

    name: str
    rooms: int
    tally: rows.Tally
    calls: int
    statements: int
    few: int
    all: int
    seconds: float

    @property
    def pages(self) -> float:
        """How many full pages the recordings are."""
        return self.tally.told / PAGE

    @property
    def growth(self) -> float:
        """How many times the memory of a tenth of the rooms all rooms take."""
        return self.all / self.few


def section(stage: Stage) -> Section:
    """Take in all recordings of a site that knows none, and then look at those of one course once more."""
    forget_everything(stage.simulator)
    with populated(PER_ROOM) as server, override_settings(XBLOCK_SETTINGS=_settings(server)):
        _make_rooms()
        whole = _swept("all rooms, no recording is known yet", ROOMS)
        once_more = _swept("a course once more, nothing is new", FEW, course_key=_COURSE.format(0))
    seen, promises = [whole, once_more], list(_promises(whole, once_more))
    return Section("All recordings", _story(stage.database), _counts(seen), _timings(seen), promises)


def _settings(server: dict[str, str]) -> dict[str, Any]:
    return {**settings.XBLOCK_SETTINGS, "bbb": {"SERVERS": {"recorded": server}, "SERVER": "recorded", "SITE": "bench"}}


def _make_rooms() -> None:
    """Make rooms in each of which there was a meeting once."""
    once = timezone.now() - timedelta(days=1)
    for tenth in range(ROOMS // FEW):
        keys = [f"block-v1:Example+Recorded{tenth}+2026+type@bbb+block@{number}" for number in range(FEW)]
        ids = {key: rules.meeting_id(site="bench", usage_key=key) for key in keys}
        course = _COURSE.format(tenth)
        rooms = [Room(meeting_id=ids[key], usage_key=key, course_key=course) for key in keys]
        Room.objects.bulk_create(rooms)
        made = Room.objects.in_bulk([room.meeting_id for room in rooms], field_name="meeting_id").values()
        Meeting.objects.bulk_create(
            Meeting(room=room, internal_id=f"meeting-{room.pk}", create_time="1", server="recorded", started_at=once)
            for room in made
        )


def _swept(name: str, number: int, **which: str) -> Sweep:
    calls: Counter[str] = Counter()
    statements: Counter[str] = Counter()
    tally, done, memory, few = rows.Tally(), 0, [], 0
    started = time.perf_counter()
    with _counting(calls, statements):
        for answer in sweep.look_at(**which):
            tally, done = tally + answer.tally, done + answer.rooms
            memory.append(_memory())
            few = few or (max(memory) if done >= FEW else 0)
    taken = time.perf_counter() - started
    return Sweep(name, number, tally, calls["getRecordings"], statements.total(), few, max(memory), taken)


@contextmanager
def _counting(calls: Counter[str], statements: Counter[str]) -> Iterator[None]:
    def called(sender: object, report: CallReport, **more: Any) -> None:
        calls[report.call] += 1

    def asked(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statements["sql"] += 1
        return execute(sql, params, many, context)

    happenings.call_over.connect(called)
    try:
        with connection.execute_wrapper(asked):
            yield
    finally:
        happenings.call_over.disconnect(called)


def _memory() -> int:
    """Give the bytes that this process holds now (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def _promises(whole: Sweep, once_more: Sweep) -> Iterator[Promise]:
    yield Promise(
        f"{ROOMS:,} rooms with {PER_ROOM} recordings each: a sweep finds them all",
        f"{whole.tally.new:,}",
        whole.tally.new == ROOMS * PER_ROOM,
    )
    yield Promise(
        f"A sweep of {ROOMS:,} rooms takes at most {MOST_GROWTH} times the memory of one of {FEW:,}",
        f"{whole.growth:.2f} times",
        whole.growth <= MOST_GROWTH,
    )
    for each in (whole, once_more):
        calls, statements = each.calls / max(each.pages, 1), each.statements / max(each.pages, 1)
        yield Promise(
            f"Sweep, {each.name}: for {PAGE} recordings at most {MOST_CALLS} BBB calls, {MOST_STATEMENTS} statements",
            f"{calls:.2f}, {statements:.1f}",
            calls <= MOST_CALLS and statements <= MOST_STATEMENTS,
        )


def _counts(seen: list[Sweep]) -> str:
    header = ("sweep", "rooms", "recordings", "new rows", "changed", "BBB calls", "SQL")
    return table(
        header,
        [
            (each.name, each.rooms, each.tally.told, each.tally.new, each.tally.changed, each.calls, each.statements)
            for each in seen
        ],
    )


def _timings(seen: list[Sweep]) -> str:
    header = ("sweep", "taken", f"memory after {FEW:,} rooms", "in the end")
    megabytes = partial("{:.0f} MB".format)
    return table(
        header,
        [
            (each.name, seconds(each.seconds), megabytes(each.few / _MEGABYTE), megabytes(each.all / _MEGABYTE))
            for each in seen
        ],
    )


def _story(database: str) -> str:
    return (
        f"What `bbb_sync --all` does, on {database}: {ROOMS:,} rooms on one simulated server, {PER_ROOM} recordings in "
        f"each, of which the site knows none; then a tenth of them once more. The server gives at most {PAGE} "
        f"recordings on a page, as BigBlueButton does, so {ROOMS * PER_ROOM:,} recordings are at least "
        f"{ROOMS * PER_ROOM // PAGE:,} calls. It runs in a process of its own; memory is that of the process that "
        "sweeps, the largest seen after each batch of rooms. By itself the site asks about "
        f"{sweep.ROOMS_AT_ONCE} rooms whose turn it is with each task that runs."
    )
