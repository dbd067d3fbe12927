"""The platform is told of each change once, and of none too early, and nothing is lost."""

import logging
import sys
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock import grading, tasks
from bbb_xblock.domain import rooms
from bbb_xblock.domain.attendance import due, outcomes, settling, sightings
from bbb_xblock.models import Meeting, Outcome, Presence, Room
from tests.builders import ADA, BEN, THEA, learner, teacher, usage_key
from tests.graded import ALL_COUNT, DAY, TEN_POINTS, points
from tests.sessions import hold, report


class TestOnceForEachChange:
    def test_the_same_report_once_more_tells_nothing_new(self, platform, simulator):
        meeting = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        report(meeting, [(ADA, 0, 30), (THEA, 0, 60), (THEA, 10, 20)])
        assert points(platform, ADA) == [0.5]
        assert Room.objects.get().grades_due_at is None
        assert Outcome.objects.get().value == 0.5

    def test_a_fuller_report_tells_the_new_grade(self, platform, simulator):
        meeting = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        report(meeting, [(ADA, 0, 45), (THEA, 0, 60), (BEN, 0, 1)])
        assert points(platform, ADA) == [0.5, 0.75]

    @pytest.mark.parametrize(("may_fall", "told"), [(False, [1]), (True, [1, 0.5])])
    def test_a_grade_goes_down_only_if_the_author_says_so(self, platform, simulator, may_fall, told):
        chosen = TEN_POINTS | {"grade_may_fall": may_fall}
        meeting = hold(platform, [(ADA, 0, 60)], fields=chosen)
        report(meeting, [(ADA, 0, 30), (THEA, 0, 60), (BEN, 0, 1)])
        assert points(platform, ADA) == told
        assert all(one.only_if_higher is not may_fall for one in platform.gradebook.told)

    def test_if_all_sessions_count_a_missed_one_takes_points_away(self, platform, simulator):
        hold(platform, [(ADA, 0, 60)], ago=8 * DAY, fields=ALL_COUNT)
        hold(platform, [(BEN, 0, 60)], ago=DAY, fields=ALL_COUNT)
        assert points(platform, ADA) == [1, 0.5]

    def test_points_that_the_author_changes_later_need_no_new_grade(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        block = teacher(platform, fields=TEN_POINTS | {"grade_points": 4}).block
        (earned, possible) = platform.gradebook.grades[ADA.id, str(usage_key())]
        assert earned * block.weight / possible == 2


class TestNothingIsLost:
    def settled_only(self, platform) -> Room:
        """Have a session settled, and the worker die before it graded."""
        meeting = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        platform.gradebook.told.clear()
        Outcome.objects.all().delete()
        settling.settle(meeting.pk)
        assert platform.gradebook.told == []
        return meeting.room

    def test_a_session_that_was_settled_and_not_graded_is_found_by_the_next_task(self, platform, simulator):
        self.settled_only(platform)
        tasks.queue(0)
        assert points(platform, ADA) == [0.5]

    def test_settling_queues_the_grades_when_it_is_stored(
        self, platform, simulator, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            self.settled_only(platform)
        assert points(platform, ADA) == [0.5]

    def test_who_takes_the_turn_grades_alone_and_is_followed_if_they_die(self, platform, simulator):
        room = self.settled_only(platform)
        assert due.take(room.pk) is not None
        assert grading.grade(room.pk) is True
        assert platform.gradebook.told == []
        with freeze_time(timezone.now() + due.TURN + timedelta(seconds=1)):
            tasks.queue(0)
        assert points(platform, ADA) == [0.5]

    def test_what_becomes_due_while_somebody_grades_is_graded_again(self, platform, simulator):
        room = self.settled_only(platform)
        turn = due.take(room.pk)
        due.ask(room.pk)
        due.end(turn, is_done=True)
        assert due.waiting(5) == [room.pk]

    def test_of_two_who_come_at_the_same_moment_one_takes_the_turn(self, platform, simulator):
        room = self.settled_only(platform)
        others = []

        def faster(execute, sql, params, many, context):
            if sql.startswith("UPDATE") and not others:
                others.append("on its way")
                others[0] = due.take(room.pk)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(faster):
            assert due.take(room.pk) is None
        assert others[0] is not None

    def test_who_has_waited_longest_is_graded_first(self, platform, simulator):
        room, now = self.settled_only(platform), timezone.now()
        for number, seconds in enumerate((20, 30, 10)):
            since = now - timedelta(seconds=seconds)
            Room.objects.create(meeting_id=f"waits-{number}", usage_key="", course_key="", grades_due_at=since)
        Room.objects.filter(pk=room.pk).update(grades_due_at=None)
        found = [Room.objects.get(pk=pk).meeting_id for pk in due.waiting(2)]
        assert found == ["waits-1", "waits-0"]

    def test_who_takes_long_to_tell_a_large_class_keeps_the_turn(self, platform, simulator, monkeypatch):
        room = hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], fields=TEN_POINTS).room
        Outcome.objects.all().delete()
        due.ask(room.pk)
        monkeypatch.setattr(outcomes, "AT_ONCE", 1)
        turns = []
        with freeze_time(timezone.now()) as clock:

            def slowly(**told):
                clock.tick(due.TURN * 0.9)
                turns.append(due.take(room.pk))

            platform.gradebook.published.connect(slowly)
            assert grading.grade(room.pk) is True
        assert turns == [None, None]
        assert Room.objects.get(pk=room.pk).grades_due_at is None

    def test_who_was_too_slow_gives_back_no_turn_that_somebody_else_has(self, platform, simulator):
        room = self.settled_only(platform)
        slow = due.take(room.pk)
        with freeze_time(timezone.now() + due.TURN + timedelta(seconds=1)):
            assert due.take(room.pk) is not None
            due.end(slow, is_done=False)
            due.end(slow, is_done=True)
            assert due.waiting(5) == [] and due.take(room.pk) is None
        assert Room.objects.get(pk=room.pk).grades_due_at is not None

    def test_a_grade_that_was_not_taken_is_told_again_and_keeps_no_other_back(self, platform, simulator, caplog):
        platform.gradebook.broken_for = {ADA.id}
        hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], fields=TEN_POINTS)
        assert points(platform, ADA) == [] and points(platform, BEN) == [1]
        assert f"a grade of user {ADA.id}" in caplog.text
        platform.gradebook.broken_for = set()
        tasks.queue(0)
        assert points(platform, ADA) == [0.5] and points(platform, BEN) == [1]

    def test_a_block_that_is_gone_or_not_published_is_left_alone(self, platform, simulator, caplog):
        caplog.set_level(logging.INFO)
        room = self.settled_only(platform)
        platform.published.clear()
        tasks.queue(0)
        assert platform.gradebook.told == []
        assert "nothing is told of grades" in caplog.text
        assert Room.objects.get(pk=room.pk).grades_due_at is None

    def test_a_platform_that_cannot_be_asked_is_told_later(self, platform, simulator, monkeypatch, caplog):
        room = self.settled_only(platform)
        with monkeypatch.context() as broken:
            broken.setitem(sys.modules, "lms.djangoapps.grades.api", None)
            assert grading.grade(room.pk) is False
        assert "cannot be told" in caplog.text
        assert grading.grade(room.pk) is True
        assert points(platform, ADA) == [0.5]


class TestWithoutAReport:
    """Ada clicks and leaves after half an hour of an hour, Ben and Thea stay; no report comes."""

    def ended(self, platform, *, is_looked_at: bool) -> Room:
        began = timezone.now() - timedelta(hours=1)
        with freeze_time(began):
            teacher(platform, fields=TEN_POINTS).click_join()
            for person in (ADA, BEN):
                learner(platform, person, fields=TEN_POINTS).click_join()
        meeting = Meeting.objects.get()
        for minutes, present in ((29, (ADA, BEN, THEA)), (31, (BEN, THEA)), (59, (BEN, THEA))) if is_looked_at else ():
            with freeze_time(began + timedelta(minutes=minutes)):
                sightings.take_in(meeting, [f"{person.id:032x}" for person in present])
        # A look finds the room empty, or BigBlueButton tells the end.
        rooms.lose_meeting(meeting.room, Meeting.Ending.GONE if is_looked_at else Meeting.Ending.CALLBACK)
        return meeting.room

    def test_where_it_was_looked_who_is_in_the_grade_is_told_at_once(
        self, platform, simulator, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            self.ended(platform, is_looked_at=True)
        assert points(platform, ADA) == [pytest.approx(0.5, abs=0.02)]

    def test_clicks_alone_wait_a_while_for_the_report(self, platform, simulator):
        room = self.ended(platform, is_looked_at=False)
        assert grading.grade(room.pk) is False
        assert points(platform, ADA) == []
        with freeze_time(timezone.now() + settling.REPORT_WAIT + timedelta(seconds=1)):
            assert grading.grade(room.pk) is True
        assert points(platform, ADA) == [1]

    def test_with_the_report_nobody_waits(self, platform, simulator):
        meeting = self.ended(platform, is_looked_at=False).meetings.get()
        Meeting.objects.update(create_time=str(int(meeting.started_at.timestamp() * 1000)))
        meeting.refresh_from_db()
        report(meeting, [(ADA, 0, 30), (BEN, 0, 60), (THEA, 0, 60)])
        assert points(platform, ADA) == [pytest.approx(0.5, abs=0.02)]


def test_a_large_class_is_graded_with_few_queries_besides_the_grades(
    platform, simulator, django_assert_max_num_queries
):
    meeting = hold(platform, [(ADA, 0, 60)], fields=TEN_POINTS)
    many = [get_user_model()(pk=1000 + n, username=f"learner-{n}") for n in range(300)]
    get_user_model().objects.bulk_create(many)
    platform.enrolled |= {one.pk for one in many}
    row = meeting.presences.get(user_id=ADA.id)
    Presence.objects.bulk_create(
        Presence(
            meeting=meeting,
            user_id=one.pk,
            anonymous_id=f"{one.pk:032x}",
            first_in=row.first_in,
            last_out=row.last_out,
            seconds=row.seconds,
            spans=row.spans,
        )
        for one in many
    )
    due.ask(meeting.room_id)
    with django_assert_max_num_queries(30):
        assert grading.grade(meeting.room_id) is True
    assert len(platform.gradebook.told) == 301
