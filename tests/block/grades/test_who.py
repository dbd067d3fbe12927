"""Who gets a grade: a session is held, a worker settles it, and the platform is told of participants."""

import logging

from django.contrib.auth import get_user_model

from tests.builders import ADA, BEN, OLGA, THEA, learner, usage_key
from tests.graded import TEN_POINTS, points
from tests.sessions import enrol, hold, report


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
