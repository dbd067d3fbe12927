"""The drawing of who was in when stays within its frame, in order, and shows every span."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain.attendance.credit import Held, Standing
from bbb_xblock.domain.attendance.presence import Source, united
from bbb_xblock.domain.attendance.sessions import Session
from bbb_xblock.domain.attendance.sheet import ABSENT, Entry
from bbb_xblock.doors.register.timeline import PASSED_OVER, WIDTH, Bar, Scale, scale_of
from tests.domain.attendance.test_presence import at, span

HOUR = Session(meeting_ids=(1,), held=Held(began_at=at(0), ended_at=at(60)), was_led=True)
SPANS = st.lists(
    st.tuples(st.integers(-30, 60), st.integers(1, 60), st.sampled_from(Source)).map(
        lambda drawn: span(drawn[0], drawn[0] + drawn[1], drawn[2])
    ),
    min_size=1,
)


def entry_of(spans) -> Entry:
    return Entry(
        standing=Standing.PRESENT, credit=1.0, first_in=spans[0].begin, last_out=spans[-1].end, spans=tuple(spans)
    )


@given(SPANS)
def test_every_span_has_a_bar_within_the_drawing_whenever_people_came_and_left(drawn):
    spans = united(drawn, timedelta(minutes=2))
    bars = scale_of(HOUR, [entry_of(spans), ABSENT]).bars(spans)
    assert len(bars) == len(spans)
    assert [bar.x for bar in bars] == sorted(bar.x for bar in bars)
    assert all(0 <= bar.x < WIDTH and bar.width >= 2 and bar.x + bar.width <= WIDTH + 2 for bar in bars)


def test_a_bar_tells_the_best_source_and_a_short_absence():
    both = united([span(0, 30, Source.JOIN), span(0, 30, Source.LOOK), span(31, 60, Source.JOIN)], timedelta(minutes=2))
    kinds = [bar.kind for bar in scale_of(HOUR, [entry_of(both)]).bars(both)]
    assert kinds == ["look", PASSED_OVER, "join"]


def test_a_session_that_was_over_at_once_is_drawn_all_the_same():
    assert Scale(at(0), at(0)).bars([span(0, 0, Source.LOOK)]) == (Bar(0, 2, "look"),)
