"""The demo's clock is the classroom server's: whoever lets time pass there lets it pass for the site as well."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def told_by(now: Callable[[], float]) -> Iterator[None]:
    """Have Django, and what signs with a time, take the time from ``now``, in seconds, until the block is left."""
    moment = patch.object(timezone, "now", lambda: datetime.fromtimestamp(now(), UTC))
    with moment, patch.object(time, "time", now):
        yield
