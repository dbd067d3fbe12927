"""Grades from attendance: a session is held, a worker settles it, and the platform is told, once for each change."""

import logging
import sys
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from freezegun import freeze_time
from xblock.scorable import Score

from bbb_xblock import grading, tasks
from bbb_xblock.block import BigBlueButtonXBlock
from bbb_xblock.domain import retention, rooms, tickets
from bbb_xblock.domain.attendance import due, settling, sightings
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.models import Meeting, Outcome, Presence, Room
from tests.builders import ADA, BEN, OLGA, THEA, Desk, learner, teacher, usage_key
from tests.held import change, correct
from tests.recorded import make_recording
from tests.sessions import enrol, hold, later, report

DAY = timedelta(days=1)
TEN_POINTS = {"grade_points": 10, "grade_curve": "linear", "attendance_share": 100}
ALL_COUNT = TEN_POINTS | {"grade_sessions": 0}


@pytest.fixture(autouse=True)
def people(platform):
    """Ada and Ben are enrolled, Thea leads."""
    enrol(platform, ADA, BEN)


def points(platform, user) -> list[float]:
    """Give what the platform was told of somebody, one after the other, of 1."""
    return platform.gradebook.points(user.id)


class TestWhoIsGraded:
    def test_who_was_there_gets_a_grade_by_the_worker_and_only_they_do(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        (told,) = platform.gradebook.told
        assert (told.user_id, told.usage_key) == (ADA.id, str(usage_key()))
        assert told.earned / told.possible == 0.5

    def test_who_leads_is_never_graded(self, platform, simulator):
        enrol(platform, THEA)
        hold(platform, [(ADA, 0, 60)], fields=TEN_POINTS)
        assert points(platform, THEA) == []

    def test_nobody_is_told_a_nothing(self, platform, simulator):
        hold(platform, [(ADA, 0, 60), (BEN, 0, 10)], fields={"grade_points": 10})
        assert points(platform, BEN) == []

    def test_who_left_the_course_gets_no_grade_and_a_line_in_the_log(self, platform, simulator, caplog):
        caplog.set_level(logging.INFO)
        learner(platform, OLGA)
        get_user_model().objects.create(pk=OLGA.id, username=OLGA.username, is_active=False)
        meeting = hold(platform, [(OLGA, 0, 60), (ADA, 0, 60)], fields=TEN_POINTS)
        assert points(platform, OLGA) == [] and points(platform, ADA) == [1]
        assert f"[{OLGA.id}] are not in the course any more" in caplog.text
        assert OLGA.username not in caplog.text
        platform.enrolled.discard(ADA.id)
        report(meeting, [(ADA, 0, 59)])
        assert points(platform, ADA) == [1]

    def test_a_visitor_through_lti_is_graded_and_the_grade_is_sent_on_in_points(self, platform, simulator):
        platform.enrolled.discard(ADA.id)
        platform.came_through_lti.add(ADA.id)
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        # The platform sends on what PROBLEM_WEIGHTED_SCORE_CHANGED tells it, and that follows from our signal.
        assert platform.gradebook.weighted == [
            {"user_id": ADA.id, "usage_id": str(usage_key()), "weighted_earned": 5, "weighted_possible": 10}
        ]


def work(*_answers: Any) -> None:
    """Have a worker tell of all rooms that are due."""
    for room_pk in due.waiting(9):
        grading.grade(room_pk)


class TestCorrections:
    def test_what_the_course_team_says_instead_changes_the_grade_and_undoing_it_changes_it_back(
        self, platform, simulator
    ):
        falling = TEN_POINTS | {"grade_may_fall": True}
        meeting = hold(platform, [(ADA, 0, 30)], fields=falling)
        desk = teacher(platform, fields=falling)
        work(made := correct(desk, meeting, ADA, to="present", reason="Sound did not work").json["corrections"])
        assert points(platform, ADA) == [0.5, 1]
        work(change(desk, "undo", corrections=made))
        assert points(platform, ADA) == [0.5, 1, 0.5]

    def test_a_correction_takes_no_points_away_unless_the_author_says_so(self, platform, simulator):
        meeting = hold(platform, [(ADA, 0, 60)], fields=TEN_POINTS)
        work(correct(teacher(platform, fields=TEN_POINTS), meeting, ADA, to="absent", reason="It was a brother"))
        assert points(platform, ADA) == [1]

    def test_who_is_excused_from_the_only_session_gets_everything(self, platform, simulator):
        meeting = hold(platform, [(BEN, 0, 60)], fields=TEN_POINTS)
        work(correct(teacher(platform, fields=TEN_POINTS), meeting, ADA, to="excused", reason="Ill"))
        assert points(platform, ADA) == [1]


class TestWhatIsTold:
    def test_without_points_nothing_is_graded_and_nobody_is_locked_out(self, platform, simulator):
        hold(platform, [(ADA, 0, 60)])
        assert platform.gradebook.told == []
        block = learner(platform).block
        # What the platform's lock for learners who audit a course asks: graded, scored, and another weight than 0.
        assert (block.has_score, block.weight, block.max_score()) == (True, 0, None)

    def test_the_platform_reads_from_the_type_that_there_may_be_a_grade_and_from_the_block_how_much(self, platform):
        assert BigBlueButtonXBlock.has_score is True
        assert BigBlueButtonXBlock.has_custom_completion is True
        block = teacher(platform, fields={"grade_points": 8}).block
        assert (block.weight, block.max_score()) == (8, 8)

    def test_an_operator_may_set_the_points_of_all(self, platform, namespace):
        namespace["DEFAULTS"] = {"grade_points": 5}
        assert teacher(platform).block.max_score() == 5
        assert teacher(platform, fields={"grade_points": 0}).block.max_score() is None

    @pytest.mark.parametrize("points", ["many", None, [], -3])
    def test_rubbish_in_a_course_file_grades_nobody(self, platform, points):
        assert teacher(platform, fields={"grade_points": points}).block.max_score() is None

    @pytest.mark.parametrize(
        ("curve", "minutes", "worth"),
        [("full", 59, []), ("full", 60, [1]), ("linear", 45, [0.75]), ("stepped", 40, [0.5])],
    )
    def test_less_than_the_needed_time_is_worth_what_the_author_chose(self, platform, simulator, curve, minutes, worth):
        hold(platform, [(ADA, 0, minutes)], fields=TEN_POINTS | {"grade_curve": curve})
        assert points(platform, ADA) == worth

    @pytest.mark.parametrize(("sessions", "told"), [(0, [1, 0.75]), (1, [1]), (2, [0.5, 0.75])])
    def test_of_several_sessions_all_count_or_the_best_ones(self, platform, simulator, sessions, told):
        chosen = TEN_POINTS | {"grade_sessions": sessions}
        hold(platform, [(ADA, 0, 60)], ago=8 * DAY, fields=chosen)
        hold(platform, [(ADA, 0, 30)], ago=DAY, fields=chosen)
        assert points(platform, ADA) == told


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
        due.done(turn)
        assert due.waiting(5) == [room.pk]

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


class TestMakingUp:
    FIELDS: ClassVar[dict[str, Any]] = TEN_POINTS | {"record": True, "make_up": True}

    @pytest.fixture
    def watch(self, platform, django_capture_on_commit_callbacks):
        """Ben opens the recording of a session; what is queued then, is done."""

        def opens(meeting: Meeting, fields: dict[str, Any]) -> None:
            desk = learner(platform, BEN, fields=fields)
            recording = make_recording(meeting.room, record_id=meeting.internal_id)
            ticket = tickets.session.issue(desk.visit(), Purpose.PLAY)
            query = {"ticket": ticket, "recording": recording.pk, "format": "video"}
            with django_capture_on_commit_callbacks(execute=True):
                assert desk.call("play", query=query).status_code == 302

        return opens

    def test_whoever_opens_the_recording_gets_the_points_of_the_session(self, platform, simulator, watch):
        watch(hold(platform, [(ADA, 0, 60)], fields=self.FIELDS), self.FIELDS)
        assert points(platform, BEN) == [1]

    def test_it_makes_up_for_that_session_only(self, platform, simulator, watch):
        fields = self.FIELDS | {"grade_sessions": 2}
        hold(platform, [(ADA, 0, 60)], ago=8 * DAY, fields=fields)
        watch(hold(platform, [(ADA, 0, 60)], fields=fields), fields)
        assert points(platform, BEN) == [0.5]

    def test_it_counts_until_the_last_date(self, platform, simulator, watch):
        fields = self.FIELDS | {"make_up_until": later(1).isoformat()}
        watch(hold(platform, [(ADA, 0, 60)], fields=fields), fields)
        assert points(platform, BEN) == [1]

    @pytest.mark.parametrize("unlike", [{"make_up": False}, {"make_up_until": "2020-01-01T12:00:00Z"}])
    def test_it_does_not_count_later_or_where_the_author_does_not_say_so(self, platform, simulator, watch, unlike):
        fields = self.FIELDS | unlike
        meeting = hold(platform, [(ADA, 0, 60)], fields=fields)
        watch(meeting, fields)
        report(meeting, [(ADA, 0, 59)])
        assert points(platform, BEN) == []

    def test_of_somebody_who_is_forgotten_nothing_is_left_and_nothing_counts(self, platform, simulator, watch):
        meeting = hold(platform, [(ADA, 0, 60)], fields=self.FIELDS)
        watch(meeting, self.FIELDS)
        retention.forget_person(BEN.id)
        assert not Outcome.objects.filter(user_id=BEN.id).exists()
        report(meeting, [(ADA, 0, 59)])
        assert points(platform, BEN) == [1]


class TestRegradingAll:
    STRICTER: ClassVar[dict[str, Any]] = TEN_POINTS | {"grade_curve": "full"}

    def test_the_course_team_sees_what_would_change_and_then_has_it_told_also_down(self, platform, simulator):
        hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], fields=TEN_POINTS)
        desk = teacher(platform, fields=self.STRICTER)
        said = change(desk, "preview").json
        assert said == {"said": "1 grade would change:", "grades": ["ada: 0 in place of 5 points"]}
        assert points(platform, ADA) == [0.5]
        assert "told anew" in change(desk, "regrade").json["said"]
        assert points(platform, ADA) == [0.5, 0]
        assert change(desk, "preview").json["grades"] == []

    def test_nobody_is_told_a_nothing_who_had_nothing_and_what_a_teacher_wrote_stays(self, platform, simulator):
        hold(platform, [(ADA, 0, 30), (BEN, 0, 10)], fields=self.STRICTER)
        override(learner(platform, fields=self.STRICTER), points=9)
        change(teacher(platform, fields=self.STRICTER), "regrade")
        assert (points(platform, ADA), points(platform, BEN)) == ([0.9], [])

    def test_what_is_not_graded_says_so(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)])
        assert "is not graded" in change(teacher(platform), "preview").json["said"]

    @pytest.mark.parametrize("action", ["preview", "regrade"])
    def test_learners_get_neither(self, platform, simulator, action):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        desk = learner(platform, fields=TEN_POINTS)
        token = tickets.session.issue(desk.visit(), Purpose.CHANGE_ATTENDANCE)
        answer = desk.call("change_attendance", "POST", body={"token": token, "action": action})
        assert answer.status_code == 403
        assert points(platform, ADA) == [0.5]

    def test_without_a_broker_or_a_platform_to_ask_it_is_said_that_nothing_is_done(
        self, platform, simulator, with_broker, monkeypatch
    ):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        desk = teacher(platform, fields=TEN_POINTS)
        with monkeypatch.context() as broken:
            broken.setitem(sys.modules, "common.djangoapps.student.models", None)
            assert change(desk, "preview").json["code"] == "out_of_order"
        with_broker("redis://127.0.0.1:9/0")
        assert change(desk, "regrade").json["code"] == "out_of_order"


class TestTheCard:
    def said(self, desk: Desk) -> list[str]:
        return [part.text_content() for part in desk.page().cssselect(".bbb-own-grade")]

    def test_a_learner_reads_what_the_own_attendance_is_worth_and_what_counts(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        two = TEN_POINTS | {"grade_sessions": 2}
        assert self.said(learner(platform, fields=TEN_POINTS)) == [
            "So far your attendance is worth 5 of 10 points. Your best session counts."
        ]
        assert self.said(learner(platform, BEN, fields=two)) == [
            "So far your attendance is worth 0 of 10 points. Your best 2 sessions count."
        ]
        assert "All sessions count." in self.said(learner(platform, fields=ALL_COUNT))[0]

    def test_where_nothing_is_graded_nothing_is_said_of_points(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)])
        assert self.said(learner(platform)) == []


class TestToolsOfThePlatform:
    def test_delete_state_keeps_attendance_and_regrading_brings_the_grade_back(self, platform, simulator):
        room = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS).room
        platform.gradebook.grades.clear()
        due.ask(room.pk)
        assert grading.grade(room.pk) is True
        assert points(platform, ADA) == [0.5]
        assert grading.preview(room) == []
        assert grading.regrade(room.pk) is True
        assert points(platform, ADA) == [0.5, 0.5]

    def test_rescore_tells_what_attendance_is_worth_by_the_rules_of_now(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        stricter = TEN_POINTS | {"grade_curve": "full"}
        rescore(learner(platform, fields=stricter), only_if_higher=True)
        assert platform.gradebook.grades[ADA.id, str(usage_key())] == (0.5, 1)
        rescore(learner(platform, fields=stricter), only_if_higher=False)
        assert platform.gradebook.grades[ADA.id, str(usage_key())] == (0, 1)

    def test_an_override_stays_when_attendance_changes_and_goes_by_a_rescore(self, platform, simulator):
        meeting = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        override(learner(platform, fields=TEN_POINTS), points=9)
        assert points(platform, ADA) == [0.5, 0.9]
        report(meeting, [(ADA, 0, 60), (THEA, 0, 60), (BEN, 0, 1)])
        assert points(platform, ADA) == [0.5, 0.9]
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=False)
        assert points(platform, ADA) == [0.5, 0.9, 1]

    @pytest.mark.parametrize("who", [ADA, BEN], ids=["just told", "about to be told"])
    def test_an_override_stays_that_a_teacher_writes_while_grades_are_told(self, platform, simulator, who):
        begun = []

        def write(sender, user, raw_earned, **details):
            if user.pk == ADA.id and not begun:
                begun.append(raw_earned)
                override(learner(platform, who, fields=TEN_POINTS), points=9)

        platform.gradebook.published.connect(write)
        meeting = hold(platform, [(ADA, 0, 60), (BEN, 0, 60)], fields=TEN_POINTS)
        assert platform.gradebook.grades[who.id, str(usage_key())] == (0.9, 1)
        report(meeting, [(ADA, 0, 50), (BEN, 0, 50), (THEA, 0, 60), (OLGA, 0, 1)])
        assert grading.regrade(meeting.room_id) is True
        assert platform.gradebook.grades[who.id, str(usage_key())] == (0.9, 1)

    def test_somebody_who_was_never_there_may_be_given_a_grade(self, platform, simulator):
        override(learner(platform, BEN, fields=TEN_POINTS), points=4)
        assert points(platform, BEN) == [0.4]

    def test_what_is_not_graded_cannot_be_rescored(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)])
        rescore(learner(platform), only_if_higher=False)
        assert platform.gradebook.told == []


def rescore(desk: Desk, *, only_if_higher: bool) -> None:
    """Rescore one learner as edx-platform lms/djangoapps/instructor_task/tasks_helper/module_state.py does."""
    assert desk.block.has_submitted_answer()
    desk.block.rescore(only_if_higher=only_if_higher)
    desk.block.save()


def override(desk: Desk, *, points: float) -> None:
    """Write a grade for one learner as the same module does."""
    block = desk.block
    assert 0 <= points <= block.max_score()
    block.set_score(Score(raw_earned=points / block.weight, raw_possible=block.max_score() / block.weight))
    block.publish_grade()
    block.save()


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
