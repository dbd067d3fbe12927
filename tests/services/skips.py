"""The one place that decides which tests are skipped, and when a skip is a failure (a pytest plugin).

A test that needs a program which is not installed is skipped with a sentence that names the Debian packages. With
``BBB_TEST_REQUIRE=all`` every skip is a failure, whoever asked for it, so that no run is green by leaving tests out.
Only ``tests/live`` may still be skipped: it talks to a real BigBlueButton server.
"""

import os
from collections.abc import Generator

import pytest

from tests.services.needs import NEEDS

LIVE_SENTENCE = (
    "Set BBB_TEST_URL and BBB_TEST_SECRET to the address and the secret of a BigBlueButton server to run this test."
)
REFUSAL = "BBB_TEST_REQUIRE=all allows no skipped test, and this one was skipped:"
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server"})


def every_skip_fails() -> bool:
    return os.environ.get("BBB_TEST_REQUIRE") == "all"


def is_live(node: pytest.Collector | pytest.Item) -> bool:
    return node.path.is_relative_to(node.config.rootpath / "tests/live")


def pytest_configure() -> None:
    if os.environ.get("BBB_TEST_REQUIRE", "") not in ("", "all"):
        raise pytest.UsageError("BBB_TEST_REQUIRE can only be all. Leave it unset to skip what cannot run here.")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests by what they use, before ``-m`` chooses among them."""
    unmet = {need.marker: need.sentence for need in NEEDS if not need.is_met()}
    live_is_set = all(os.environ.get(name) for name in ("BBB_TEST_URL", "BBB_TEST_SECRET"))
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        for need in NEEDS:
            if need.fixtures & fixtures:
                item.add_marker(need.marker)
            if need.marker in unmet and item.get_closest_marker(need.marker):
                item.add_marker(pytest.mark.skip(reason=unmet[need.marker]))
        if DATABASE_FIXTURES & fixtures or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if is_live(item) and not live_is_set:
            item.add_marker(pytest.mark.skip(reason=LIVE_SENTENCE))


# Outermost, so that every other plugin has had its say about the report.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    # An expected failure is reported as skipped too; it did run.
    if report.skipped and not hasattr(report, "wasxfail"):
        refuse(item, report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        refuse(collector, report)
    return report


def refuse(node: pytest.Collector | pytest.Item, report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn the report of a skip into that of a failure, where no skip is allowed."""
    if every_skip_fails() and not is_live(node):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{REFUSAL} {reason.removeprefix('Skipped: ')}"
