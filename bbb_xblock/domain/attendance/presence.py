"""When somebody was in a meeting: three sources, one truth. Pure.

A *join* says that somebody was let in, at a click. A *look* says who is in at one moment: the newest answer of
``getMeetingInfo``. A *report* says who came and went, and comes after the meeting, or never. Where a report names
somebody, it alone decides, because it is exact. Where there is none, joins and looks tell the same a little coarser.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bbb_xblock.bbb.analytics import Visit


class Source(StrEnum):
    """Where it is known from that somebody was in."""

    JOIN = "join"
    LOOK = "look"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True)
class Span:
    """Somebody was in from ``begin`` to ``end``. ``sources`` say so; none where a short absence is passed over."""

    begin: datetime
    end: datetime
    sources: frozenset[Source]

    @property
    def length(self) -> timedelta:
        """Say how long it is."""
        return self.end - self.begin


@dataclass(frozen=True, kw_only=True)
class Look:
    """Whether somebody was in at one moment."""

    at: datetime
    is_in: bool


def from_report(visits: Iterable[Visit], until: datetime, ahead: timedelta = timedelta()) -> list[Span]:
    """Give the spans of a report's visits; those that are still open end with the meeting.

    ``ahead`` is by how much the server's clock is ahead of ours.
    """
    sources = frozenset({Source.REPORT})
    ends = ((visit, until if visit.left_at is None else visit.left_at - ahead) for visit in visits)
    return [
        Span(begin=visit.joined_at - ahead, end=min(end, until), sources=sources)
        for visit, end in ends
        if visit.joined_at - ahead < min(end, until)
    ]


def from_signs(joins: Iterable[datetime], looks: Iterable[Look], until: datetime) -> list[Span]:
    """Give the spans that follow from clicks and looks.

    Somebody is in from a join, or from the first look that sees them. They have left in the middle between the last
    sign of them and the first look that misses them; without such a look, when the meeting ends.
    """
    signs = [(at, Source.JOIN, True) for at in joins] + [(look.at, Source.LOOK, look.is_in) for look in looks]
    spans: list[Span] = []
    begin: datetime | None = None
    sources: set[Source] = set()
    last = until
    for at, source, is_in in sorted(signs):
        if at >= until:
            break
        if is_in:
            begin = begin or at
            sources.add(source)
            last = at
        elif begin is not None:
            spans.append(Span(begin=begin, end=last + (at - last) / 2, sources=frozenset(sources)))
            begin, sources = None, set()
    if begin is not None:
        spans.append(Span(begin=begin, end=until, sources=frozenset(sources)))
    return spans


def united(spans: Sequence[Span], grace: timedelta) -> tuple[Span, ...]:
    """Give the same time in spans that follow one another and do not overlap, each with all that say so.

    An absence of at most ``grace`` is passed over.
    """
    edges = [(span.begin, 1, span.sources) for span in spans if span.begin < span.end]
    edges += [(end, -1, sources) for end, sources in [(s.end, s.sources) for s in spans if s.begin < s.end]]
    return tuple(_joined(_pieces(sorted(edges, key=lambda edge: edge[0])), grace))


def total(spans: Sequence[Span], begin: datetime, end: datetime) -> timedelta:
    """Say how long somebody was in between two moments; the spans do not overlap."""
    return sum((max(min(span.end, end) - max(span.begin, begin), timedelta()) for span in spans), timedelta())
