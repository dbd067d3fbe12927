"""The platform's tools for one person's grade: rescore, override, delete state."""

import pytest
from xblock.scorable import Score

from bbb_xblock import grading
from bbb_xblock.domain.attendance import due
from tests.builders import ADA, BEN, OLGA, THEA, learner, usage_key
from tests.graded import TEN_POINTS, override, points, rescore
from tests.sessions import hold, report


class TestToolsOfThePlatform:
    def test_delete_state_keeps_attendance_and_regrading_brings_the_grade_back(self, platform, simulator):
        room = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS).room
        platform.gradebook.grades.clear()
        due.ask(room.pk)
        assert grading.grade(room.pk) is True
        assert points(platform, ADA) == [0.5]
        assert grading.preview(room) == []
        assert grading.regrade(room.pk, THEA.id) is True
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
        assert grading.regrade(meeting.room_id, THEA.id)
        assert platform.gradebook.grades[who.id, str(usage_key())] == (0.9, 1)

    def test_an_override_is_told_also_where_it_is_lower(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        override(learner(platform, fields=TEN_POINTS), points=2)
        assert platform.gradebook.grades[ADA.id, str(usage_key())] == (0.2, 1)

    @pytest.mark.parametrize(("written", "told"), [(15, 1), (-5, 0), (4, 0.4)])
    def test_no_more_than_everything_is_told_which_the_platform_would_keep(self, platform, simulator, written, told):
        block = learner(platform, BEN, fields=TEN_POINTS).block
        block.set_score(Score(raw_earned=written, raw_possible=10))
        block.publish_grade()
        assert points(platform, BEN) == [told]

    def test_somebody_who_was_never_there_may_be_given_a_grade(self, platform, simulator):
        override(learner(platform, BEN, fields=TEN_POINTS), points=4)
        assert points(platform, BEN) == [0.4]

    def test_what_is_not_graded_cannot_be_rescored(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)])
        rescore(learner(platform), only_if_higher=False)
        assert platform.gradebook.told == []

    def test_a_rescore_that_must_not_lower_changes_nothing_that_is_remembered_either(self, platform, simulator):
        meeting = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        override(learner(platform, fields=TEN_POINTS), points=9)
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=True)
        assert "worth 9 of 10 points" in learner(platform, fields=TEN_POINTS).page().text_content()
        report(meeting, [(ADA, 0, 60), (THEA, 0, 60), (BEN, 0, 1)])
        assert points(platform, ADA) == [0.5, 0.9]
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=True)
        assert points(platform, ADA) == [0.5, 0.9, 1]
