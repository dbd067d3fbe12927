"""Numbers for Prometheus: counted once each, with labels that nobody from outside can choose."""

import sys

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from bbb_xblock import metrics
from bbb_xblock.domain.happenings import call_over, happened
from tests.block.test_secrets import leaks
from tests.builders import learner, teacher


@pytest.fixture
def registry():
    """A registry that counts instead of the default one, which the app has filled when it started."""
    counted = CollectorRegistry()
    numbers = metrics.Numbers(counted)
    call_over.connect(numbers.count_call)
    happened.connect(numbers.count)
    yield counted
    call_over.disconnect(numbers.count_call)
    happened.disconnect(numbers.count)


def test_calls_joins_starts_and_ends_are_counted(platform, registry):
    teacher(platform).click_join()
    learner(platform).click_join()
    desk = teacher(platform)
    desk.call("end", "POST", body={"token": desk.page().cssselect("section")[0].get("data-end-token")})
    value = registry.get_sample_value
    assert value("bbb_xblock_calls_total", {"call": "create", "server": "main", "result": "ok"}) == 1
    assert value("bbb_xblock_call_seconds_count", {"call": "create", "server": "main"}) == 1
    assert 0 < value("bbb_xblock_call_seconds_sum", {"call": "create", "server": "main"}) < 10
    assert value("bbb_xblock_meetings_started_total", {"server": "main"}) == 1
    assert value("bbb_xblock_meetings_ended_total", {"server": "main", "why": "ended_here"}) == 1
    assert [value("bbb_xblock_joins_total", {"role": role}) for role in ("moderator", "viewer")] == [1, 1]


def test_refusals_are_counted_by_code(platform, registry):
    for _ in range(3):
        learner(platform).call("join", query={"ticket": "nonsense"})
    assert registry.get_sample_value("bbb_xblock_refusals_total", {"code": "ticket_refused"}) == 3


def test_a_server_cannot_make_new_labels(platform, simulator, registry):
    for key in ("one", "another", "a third"):
        simulator.fault("getMeetingInfo", "failed", key=key)
        teacher(platform, block_id=key.replace(" ", "-")).click_join()
    text = generate_latest(registry).decode()
    assert (
        registry.get_sample_value(
            "bbb_xblock_calls_total", {"call": "getMeetingInfo", "server": "main", "result": "ApiError"}
        )
        == 3
    )
    assert "another" not in text
    assert leaks(text) == []


def test_the_app_counts_in_the_default_registry_from_its_start_on():
    from prometheus_client import REGISTRY

    assert "bbb_xblock_calls_total" in generate_latest(REGISTRY).decode()


def test_without_prometheus_nothing_is_counted_and_everything_goes_on(platform, monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    metrics.listen()
    assert teacher(platform).click_join().status_code == 302
