"""Whatever a server says of a recording fits into its row."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock import bbb
from bbb_xblock.bbb import PlaybackFormat, RecordingState
from bbb_xblock.domain.recordings import reading
from bbb_xblock.models import Recording

HUGE = st.integers(min_value=0, max_value=10**30)
FORMATS = st.builds(PlaybackFormat, type=st.text(max_size=50), url=st.text(), length_minutes=HUGE, size=HUGE)


@given(
    st.builds(
        bbb.Recording,
        record_id=st.just("a-1"),
        name=st.text(max_size=500),
        state=st.sampled_from(RecordingState),
        start_time_ms=HUGE,
        end_time_ms=HUGE,
        participants=HUGE,
        size=HUGE,
        formats=st.lists(FORMATS, max_size=40).map(tuple),
    )
)
def test_whatever_a_server_says_fits_into_a_row(told):
    columns = reading.columns(told)
    Recording(record_id="a-1", server="main", **columns).clean_fields(
        exclude=["room", "since", "started_at", "made_at"]
    )
    assert len(json.loads(columns["formats"])) <= reading.MOST_FORMATS
    assert columns["minutes"] < 2**31
    assert columns["size"] < 2**63


@pytest.mark.parametrize("state", RecordingState)
def test_every_state_of_the_protocol_has_one_of_ours(state):
    assert reading.columns(bbb.Recording(record_id="a-1", state=state))["state"] in Recording.State


@pytest.mark.parametrize(
    ("milliseconds", "moment"),
    [
        (0, None),
        (1531155809, None),
        (1531155809613, datetime(2018, 7, 9, 17, 3, 29, 613000, tzinfo=UTC)),
        (4_000_000_000_000, None),
        (10**30, None),
    ],
)
def test_times_are_read_in_milliseconds(milliseconds, moment):
    assert reading.moment(milliseconds) == moment


@pytest.mark.parametrize(
    ("lengths", "start", "end", "minutes"),
    [
        ((50, 0), 0, 0, 50),
        ((0, 0), 1_531_150_000_000, 1_531_153_000_000, 50),
        ((), 1_531_153_000_000, 1_531_150_000_000, 0),
        ((), 0, 1_531_153_000_000, 0),
    ],
)
def test_the_length_is_that_of_the_longest_format_or_of_the_meeting(lengths, start, end, minutes):
    formats = tuple(PlaybackFormat(type="video", url="https://a.example", length_minutes=each) for each in lengths)
    told = bbb.Recording(record_id="a-1", start_time_ms=start, end_time_ms=end, formats=formats)
    assert reading.columns(told)["minutes"] == minutes
