"""What a report of analytics tells of people, with all that BigBlueButton and strangers may put into one."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb.attendance import MOST_PEOPLE, MOST_STAYS, Engagement, MeetingReport, Stay, meeting_report

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)
NOBODY = MeetingReport(started_at=None, finished_at=None, people=())


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def moment(minutes: float, zone: str = "+00:00") -> str:
    """Write a moment as BigBlueButton does, with the server's zone."""
    return f"{at(minutes):%Y-%m-%dT%H:%M:%S}.000{zone}"


def attendee(user_id: object = "u-17", joins: object = (0,), leaves: object = (30,), **more: object) -> dict:
    return {
        "ext_user_id": user_id,
        "name": "Ada Example",
        "moderator": False,
        "joins": [moment(one) for one in joins] if isinstance(joins, tuple) else joins,
        "leaves": [moment(one) for one in leaves] if isinstance(leaves, tuple) else leaves,
        "duration": 1800,
        "recent_talking_time": "",
        "sessions": [{"joins": [{"timestamp": moment(0), "userid": "w_x", "ext_userid": "u-17"}], "lefts": []}],
        **more,
    }


def body(*attendees: object, **data: object) -> str:
    """Write a report as BigBlueButton does: keys in snake case, votes by voter, metadata of ours among its own."""
    return json.dumps(
        {
            "version": "1.0",
            "meeting_id": "oex-1",
            "internal_meeting_id": "0123-1",
            "data": {
                "metadata": {"analytics_callback_url": "", "meeting_name": "Physics", "is_breakout": "false"},
                "duration": 1800,
                "start": moment(0),
                "finish": moment(30),
                "attendees": list(attendees),
                "files": ["a.pdf"],
                "polls": [{"id": "1", "type": "YN", "published": True, "votes": {"u_17": "Yes", "w_abc": "No"}}],
                **data,
            },
        }
    )


def stays_of(**more: object) -> tuple[Stay, ...]:
    (person,) = meeting_report(body(attendee(**more))).people
    return person.stays


def stay(joined: float, left: float | None) -> Stay:
    return Stay(joined_at=at(joined), left_at=None if left is None else at(left))


def test_a_report_tells_who_came_and_went_and_what_they_did():
    engagement = {"chats": 2, "talks": 5, "raisehand": 1, "emojis": 3, "poll_votes": 4, "talk_time": 64}
    told = meeting_report(body(attendee(moderator=True, engagement=engagement)).encode())
    assert (told.started_at, told.finished_at) == (at(0), at(30))
    (person,) = told.people
    assert (person.user_id, person.is_moderator, person.stays) == ("u-17", True, (stay(0, 30),))
    assert person.engagement == Engagement(chats=2, talks=5, talk_seconds=64, raised_hands=1, emojis=3, poll_votes=4)
    assert "Ada" not in repr(told)


def test_a_server_that_sends_no_engagement_is_told_from_one_where_nobody_did_anything():
    told = meeting_report(body(attendee("u-1"), attendee("u-2", engagement={})))
    assert [person.engagement for person in told.people] == [None, Engagement()]


def test_votes_and_metadata_are_nobody_s_presence():
    assert [person.user_id for person in meeting_report(body(attendee("u-17"))).people] == ["u-17"]


def test_people_without_an_id_of_ours_keep_that_of_bigbluebutton():
    assert [person.user_id for person in meeting_report(body(attendee("w_abcdefghijkl"))).people] == ["w_abcdefghijkl"]


@pytest.mark.parametrize("zone", ["+00:00", "Z", "+02:00", "-09:30"])
def test_the_zone_of_the_server_is_its_own(zone):
    told = meeting_report(body(start=moment(0, zone)))
    assert told.started_at == datetime.fromisoformat(moment(0, zone)).astimezone(UTC)


def test_stays_are_paired_in_the_order_of_time_on_any_device():
    assert stays_of(joins=(20, 0), leaves=(40, 10)) == (stay(0, 10), stay(20, 40))
    assert stays_of(joins=(0, 5), leaves=(10, 20)) == (stay(0, 10), stay(5, 20))


def test_who_has_not_left_stays_until_the_end():
    assert stays_of(joins=(0, 20), leaves=(10,)) == (stay(0, 10), stay(20, None))


def test_a_leave_of_somebody_who_is_not_in_ends_no_stay():
    assert stays_of(joins=(10,), leaves=(5, 20)) == (stay(10, 20),)
    assert stays_of(joins=(0, 10), leaves=(4, 4, 20)) == (stay(0, 4), stay(10, 20))
    assert stays_of(joins=(), leaves=(5,)) == ()


def test_who_came_and_went_within_a_second_was_not_there():
    assert stays_of(joins=(0, 10), leaves=(0, 20)) == (stay(10, 20),)


UNREADABLE = {
    "nothing": "",
    "no text": b"\xff\xfe\xfd",
    "half": body(attendee())[:-2],
    "nested": "[" * 100_000,
    "digits": "9" * 5000,
    "list": json.dumps([body(attendee())]),
    "no data": "{}",
    "data null": '{"data": null}',
    "data a list": '{"data": [1]}',
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_report_tells_of_nobody(text):
    assert meeting_report(text) == NOBODY


ODD_MOMENTS = {
    "no zone": "2026-09-07T12:00:00",
    "a number": 1757246400000,
    "null": None,
    "words": "noon",
    "list": [moment(0)],
    "long ago": "0001-01-01T00:00:00+14:00",
    "far away": "9999-12-31T23:59:59-14:00",
    "surrogate": "\ud800",
}


@pytest.mark.parametrize("odd", ODD_MOMENTS.values(), ids=ODD_MOMENTS)
def test_a_moment_that_cannot_be_is_left_out_and_the_others_count(odd):
    told = meeting_report(body(attendee(joins=[odd, moment(1)], leaves=[moment(5), odd]), start=odd, finish=odd))
    assert (told.started_at, told.finished_at) == (None, None)
    assert told.people[0].stays == (stay(1, 5),)


@pytest.mark.parametrize("odd", [None, 17, True, [], {}, "", " u-17", "u,17", "u\n17", "u" * 257])
def test_somebody_without_a_proper_id_is_left_out_and_the_others_count(odd):
    told = meeting_report(body(attendee(odd), attendee("u-18"), odd))
    assert [person.user_id for person in told.people] == ["u-18"]


@pytest.mark.parametrize("odd", [None, 17, "u-17", {"u-17": {}}])
def test_lists_that_are_none_are_empty(odd):
    assert meeting_report(body(attendees=odd)).people == ()
    assert stays_of(joins=odd, leaves=odd) == ()


def test_numbers_are_whole_and_within_what_a_database_takes():
    odd = {"chats": -1, "talks": 10**30, "talk_time": "64", "raisehand": True, "emojis": 1.5, "poll_votes": None}
    (person,) = meeting_report(body(attendee(engagement=odd))).people
    assert person.engagement == Engagement(talks=2**31 - 1)
    assert type(person.engagement.raised_hands) is int


def test_only_so_many_people_and_stays_are_read():
    many = [{"ext_user_id": str(number)} for number in range(MOST_PEOPLE + 5)]
    assert len(meeting_report(body(*many)).people) == MOST_PEOPLE
    often = tuple(range(MOST_STAYS + 5))
    assert len(stays_of(joins=often, leaves=())) == MOST_STAYS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str),
    lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(), one, max_size=4),
    max_leaves=12,
)
MINUTES = st.lists(st.integers(0, 600), max_size=8)


@given(JSON, JSON, JSON, JSON)
def test_whatever_stands_in_a_report_it_is_read_as_far_as_it_can_be(data, joins, engagement, user_id):
    assert isinstance(meeting_report(json.dumps({"data": data})), MeetingReport)
    told = meeting_report(body(attendee(user_id, joins=joins, leaves=joins, engagement=engagement), attendee("u-18")))
    assert told.people[-1].stays == (stay(0, 30),)


@given(MINUTES, MINUTES)
def test_stays_begin_when_somebody_came_and_never_end_before(joins, leaves):
    stays = stays_of(joins=tuple(joins), leaves=tuple(leaves))
    assert [one.joined_at for one in stays] == sorted(one.joined_at for one in stays)
    assert {one.joined_at for one in stays} <= {at(one) for one in joins}
    assert all(one.left_at is None or one.left_at > one.joined_at for one in stays)
    ends = [one.left_at for one in stays if one.left_at]
    assert len(ends) <= len(leaves) and set(ends) <= {at(one) for one in leaves}


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 100)), max_size=8), st.randoms(use_true_random=False))
def test_a_report_in_any_order_covers_the_same_time(stays, chance):
    joins, leaves = [begin for begin, _ in stays], [begin + length for begin, length in stays]
    chance.shuffle(leaves)
    covered = {minute for begin, length in stays for minute in range(begin, begin + length)}
    stays = stays_of(joins=tuple(joins), leaves=tuple(leaves))
    assert {m for m in range(200) if any(v.joined_at <= at(m) < v.left_at for v in stays)} == covered
