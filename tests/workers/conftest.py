"""What is needed to hold a class on a site with workers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from celery import _state
from django.db import connection

from sandbox.demo.clock import told_by
from sandbox.simulator import Simulator
from tests.builders import ADA, BEN
from tests.classroom import SECRET
from tests.services.redis_server import running_redis
from tests.sessions import enrol
from tests.workers.clock import Clock, queue_on
from tests.workers.school import FIELDS, School


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[Clock]:
    """The clock of the site, its workers and the classroom server."""
    shared = Clock(tmp_path / "clock")
    with told_by(shared.now):
        yield shared


@pytest.fixture
def simulator(clock: Clock) -> Iterator[Simulator]:
    """A classroom server that goes by this clock."""
    server = Simulator(secret=SECRET, clock=clock.now)
    with server.serve(port=0):
        yield server


@pytest.fixture
def school(
    transactional_db: None,
    live_server: Any,
    settings: Any,
    platform: Any,
    simulator: Simulator,
    namespace: dict[str, Any],
    clock: Clock,
    tmp_path: Path,
    wait_until: Callable[..., None],
) -> Iterator[School]:
    """A site to which BigBlueButton talks by HTTP, and whose tasks go to Redis. No worker is there yet."""
    settings.LMS_ROOT_URL = live_server.url
    # The answers of a minute ago are old; nobody waits for them.
    namespace["STATUS_SECONDS"] = 1
    enrol(platform, ADA, BEN)
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory(prefix="bbb-queue-")))
        queue = stack.enter_context(ExitStack())
        url = queue.enter_context(running_redis(home))
        before, current = _state.default_app, _state.get_current_app()
        stack.callback(current.set_current)
        stack.callback(_state.set_default_app, before)
        order = {
            "database": str(connection.settings_dict["NAME"]),
            "settings": namespace,
            "broker": url,
            "enrolled": [ADA.id, BEN.id],
            "fields": FIELDS,
            "folder": str(tmp_path),
            "look_seconds": 0,
        }
        world = {"platform": platform, "simulator": simulator, "clock": clock, "wait_until": wait_until}
        school = School(**world, order=order, queue=queue)
        school.use(queue_on(url, clock))
        yield school
