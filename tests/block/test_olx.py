"""Course files: the options travel, the server and the meeting do not."""

import html
import json
from dataclasses import fields
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from xblock.fields import Scope, ScopeIds

from bbb_xblock.bbb import CreateMeeting
from bbb_xblock.bbb.wirenames import WIRE_NAMES
from bbb_xblock.block import BigBlueButtonXBlock
from bbb_xblock.domain import wishes
from bbb_xblock.fields import OPTION_OF_FIELD, SessionFields
from bbb_xblock.models import Room
from bbb_xblock.options.kinds import Address, Choice, Choices, Colour, Files, Line, Moment, Number, Switch, Text
from bbb_xblock.options.option import Option
from tests.builders import Desk, teacher, usage_key
from tests.fakes.platform import Platform

# Parameters that no author chooses.
OF_THIS_SITE = {"meetingID", "logoutURL", "meetingEndedURL", "meetingKeepEvents"}
# What XML can hold: no control characters but the three of white space, no surrogates.
XML_TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n")
)


CHOSEN = {WIRE_NAMES[each.name] for each in fields(CreateMeeting) if each.name in WIRE_NAMES} - OF_THIS_SITE


def exported(desk: Desk) -> etree._Element:
    file = BytesIO()
    desk.block.runtime.export_to_xml(desk.block, file)
    return etree.fromstring(file.getvalue())


def imported(node: etree._Element) -> BigBlueButtonXBlock:
    desk = Desk(Platform(), course="course-v1:ExampleX+Physics+2027")
    key = usage_key("imported")
    return BigBlueButtonXBlock.parse_xml(node, desk.block.runtime, ScopeIds(None, "bbb", key, key))


def values(option: Option) -> st.SearchStrategy[Any]:
    """Everything that an author may choose for an option, as course files hold it."""
    match option.kind:
        case Switch():
            return st.booleans()
        case Number():
            return st.integers(option.kind.low, option.kind.high)
        case Choice():
            return st.sampled_from([choice.value for choice in option.kind.among])
        case Choices():
            return st.lists(st.sampled_from([choice.value for choice in option.kind.among]), unique=True)
        case Files():
            return st.lists(st.sampled_from(["a.pdf", "Übung 1 & 2.PPTX", 'the "plan".txt']), unique=True)
        case Moment():
            moments = st.datetimes(datetime(2000, 1, 2), datetime(2100, 12, 30), timezones=st.timezones())
            return st.just("") | moments.map(lambda moment: moment.isoformat(timespec="seconds"))
        case Address():
            return st.sampled_from(["", "https://example.org/a?b=c&d=%20#e"])
        case Colour():
            return st.sampled_from(["", "#0a3055"])
        case _:
            return XML_TEXT


# What the stores of courses cannot hold, or what takes long to copy and to write: deep, long, large, half a pair.
MONSTERS = {
    "deep": "[" * 900 + "]" * 900,
    "deep in the end": "[1, " * 300 + "1" + "]" * 300,
    "long": json.dumps(["chat"] * 100_000),
    "large": "9" * 4000,
    "large in a list": f"[{'9' * 4000}]",
    "negative": "-9223372036854775809",
    "half a pair": '"\\ud800"',
    "half a pair in a list": '["\\ud800"]',
    "dictionary": '[{"$where": 1, "a\\u0000b": 2}]',
}
EVERY_FIELD = st.fixed_dictionaries({}, optional={name: values(each) for name, each in OPTION_OF_FIELD.items()})


def take_in(desk: Desk, node: etree._Element) -> None:
    """Make the person's block the one of a course file."""
    key = desk.block.scope_ids
    desk.block = BigBlueButtonXBlock.parse_xml(node, desk.block.runtime, key)


@given(EVERY_FIELD)
def test_every_option_survives_export_and_import(fields):
    block = imported(exported(Desk(Platform(), fields=fields)))
    assert {name: getattr(block, name) for name in fields} == fields
    assert {name for name in OPTION_OF_FIELD if block.fields[name].is_set_on(block)} == set(fields)


def test_a_course_file_holds_the_options_and_nothing_else(platform, namespace):
    desk = teacher(platform, fields={"display_name": "Seminar", "record": True})
    desk.click_join()
    assert set(exported(desk).attrib) <= {"display_name", "record", "xblock-family"}


@pytest.mark.parametrize("value", ["", "rubbish", "-1", "1e999", "[", "[1, {}]", "javascript:alert(1)", "null", "<x/>"])
@pytest.mark.parametrize("view", ["student_view", "author_view", "studio_view"])
def test_a_hand_made_course_file_with_rubbish_everywhere_still_renders(platform, value, view):
    desk = teacher(platform)
    take_in(desk, etree.Element("bbb", dict.fromkeys(OPTION_OF_FIELD, value)))
    page = desk.page(view)
    assert page.cssselect(".bbb-xblock .bbb-title, .bbb-xblock form")
    assert {urlsplit(link.get("href")).scheme for link in page.cssselect("a[href]")} <= {"", "https"}


@pytest.mark.parametrize("value", ["rubbish", "-1", "1e999", "[", "[1, {}]", "javascript:alert(1)", "null", "<x/>"])
def test_a_hand_made_course_file_with_rubbish_everywhere_makes_a_room_that_is_safe(platform, simulator, value):
    desk = teacher(platform)
    take_in(desk, etree.Element("bbb", dict.fromkeys(OPTION_OF_FIELD, value)))
    assert desk.click_join().status_code == 302
    params = simulator.meeting(Room.objects.get().meeting_id).params
    asked = {name: text for name, text in params.items() if name in CHOSEN}
    texts = {asked.pop(name) for name in ("name", "welcome", "moderatorOnlyMessage", "bannerText")}
    assert texts <= {value, html.escape(value), wishes.meeting_name(value)}
    assert asked == {"record": "false", "muteOnStart": "false", "guestPolicy": "ALWAYS_ACCEPT"}


@pytest.mark.parametrize("monster", MONSTERS)
@pytest.mark.parametrize("view", ["student_view", "author_view", "studio_view"])
def test_a_monster_in_a_course_file_takes_no_page_down(platform, monster, view):
    desk = teacher(platform)
    take_in(desk, etree.Element("bbb", dict.fromkeys(OPTION_OF_FIELD, MONSTERS[monster])))
    assert desk.page(view).cssselect(".bbb-xblock")
    assert desk.click_join().status_code == 302


@pytest.mark.parametrize("monster", MONSTERS)
def test_a_monster_in_a_course_file_can_be_stored_and_exported_again_and_does_not_grow(monster):
    block = imported(etree.Element("bbb", dict.fromkeys(OPTION_OF_FIELD, MONSTERS[monster])))
    for name in OPTION_OF_FIELD:
        stored = block.fields[name].read_json(block)
        # This is how the platform keeps courses.
        assert bson.decode(bson.encode({name: stored}))[name] == stored
        again = imported(exported(Desk(Platform(), fields={name: getattr(block, name)})))
        assert getattr(again, name) == getattr(block, name)
        assert len(json.dumps(stored)) <= 2 * len(json.dumps(MONSTERS[monster]))


@pytest.mark.parametrize("empty", ["<option:{}/>", '<option:{} none="true"/>', "<option:{}></option:{}>"])
def test_an_option_without_a_value_is_left_open(platform, empty):
    options = "".join(empty.replace("{}", name) for name in OPTION_OF_FIELD)
    desk = teacher(platform, studio=True)
    take_in(desk, etree.fromstring(f'<bbb xmlns:option="http://code.edx.org/xblock/option">{options}</bbb>'))
    assert desk.block.validate().empty
    assert desk.page("studio_view").cssselect(".bbb-xblock")


def test_studio_names_each_field_that_holds_rubbish(platform):
    desk = teacher(platform, studio=True)
    lines_and_texts = {name for name, each in OPTION_OF_FIELD.items() if isinstance(each.kind, Line | Text)}
    take_in(desk, etree.Element("bbb", dict.fromkeys(OPTION_OF_FIELD.keys() - lines_and_texts, "rubbish")))
    said = " ".join(message.text for message in desk.block.validate().messages)
    labels = {name: f"“{each.label}”" for name, each in OPTION_OF_FIELD.items()}
    assert {name for name, label in labels.items() if label not in said} == lines_and_texts


def test_a_copy_asks_for_the_same_in_a_room_of_its_own(platform, simulator):
    chosen = {"display_name": "Seminar", "record": True, "features_off": ["polls"], "who_leads": "everybody"}
    original, copy = teacher(platform, fields=chosen), teacher(platform, block_id="copy")
    original.click_join()
    take_in(copy, exported(original))
    copy.click_join()
    first, second = (simulator.meeting(room.meeting_id) for room in Room.objects.all())
    assert first.external_id != second.external_id
    asked = [{name: room.params.get(name) for name in CHOSEN} for room in (first, second)]
    assert asked[0] == asked[1]
    assert asked[0]["disabledFeatures"] == "polls"
    assert first.external_id not in etree.tostring(exported(copy)).decode()


def test_what_cannot_be_read_survives_export_and_import_unchanged():
    rubbish = dict.fromkeys(OPTION_OF_FIELD, "rubbish")
    once = imported(etree.Element("bbb", rubbish))
    twice = imported(exported(Desk(Platform(), fields={name: getattr(once, name) for name in rubbish})))
    assert {name: getattr(twice, name) for name in rubbish} == {name: getattr(once, name) for name in rubbish}


def test_every_field_is_a_setting_that_travels_and_may_be_seen():
    declared = {name for name in vars(SessionFields) if not name.startswith("_")}
    assert declared == set(OPTION_OF_FIELD)
    assert {BigBlueButtonXBlock.fields[name].scope for name in declared} == {Scope.settings}
