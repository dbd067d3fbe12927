"""What is graded and how much it is worth, and what learners read of it."""

import pytest

from bbb_xblock.block import BigBlueButtonXBlock
from tests.builders import ADA, BEN, Desk, learner, teacher
from tests.graded import ALL_COUNT, DAY, TEN_POINTS, points, work
from tests.register import change, correct
from tests.sessions import hold, later


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

    def test_time_before_the_opening_is_no_part_of_the_session(self, platform, simulator):
        early = {"who_leads": "everybody", "lead_minutes": 60, "opens_at": later(-1 + 0.5 / 24).isoformat()}
        hold(platform, [(ADA, 30, 60), (BEN, 0, 45)], fields=TEN_POINTS | early)
        assert points(platform, ADA) == [1]
        assert points(platform, BEN) == [pytest.approx(0.5, abs=0.01)]

    @pytest.mark.parametrize(("sessions", "told"), [(0, [1, 0.75]), (1, [1]), (2, [0.5, 0.75])])
    def test_of_several_sessions_all_count_or_the_best_ones(self, platform, simulator, sessions, told):
        chosen = TEN_POINTS | {"grade_sessions": sessions}
        hold(platform, [(ADA, 0, 60)], ago=8 * DAY, fields=chosen)
        hold(platform, [(ADA, 0, 30)], ago=DAY, fields=chosen)
        assert points(platform, ADA) == told


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

    def test_undoing_takes_back_what_somebody_had_who_was_never_there(self, platform, simulator):
        falling = TEN_POINTS | {"grade_may_fall": True}
        meeting = hold(platform, [(ADA, 0, 30)], fields=falling)
        desk = teacher(platform, fields=falling)
        work(made := correct(desk, meeting, BEN, to="present", reason="Took part by telephone").json["corrections"])
        work(change(desk, "undo", corrections=made))
        assert points(platform, BEN) == [1, 0]

    def test_a_correction_takes_no_points_away_unless_the_author_says_so(self, platform, simulator):
        meeting = hold(platform, [(ADA, 0, 60)], fields=TEN_POINTS)
        work(correct(teacher(platform, fields=TEN_POINTS), meeting, ADA, to="absent", reason="It was a brother"))
        assert points(platform, ADA) == [1]

    def test_who_is_excused_from_the_only_session_gets_everything(self, platform, simulator):
        meeting = hold(platform, [(BEN, 0, 60)], fields=TEN_POINTS)
        work(correct(teacher(platform, fields=TEN_POINTS), meeting, ADA, to="excused", reason="Ill"))
        assert points(platform, ADA) == [1]


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

    def test_it_is_said_before_the_first_session_too(self, platform, simulator):
        learner(platform, fields=TEN_POINTS).click_join()
        assert "worth 0 of 10 points" in self.said(learner(platform, fields=TEN_POINTS))[0]

    def test_where_nothing_is_graded_nothing_is_said_of_points(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)])
        assert self.said(learner(platform)) == []
