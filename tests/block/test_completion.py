"""When the component is complete for somebody: by what the author chose, and always possible by default."""

from datetime import timedelta
from typing import ClassVar

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.block import BigBlueButtonXBlock
from bbb_xblock.domain import tickets
from bbb_xblock.domain.attendance import due
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.models import Adoption, Join, Outcome, Recording, Room
from tests.builders import ADA, BEN, OLGA, THEA, Desk, learner, nobody, teacher, usage_key
from tests.recorded import make_recording
from tests.sessions import enrol, hold, later, report


@pytest.fixture(autouse=True)
def people(platform):
    """Ada and Ben are enrolled."""
    enrol(platform, ADA, BEN)


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    """What is queued when something is stored, is done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def has_completed(platform, user) -> bool:
    return platform.gradebook.completed.get((user.id, str(usage_key()))) == 1.0


def watch(desk, recording):
    ticket = tickets.session.issue(desk.visit(), Purpose.PLAY)
    answer = desk.call("play", query={"ticket": ticket, "recording": recording.pk, "format": "video"})
    assert answer.status_code == 302
    return answer


class TestByJoining:
    def test_whoever_joins_has_completed_it_once_and_nobody_else(self, platform, simulator, at_once):
        with at_once():
            learner(platform).page()
        assert not has_completed(platform, ADA)
        for _ in range(2):
            with at_once():
                learner(platform).click_join()
        assert has_completed(platform, ADA) and not has_completed(platform, BEN)
        assert platform.gradebook.times_completed == 1

    def test_what_the_queue_lost_is_told_when_the_session_is_settled(self, platform, simulator):
        hold(platform, [(ADA, 0, 60)])
        assert has_completed(platform, ADA)

    @pytest.mark.parametrize(
        "fields",
        [
            {"closes_at": "2020-01-01T12:00:00Z"},
            {"kind": "recordings"},
            {"wait_for_moderator": True},
        ],
        ids=["over", "no room", "nobody leads and there is no time"],
    )
    def test_where_there_is_nothing_left_to_join_opening_the_page_is_enough(self, platform, at_once, fields):
        with at_once():
            learner(platform, fields=fields).page()
        assert has_completed(platform, ADA)

    def test_a_room_that_is_full_for_good_blocks_no_course(self, platform, simulator, at_once):
        seats = {"max_participants": 1}
        learner(platform, BEN, fields=seats).click_join()
        Room.objects.update(participants=1)
        with at_once():
            learner(platform, fields=seats | {"closes_at": later(1).isoformat()}).page()
        assert not has_completed(platform, ADA)
        with at_once():
            learner(platform, fields=seats).page()
        assert has_completed(platform, ADA)

    def test_a_visitor_from_another_learning_platform_is_not_forgotten(self, platform, at_once):
        platform.came_through_lti.add(OLGA.id)
        get_user_model().objects.create(pk=OLGA.id, username=OLGA.username)
        with at_once():
            Desk(platform, OLGA, fields={"closes_at": "2020-01-01T12:00:00Z"}).page()
        assert has_completed(platform, OLGA)

    def test_a_site_that_has_no_server_blocks_no_course(self, platform, at_once, namespace):
        namespace.clear()
        with at_once():
            learner(platform).page()
        assert has_completed(platform, ADA)

    def test_before_the_session_opening_the_page_is_not_enough(self, platform, at_once):
        fields = {"opens_at": later(1).isoformat(), "closes_at": later(2).isoformat()}
        waits = {"wait_for_moderator": True, "closes_at": later(1).isoformat()}
        with at_once():
            learner(platform, fields=fields).page()
            learner(platform, fields=waits).page()
        assert not has_completed(platform, ADA)

    def test_nothing_is_told_of_the_course_team_or_of_people_who_are_not_signed_in(self, platform, at_once):
        over = {"closes_at": "2020-01-01T12:00:00Z"}
        with at_once():
            teacher(platform, fields=over).page()
            nobody(platform, fields=over).page("public_view")
        assert platform.gradebook.completed == {}


class TestByPresence:
    FIELDS: ClassVar = {"completed_by": "presence", "attendance_share": 50}

    def test_whoever_was_present_has_completed_it_and_whoever_left_early_has_not(self, platform, simulator):
        hold(platform, [(ADA, 0, 60), (BEN, 0, 20)], fields=self.FIELDS)
        assert has_completed(platform, ADA) and not has_completed(platform, BEN)

    def test_joining_is_not_enough(self, platform, simulator, at_once):
        with at_once():
            learner(platform, fields=self.FIELDS).click_join()
        assert not has_completed(platform, ADA)

    def test_a_session_that_was_never_held_is_completed_by_opening_the_page(self, platform, at_once):
        over = self.FIELDS | {"closes_at": "2020-01-01T12:00:00Z"}
        learner(platform, fields=over).room()
        with at_once():
            learner(platform, fields=over).page()
        assert has_completed(platform, ADA)

    def test_waiting_for_a_session_that_may_still_be_held_is_not_enough(self, platform, at_once):
        with at_once():
            learner(platform, fields=self.FIELDS | {"wait_for_moderator": True}).page()
        assert not has_completed(platform, ADA)

    def test_whoever_missed_the_session_has_not_completed_it(self, platform, simulator, at_once):
        hold(platform, [(ADA, 0, 60)], fields=self.FIELDS)
        with at_once():
            learner(platform, BEN, fields=self.FIELDS | {"closes_at": later(-0.5).isoformat()}).page()
        assert Join.objects.exists() and not has_completed(platform, BEN)


class TestByWatching:
    FIELDS: ClassVar = {"completed_by": "viewing", "record": True}

    def test_whoever_opens_a_recording_has_completed_it(self, platform, at_once):
        desk = learner(platform, fields=self.FIELDS)
        recording = make_recording(desk.room())
        with at_once():
            watch(desk, recording)
        assert has_completed(platform, ADA) and not has_completed(platform, BEN)

    def test_waiting_for_a_session_that_may_still_be_recorded_is_not_enough(self, platform, at_once):
        with at_once():
            learner(platform, fields=self.FIELDS | {"wait_for_moderator": True}).page()
        assert not has_completed(platform, ADA)

    def test_as_long_as_there_is_something_to_watch_opening_the_page_is_not_enough(self, platform, at_once):
        fields = self.FIELDS | {"closes_at": "2020-01-01T12:00:00Z"}
        recording = make_recording(learner(platform, fields=fields).room(), days_ago=100)
        with at_once():
            learner(platform, fields=fields).page()
        assert not has_completed(platform, ADA)
        Recording.objects.filter(pk=recording.pk).update(state=Recording.State.DELETED)
        with at_once():
            learner(platform, fields=fields).page()
        assert has_completed(platform, ADA)

    def test_a_recording_of_another_room_that_is_shown_here_can_be_watched_too(self, platform, simulator, at_once):
        fields = self.FIELDS | {"closes_at": "2020-01-01T12:00:00Z"}
        desk = learner(platform, fields=fields)
        recording = make_recording(learner(platform, block_id="other", fields=fields).room(), days_ago=7)
        Adoption.objects.create(recording=recording, room=desk.room(), adopted_at=timezone.now())
        with at_once():
            desk.page()
        assert not has_completed(platform, ADA)
        watch(desk, recording)
        hold(platform, [(BEN, 0, 60)], fields=self.FIELDS)
        assert has_completed(platform, ADA) and not has_completed(platform, BEN)

    def test_while_a_session_that_has_just_closed_still_goes_on_its_recording_is_awaited(
        self, platform, simulator, at_once
    ):
        fields = self.FIELDS | {"closes_at": later(0.1).isoformat()}
        teacher(platform, fields=fields).click_join()
        with freeze_time(later(0.2)), at_once():
            learner(platform, fields=fields).page()
        assert not has_completed(platform, ADA)
        with freeze_time(later(3)), at_once():
            learner(platform, fields=fields).page()
        assert has_completed(platform, ADA)

    def test_what_the_queue_lost_is_told_with_the_next_session(self, platform, simulator):
        desk = learner(platform, fields=self.FIELDS)
        watch(desk, make_recording(desk.room(), days_ago=7))
        hold(platform, [(BEN, 0, 60)], fields=self.FIELDS)
        assert has_completed(platform, ADA) and not has_completed(platform, BEN)


class TestNever:
    FIELDS: ClassVar = {"completed_by": "never"}

    def test_the_component_does_not_count(self, platform, simulator, at_once):
        desk = learner(platform, fields=self.FIELDS)
        assert desk.block.completion_mode == "excluded"
        assert BigBlueButtonXBlock.completion_mode == "completable"
        with at_once():
            desk.click_join()
        hold(platform, [(ADA, 0, 60)], fields=self.FIELDS)
        assert platform.gradebook.completed == {}


def test_two_pages_that_are_opened_before_a_worker_comes_are_told_as_one(platform, at_once):
    with at_once():
        for _ in range(2):
            learner(platform, fields={"closes_at": "2020-01-01T12:00:00Z"}).page()
    assert platform.gradebook.times_completed == 1


def test_an_author_who_chose_otherwise_meanwhile_is_heard(platform, at_once):
    with at_once():
        learner(platform, fields={"closes_at": "2020-01-01T12:00:00Z"}).page()
        learner(platform, fields=TestNever.FIELDS)
    assert platform.gradebook.completed == {}


def test_a_platform_that_keeps_no_track_of_completion_is_told_later(platform, simulator):
    platform.gradebook.is_tracking = False
    meeting = hold(platform, [(ADA, 0, 60)], fields={"grade_points": 10})
    assert platform.gradebook.completed == {}
    # It takes grades all the same.
    assert platform.gradebook.points(ADA.id) == [1]
    platform.gradebook.is_tracking = True
    report(meeting, [(ADA, 0, 59)])
    assert has_completed(platform, ADA)


def test_a_grade_that_is_told_later_leaves_complete_what_was_complete(platform, simulator):
    graded = {"grade_points": 10, "grade_curve": "linear", "attendance_share": 100}
    meeting = hold(platform, [(ADA, 0, 30)], fields=graded)
    report(meeting, [(ADA, 0, 45), (THEA, 0, 60), (BEN, 0, 1)])
    assert platform.gradebook.points(ADA.id) == [0.5, 0.75]
    assert Outcome.objects.get(user_id=ADA.id).is_complete
    assert platform.gradebook.times_completed == 1


def test_a_page_that_was_completed_before_tells_nothing_again(platform, at_once):
    over, queued = {"closes_at": "2020-01-01T12:00:00Z"}, []

    def hear(sender, *, user_id, **details):
        queued.append(user_id)

    due.completed.connect(hear)
    for _ in range(2):
        with freeze_time(timezone.now() + timedelta(hours=1)), at_once():
            learner(platform, fields=over).page()
    assert platform.gradebook.times_completed == 1
    assert queued == [ADA.id]
    assert Outcome.objects.get().is_complete
