"""Grades of a large class: a series of sessions of 5,000 people is worked out, and the demo's platform told."""

import os
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.db import connection

from bbb_xblock import grading
from bbb_xblock.domain import rooms
from bbb_xblock.domain.attendance import outcomes
from bbb_xblock.edx import courses
from bbb_xblock.models import Meeting, Presence, Room
from sandbox.bench.figures import Promise, Section, seconds, table
from sandbox.bench.stage import Stage, forget_everything
from sandbox.demo.people import FIRST_LEARNER, TEACHER
from sandbox.demo.rooms import GRADED

PEOPLE, SESSIONS = 5_000, 10
FEW = PEOPLE // 10
# Besides those with which a platform keeps a grade; the demo's keeps it in memory.
MOST_STATEMENTS, MOST_FOR_A_LOT = 12, 10
# Ten times the people.
MOST_RATIO = 2
_FIRST = datetime(2026, 9, 7, 14, tzinfo=UTC)
_LENGTH, _PAUSE = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Graded:
    """What it cost to grade a class. ``inside`` counts grades that were told while a transaction was open.

    ``again`` and ``statements_again`` are the same of a second time, when nothing is new.
    """

    people: int
    told: int
    statements: int
    inside: int
    peak: int
    seconds: float
    again: int
    statements_again: int

    @property
    def most(self) -> int:
        """Say how many statements are promised at most."""
        return MOST_STATEMENTS + MOST_FOR_A_LOT * -(-self.people // outcomes.AT_ONCE)


@dataclass
class _Counted:
    statements: int = 0
    told: int = 0
    inside: int = 0


def section(stage: Stage) -> Section:
    """Grade a class of few and a class of many."""
    _publish()
    classes = []
    for people in (FEW, PEOPLE):
        forget_everything(stage.simulator)
        classes.append(_graded(people))
    few, many = classes
    return Section(
        "Grades of a large class",
        _story(stage.database),
        _counts(few, many),
        _timings(few, many),
        list(_promises(few, many)),
    )


def _publish() -> None:
    # It needs the demo's own settings.
    from sandbox.demo.runtime import load_rooms

    load_rooms()


def _graded(people: int) -> Graded:
    with patch.dict(os.environ, DEMO_LEARNERS=str(people)):
        room = _series_of(people)
        # Otherwise the first class would pay for what is imported and prepared once.
        grading.preview(room)
        tracemalloc.start()
        started = time.perf_counter()
        with _counting() as first:
            _grade(room)
        took = time.perf_counter() - started
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        with _counting() as again:
            _grade(room)
    return Graded(people, first.told, first.statements, first.inside, peak, took, again.told, again.statements)


def _grade(room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(grades_due_at=_FIRST)
    grading.grade(room.pk)


@contextmanager
def _counting() -> Iterator[_Counted]:
    """Count statements, and grades that the platform is told."""
    from lms.djangoapps.grades.api import signals

    counted = _Counted()

    def asked(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        counted.statements += 1
        return execute(sql, params, many, context)

    def told(**grade: Any) -> None:
        counted.told += 1
        counted.inside += connection.in_atomic_block

    signals.SCORE_PUBLISHED.connect(told)
    try:
        with connection.execute_wrapper(asked):
            yield counted
    finally:
        signals.SCORE_PUBLISHED.disconnect(told)


def _series_of(people: int) -> Room:
    """Make accounts, and sessions in each of which everybody was for another half."""
    account, numbers = get_user_model(), range(FIRST_LEARNER, FIRST_LEARNER + people)
    new = (account(id=number, username=f"learner{number}") for number in numbers)
    account.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)
    room = rooms.of(courses.placement_at(GRADED.usage_id))
    for session in range(SESSIONS):
        began = _FIRST + session * _PAUSE
        meeting = Meeting.objects.create(
            room=room,
            internal_id=f"graded-{people}-{session}",
            create_time=str(int(began.timestamp() * 1000)),
            server="main",
            started_at=began,
            ended_at=began + _LENGTH,
            settled_at=began + _LENGTH,
            why_ended=Meeting.Ending.CALLBACK,
        )
        there = (_presence(meeting, number) for number in numbers)
        Presence.objects.bulk_create((_presence(meeting, TEACHER.id, leads=True), *there), batch_size=1000)
    return room


def _presence(meeting: Meeting, number: int, *, leads: bool = False) -> Presence:
    came = meeting.started_at + timedelta(minutes=10 + number % 20)
    left = came + _LENGTH / 2
    return Presence(
        meeting=meeting,
        user_id=number,
        anonymous_id=f"{number:032x}",
        is_team=leads,
        led=leads,
        first_in=came,
        last_out=left,
        seconds=round((left - came).total_seconds()),
        spans=f'[["{came.isoformat()}", "{left.isoformat()}", "r"]]',
    )


def _promises(few: Graded, many: Graded) -> Iterator[Promise]:
    yield Promise(
        f"A series of {SESSIONS} sessions of {many.people:,} people: everybody's grade is told once, and nothing the "
        "second time",
        f"{many.told:,}, then {many.again:,}",
        (many.told, many.again) == (many.people, 0),
    )
    yield Promise(
        f"It takes at most {MOST_STATEMENTS} statements and {MOST_FOR_A_LOT} for each {outcomes.AT_ONCE} people, "
        "besides those of the platform",
        f"{few.statements} for {few.people:,}, {many.statements} for {many.people:,}",
        few.statements <= few.most and many.statements <= many.most,
    )
    yield Promise("No transaction is open while a grade is told", f"{many.inside:,} times", not many.inside)
    memory = many.peak / few.peak
    yield Promise(
        f"Ten times the people take at most {MOST_RATIO} times the memory",
        f"{memory:.1f} times",
        memory <= MOST_RATIO,
    )


def _counts(few: Graded, many: Graded) -> str:
    header = ("people", "sessions", "grades told", "SQL", "grades told again", "SQL then")
    return table(
        header,
        [(e.people, SESSIONS, e.told, e.statements, e.again, e.statements_again) for e in (few, many)],
    )


def _timings(few: Graded, many: Graded) -> str:
    header = ("people", "worked out and told", "most memory for it")
    return table(header, [(e.people, seconds(e.seconds), f"{e.peak / 1024 / 1024:.1f} MB") for e in (few, many)])


def _story(database: str) -> str:
    return (
        f"The task that grades a room, on {database}: {SESSIONS} sessions, each of so many people in each of them. The "
        "grades are told to the demo's platform by the same signal as to a real one, which then does work of its own "
        "for each. Memory is what Python allocated at most meanwhile, and counting it makes the time beside it longer."
    )
