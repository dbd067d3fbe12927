"""Spans are read as they were written, whatever says so."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain.attendance import written
from bbb_xblock.domain.attendance.presence import Source, Span

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SPANS = st.lists(
    st.builds(
        lambda begin, length, sources: Span(begin=BEGAN + begin, end=BEGAN + begin + length, sources=sources),
        st.timedeltas(timedelta(), timedelta(days=1)),
        st.timedeltas(timedelta(seconds=1), timedelta(days=1)),
        st.frozensets(st.sampled_from(Source)),
    )
)


@given(SPANS)
def test_what_is_written_is_read(spans):
    assert written.read(written.write(spans)) == tuple(spans)


@given(SPANS, st.sets(st.sampled_from([Source.JOIN, Source.LOOK])))
def test_a_report_leaves_its_mark_and_nothing_else_does(spans, others):
    unreported = [Span(begin=span.begin, end=span.end, sources=frozenset(others)) for span in spans]
    reported = Span(begin=BEGAN, end=BEGAN + timedelta(hours=1), sources=frozenset({Source.REPORT}))
    assert written.REPORTED not in written.write(unreported)
    assert written.REPORTED in written.write([*unreported, reported])
