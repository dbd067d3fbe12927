"""The dates of a course, and the times that are told by them."""

import sys
from datetime import UTC, datetime

import pytest

from bbb_xblock.edx import dates
from bbb_xblock.options import OPTIONS
from tests.builders import COURSE, learner, usage_key
from tests.fakes.platform import DEFAULT_START_DATE

MONDAY = datetime(2026, 10, 5, 8, tzinfo=UTC)
OVERVIEWS = "openedx.core.djangoapps.content.course_overviews.models"
STORE = "xmodule.modulestore.django"


def opens(text: object) -> object:
    authored = dict.fromkeys(OPTIONS) | {"opens_at": text}
    found = dates.made_absolute(authored, str(usage_key()))
    assert found == authored | {"opens_at": found["opens_at"]}
    return found["opens_at"]


@pytest.fixture
def dated(platform):
    learner(platform)
    platform.course_starts[COURSE] = MONDAY
    platform.subsection_start = MONDAY.replace(day=12)
    platform.subsection_due = MONDAY.replace(day=19)
    return platform


@pytest.mark.parametrize(
    ("text", "absolute"),
    [
        ("course_start+P1DT14:00", "2026-10-06T14:00:00Z"),
        ("subsection_start+P0D", "2026-10-12T08:00:00Z"),
        ("subsection_due-P1DT20:15", "2026-10-18T20:15:00Z"),
    ],
)
def test_times_follow_the_dates_of_the_course(dated, text, absolute):
    assert opens(text) == absolute


@pytest.mark.parametrize("value", ["2026-11-24T14:00:00Z", "", None, "later", 7])
def test_everything_else_stays_as_it_is_and_nothing_is_asked(value):
    assert opens(value) == value


def test_the_time_of_day_is_that_of_the_courses_zone(dated, namespace):
    namespace["COURSES"] = {COURSE: {"TIME_ZONE": "Europe/Berlin"}}
    assert opens("course_start+P1DT14:00") == "2026-10-06T12:00:00Z"
    assert opens("course_start+P28DT14:00") == "2026-11-02T13:00:00Z"


@pytest.mark.parametrize("anchor", ["course_start", "subsection_start", "subsection_due"])
def test_a_date_that_nobody_has_set_is_not_there(platform, anchor):
    learner(platform)
    platform.course_starts[COURSE] = DEFAULT_START_DATE
    assert opens(f"{anchor}+P1D") is None


@pytest.mark.parametrize(("module", "anchor"), [(OVERVIEWS, "course_start"), (STORE, "subsection_due")])
def test_a_platform_that_cannot_be_asked_has_no_dates(dated, monkeypatch, module, anchor):
    monkeypatch.setitem(sys.modules, module, None)
    assert opens(f"{anchor}+P1D") is None


def test_a_block_that_is_gone_or_in_no_course_has_no_dates(dated):
    dated.published.clear()
    assert opens("subsection_due+P1D") is None
    authored = dict.fromkeys(OPTIONS) | {"opens_at": "course_start+P1D"}
    assert dates.made_absolute(authored, "lb:ExampleX:library:bbb:room")["opens_at"] is None
