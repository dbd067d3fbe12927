"""The part of the bench that grades a large class, with a small one."""

import pytest

from bbb_xblock.domain.attendance import outcomes
from bbb_xblock.models import Outcome
from sandbox.bench import graded
from sandbox.bench.graded import Graded
from sandbox.bench.stage import Stage
from sandbox.demo.people import FIRST_LEARNER
from sandbox.demo.rooms import GRADED
from sandbox.simulator import Simulator
from tests.builders import teacher
from tests.graded import TEN_POINTS

COST = {"told": 9, "statements": 20, "inside": 0, "peak": 100, "seconds": 1.0, "again": 0, "statements_again": 9}


@pytest.mark.django_db(transaction=True)
def test_a_class_is_graded_and_what_it_cost_is_counted(platform, monkeypatch):
    monkeypatch.setattr(graded, "PEOPLE", 60)
    monkeypatch.setattr(graded, "FEW", 6)
    monkeypatch.setattr(graded, "SESSIONS", 2)
    monkeypatch.setattr(graded, "_publish", lambda: None)
    platform.enrolled |= set(range(FIRST_LEARNER, FIRST_LEARNER + 60))
    teacher(platform, course=GRADED.course, fields=dict(TEN_POINTS))
    part = graded.section(Stage(Simulator(secret="a-secret"), "SQLite", "", 20, 1))
    told, statements, inside, memory = part.promises
    assert (told.measured, told.kept) == ("60, then 0", True)
    assert statements.kept and inside.kept
    assert memory.measured.endswith(" times")
    assert "MB" in part.timings and "60" in part.counts
    assert set(Outcome.objects.values_list("value", flat=True)) == {0.5}


@pytest.mark.parametrize(
    ("few", "many", "kept"),
    [
        ({}, {"told": graded.PEOPLE, "statements": 262}, [True, True, True, True]),
        ({}, {"told": graded.PEOPLE, "again": 1}, [False, True, True, True]),
        ({}, {"told": graded.PEOPLE - 1}, [False, True, True, True]),
        ({"statements": 43}, {"told": graded.PEOPLE}, [True, False, True, True]),
        ({}, {"told": graded.PEOPLE, "statements": 263, "inside": 1, "peak": 201}, [True, False, False, False]),
    ],
)
def test_promises_are_kept_or_broken(few, many, kept):
    assert outcomes.AT_ONCE == 200
    costs = Graded(people=graded.FEW, **COST | few), Graded(people=graded.PEOPLE, **COST | many)
    assert [promise.kept for promise in graded._promises(*costs)] == kept
