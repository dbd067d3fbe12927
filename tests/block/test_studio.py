"""The editor: who may save, what is refused, what is kept."""

import pytest

from bbb_xblock.block import BigBlueButtonXBlock
from tests.builders import teacher


def save(desk, **values):
    return desk.call("submit_studio_edits", "POST", body={"values": values, "defaults": []})


@pytest.fixture
def desk(platform):
    platform.may_write = True
    return teacher(platform, studio=True)


def test_an_author_saves_the_options(desk):
    assert save(desk, display_name="Seminar", record=True, max_participants=12).json == {"result": "success"}
    assert (desk.block.display_name, desk.block.record, desk.block.max_participants) == ("Seminar", True, 12)


def test_json_that_the_mixin_s_editor_sends_as_a_form_is_understood(desk):
    body = {"values": {"display_name": "Seminar"}, "defaults": []}
    form = "application/x-www-form-urlencoded; charset=UTF-8"
    assert desk.call("submit_studio_edits", "POST", body=body, content_type=form).json == {"result": "success"}


def test_the_editor_offers_every_option_with_its_value(desk):
    save(desk, display_name="Seminar of all")
    page = desk.page("studio_view")
    assert {row.get("data-field-name") for row in page.cssselect("[data-field-name]")} == set(
        BigBlueButtonXBlock.editable_fields
    )
    assert "Seminar of all" in desk.block.render("studio_view", None).content


@pytest.mark.parametrize("studio", [True, False])
def test_somebody_who_may_not_write_the_course_saves_nothing(platform, studio):
    desk = teacher(platform, studio=studio)
    platform.may_write = not studio
    answer = save(desk, display_name="Mine now")
    assert (answer.status_code, answer.json["code"]) == (403, "no_studio_access")
    assert desk.block.display_name == "Live session"


@pytest.mark.parametrize(
    "values",
    [
        {"display_name": ""},
        {"display_name": "   "},
        {"display_name": "T" * 256},
        {"max_participants": -1},
        {"max_participants": 10_001},
    ],
    ids=repr,
)
def test_values_out_of_range_are_refused_with_a_message_and_nothing_is_saved(desk, values):
    answer = save(desk, **{"record": True, **values})
    assert answer.status_code == 400
    assert answer.json["error"]["messages"][0]["text"]
    assert (desk.block.display_name, desk.block.max_participants, desk.block.record) == ("Live session", 0, False)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"values": []},
        {"values": {}, "defaults": {}},
        {"values": {"max_participants": "many"}, "defaults": []},
        {"values": {"max_participants": []}, "defaults": []},
        {"values": {"display_name": []}, "defaults": []},
    ],
    ids=repr,
)
def test_a_body_of_the_wrong_shape_is_refused(desk, body):
    assert desk.call("submit_studio_edits", "POST", body=body).status_code == 400
    assert desk.block.display_name == "Live session"


def test_an_option_can_be_left_to_the_operator_again(desk):
    save(desk, record=True)
    desk.call("submit_studio_edits", "POST", body={"values": {}, "defaults": ["record"]})
    assert not desk.block.fields["record"].is_set_on(desk.block)


def test_a_field_that_is_not_offered_is_not_saved(desk):
    save(desk, tags=["x"], server="https://evil.example.org")
    assert not hasattr(desk.block, "server")
    assert desk.block.tags == []


def test_the_message_names_the_option_that_is_wrong(desk):
    answer = save(desk, plan_b_link="javascript:alert(1)", opens_at="tomorrow", layout="DISCO")
    said = [message["text"] for message in answer.json["error"]["messages"]]
    assert answer.status_code == 400
    assert {text.split("”")[0].strip("“") for text in said} == {"Link of plan B", "Opens", "Layout"}
    assert not [text for text in said if "javascript" in text or "tomorrow" in text]


def test_a_session_that_closes_before_it_opens_is_not_saved(desk):
    answer = save(desk, opens_at="2026-11-24T12:00:00Z", closes_at="2026-11-24T11:00:00Z")
    assert answer.json["error"]["messages"][0]["text"] == "“Closes” must be later than the opening."
    assert desk.block.opens_at == ""
