import contextlib
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import (
    Attendee,
    BBBError,
    CreatedMeeting,
    MeetingInfo,
    NotXML,
    Product,
    ServerVersion,
    recordings,
    responses,
)
from bbb_xblock.bbb.messages import Reply
from tests.bbb.servers import FIXTURES, recorded


def replied(name: str) -> Reply:
    return Reply(call=name.split("_")[0], body=recorded(name))


def success(inner: str) -> Reply:
    return Reply(call="x", body=f"<response><returncode>SUCCESS</returncode>{inner}</response>".encode())


def test_a_created_meeting_is_read() -> None:
    assert responses.created_meeting(replied("create_success")) == CreatedMeeting(
        meeting_id="physics-101",
        internal_meeting_id="8e9d0a5ff1c1bd7e8ab9c6d4a9ae9d3f7b7b0b4e-1700000000000",
        create_time="1700000000000",
        duplicate=False,
        has_user_joined=False,
        has_been_forcibly_ended=False,
        duration_minutes=90,
        voice_bridge="70757",
        dial_number="613-555-1234",
    )


def test_a_meeting_that_ran_already_is_told_apart() -> None:
    created = responses.created_meeting(replied("create_duplicate"))
    assert created.duplicate and created.has_user_joined
    assert created.create_time == "1700000000000"


IDENTITY = {"meetingID": "m1", "internalMeetingID": "8e9d-1", "createTime": "1700000000000"}


def about(**changes: str) -> str:
    """The elements that tell which meeting it is, with some of them changed, or left out if empty."""
    return "".join(f"<{tag}>{value}</{tag}>" for tag, value in (IDENTITY | changes).items() if value)


def test_a_created_meeting_needs_its_identity_and_nothing_else() -> None:
    assert responses.created_meeting(success(about())) == CreatedMeeting(
        meeting_id="m1", internal_meeting_id="8e9d-1", create_time="1700000000000"
    )


ABOUT_A_MEETING = pytest.mark.parametrize("read", [responses.created_meeting, responses.meeting_info])


@ABOUT_A_MEETING
@pytest.mark.parametrize(
    ("tag", "written"),
    [
        *[("meetingID", written) for written in ("", " ", "<x/>")],
        *[("createTime", written) for written in ("", " ", "abc", "-5", "+5", "1e5", "17e11", "1.5", "5 5", "٣")],
        *[("createTime", written) for written in ("0", "000", "9" * 19, "9" * 5000, "1,700,000,000,000,000,000")],
        *[("internalMeetingID", written) for written in ("", " ", "a b", "a/b", "é", "a&amp;b", "a&#10;b", "x" * 129)],
    ],
)
def test_an_answer_that_does_not_tell_its_meeting_is_refused(
    read: Callable[[Reply], object], tag: str, written: str
) -> None:
    with pytest.raises(NotXML):
        read(success(about(**{tag: written})))


@ABOUT_A_MEETING
def test_an_answer_of_another_service_is_refused(read: Callable[[Reply], object]) -> None:
    with pytest.raises(NotXML):
        read(success("<html/>"))


@ABOUT_A_MEETING
@pytest.mark.parametrize(
    ("tag", "written", "kept"),
    [
        ("createTime", "1,700,000,000,000", "1700000000000"),
        ("createTime", "9" * 18, "9" * 18),
        ("createTime", " 1 ", "1"),
        ("internalMeetingID", "x" * 128, "x" * 128),
        ("internalMeetingID", " Az09_- ", "Az09_-"),
    ],
)
def test_an_identity_that_can_be_used_is_kept(
    read: Callable[[Reply], CreatedMeeting | MeetingInfo], tag: str, written: str, kept: str
) -> None:
    found = read(success(about(**{tag: written})))
    assert kept in (found.create_time, found.internal_meeting_id)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("1000000", 1_000_000), ("1000001", 1_000_000), ("9" * 18, 1_000_000), ("-1", 0), ("9" * 19, 0), ("7", 7)],
)
def test_counters_are_clamped(written: str, expected: int) -> None:
    counters = {
        "participantCount": "participant_count",
        "moderatorCount": "moderator_count",
        "listenerCount": "listener_count",
        "voiceParticipantCount": "voice_participant_count",
        "videoCount": "video_count",
        "maxUsers": "max_users",
        "duration": "duration_minutes",
    }
    inner = about() + "".join(f"<{tag}>{written}</{tag}>" for tag in counters)
    info = responses.meeting_info(success(inner))
    assert {getattr(info, name) for name in counters.values()} == {expected}
    assert responses.created_meeting(success(inner)).duration_minutes == expected


def test_times_are_no_counters() -> None:
    info = responses.meeting_info(success(about() + "<startTime>1700000000123</startTime>"))
    assert info.start_time_ms == 1700000000123


def test_a_running_meeting_is_read() -> None:
    info = responses.meeting_info(replied("getMeetingInfo_running"))
    people = info.attendees
    assert info == MeetingInfo(
        meeting_id="physics-101",
        internal_meeting_id="8e9d0a5ff1c1bd7e8ab9c6d4a9ae9d3f7b7b0b4e-1700000000000",
        name="Physics 101 & friends",
        create_time="1700000000000",
        running=True,
        has_user_joined=True,
        has_been_forcibly_ended=False,
        participant_count=3,
        moderator_count=1,
        listener_count=1,
        voice_participant_count=2,
        video_count=1,
        max_users=25,
        recording=True,
        duration_minutes=90,
        start_time_ms=1700000000123,
        end_time_ms=0,
        is_breakout=False,
        attendees=people,
        metadata={"bbb-origin": "Open edX", "bbb-context-name": "Physics & co"},
    )
    assert people[0] == Attendee(
        user_id="u-1",
        full_name="Ada Example",
        role="MODERATOR",
        is_presenter=True,
        is_listening_only=False,
        has_joined_voice=True,
        has_video=True,
        client_type="HTML5",
        custom_data={"bbb_custom_language": "de"},
    )
    assert people[1].is_listening_only
    assert [person.full_name for person in people[1:]] == ["Berta <Sample>", "+49 XXX XX 12"]
    assert people[2].role == people[2].client_type + "-USER" == "DIAL-IN-USER"


def test_what_is_read_shows_no_names_and_no_metadata() -> None:
    shown = repr(responses.meeting_info(replied("getMeetingInfo_running")))
    assert "u-1" in shown
    assert not any(hidden in shown for hidden in ("Ada", "Berta", "XXX", "bbb-origin", "bbb_custom"))


def test_what_is_read_can_be_put_into_a_cache() -> None:
    info = responses.meeting_info(replied("getMeetingInfo_running"))
    assert pickle.loads(pickle.dumps(info)) == info  # noqa: S301 - our own bytes


def test_meetings_are_listed_with_their_breakout_rooms() -> None:
    first, second = responses.meetings(replied("getMeetings_two"))
    assert (first.meeting_id, first.running, first.is_breakout) == ("physics-101", False, False)
    assert (second.name, second.running, second.is_breakout) == ("Physics 101 (Room - 1)", True, True)
    assert second.participant_count == 1204


def test_a_server_without_meetings_is_no_failure() -> None:
    assert responses.meetings(replied("getMeetings_none")) == ()
    assert responses.meetings(success("")) == ()


@pytest.mark.parametrize("missing", IDENTITY)
def test_a_listed_meeting_that_does_not_tell_its_identity_is_skipped(missing: str) -> None:
    listed = f"<meetings><meeting>{about(**{missing: ''})}</meeting><meeting>{about()}</meeting></meetings>"
    assert [info.meeting_id for info in responses.meetings(success(listed))] == ["m1"]


def test_running_is_read() -> None:
    assert responses.running(replied("isMeetingRunning_true")) is True
    assert responses.running(replied("isMeetingRunning_false")) is False


def test_updated_is_read() -> None:
    assert responses.updated(replied("updateRecordings_updated")) is True
    assert responses.updated(replied("updateRecordings_unknown_on_scalelite")) is False


def test_the_version_is_read() -> None:
    assert responses.server_version(replied("version_revealed")) == ServerVersion(
        api="2.0", bbb="3.0.19", html5_plugin_sdk="0.0.95", graphql=True
    )
    assert responses.server_version(replied("version_on_scalelite")) == ServerVersion(
        product=Product.BALANCER, api="2.0"
    )


@pytest.mark.parametrize(
    ("told", "product"),
    [
        ("<version>2.0</version><apiVersion>2.0</apiVersion><bbbVersion/>", Product.BIGBLUEBUTTON),
        ("<version>2.0</version><build>1.6</build>", Product.SCALELITE),
        ("<version>2.0</version><info>some</info>", Product.BBBLB),
        ("<version>2.0</version>", Product.BALANCER),
        ("", Product.BALANCER),
    ],
)
def test_the_api_root_tells_what_answers_there(told: str, product: Product) -> None:
    assert responses.server_version(success(told)).product is product


def test_the_clock_of_the_server_is_read_from_its_answer() -> None:
    body = success("").body
    told = Reply(call="version", body=body, date="Tue, 14 Nov 2023 22:13:20 GMT")
    assert responses.server_version(told).clock_ms == 1_700_000_000_000


@given(
    date=st.text(max_size=40) | st.from_regex(r"[A-Za-z0-9 :,+-]{1,40}") | st.just("Tue, 14 Nov 0000 25:61:99 +9999")
)
def test_no_date_of_a_server_fails(date: str) -> None:
    assert responses.server_version(Reply(call="version", body=success("").body, date=date)).clock_ms >= 0


READERS: list[Callable[[Reply], Any]] = [
    responses.created_meeting,
    responses.meeting_info,
    responses.meetings,
    responses.running,
    responses.updated,
    responses.done,
    responses.server_version,
    recordings.page,
    recordings.published,
]
BODIES = [path.read_bytes() for path in sorted(FIXTURES.glob("*.xml"))]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A recorded reply with one stretch of it replaced by something else, often by a piece of another reply."""
    body, other = draw(st.sampled_from(BODIES)), draw(st.sampled_from(BODIES))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(body))] * 2)))
    piece = slice(*sorted(draw(st.tuples(*[st.integers(0, len(other))] * 2))))
    return body[:start] + draw(st.one_of(st.just(other[piece]), st.binary(max_size=20), st.just(b""))) + body[end:]


@given(body=st.one_of(mutated(), st.sampled_from(BODIES), st.binary()), read=st.sampled_from(READERS))
def test_no_reply_makes_a_reader_fail_otherwise_than_by_our_errors(body: bytes, read: Callable[[Reply], Any]) -> None:
    with contextlib.suppress(BBBError):
        read(Reply(call="x", body=body))


@given(
    tag=st.sampled_from(
        ["meetingID", "createTime", "participantCount", "attendees", "metadata", "running", "startTime"]
    ),
    inner=st.one_of(
        st.sampled_from(["", "<a/>", "<attendee/>", "1,234", "-1", "9" * 5000, "true", "<meetingID>x</meetingID>"]),
        st.text("0123456789,. -e", max_size=8),
    ),
)
def test_odd_values_in_a_meeting_become_defaults_or_are_refused(tag: str, inner: str) -> None:
    try:
        info = responses.meeting_info(success(f"<{tag}>{inner}</{tag}>{about()}"))
    except NotXML:
        assert tag in IDENTITY
        return
    assert info.meeting_id and info.create_time.isdigit() and int(info.create_time)
    assert 0 <= info.participant_count <= 1_000_000 and info.start_time_ms >= 0
