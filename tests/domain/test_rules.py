"""Pure decisions about people, rooms and texts."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import Role
from bbb_xblock.domain import rules
from bbb_xblock.domain.data import Access, RoomSnapshot, RoomState
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.options import OPTIONS, SessionOptions
from bbb_xblock.options.choices import Leaders, SessionKind
from tests.domain.people import person

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FREE = Access(may_load=True, is_enrolled=True)


def options(**changes: object) -> SessionOptions:
    return SessionOptions(**{"title": "Seminar", **changes})


def refused(act) -> Code:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


class TestWhoMayEnter:
    def test_an_enrolled_learner_may(self):
        assert rules.check_person(person(), FREE) == person()

    def test_the_course_team_may_without_being_enrolled(self):
        team = person(is_moderator=True)
        assert rules.check_person(team, Access(may_load=True, is_enrolled=False)) == team

    @pytest.mark.parametrize(
        ("who", "access", "code"),
        [
            (None, FREE, Code.NOT_SIGNED_IN),
            (person(), Access(may_load=True, is_enrolled=False), Code.NOT_ENROLLED),
            (person(), Access(may_load=False, is_enrolled=True), Code.NO_ACCESS),
            (person(is_moderator=True), Access(may_load=False, is_enrolled=True), Code.NO_ACCESS),
            (person(viewing_as_learner=True), FREE, Code.VIEWING_AS_LEARNER),
            (person(viewing_as_learner=True, is_moderator=True), FREE, Code.VIEWING_AS_LEARNER),
        ],
    )
    def test_others_are_refused(self, who, access, code):
        assert refused(lambda: rules.check_person(who, access)) is code

    @pytest.mark.parametrize(
        ("leaders", "learner", "forum_moderator"),
        [
            (Leaders.COURSE_TEAM, Role.VIEWER, Role.VIEWER),
            (Leaders.FORUM_MODERATORS, Role.VIEWER, Role.MODERATOR),
            (Leaders.EVERYBODY, Role.MODERATOR, Role.MODERATOR),
        ],
    )
    def test_whoever_leads_moderates_and_the_course_team_does_always(self, leaders, learner, forum_moderator):
        chosen = options(who_leads=leaders)
        assert rules.role_of(person(is_moderator=True), chosen) is Role.MODERATOR
        assert rules.role_of(person(), chosen) is learner
        assert rules.role_of(person(is_forum_moderator=True), chosen) is forum_moderator


class TestWhatARoomIsLike:
    @pytest.mark.parametrize(
        ("room", "chosen", "role", "state"),
        [
            (RoomSnapshot(), options(), Role.VIEWER, RoomState.READY),
            (RoomSnapshot(exists=True), options(), Role.VIEWER, RoomState.READY),
            (RoomSnapshot(exists=True, participants=2), options(), Role.VIEWER, RoomState.LIVE),
            (RoomSnapshot(), options(wait_for_moderator=True), Role.VIEWER, RoomState.WAITING),
            (RoomSnapshot(), options(wait_for_moderator=True), Role.MODERATOR, RoomState.READY),
            (
                RoomSnapshot(exists=True, participants=1),
                options(wait_for_moderator=True),
                Role.VIEWER,
                RoomState.WAITING,
            ),
            (
                RoomSnapshot(exists=True, participants=1, moderators=1),
                options(wait_for_moderator=True),
                Role.VIEWER,
                RoomState.LIVE,
            ),
            (RoomSnapshot(exists=True, participants=3), options(max_participants=3), Role.VIEWER, RoomState.FULL),
            (RoomSnapshot(exists=True, participants=3), options(max_participants=3), Role.MODERATOR, RoomState.FULL),
            (RoomSnapshot(exists=True, participants=1), options(max_participants=3), Role.VIEWER, RoomState.LIVE),
            (RoomSnapshot(exists=True, participants=2), options(max_participants=3), Role.VIEWER, RoomState.FULL),
            (RoomSnapshot(exists=True, participants=2), options(max_participants=3), Role.MODERATOR, RoomState.LIVE),
            (
                RoomSnapshot(exists=True, participants=2, moderators=1),
                options(max_participants=3),
                Role.VIEWER,
                RoomState.LIVE,
            ),
            (
                RoomSnapshot(exists=True, participants=2),
                options(max_participants=3, keep_seat=False),
                Role.VIEWER,
                RoomState.LIVE,
            ),
            (RoomSnapshot(exists=True), options(max_participants=1), Role.VIEWER, RoomState.READY),
            (RoomSnapshot(participants=3), options(max_participants=3), Role.VIEWER, RoomState.READY),
            (RoomSnapshot(exists=True, trouble=Code.SERVER_UNREACHABLE), options(), Role.VIEWER, RoomState.TROUBLE),
        ],
    )
    def test_the_state_follows_from_what_is_known(self, room, chosen, role, state):
        assert rules.state_of(room, chosen, role, NOON) is state

    @pytest.mark.parametrize(
        ("minutes", "viewer", "moderator"),
        [
            (-60, RoomState.NOT_OPEN_YET, RoomState.NOT_OPEN_YET),
            (-15, RoomState.NOT_OPEN_YET, RoomState.READY),
            (-1, RoomState.NOT_OPEN_YET, RoomState.READY),
            (0, RoomState.READY, RoomState.READY),
            (89, RoomState.READY, RoomState.READY),
            (90, RoomState.OVER, RoomState.OVER),
        ],
    )
    def test_a_session_opens_for_moderators_first_and_closes_for_everybody(self, minutes, viewer, moderator):
        chosen = options(opens_at=NOON, closes_at=NOON + timedelta(minutes=90), lead_minutes=15)
        now = NOON + timedelta(minutes=minutes)
        assert rules.state_of(RoomSnapshot(), chosen, Role.VIEWER, now) is viewer
        assert rules.state_of(RoomSnapshot(), chosen, Role.MODERATOR, now) is moderator

    def test_the_clock_counts_more_than_what_is_known_of_the_room(self):
        in_trouble = RoomSnapshot(exists=True, participants=3, trouble=Code.SERVER_UNREACHABLE)
        for times in ({"opens_at": NOON + timedelta(hours=1)}, {"closes_at": NOON}):
            assert rules.state_of(in_trouble, options(**times), Role.VIEWER, NOON) is not RoomState.TROUBLE

    @pytest.mark.parametrize("role", Role)
    def test_recordings_alone_have_no_room_for_anybody(self, role):
        chosen = options(kind=SessionKind.RECORDINGS)
        assert rules.state_of(RoomSnapshot(), chosen, role, NOON) is RoomState.RECORDINGS_ONLY

    @pytest.mark.parametrize(
        ("state", "code"),
        [
            (RoomState.RECORDINGS_ONLY, Code.NO_ROOM),
            (RoomState.NOT_OPEN_YET, Code.NOT_OPEN_YET),
            (RoomState.OVER, Code.SESSION_OVER),
        ],
    )
    def test_outside_its_time_a_room_lets_nobody_in_who_was_in_either(self, state, code):
        assert refused(lambda: rules.check_room(state, already_in=True)) is code

    @pytest.mark.parametrize(
        ("state", "until_open", "seconds"),
        [
            (RoomState.READY, 0, 15),
            (RoomState.OVER, -600, 0),
            (RoomState.RECORDINGS_ONLY, 0, 0),
            (RoomState.NOT_OPEN_YET, 7, 7),
            (RoomState.NOT_OPEN_YET, 900, 900),
            (RoomState.NOT_OPEN_YET, 90_000, 1800),
        ],
    )
    def test_a_page_asks_again_when_something_may_have_changed(self, state, until_open, seconds):
        assert rules.pause_seconds(state, until_open, 15, 0, 0.9) == seconds

    def test_a_waiting_room_lets_nobody_in(self):
        assert refused(lambda: rules.check_room(RoomState.WAITING, already_in=True)) is Code.WAITING_FOR_MODERATOR

    def test_a_full_room_lets_only_those_in_who_have_a_seat(self):
        assert refused(lambda: rules.check_room(RoomState.FULL, already_in=False)) is Code.ROOM_FULL
        rules.check_room(RoomState.FULL, already_in=True)

    @pytest.mark.parametrize("state", [RoomState.READY, RoomState.LIVE])
    def test_an_open_room_lets_everybody_in(self, state):
        assert rules.check_room(state, already_in=False) is None


class TestMeetingIds:
    def test_the_id_is_short_plain_and_always_the_same(self):
        made = {rules.meeting_id(site="https://lms.example.org", usage_key="block-v1:X+Y+Z+type@bbb+block@r")}
        made.add(rules.meeting_id(site="https://lms.example.org", usage_key="block-v1:X+Y+Z+type@bbb+block@r"))
        assert len(made) == 1
        assert re.fullmatch(r"[a-z0-9-]{2,64}", made.pop())

    @given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=2, max_size=2, unique=True))
    def test_another_site_block_or_group_has_another_room(self, pair):
        clean = [tuple(part.replace("\n", "") for part in parts) for parts in pair]
        clean = [tuple(p.encode("utf-8", "replace").decode() for p in parts) for parts in clean]
        first, second = (rules.meeting_id(site=s, usage_key=u, group=g) for s, u, g in clean)
        assert (first == second) == (clean[0] == clean[1])


class TestServers:
    WEIGHTS: ClassVar = {"a": 1.0, "b": 1.0, "c": 2.0}

    @given(st.text())
    def test_a_room_always_prefers_the_same_servers_in_the_same_order(self, room):
        room = room.encode("utf-8", "replace").decode()
        first = rules.order_servers(self.WEIGHTS, room)
        assert first == rules.order_servers(dict(reversed(self.WEIGHTS.items())), room)
        assert sorted(first) == sorted(self.WEIGHTS)

    def test_a_heavier_server_gets_more_rooms(self):
        first = [rules.order_servers(self.WEIGHTS, f"room{number}")[0] for number in range(2000)]
        assert first.count("c") > 1.5 * max(first.count("a"), first.count("b"))
        assert min(first.count("a"), first.count("b")) > 2000 / 8

    @given(st.text())
    def test_a_new_server_moves_only_the_rooms_that_it_takes(self, room):
        room = room.encode("utf-8", "replace").decode()
        before = rules.order_servers(self.WEIGHTS, room)
        after = rules.order_servers({**self.WEIGHTS, "d": 1.0}, room)
        assert [slug for slug in after if slug != "d"] == before


class TestOptions:
    LEFT_OPEN: ClassVar = dict.fromkeys(OPTIONS)

    def test_what_the_author_set_is_taken(self):
        authored = self.LEFT_OPEN | {"title": "Seminar", "record": True, "max_participants": 12}
        chosen = rules.session_options(authored, {}, frozenset())
        assert chosen == options(record=True, max_participants=12)

    def test_what_the_author_left_open_comes_from_the_operator(self):
        chosen = rules.session_options(self.LEFT_OPEN, {"record": True, "welcome": "Hello"}, frozenset())
        assert (chosen.record, chosen.welcome) == (True, "Hello")

    def test_what_the_operator_keeps_is_not_taken_from_the_author(self):
        chosen = rules.session_options(self.LEFT_OPEN | {"record": True}, {}, frozenset({"record"}))
        assert chosen.record is False

    @given(
        st.dictionaries(
            st.sampled_from(sorted(OPTIONS)),
            st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers() | st.text()),
        )
    )
    def test_rubbish_from_a_course_file_becomes_something_that_works(self, rubbish):
        chosen = rules.session_options(rubbish, {}, frozenset())
        plain = {name: option.kind.plain(getattr(chosen, name)) for name, option in OPTIONS.items()}
        assert {name for name, option in OPTIONS.items() if option.kind.problem(plain[name])} == set()
        assert rules.session_options(plain, {}, frozenset()) == chosen


class TestComingBack:
    def test_a_normal_leave_is_no_refusal(self):
        assert rules.check_return("") is None

    @pytest.mark.parametrize(
        ("key", "code"),
        [
            ("invalidMeetingIdentifier", Code.MEETING_ENDED),
            ("mismatchCreateTimeParam", Code.MEETING_ENDED),
            ("meetingForciblyEnded", Code.MEETING_ENDED),
            ("maxParticipantsReached", Code.ROOM_FULL),
            ("guestDeniedAccess", Code.GUEST_DENIED),
            ("checksumError", Code.SIGNATURE_REFUSED),
            ("somethingNew", Code.NOT_LET_IN),
        ],
    )
    def test_an_error_is_understood_by_its_key(self, key, code):
        errors = json.dumps([{"key": key, "message": "<script>"}])
        assert refused(lambda: rules.check_return(errors)) is code

    @pytest.mark.parametrize(
        "errors", ["[", "{}", "[]", "7", "null", '["x"]', '[{"key": 7}]', '[{"key": []}]', "[" * 5000], ids=repr
    )
    def test_rubbish_is_answered_with_a_plain_refusal(self, errors):
        assert refused(lambda: rules.check_return(errors)) is Code.NOT_LET_IN


class TestWhenToAskAgain:
    CHANCES = st.floats(0, 1)

    @given(st.integers(5, 600), CHANCES)
    def test_without_a_class_it_is_the_operator_s_pace_exactly(self, poll, chance):
        assert rules.next_question_seconds(poll, 0, chance) == poll

    @given(st.integers(5, 600), st.integers(1, 200_000), CHANCES)
    def test_it_is_about_the_pace_and_never_longer_than_people_would_wait(self, poll, size, chance):
        pace = rules.next_question_seconds(poll, size, chance)
        assert 0.75 * poll - 1 <= pace <= 1.25 * max(poll, rules.LONGEST_PACE_SECONDS) + 1

    @given(st.integers(5, 600), st.integers(1, 6000))
    def test_a_room_asks_no_more_often_than_a_site_can_bear(self, poll, size):
        chances = [number / 99 for number in range(100)]
        average = sum(rules.next_question_seconds(poll, size, chance) for chance in chances) / 100
        assert size / average <= rules.MOST_QUESTIONS_A_SECOND * 1.1

    @given(st.integers(-100, 90_000), st.integers(1, 200_000), CHANCES)
    def test_nobody_who_waits_for_the_opening_asks_before_it_or_is_late_by_more_than_some_seconds(
        self, until_open, size, chance
    ):
        wait = rules.waking_seconds(until_open, size, chance)
        assert 1 <= wait <= max(until_open, 1) + rules.LATEST_SECONDS
        assert wait >= until_open or wait >= 0.75 * rules.LONGEST_PAUSE_SECONDS

    @given(st.integers(1, 1300), st.integers(1, 1000))
    def test_a_class_that_waits_does_not_wake_in_one_second(self, until_open, size):
        chances = [number / size for number in range(size)]
        woken = Counter(rules.waking_seconds(until_open, size, chance) for chance in chances)
        assert max(woken.values()) <= 2 * rules.MOST_QUESTIONS_A_SECOND

    def test_a_class_that_came_together_does_not_look_for_a_changed_time_together(self):
        assert [rules.waking_seconds(9000, 500, chance) for chance in (0, 0.5, 1)] == [1350, 1800, 2250]

    def test_those_who_came_together_do_not_ask_together(self):
        paces = [rules.next_question_seconds(40, 500, chance) for chance in (0, 0.5, 1)]
        assert paces == [30, 40, 50]

    @given(st.integers(5, 600), CHANCES, st.lists(st.integers(1, 200_000), min_size=2, max_size=2))
    def test_a_larger_class_never_asks_sooner(self, poll, chance, sizes):
        small, large = sorted(sizes)
        assert rules.next_question_seconds(poll, small, chance) <= rules.next_question_seconds(poll, large, chance)
