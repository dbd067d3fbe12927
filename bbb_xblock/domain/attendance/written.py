"""Spans as the row of a presence holds them: JSON, a list of ``[begin, end, sources]``. Pure.

The moments are in ISO 8601; ``sources`` are the initials of those that say so.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from bbb_xblock.domain.attendance.presence import Source, Span

_INITIALS = {Source.JOIN: "j", Source.LOOK: "l", Source.REPORT: "r"}
_SOURCES = {initial: source for source, initial in _INITIALS.items()}

# What stands in the row of somebody whom a report names, and in no other: then it alone decides (``presence.py``).
REPORTED = f'"{_INITIALS[Source.REPORT]}"'


def write(spans: Sequence[Span]) -> str:
    """Write spans."""
    return json.dumps([[span.begin.isoformat(), span.end.isoformat(), _initials(span)] for span in spans])


def read(written: str) -> tuple[Span, ...]:
    """Read what :func:`write` wrote."""
    return tuple(
        Span(begin=datetime.fromisoformat(begin), end=datetime.fromisoformat(end), sources=_sources(initials))
        for begin, end, initials in json.loads(written)
    )


def _initials(span: Span) -> str:
    return "".join(sorted(_INITIALS[source] for source in span.sources))


@cache
def _sources(initials: str) -> frozenset[Source]:
    return frozenset(_SOURCES[initial] for initial in initials)
