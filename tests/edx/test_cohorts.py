"""Cohorts: asked of the platform, and not there where it cannot be asked."""

import pytest
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.domain.data import Placement
from bbb_xblock.edx import cohorts
from tests.builders import COURSE, usage_key

PLACE = Placement(usage_key=str(usage_key()), course_key=COURSE)


def test_cohorts_come_in_the_order_of_their_names_with_their_members(platform):
    platform.cohorts = {"tuesday": {11, 12}, "Monday": {13}}
    found = cohorts.names(PLACE)
    assert list(found.values()) == ["Monday", "tuesday"]
    assert [cohorts.members(PLACE, key) for key in found] == [{13}, {11, 12}]
    assert cohorts.members(PLACE, 99) == set()


def test_a_course_without_cohorts_has_none(platform):
    assert CourseKey.from_string(PLACE.course_key)
    assert cohorts.names(PLACE) == {}


@pytest.mark.parametrize("key", [1, 0])
def test_where_the_platform_cannot_be_asked_there_are_none(key):
    assert cohorts.names(PLACE) == {}
    assert cohorts.members(PLACE, key) == set()
