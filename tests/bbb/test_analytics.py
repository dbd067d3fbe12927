import contextlib
import json
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import AnalyticsReport, BBBError, CallbackUnreadable, analytics, without_people
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


def test_people_are_taken_out_of_a_report_with_their_votes_and_nobody_else():
    polls = [{"id": "1", "votes": {"u-17": "Yes", "u-18": "No"}}]
    attendees = [{"ext_user_id": one, "name": f"Example {one}"} for one in ("u-17", "u-18", "u-19")]
    whole = json.dumps(REPORT | {"data": {"attendees": attendees, "polls": polls, "files": ["u-17.pdf"]}})
    left = json.loads(without_people(whole, {"u-17", "u-19"}))
    assert left["data"] == {
        "attendees": [{"ext_user_id": "u-18", "name": "Example u-18"}],
        "polls": [{"id": "1", "votes": {"u-18": "No"}}],
        "files": ["u-17.pdf"],
    }
    assert json.loads(without_people(whole, {"nobody"})) == json.loads(whole)


@given(st.recursive(st.none() | st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_whatever_a_report_holds_can_be_written_without_a_person(rest):
    attendees = [{"ext_user_id": "the-id-of-somebody", "more": rest}, {"ext_user_id": [rest]}]
    left = without_people(json.dumps({"data": {"attendees": attendees}, "rest": rest}), {"the-id-of-somebody"})
    assert json.loads(left) == {"data": {"attendees": [{"ext_user_id": [rest]}]}, "rest": rest}


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000])
def test_nothing_is_left_of_a_report_that_cannot_be_read(body):
    assert without_people(body, {"u-17"}) == ""
