"""The part of the bench that takes in a report of a large class, with a small one."""

import pytest

from bbb_xblock.models import Presence
from sandbox.bench import attended
from sandbox.bench.stage import Stage
from sandbox.simulator import Simulator

pytestmark = pytest.mark.django_db


def test_a_report_is_taken_in_and_what_it_cost_is_counted(monkeypatch):
    monkeypatch.setattr(attended, "PEOPLE", 60)
    monkeypatch.setattr(attended, "FEW", 6)
    part = attended.section(Stage(Simulator(secret="a-secret"), "SQLite", "", 20, 1))
    assert Presence.objects.count() == 60 + 6
    found, statements, memory, merged = part.promises
    assert (found.measured, found.kept) == ("60", True)
    assert statements.kept
    assert statements.measured.endswith("one transaction")
    assert memory.measured.endswith(" times")
    assert merged.measured.endswith(" times")
    assert "60" in part.counts
    assert "MB" in part.timings
