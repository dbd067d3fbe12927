"""Looks that follow one another within seconds of the clock on the wall, to see that a queue really sends the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from bbb_xblock.domain import looks
from bbb_xblock.domain.attendance import sightings


@contextmanager
def looking_every(seconds: float) -> Iterator[None]:
    """Have meetings looked at so often until the block is left; 0: as always."""
    if not seconds:
        yield
        return
    times = {"LOOK_SECONDS": seconds, "EARLY": timedelta(seconds=seconds / 6), "LOST": timedelta(seconds=3 * seconds)}
    with patch.multiple(looks, **times), patch.object(sightings, "LOOK_SECONDS", seconds * 5 / 6):
        yield
