"""A Celery worker as a process of its own, as the platform starts it: ``python -m tests.workers.worker``.

It reads its orders as JSON: ``database`` (name), ``settings`` (the namespace), ``broker``, ``fields`` (of the block),
``enrolled`` (users), ``folder`` (with the clock, the gradebook and the names of the tasks that are done),
``look_seconds`` (looks so often, by the clock on the wall; 0: as always, by the clock of the folder).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sandbox import children

ROOT = Path(__file__).parents[2]
READY = "ready\n"
# One process, so that its id is all there is to kill; nobody else is there to talk to.
OPTIONS = {"pool": "solo", "without_mingle": True, "without_gossip": True, "without_heartbeat": True, "quiet": True}


@contextmanager
def at_work(order: dict[str, Any]) -> Iterator["subprocess.Popen[str]"]:
    """Run a worker until the block is left; the block starts when it is ready for tasks."""
    command = [sys.executable, "-m", "tests.workers.worker"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps(order))
            process.stdin.close()
            assert process.stdout.readline() == READY, "the worker did not start"
            yield process
        finally:
            children.end(process, patience=5)


def main() -> None:
    """Work until told to stop."""
    order = json.load(sys.stdin)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = order["database"]
    settings.XBLOCK_SETTINGS = {"bbb": order["settings"]}
    django.setup()
    # Read before the clock is changed: what the queue itself measures is the time on the wall.
    import kombu.asynchronous.timer  # noqa: F401
    from celery import signals

    from sandbox.demo.clock import told_by
    from tests.builders import BEN, learner
    from tests.fakes.platform import Platform
    from tests.workers import gradebook
    from tests.workers.clock import Clock, queue_on
    from tests.workers.hurry import looking_every

    folder, platform = Path(order["folder"]), Platform()
    clock, book = Clock(folder / "clock"), folder / "gradebook.json"
    gradebook.load(platform.gradebook, book)
    app = queue_on(order["broker"], None if order["look_seconds"] else clock)
    app.set_default()

    @signals.task_postrun.connect(weak=False)
    def note(task: Any, retval: Any, **details: Any) -> None:
        """Keep what the platform was told, and then which task is done; one that was put back is not."""
        gradebook.save(platform.gradebook, book)
        if retval is None:
            clock.note("done", task.name)

    signals.worker_ready.connect(lambda **details: print(READY, end="", flush=True), weak=False)
    with ExitStack() as running:
        running.enter_context(platform.modules())
        running.enter_context(told_by(clock.now))
        running.enter_context(looking_every(order["look_seconds"]))
        for user in order["enrolled"]:
            platform.enrolled.add(user)
        learner(platform, BEN, fields=order["fields"])
        app.conf.update(worker_redirect_stdouts=False, broker_connection_retry_on_startup=True)
        app.Worker(**OPTIONS, loglevel="WARNING").start()


if __name__ == "__main__":
    main()
