"""Times in the editor that are counted from a date of the course: shown, said in words, saved, refused."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.options.choices import Anchor
from bbb_xblock.options.kinds import Moment
from bbb_xblock.options.moments import MOST_DAYS, YEARS
from tests.builders import COURSE, teacher
from tests.fakes.platform import Platform

FIRST_DAY = datetime(2026, 8, 31, 6, tzinfo=UTC)
COUNTED = "course_start+P7DT14:00"
SAID = "That is Monday, Sept. 7, 2026, 2 p.m. (Berlin)."


@pytest.fixture
def desk(platform, namespace):
    platform.may_write = True
    platform.course_starts[COURSE] = FIRST_DAY
    namespace["TIME_ZONE"] = "Europe/Berlin"
    return teacher(platform, studio=True)


def row(desk, field="opens_at"):
    return desk.page("studio_view").cssselect(f'.bbb-row[data-field="{field}"]')[0]


def said_in(part):
    (place,) = part.cssselect("[role=status]")
    return place.text


def tell(desk, value, field="opens_at"):
    return desk.call("tell_time", "POST", body={"field": field, "value": value})


def complaint(desk, value):
    answer = desk.call("submit_studio_edits", "POST", body={"values": {"opens_at": value}, "defaults": []})
    assert answer.status_code == 400
    ((field, message),) = ((error["field"], error["message"]) for error in answer.json["errors"])
    assert field == "opens_at"
    return message


def test_the_editor_offers_each_date_to_count_from(desk):
    offered = {each.get("value"): each.text for each in row(desk).cssselect("select[data-part=from] option")}
    assert offered == {"": "On a date"} | {anchor.value: anchor.label for anchor in Anchor}


def test_it_shows_such_a_time_and_says_what_it_comes_to(desk):
    desk.block.opens_at = COUNTED
    assert json.loads(row(desk).get("data-option"))["value"] == COUNTED
    assert said_in(row(desk)) == SAID
    assert not said_in(row(desk, "closes_at"))


def test_it_says_it_while_the_author_writes(desk):
    assert tell(desk, COUNTED).json == {"said": SAID}


def test_it_says_which_date_is_missing(desk):
    said = tell(desk, "subsection_due+P0D", "closes_at").json["said"]
    assert said.startswith("“Closes” follows a date that is not set: The due date of the subsection.")


@pytest.mark.parametrize("value", ["", "2026-11-24T14:00:00Z", "course_start+P?D", "course_start", None, 7, []])
def test_of_every_other_value_it_says_nothing(desk, value):
    assert tell(desk, value).json == {"said": ""}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"field": "opens_at"},
        {"field": "display_name", "value": COUNTED},
        {"field": "nothing", "value": COUNTED},
        {"field": ["opens_at"], "value": COUNTED},
        {"field": "opens_at", "value": COUNTED, "more": 1},
    ],
    ids=repr,
)
def test_a_question_of_another_shape_is_refused(desk, body):
    answer = desk.call("tell_time", "POST", body=body)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_a_question_is_a_post(desk):
    assert desk.call("tell_time", "GET").status_code == 405


def test_a_question_changes_nothing(desk):
    tell(desk, COUNTED)
    assert not desk.block.fields["opens_at"].is_set_on(desk.block)


def test_what_the_operator_keeps_is_not_told_in_words(desk, namespace):
    namespace["LOCKED"] = ["opens_at"]
    desk.block.opens_at = COUNTED
    assert not said_in(row(desk))
    assert row(desk).cssselect("fieldset[disabled]")


def test_it_is_saved_as_it_is_written(desk):
    body = {"values": {"opens_at": COUNTED, "closes_at": "course_start+P7DT15:30"}, "defaults": []}
    assert desk.call("submit_studio_edits", "POST", body=body).status_code == 200
    assert (desk.block.opens_at, desk.block.closes_at) == (COUNTED, "course_start+P7DT15:30")


@pytest.mark.parametrize(
    "value",
    ["course_start+P?D", "course_start+P1.5D", "course_start+P10000D", "course_start+P-1D", "course_start+P1DT?"],
)
def test_a_wrong_one_is_told_that_it_wants_days_and_a_time_of_day(desk, value):
    assert f"whole number of days from 0 to {MOST_DAYS}" in complaint(desk, value)


@pytest.mark.parametrize("value", ["?", "2026-11-24T14:00", "1999-12-31T12:00:00Z", "tomorrow", 7])
def test_a_wrong_date_is_told_that_it_wants_a_date(desk, value):
    assert f"whole date with a time, from the year {YEARS[0]} to {YEARS[-1]}" in complaint(desk, value)


@given(anchor=st.sampled_from(Anchor), rest=st.text(max_size=20))
def test_whatever_follows_the_date_is_said_or_refused(anchor, rest):
    desk = teacher(Platform(may_write=True), studio=True)
    value = f"{anchor.value}{rest}"
    is_right = Moment().problem(value) is None
    assert bool(tell(desk, value).json["said"]) == is_right
    if not is_right:
        assert "days" in complaint(desk, value)


def test_an_end_that_cannot_be_after_the_opening_is_not_saved(desk):
    body = {"values": {"opens_at": COUNTED, "closes_at": "course_start+P7DT13:00"}, "defaults": []}
    (error,) = desk.call("submit_studio_edits", "POST", body=body).json["errors"]
    assert error == {"field": "closes_at", "message": "“Closes” must be later than the opening."}
