"""When people were in a session, drawn: one bar for each span, as parts of the time that the drawing shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bbb_xblock.domain.attendance.presence import Source, Span
from bbb_xblock.domain.attendance.sessions import Session
from bbb_xblock.domain.attendance.sheet import Entry

# How wide a drawing is, in its own units.
WIDTH = 1000
# From the source that knows most to the one that knows least.
_BEST_FIRST = (Source.REPORT, Source.LOOK, Source.JOIN)
PASSED_OVER = "passed"


@dataclass(frozen=True)
class Bar:
    """A bar from ``x`` on, ``width`` wide; ``kind`` is the best of its sources, or that an absence is passed over."""

    x: int
    width: int
    kind: str


@dataclass(frozen=True)
class Scale:
    """The time that a drawing shows."""

    begin: datetime
    end: datetime

    def bars(self, spans: Iterable[Span]) -> tuple[Bar, ...]:
        """Draw spans; each is at least so wide that it can be seen."""
        return tuple(self._bar(span) for span in spans)

    def _bar(self, span: Span) -> Bar:
        begin, end = self._place(span.begin), self._place(span.end)
        return Bar(begin, max(end - begin, 2), kind_of(span))

    def _place(self, moment: datetime) -> int:
        length = self.end - self.begin
        return round((moment - self.begin) / length * WIDTH) if length else 0


def scale_of(session: Session, entries: Iterable[Entry]) -> Scale:
    """Show the session, and before and after it those who came early and left late."""
    ins, outs = [session.held.began_at], [session.held.ended_at]
    for entry in entries:
        ins += [entry.first_in] if entry.first_in else []
        outs += [entry.last_out] if entry.last_out else []
    return Scale(min(ins), max(outs))


def kind_of(span: Span) -> str:
    """Say what the bar of a span looks like."""
    return next((source.value for source in _BEST_FIRST if source in span.sources), PASSED_OVER)
