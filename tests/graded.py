"""Grades from attendance: what an author chooses, what the platform was told, and how its tools ask for more."""

from datetime import timedelta
from typing import Any

from xblock.scorable import Score

from bbb_xblock import grading
from bbb_xblock.domain.attendance import due
from tests.builders import Desk
from tests.fakes.platform import Platform, SessionUser

DAY = timedelta(days=1)
TEN_POINTS = {"grade_points": 10, "grade_curve": "linear", "attendance_share": 100}
ALL_COUNT = TEN_POINTS | {"grade_sessions": 0}


def points(platform: Platform, user: SessionUser) -> list[float]:
    """Give what the platform was told of somebody, one after the other, of 1."""
    return platform.gradebook.points(user.id)


def work(*_answers: Any) -> None:
    """Have a worker tell of all rooms that are due."""
    for room_pk in due.waiting(9):
        grading.grade(room_pk)


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
