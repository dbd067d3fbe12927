"""When somebody was in a meeting: three sources, one truth. Pure.

A *join* says that somebody was let in, at a click. A *look* says who is in at one moment: the newest answer of
``getMeetingInfo``. A *report* says who came and went, and comes after the meeting, or never. Where a report names
somebody, it alone decides, because it is exact. Where there is none, joins and looks tell the same a little coarser.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from operator import itemgetter

from bbb_xblock.bbb.attendance import Stay


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


# A moment at which a span begins (1) or ends (-1), and where that is known from.
_Edge = tuple[datetime, int, frozenset[Source]]


@dataclass(frozen=True, kw_only=True)
class Look:
    """Whether somebody was in at one moment."""

    at: datetime
    is_in: bool


def from_report(stays: Iterable[Stay], since: datetime, until: datetime, ahead: timedelta = timedelta()) -> list[Span]:
    """Give the spans of a report's stays; those that are still open end with the meeting.

    Nobody was in before ``since``, when they were let in, or after ``until``. ``ahead`` is by how much the server's
    clock is ahead of ours.
    """
    sources = frozenset({Source.REPORT})
    times = ((stay.joined_at - ahead, until if stay.left_at is None else stay.left_at - ahead) for stay in stays)
    clipped = ((max(begin, since), min(end, until)) for begin, end in times)
    return [Span(begin=begin, end=end, sources=sources) for begin, end in clipped if begin < end]


def from_signs(joins: Iterable[datetime], looks: Iterable[Look], until: datetime) -> list[Span]:
    """Give the spans that follow from clicks and looks.

    Somebody is in from a join, or from the first look that sees them. They have left in the middle between the last
    sign of them and the first look that misses them; without such a look, when the meeting ends. Of clicks that no look
    confirms before one misses them, only the first counts: nobody is there by clicking again and again.
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
            if Source.LOOK in sources or not spans:
                spans.append(Span(begin=begin, end=last + (at - last) / 2, sources=frozenset(sources)))
            begin, sources = None, set()
    if begin is not None:
        spans.append(Span(begin=begin, end=until, sources=frozenset(sources)))
    return spans


def united(spans: Iterable[Span], grace: timedelta) -> tuple[Span, ...]:
    """Give the same time in spans that follow one another and do not overlap, each with all that say so.

    An absence of at most ``grace`` is passed over.
    """
    edges: list[_Edge] = []
    for span in spans:
        if span.begin < span.end:
            edges += ((span.begin, 1, span.sources), (span.end, -1, span.sources))
    return tuple(_joined(_pieces(sorted(edges, key=itemgetter(0))), grace))


def total(spans: Sequence[Span], begin: datetime, end: datetime) -> timedelta:
    """Say how long somebody was in between two moments; the spans do not overlap."""
    return sum((max(min(span.end, end) - max(span.begin, begin), timedelta()) for span in spans), timedelta())


def _pieces(edges: Iterable[_Edge]) -> Iterator[Span]:
    """Cut the time at every edge, and give what lies in any span, with all that say so."""
    depth, said = 0, Counter[Source]()
    previous: datetime | None = None
    for at, step, sources in edges:
        if depth and previous is not None and previous < at:
            yield Span(begin=previous, end=at, sources=frozenset(+said))
        depth += step
        said.update(dict.fromkeys(sources, step))
        previous = at


def _joined(pieces: Iterable[Span], grace: timedelta) -> Iterator[Span]:
    """Pass over short absences, and put together what follows at once and is known from the same."""
    last: Span | None = None
    for piece in pieces:
        if last is None:
            last = piece
            continue
        if last.end < piece.begin <= last.end + grace:
            yield last
            last = Span(begin=last.end, end=piece.begin, sources=frozenset())
        if last.end == piece.begin and last.sources == piece.sources:
            last = replace(last, end=piece.end)
        else:
            yield last
            last = piece
    if last is not None:
        yield last
