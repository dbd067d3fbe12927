from dataclasses import replace

import pytest
from opaque_keys.edx.keys import UsageKey
from xblock.exceptions import NoSuchDefinition, NoSuchUsage

from sandbox.demo.ids import CourseIds
from sandbox.demo.rooms import OPEN, ROOMS

COURSE = "course-v1:Example+Open+2026"
USAGE = "block-v1:Example+Open+2026+type@bbb+block@room"


def test_a_usage_id_is_a_usage_key_of_the_course() -> None:
    ids = CourseIds(COURSE)

    usage = ids.create_usage(ids.create_definition("bbb"))

    assert usage == USAGE
    assert str(UsageKey.from_string(usage).course_key) == COURSE


def test_ids_are_read_back_by_a_manager_that_did_not_make_them() -> None:
    made = CourseIds(COURSE)
    made.create_usage(made.create_definition("bbb"))

    fresh = CourseIds(COURSE)

    assert fresh.get_block_type(fresh.get_definition_id(USAGE)) == "bbb"


@pytest.mark.parametrize(
    "usage",
    [
        "block-v1:Example+Other+2026+type@bbb+block@room",
        "block-v1:Example+Open+2026+type@bbb+block@cellar",
        "open-room.bbb.d0.u0",
        "",
    ],
)
def test_a_usage_of_another_place_is_unknown(usage: str) -> None:
    with pytest.raises(NoSuchUsage):
        CourseIds(COURSE).get_definition_id(usage)


def test_a_definition_of_another_form_is_unknown() -> None:
    with pytest.raises(NoSuchDefinition):
        CourseIds(COURSE).get_block_type("open-room.bbb.d0")


def test_each_room_has_a_course_and_a_usage_of_its_own() -> None:
    assert len({room.course for room in ROOMS.values()}) == len(ROOMS)
    assert len({room.usage_id for room in ROOMS.values()}) == len(ROOMS)
    assert OPEN.usage_id == USAGE


def test_the_author_options_of_a_room_are_escaped_in_its_xml() -> None:
    assert replace(OPEN, options=(("welcome", 'Tea & <cake> "now"'),)).xml == (
        "<bbb welcome='Tea &amp; &lt;cake&gt; \"now\"'/>"
    )
