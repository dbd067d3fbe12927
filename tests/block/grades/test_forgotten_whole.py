"""Attendance and what the platform was told of it are past their time: what was told stays with the platform."""

import pytest

from bbb_xblock import grading, tasks
from bbb_xblock.domain import retention
from bbb_xblock.domain.attendance import due
from bbb_xblock.models import Meeting, Outcome, Presence, Room
from tests.builders import ADA, BEN, THEA, Desk, learner, teacher
from tests.graded import DAY, points, rescore
from tests.register import change, table
from tests.sessions import enrol, hold

OPTIONS = {"grade_points": 10, "grade_curve": "linear", "attendance_share": 100, "completed_by": "presence"}


@pytest.fixture
def room(platform, simulator, namespace) -> Room:
    """A room with one session, of which the platform was told, and which is forgotten."""
    enrol(platform, ADA, BEN)
    meeting = hold(platform, [(ADA, 0, 60), (BEN, 0, 30)], ago=60 * DAY, fields=OPTIONS)
    Outcome.objects.update(told_at=meeting.ended_at)
    assert points(platform, BEN) == [0.5]
    namespace["ATTENDANCE_DAYS"] = 50
    while retention.forget_old(10):
        pass
    assert not Presence.objects.exists() and not Outcome.objects.exists()
    return Room.objects.get()


def tell(room: Room) -> None:
    """Have the platform told of what is new, by a worker."""
    due.ask(room.pk)
    tasks.grade_room.run(room.pk)


def test_forgetting_tells_the_platform_nothing(platform, room):
    assert due.waiting(10) == []
    assert len(platform.gradebook.told) == 2


@pytest.mark.parametrize("by_the_team", [False, True])
def test_what_was_told_stays_when_grades_are_told_again(platform, room, by_the_team):
    before = dict(platform.gradebook.grades), dict(platform.gradebook.completed)
    if by_the_team:
        assert grading.preview(room) == []
        assert grading.regrade(room.pk, THEA.id)
    else:
        tell(room)
    assert (platform.gradebook.grades, platform.gradebook.completed) == before
    assert len(platform.gradebook.told) == 2


@pytest.mark.parametrize("only_if_higher", [False, True])
def test_a_rescore_tells_nobody_a_nothing(platform, room, only_if_higher):
    rescore(learner(platform, BEN, fields=OPTIONS), only_if_higher=only_if_higher)
    assert points(platform, BEN) == [0.5]


def test_what_follows_from_another_session_may_only_go_up(platform, room):
    """How much was told before is not known here any more; the platform knows it."""
    falling = OPTIONS | {"grade_may_fall": True}
    hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], ago=DAY, fields=falling)
    assert [told.only_if_higher for told in platform.gradebook.told[2:]] == [True, True]
    grades = {user_id: grade for (user_id, _block), grade in platform.gradebook.grades.items()}
    assert grades == {ADA.id: (1, 1), BEN.id: (1, 1)}


def test_the_meeting_says_that_something_was_forgotten_and_of_nobody_who_was_there(room):
    assert Meeting.objects.filter(room=room, forgotten_at__isnull=False).count() == 1
    assert [each.rows for each in retention.overdue() if each.what == "presences"] == [0]


def test_what_was_forgotten_of_a_session_does_not_come_back_while_the_rest_still_goes(platform, simulator, namespace):
    hold(platform, [(ADA, 0, 60), (BEN, 0, 30)], ago=60 * DAY, fields=OPTIONS)
    there = Presence.objects.count()
    namespace["ATTENDANCE_DAYS"] = 50
    retention.forget_old(1)
    assert change(teacher(platform, fields=OPTIONS), "look_again").status_code == 200
    assert Presence.objects.count() == there - 1


def test_the_register_shows_sessions_that_are_kept_and_no_others(platform, simulator, room):
    assert sessions(teacher(platform, fields=OPTIONS)) == 0
    hold(platform, [(ADA, 0, 60)], fields=OPTIONS)
    assert sessions(teacher(platform, fields=OPTIONS)) == 1


def sessions(desk: Desk) -> int:
    """Count the sessions of the register's file."""
    return len({row["session_began"] for row in table(desk)})
