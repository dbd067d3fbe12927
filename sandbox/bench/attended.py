"""Attendance of a large class: a report of 5,000 people, and the merging of their intervals."""

import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from bbb_xblock import tasks
from bbb_xblock.domain import receipts
from bbb_xblock.domain.attendance import due, settling
from bbb_xblock.domain.attendance.presence import Source, Span, united
from bbb_xblock.models import Join, Meeting, Presence, Room
from sandbox.bench.figures import Promise, Section, seconds, table
from sandbox.bench.stage import Stage

PEOPLE, INTERVALS = 5_000, 20
FEW = PEOPLE // 10
MOST_STATEMENTS = 30
# Ten times the people.
MOST_RATIO = 12
# The shortest of some runs is the one that was disturbed least.
RUNS = 5
_BEGAN = datetime(2026, 9, 7, 14, tzinfo=UTC)


@dataclass(frozen=True)
class Callback:
    """What one report cost. ``outside`` counts the writings of presence that were in no transaction."""

    people: int
    found: int
    statements: int
    outside: int
    peak: int
    seconds: float


def section(stage: Stage) -> Section:
    """Take in a report of few and of many, and merge the intervals of few and of many."""
    few, many = _reported(FEW), _reported(PEOPLE)
    shares = [_merged(FEW), _merged(PEOPLE)]
    promises = list(_promises(few, many, shares[1] / shares[0]))
    return Section(
        "Attendance of a large class", _story(stage.database), _counts(few, many), _timings(few, many, shares), promises
    )


def _reported(people: int) -> Callback:
    meeting = _meeting(people)
    body = _report(meeting, people)
    statements, outside = [], []

    def asked(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        if sql.startswith(("INSERT", "DELETE")) and Presence._meta.db_table in sql and not connection.in_atomic_block:
            outside.append(sql)
        return execute(sql, params, many, context)

    tracemalloc.start()
    started = time.perf_counter()
    with _grades_are_not_told(), connection.execute_wrapper(asked):
        receipts.keep_analytics(meeting.server, body)
        found = settling.settle(meeting.pk)
    taken = time.perf_counter() - started
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Callback(people, found, len(statements), len(outside), peak, taken)


@contextmanager
def _grades_are_not_told() -> Iterator[None]:
    # Tasks run at once here, and this would be one.
    due.asked.disconnect(dispatch_uid="bbb_xblock.tasks._queue_grades")
    try:
        yield
    finally:
        tasks.listen()


def _meeting(people: int) -> Meeting:
    """Make a meeting that is over, into which so many were let."""
    room = Room.objects.create(
        meeting_id=f"oex-attended-{people}",
        usage_key=f"block-v1:Example+Attended+2026+type@bbb+block@{people}",
        course_key="course-v1:Example+Attended+2026",
    )
    meeting = Meeting.objects.create(
        room=room,
        internal_id=f"attended-{people}",
        create_time=str(int(_BEGAN.timestamp() * 1000)),
        server="main",
        started_at=_BEGAN,
        ended_at=_BEGAN + timedelta(hours=2),
        why_ended=Meeting.Ending.CALLBACK,
    )
    Join.objects.bulk_create(
        (
            Join(meeting=meeting, user_id=number, anonymous_id=f"{number:032x}", role="VIEWER", joined_at=_BEGAN)
            for number in range(1, people + 1)
        ),
        batch_size=1000,
    )
    return meeting


def _report(meeting: Meeting, people: int) -> bytes:
    """Write what BigBlueButton would send: everybody came and went so many times."""
    starts = [_BEGAN + timedelta(minutes=5 * number) for number in range(INTERVALS)]
    times = {
        "joins": [start.isoformat() for start in starts],
        "leaves": [(start + timedelta(minutes=3)).isoformat() for start in starts],
        "engagement": {"chats": 1, "talks": 2, "talk_time": 30, "raisehand": 1, "emojis": 0, "poll_votes": 0},
    }
    attendees = [{"ext_user_id": f"{number:032x}", "name": "Somebody", **times} for number in range(1, people + 1)]
    ids = {"meeting_id": meeting.room.meeting_id, "internal_meeting_id": meeting.internal_id}
    return json.dumps({"version": "1.0", **ids, "data": {"attendees": attendees}}).encode()


def _merged(people: int) -> float:
    """Give the seconds of a processor that merging the intervals of so many takes, each person's on two devices."""
    sources = frozenset({Source.REPORT})
    spans = [
        Span(begin=begin, end=begin + timedelta(minutes=4), sources=sources)
        for number in range(INTERVALS)
        for begin in [_BEGAN + timedelta(minutes=3 * number + number % 2)]
    ]
    took = []
    for _ in range(RUNS):
        started = time.process_time()
        for _person in range(people):
            united(spans, settling.GRACE)
        took.append(time.process_time() - started)
    return min(took)


def _promises(few: Callback, many: Callback, ratio: float) -> Iterator[Promise]:
    yield Promise(
        f"A report of {many.people:,} people, {INTERVALS} times in and out each: everybody's attendance is known",
        f"{many.found:,}",
        many.found == many.people,
    )
    yield Promise(
        f"It takes at most {MOST_STATEMENTS} statements, besides telling grades, and presence is written in one "
        "transaction",
        f"{many.statements}, {'one transaction' if not many.outside else 'outside of one'}",
        many.statements <= MOST_STATEMENTS and not many.outside,
    )
    memory = many.peak / few.peak
    yield Promise(
        f"It takes at most {MOST_RATIO} times the memory of one of {few.people:,}",
        f"{memory:.1f} times",
        memory <= MOST_RATIO,
    )
    yield Promise(
        f"Merging {INTERVALS} intervals of each of {many.people:,} people takes at most {MOST_RATIO} times as long as "
        f"of {few.people:,}",
        f"{ratio:.1f} times",
        ratio <= MOST_RATIO,
    )


def _counts(few: Callback, many: Callback) -> str:
    header = ("people reported", "attendance of", "SQL")
    return table(header, [(f"{each.people:,}", f"{each.found:,}", each.statements) for each in (few, many)])


def _timings(few: Callback, many: Callback, shares: list[float]) -> str:
    header = ("people", "report taken in and worked out", "most memory for it", "intervals merged")
    return table(
        header,
        [
            (f"{each.people:,}", seconds(each.seconds), f"{each.peak / 1024 / 1024:.0f} MB", seconds(share))
            for each, share in zip((few, many), shares, strict=True)
        ],
    )


def _story(database: str) -> str:
    return (
        f"The analytics of a meeting, on {database}: each of so many people was let in once, and came and went "
        f"{INTERVALS} times. The report is kept and worked out, by the use cases that the callback and its task use; "
        "memory is what Python allocated at most meanwhile, and counting it makes the time beside it longer. Then the "
        f"intervals alone are merged: the time of the processor, the shortest of {RUNS} runs."
    )
