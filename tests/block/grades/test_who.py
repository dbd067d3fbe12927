"""Who gets a grade: a session is held, a worker settles it, and the platform is told of those who took part."""

import logging

import pytest
from django.contrib.auth import get_user_model

from bbb_xblock.models import Join
from tests.builders import ADA, BEN, OLGA, THEA, learner, teacher, usage_key
from tests.domain.attendance.test_examples import rows_under
from tests.graded import DAY, TEN_POINTS, points, work
from tests.register import correct, table
from tests.sessions import enrol, hold, later, report


class TestWhoIsGraded:
    def test_who_was_there_gets_a_grade_by_the_worker_and_only_they_do(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        (told,) = platform.gradebook.told
        assert (told.user_id, told.usage_key) == (ADA.id, str(usage_key()))
        assert told.earned / told.possible == 0.5

    def test_the_course_team_is_never_graded_even_if_it_is_enrolled(self, platform, simulator):
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


class TestWhoTakesPart:
    """The examples of docs/attendance.md: nobody loses their grade because they may mute others."""

    @pytest.mark.parametrize(
        ("leaders", "who", "in_room", "in_register", "alone", "worth"), rows_under("Examples: who takes part")
    )
    def test_the_example_is_true(self, platform, simulator, leaders, who, in_room, in_register, alone, worth):
        chosen = TEN_POINTS | {"who_leads": leaders.strip("`"), "grade_sessions": 0}
        is_team = who == "the course team"
        platform.forum_roles = {ADA.id: "Community TA"} if who == "a moderator of the forum" else {}
        one = THEA if is_team else ADA
        enrol(platform, THEA)

        hold(platform, [] if is_team else [(ADA, 0, 60)], ago=8 * DAY, fields=chosen, taught=is_team)
        assert bool(table(teacher(platform, fields=chosen))) is (alone != "is none")
        assert {join.role.lower() for join in Join.objects.filter(user_id=one.id)} == {in_room}

        hold(platform, [(ADA, 0, 60), (BEN, 0, 60)], fields=chosen)
        rows = [row for row in table(teacher(platform, fields=chosen)) if row["user_id"] == str(one.id)]
        assert {row["role"] for row in rows} == {in_register}
        assert points(platform, one) == ([] if worth == "–" else [int(worth) / 10])
        # All sessions count, and what was none takes nothing from Ben.
        assert points(platform, BEN) == [1]

    def test_where_everybody_leads_a_learner_reads_of_points_and_may_be_corrected(self, platform, simulator):
        chosen = TEN_POINTS | {"who_leads": "everybody", "grade_may_fall": True}
        meeting = hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], fields=chosen, taught=False)
        assert "worth 5 of 10 points" in learner(platform, fields=chosen).page().text_content()
        work(correct(teacher(platform, fields=chosen), meeting, ADA, to="absent", reason="It was a sister"))
        assert points(platform, ADA) == [0.5, 0]

    def test_where_everybody_leads_presence_completes(self, platform, simulator):
        chosen = {"who_leads": "everybody", "completed_by": "presence"}
        hold(platform, [(ADA, 0, 60), (BEN, 0, 10)], fields=chosen, taught=False)
        assert {user_id for user_id, _ in platform.gradebook.completed} == {ADA.id}

    def test_whoever_missed_a_session_in_which_everybody_led_completes_nothing_by_opening_the_page(
        self, platform, simulator, django_capture_on_commit_callbacks
    ):
        chosen = {"who_leads": "everybody", "completed_by": "presence"}
        enrol(platform, OLGA)
        hold(platform, [(ADA, 0, 60), (OLGA, 0, 60)], fields=chosen, taught=False)
        with django_capture_on_commit_callbacks(execute=True):
            learner(platform, BEN, fields=chosen | {"closes_at": later(-0.5).isoformat()}).page()
        assert (BEN.id, str(usage_key())) not in platform.gradebook.completed
