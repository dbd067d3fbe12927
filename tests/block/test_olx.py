"""Course files: the options travel, the server and the meeting do not."""

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from xblock.fields import Scope, ScopeIds

from bbb_xblock.block import BigBlueButtonXBlock
from bbb_xblock.fields import OPTION_OF_FIELD, SessionFields
from tests.builders import Desk, teacher, usage_key
from tests.fakes.platform import Platform

# What XML can hold: no control characters but the three of white space, no surrogates.
XML_TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n")
)


def exported(desk: Desk) -> etree._Element:
    file = BytesIO()
    desk.block.runtime.export_to_xml(desk.block, file)
    return etree.fromstring(file.getvalue())


def imported(node: etree._Element) -> BigBlueButtonXBlock:
    desk = Desk(Platform(), course="course-v1:ExampleX+Physics+2027")
    key = usage_key("imported")
    return BigBlueButtonXBlock.parse_xml(node, desk.block.runtime, ScopeIds(None, "bbb", key, key))


@given(
    display_name=XML_TEXT,
    welcome=XML_TEXT,
    record=st.booleans(),
    wait_for_moderator=st.booleans(),
    mute_on_start=st.booleans(),
    max_participants=st.integers(),
)
def test_every_option_survives_export_and_import(**fields):
    block = imported(exported(Desk(Platform(), fields=fields)))
    assert {name: getattr(block, name) for name in fields} == fields


def test_a_course_file_holds_the_options_and_nothing_else(platform, namespace):
    desk = teacher(platform, fields={"display_name": "Seminar", "record": True})
    desk.click_join()
    assert set(exported(desk).attrib) <= {"display_name", "record", "xblock-family"}


def test_every_field_is_a_setting_that_travels_and_may_be_seen():
    declared = {name for name in vars(SessionFields) if not name.startswith("_")}
    assert declared == set(OPTION_OF_FIELD)
    assert {BigBlueButtonXBlock.fields[name].scope for name in declared} == {Scope.settings}
