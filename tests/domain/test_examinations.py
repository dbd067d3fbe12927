"""An examination of a course: asked for, taken on once, kept, out of date, broken off."""

import pytest
from freezegun import freeze_time

from bbb_xblock.domain import examinations
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.examinations import AGAIN, LONGEST, MOST_AT_ONCE, PATIENCE, Stage
from bbb_xblock.models import Examination

pytestmark = [pytest.mark.django_db, pytest.mark.database]

COURSE, OTHER = "course-v1:ExampleX+Physics+2026", "course-v1:ExampleX+Music+2026"


@pytest.fixture
def clock():
    with freeze_time() as frozen:
        yield frozen


def stage(course: str = COURSE) -> Stage:
    return examinations.progress(course).stage


def done(course: str = COURSE) -> str:
    run = examinations.ask(course)
    assert examinations.begin(course, run)
    examinations.keep(course, run, [{"code": "x"}], is_done=True)
    return run


def test_a_course_that_nobody_asked_about_has_none():
    assert examinations.progress(COURSE) == examinations.Progress(stage=Stage.UNASKED)


def test_what_is_found_is_seen_as_it_is_found(clock):
    run = examinations.ask(COURSE)
    assert stage() is Stage.UNDER_WAY
    assert examinations.begin(COURSE, run)
    examinations.keep(COURSE, run, [{"code": "x"}])
    assert examinations.progress(COURSE).findings == ({"code": "x"},)
    assert stage() is Stage.UNDER_WAY
    examinations.keep(COURSE, run, [{"code": "x"}, {"code": "y"}], is_done=True)
    assert examinations.progress(COURSE).findings == ({"code": "x"}, {"code": "y"})
    assert stage() is Stage.DONE


def test_only_one_worker_takes_it_on():
    run = examinations.ask(COURSE)
    assert examinations.begin(COURSE, run)
    assert not examinations.begin(COURSE, run)
    assert not examinations.begin(OTHER, run)


def test_courses_do_not_wait_for_each_other(clock):
    assert examinations.ask(COURSE)
    assert examinations.ask(OTHER)


def test_one_author_with_many_courses_does_not_keep_all_workers_busy(clock):
    others = [f"course-v1:ExampleX+Music+{number}" for number in range(MOST_AT_ONCE)]
    runs = {course: examinations.ask(course) for course in others}
    assert all(runs.values())
    with pytest.raises(Refusal) as refused:
        examinations.ask(COURSE)
    assert refused.value.code is Code.MANY_CHECKS
    assert not Examination.objects.filter(course_key=COURSE).exists()
    assert examinations.ask(others[0]) == ""
    examinations.begin(others[0], runs[others[0]])
    examinations.keep(others[0], runs[others[0]], [], is_done=True)
    assert examinations.ask(COURSE)


def test_checks_that_must_have_died_make_room_for_others(clock):
    for number in range(MOST_AT_ONCE):
        examinations.ask(f"course-v1:ExampleX+Music+{number}")
    clock.tick(LONGEST.total_seconds())
    assert examinations.ask(COURSE)


def test_a_course_is_looked_at_once_in_a_while_and_not_before(clock):
    done()
    clock.tick(AGAIN.total_seconds() - 1)
    assert not examinations.ask(COURSE)
    clock.tick(1)
    assert examinations.ask(COURSE)
    assert stage() is Stage.UNDER_WAY
    assert examinations.progress(COURSE).findings == ()


def test_what_is_under_way_is_not_begun_again_until_it_must_have_died(clock):
    examinations.begin(COURSE, examinations.ask(COURSE))
    clock.tick(LONGEST.total_seconds() - 1)
    assert not examinations.ask(COURSE)
    assert stage() is Stage.UNDER_WAY
    clock.tick(1)
    assert stage() is Stage.BROKEN_OFF
    assert examinations.ask(COURSE)


def test_what_nobody_begins_is_unattended_and_can_be_asked_for_again(clock):
    first = examinations.ask(COURSE)
    clock.tick(PATIENCE.total_seconds() - 1)
    assert stage() is Stage.UNDER_WAY
    clock.tick(1)
    assert stage() is Stage.UNATTENDED
    second = examinations.ask(COURSE)
    assert second not in ("", first)
    assert not examinations.begin(COURSE, first)
    assert examinations.begin(COURSE, second)


def test_a_worker_that_comes_late_writes_over_nothing_newer(clock):
    first = examinations.ask(COURSE)
    examinations.begin(COURSE, first)
    clock.tick(LONGEST.total_seconds())
    done()
    examinations.keep(COURSE, first, [{"code": "old"}], is_done=True)
    assert examinations.progress(COURSE).findings == ({"code": "x"},)


def test_one_from_a_machine_whose_clock_is_ahead_stops_nobody(clock):
    clock.tick(86400)
    examinations.begin(COURSE, examinations.ask(COURSE))
    clock.tick(-86400)
    assert examinations.ask(COURSE)


def test_old_ones_go_when_somebody_asks(clock):
    done()
    clock.tick(8 * 86400)
    examinations.ask(OTHER)
    assert list(Examination.objects.values_list("course_key", flat=True)) == [OTHER]
