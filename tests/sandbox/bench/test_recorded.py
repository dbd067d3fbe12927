"""The part of the bench that sweeps all recordings, with a few rooms."""

import pytest

from bbb_xblock.models import Recording
from sandbox.bench import recorded
from sandbox.bench.stage import Stage
from sandbox.simulator import Simulator

pytestmark = pytest.mark.django_db


def test_a_sweep_finds_what_a_server_in_another_process_has_and_counts_what_it_cost(monkeypatch):
    monkeypatch.setattr(recorded, "ROOMS", 20)
    monkeypatch.setattr(recorded, "FEW", 10)

    part = recorded.section(Stage(Simulator(secret="a-secret"), "SQLite", "", 20, 1))

    assert Recording.objects.count() == 20 * recorded.PER_ROOM
    found, memory, *costs = part.promises
    assert (found.measured, found.kept, memory.kept) == ("1,000", True, True)
    # A full list is followed by an empty page, which counts for little where lists are long.
    assert [cost.measured.partition(",")[0] for cost in costs] == ["1.10", "1.20"]
    assert "nothing is new" in part.counts
    assert "MB" in part.timings
