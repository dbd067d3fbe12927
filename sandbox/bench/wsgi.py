"""The demo's application, telling in a header how long a worker was busy with each request."""

import time
from collections.abc import Iterable
from typing import Any

from sandbox.demo.wsgi import application as demo

BUSY_HEADER = "X-Bench-Busy"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as the demo does. Waiting for a free worker is not in the time, waiting inside one is."""
    started = time.perf_counter()

    def timed(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        return start_response(status, [*headers, (BUSY_HEADER, f"{time.perf_counter() - started:.4f}")], *more)

    return demo(environ, timed)
