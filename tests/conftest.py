"""What all tests share: the servers they may ask for, the browser, Hypothesis."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.services import needs
from tests.services.mariadb_server import running_mariadb, socket_path
from tests.services.redis_server import running_redis

pytest_plugins = ["pytester", "tests.classroom", "tests.services.skips"]

# Playwright's synchronous interface keeps an event loop in the thread of the tests, and Django then refuses to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
SECONDS = 30
IN_CI = os.environ.get("CI") or os.environ.get("BBB_TEST_REQUIRE")
hypothesis.settings.load_profile("ci" if IN_CI else "local")


def pytest_configure(config: pytest.Config) -> None:
    """Start MariaDB before Django's first query, where the tests are to run on it."""
    if os.environ.get("BBB_TEST_DATABASE") == "mariadb":
        server = ExitStack()
        server.enter_context(running_mariadb(socket_path()))
        config.add_cleanup(server.close)


def pytest_report_header() -> str:
    return f"database: {os.environ.get('BBB_TEST_DATABASE') or 'sqlite'}"


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Path]:
    """The socket of a private MariaDB; ``mariadb_server.database_settings`` makes Django settings of it."""
    with running_mariadb(socket_path()) as socket:
        yield socket


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a private Redis, as Django's Redis cache takes it."""
    with running_redis() as url:
        yield url


@pytest.fixture
def wait_until() -> Callable[[Callable[[], Any]], None]:
    """Wait for something that happens elsewhere, as long as needed and no longer than half a minute."""

    def wait(happened: Callable[[], Any]) -> None:
        deadline = time.monotonic() + SECONDS
        while not happened():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the installed Chromium; Playwright's own download is not used."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]
    # Chromium's sandbox refuses to run as root, which is who runs tests in most containers.
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", *quiet]
    return {**browser_type_launch_args, "executable_path": needs.find_chromium(), "args": options}
