"""A clock that a test moves for several processes at once, and a queue that goes by it."""

import time
from pathlib import Path
from typing import Any

from celery import Celery, Task

# The clock on the wall, whatever ``time.time`` is meanwhile.
_on_the_wall = time.time
# Of the clock on the wall: how long a task that waits is put back into the queue.
A_MOMENT = 0.1


class Clock:
    """The time on the wall and what is added to it, which is kept in a file for everybody."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.write_text("0")

    def now(self) -> float:
        """Give the seconds since 1970."""
        return _on_the_wall() + float(self.path.read_text())

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        written = self.path.with_suffix(".new")
        written.write_text(str(float(self.path.read_text()) + seconds))
        written.replace(self.path)

    def note(self, what: str, name: str) -> None:
        """Note beside the clock what has become of a task: ``sent`` for later, ``done``."""
        with self.path.with_name(what).open("a") as notes:
            notes.write(f"{name}\n")

    def noted(self, what: str, name: str) -> int:
        """Count how often that was noted of a task."""
        notes = self.path.with_name(what)
        return notes.read_text().split().count(f"bbb_xblock.tasks.{name}") if notes.exists() else 0


def queue_on(broker: str, clock: Clock | None = None) -> Celery:
    """Make an app whose tasks go to a broker. With a clock, what is to be done later waits for that clock.

    A task that comes before its time goes into the queue once more, as often as need be.
    """

    class Waiting(Task):  # type: ignore[misc]
        def apply_async(self, args: Any = None, kwargs: Any = None, countdown: float | None = None, **more: Any) -> Any:
            due = clock.now() + (countdown or 0)
            sent = self._put(args, kwargs, due, A_MOMENT if countdown else None, **more)
            if countdown:
                clock.note("sent", self.name)
            return sent

        def _put(self, args: Any, kwargs: Any, due: float, countdown: float | None, **more: Any) -> Any:
            headers = {**(more.pop("headers", None) or {}), "due": due}
            return super().apply_async(args, kwargs, countdown=countdown, headers=headers, **more)

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            due = self.request.get("due", 0.0)
            if due > clock.now():
                return self._put(args, kwargs, due, A_MOMENT)
            return self.run(*args, **kwargs)

    path = broker.removeprefix("unix://").partition("?")[0]
    tasks = {"task_cls": Waiting} if clock else {}
    return Celery("with-a-worker", broker=f"redis+socket://{path}", set_as_current=False, **tasks)
