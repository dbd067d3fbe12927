"""Saving in Studio: who may save, what is refused and how, what is kept."""

import json
import sys
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.doors.editor import edits
from bbb_xblock.doors.editor.edits import Edits
from bbb_xblock.fields import OPTION_OF_FIELD
from bbb_xblock.models import Examination
from bbb_xblock.options import OPTIONS
from bbb_xblock.options.kinds import LONGEST_ADDRESS, Address, Line, Text
from tests.builders import OLGA, Desk, teacher
from tests.fakes.platform import Platform

OPENS, CLOSES = "2026-11-24T14:00:00Z", "2026-11-24T15:30:00Z"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def save(desk, *defaults, **values):
    return desk.call("submit_studio_edits", "POST", body={"values": values, "defaults": list(defaults)})


def service_of(desk):
    return desk.block.runtime.service(desk.block, "studio_user_permissions")


def chosen(desk):
    block = desk.block
    return {name: getattr(block, name) for name in OPTION_OF_FIELD if block.fields[name].is_set_on(block)}


def complaints(answer):
    assert (answer.status_code, answer.json["code"]) == (400, "not_valid")
    return {error["field"]: error["message"] for error in answer.json["errors"]}


@pytest.fixture
def desk(platform):
    platform.may_write = True
    return teacher(platform, studio=True)


def test_an_author_saves_options(desk):
    assert save(desk, display_name="Seminar", record=True, max_participants=12).json == {"result": "success"}
    assert chosen(desk) == {"display_name": "Seminar", "record": True, "max_participants": 12}


def test_what_is_not_sent_stays_as_it_was(desk):
    save(desk, display_name="Seminar", record=True)
    save(desk, mute_on_start=True)
    assert chosen(desk) == {"display_name": "Seminar", "record": True, "mute_on_start": True}


def test_an_option_can_be_left_to_the_operator_again(desk):
    save(desk, record=True)
    assert save(desk, "record", "mute_on_start").json == {"result": "success"}
    assert chosen(desk) == {}


def test_a_choice_that_equals_the_default_is_a_choice(desk):
    save(desk, record=False)
    assert chosen(desk) == {"record": False}


def test_values_are_stored_as_course_files_hold_them(desk):
    save(
        desk,
        display_name="  Weekly\tseminar ",
        opens_at="2026-11-24T15:00:00+01:00",
        closes_at="",
        features_off=["polls", "chat", "polls"],
    )
    assert chosen(desk) == {
        "display_name": "Weekly seminar",
        "opens_at": OPENS,
        "closes_at": "",
        "features_off": ["chat", "polls"],
    }


@pytest.mark.parametrize("studio", [True, False])
def test_somebody_who_may_not_write_the_course_saves_nothing(platform, studio):
    desk = teacher(platform, studio=studio)
    platform.may_write = not studio
    answer = save(desk, display_name="Mine now")
    assert (answer.status_code, answer.json["code"]) == (403, "no_studio_access")
    assert chosen(desk) == {}


@pytest.mark.parametrize("handler", ["submit_studio_edits", "tell_time", "doctor", "try_room"])
def test_the_rights_that_another_request_left_behind_help_nobody(platform, simulator, handler):
    # All blocks of a process share their services, and what runs a preview's handlers does not renew this one.
    platform.may_write, platform.may_not_write = True, {OLGA.id}
    outsider, author = Desk(platform, OLGA, studio=True), teacher(platform, studio=True)
    outsider.block.runtime._services |= author.block.runtime._services
    method = "GET" if handler == "try_room" else "POST"
    answer = outsider.call(handler, method, body={"values": {"display_name": "Mine now"}, "defaults": []})
    assert answer.status_code == 403
    assert (chosen(outsider), simulator.count(), Examination.objects.count()) == ({}, 0, 0)


def test_rights_that_another_request_left_behind_keep_no_author_out(platform):
    platform.may_write, platform.may_not_write = True, {OLGA.id}
    author, outsider = teacher(platform, studio=True), Desk(platform, OLGA, studio=True)
    author.block.runtime._services |= {"studio_user_permissions": service_of(outsider)}
    assert save(author, display_name="Seminar").json == {"result": "success"}


def test_where_studio_has_no_such_service_the_platform_itself_is_asked(platform, settings):
    platform.may_write, platform.may_not_write = True, {OLGA.id}
    settings.ROOT_URLCONF = "cms.urls"
    author, outsider = teacher(platform), Desk(platform, OLGA)
    assert save(author, display_name="Seminar").json == {"result": "success"}
    assert save(outsider, display_name="Mine now").status_code == 403
    with patch.dict(sys.modules, {"common.djangoapps.student.auth": None}):
        assert save(author, display_name="Lecture").status_code == 403
    assert chosen(author) == {"display_name": "Seminar"}


def test_in_the_lms_nobody_is_an_author(platform):
    platform.may_write = True
    desk = teacher(platform)
    assert save(desk, display_name="Mine now").status_code == 403
    assert chosen(desk) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "   "),
        ("display_name", "T" * 256),
        ("display_name", ["Seminar"]),
        ("max_participants", -1),
        ("max_participants", 10_001),
        ("max_participants", ""),
        ("max_participants", "12"),
        ("max_participants", True),
        ("record", "true"),
        ("record", None),
        ("who_leads", "nobody"),
        ("features_off", "polls"),
        ("features_off", ["teleport"]),
        ("opens_at", "?"),
        ("opens_at", "2026-11-24T14:00"),
        ("welcome", "w" * 4001),
        ("logo", "http://example.org/logo.png"),
        ("banner_color", "blue"),
    ],
)
def test_a_wrong_value_is_named_beside_its_field_and_nothing_is_saved(desk, field, value):
    answer = save(desk, **{"mute_on_start": True, field: value})
    assert list(complaints(answer)) == [field]
    assert OPTION_OF_FIELD[field].label in complaints(answer)[field]
    assert chosen(desk) == {}


def test_everything_that_is_wrong_is_named_at_once(desk):
    answer = save(desk, display_name="", max_participants=-1, opens_at=CLOSES, closes_at=OPENS)
    assert set(complaints(answer)) == {"display_name", "max_participants", "closes_at"}


def test_a_session_cannot_close_before_it_opens_even_if_only_one_of_them_changes(desk):
    save(desk, opens_at=OPENS, closes_at=CLOSES)
    assert "later" in complaints(save(desk, opens_at=CLOSES))["closes_at"]
    assert chosen(desk) == {"opens_at": OPENS, "closes_at": CLOSES}
    assert save(desk, "closes_at", opens_at=CLOSES).status_code == 200


def test_what_was_wrong_before_has_to_be_mended_before_anything_is_saved(desk):
    desk.block.max_participants = -5
    assert list(complaints(save(desk, record=True))) == ["max_participants"]
    assert save(desk, record=True, max_participants=5).status_code == 200


class TestWhatTheOperatorKeeps:
    @pytest.fixture(autouse=True)
    def keep(self, desk, namespace):
        namespace |= {"LOCKED": ["record", "title"], "DEFAULTS": {"record": False}}

    def test_it_is_not_saved_and_the_author_is_told(self, desk):
        answer = save(desk, record=True, mute_on_start=True)
        assert "set by your platform" in complaints(answer)["record"]
        assert chosen(desk) == {}

    def test_the_rest_can_be_saved(self, desk):
        assert save(desk, mute_on_start=True).status_code == 200
        assert chosen(desk) == {"mute_on_start": True}

    def test_what_the_author_chose_before_can_be_left_open(self, desk):
        desk.block.record = True
        assert save(desk, "record").status_code == 200
        assert chosen(desk) == {}

    def test_what_is_wrong_in_it_stops_nobody(self, desk):
        desk.block.display_name = "T" * 300
        assert save(desk, mute_on_start=True).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"values": []},
        {"values": {}, "defaults": {}},
        {"values": {}, "defaults": [7]},
        {"values": {}, "defaults": [["record"]]},
        {"values": {"server": "https://evil.example.org"}, "defaults": []},
        {"values": {"tags": ["x"]}, "defaults": []},
        {"values": {"title": "The option's name is not the field's"}, "defaults": []},
        {"values": {}, "defaults": ["visible_to_staff_only"]},
        {"values": {"record": True}, "defaults": ["record"]},
        {"values": {}, "defaults": ["record", "record"]},
    ],
    ids=repr,
)
def test_a_body_of_another_shape_or_with_unknown_fields_is_refused(desk, body):
    answer = desk.call("submit_studio_edits", "POST", body=body)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert chosen(desk) == {}
    assert desk.block.tags == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_only_a_post_saves(desk, method):
    body = {"values": {"display_name": "Mine"}, "defaults": []}
    assert desk.call("submit_studio_edits", method, body=body).status_code == 405
    assert chosen(desk) == {}


def test_json_that_is_sent_as_a_form_is_understood(desk):
    body = {"values": {"display_name": "Seminar"}, "defaults": []}
    form = "application/x-www-form-urlencoded; charset=UTF-8"
    assert desk.call("submit_studio_edits", "POST", body=body, content_type=form).json == {"result": "success"}


def test_all_texts_at_their_longest_fit_and_those_twice_as_long_are_named():
    limits = {name: getattr(o.kind, "limit", 0) for name, o in OPTIONS.items() if isinstance(o.kind, Line | Text)}
    limits |= {name: LONGEST_ADDRESS for name, o in OPTIONS.items() if isinstance(o.kind, Address)}
    # A letter outside of the basic plane takes twelve bytes in JSON.
    body = {"values": {name: "𝄞" * 2 * limit for name, limit in limits.items()}, "defaults": []}
    assert len(json.dumps(body)) < edits.LONGEST_EDITS


@given(values=st.dictionaries(st.sampled_from(sorted(OPTION_OF_FIELD)), JSON))
def test_whatever_is_sent_is_either_refused_or_stored_as_something_right(values):
    desk = teacher(Platform(may_write=True), studio=True)
    answer = save(desk, **values)
    if answer.status_code == 200:
        assert set(chosen(desk)) == set(values)
        assert not list(desk.block.validate().messages)
    else:
        assert complaints(answer)
        assert chosen(desk) == {}


class TestWhatTheUnitPageSaysIsWrong:
    def messages(self, desk):
        return [message.text for message in desk.block.validate().messages]

    def test_a_new_component_is_in_order(self, desk):
        assert self.messages(desk) == []

    def test_it_names_every_option_that_is_wrong_however_it_came_there(self, desk):
        desk.block.max_participants, desk.block.display_name = -1, ""
        said = self.messages(desk)
        assert len(said) == 2
        assert "“Title”" in said[0]
        assert "“Most people in the room”" in said[1]

    def test_it_names_what_a_course_file_holds_in_another_type(self, platform):
        desk = teacher(platform, studio=True, fields={"max_participants": "many", "record": "perhaps"})
        assert any("“Most people in the room”" in said for said in self.messages(desk))


def test_edits_say_what_would_stand_in_the_block():
    given = Edits(values={"record": True}, defaults=frozenset({"title"}))
    assert given.after({"title": "Old", "record": False, "welcome": "Hi"}) == {
        "title": None,
        "record": True,
        "welcome": "Hi",
    }
