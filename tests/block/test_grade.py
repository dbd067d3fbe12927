"""Grades from attendance: a session is held, a worker settles it, and the platform is told, once for each change."""

import pytest

from bbb_xblock.block import BigBlueButtonXBlock
from bbb_xblock.models import Outcome, Room
from tests.builders import ADA, BEN, THEA, learner, teacher, usage_key
from tests.sessions import enrol, hold, report

TEN_POINTS = {"grade_points": 10, "grade_curve": "linear", "attendance_share": 100}


@pytest.fixture(autouse=True)
def people(platform):
    """Ada and Ben are enrolled, Thea leads."""
    enrol(platform, ADA, BEN)


def test_who_was_there_gets_a_grade_by_the_worker_and_only_they_do(platform, simulator):
    hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
    (told,) = platform.gradebook.told
    assert (told.user_id, told.usage_key) == (ADA.id, str(usage_key()))
    assert told.earned / told.possible == 0.5
    (sent_on,) = platform.gradebook.weighted
    assert (sent_on["weighted_earned"], sent_on["weighted_possible"]) == (5, 10)


def test_without_points_nothing_is_graded(platform, simulator):
    hold(platform, [(ADA, 0, 60)])
    assert platform.gradebook.told == []
    block = learner(platform).block
    assert (block.weight, block.max_score()) == (0, None)


def test_the_platform_reads_from_the_type_that_there_may_be_a_grade_and_from_the_block_how_much(platform):
    assert BigBlueButtonXBlock.has_score is True
    assert BigBlueButtonXBlock.has_custom_completion is True
    assert BigBlueButtonXBlock.completion_mode == "completable"
    block = teacher(platform, fields={"grade_points": 8}).block
    assert (block.weight, block.max_score(), block.completion_mode) == (8, 8, "completable")


def test_the_same_report_once_more_tells_nothing_new(platform, simulator):
    meeting = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
    report(meeting, [(ADA, 0, 30), (THEA, 0, 60), (THEA, 10, 20)])
    assert platform.gradebook.points(ADA.id) == [0.5]
    assert Room.objects.get().grades_due_at is None
    assert Outcome.objects.get().value == 0.5
