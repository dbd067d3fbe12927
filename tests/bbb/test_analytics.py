import contextlib
import json
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import AnalyticsReport, BBBError, CallbackUnreadable, analytics
from tests.bbb.tokens import BAD_IDS, MEMBERS, RECORD_ID, only_ids

REPORT = {
    "version": "1.0",
    "meeting_id": "test01",
    "internal_meeting_id": RECORD_ID,
    "data": {"attendees": [{"name": "Ada Example", "ext_user_id": "u-17"}]},
    "customer": "scalelite",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_analytics_tell_their_meeting_and_nothing_else_is_kept(encoding: str) -> None:
    report = analytics(json.dumps(REPORT).encode(encoding))
    assert report == AnalyticsReport(meeting_id="test01", internal_meeting_id=RECORD_ID)
    assert "Ada" not in repr(vars(report))


UNREADABLE = {
    "empty": b"",
    "no json": b"Ada Example",
    "half": json.dumps(REPORT).encode()[:-1],
    "no text": b'{"meeting_id": "\xff"}',
    "list": json.dumps([REPORT]).encode(),
    "null": b"null",
    "number": b"1e999",
    "digits": b"9" * 5000,
    "nested": b"[" * 1_000_000,
    "nested objects": b'{"a":' * 100_000,
    **{
        f"{name} {ascii(value)[:20]}": json.dumps(REPORT | {name: value}).encode()
        for name in ("meeting_id", "internal_meeting_id")
        for value in BAD_IDS
    },
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_report_is_refused_without_a_word_of_it(body: bytes) -> None:
    with pytest.raises(CallbackUnreadable) as caught:
        analytics(body)
    error = caught.value
    assert error.call == "analytics"
    assert error.__cause__ is None and error.__context__ is None
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next  # this frame knows the body
    told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "in analytics" in told and "Ada" not in told and "u-17" not in told


@given(body=st.binary() | MEMBERS.map(lambda members: json.dumps(members).encode()))
def test_any_report_is_read_well_or_refused(body: bytes) -> None:
    with contextlib.suppress(BBBError):
        only_ids(analytics(body))
