"""The editor's form and the preview: what authors see before and after they save."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bbb_xblock.fields import OPTION_OF_FIELD
from bbb_xblock.options import OPTIONS
from bbb_xblock.options.kinds import Files
from tests.builders import teacher
from tests.fakes.platform import Platform

OPENS = "2026-11-24T14:00:00Z"


def row(form, field):
    return form.cssselect(f'.bbb-row[data-field="{field}"]')[0]


def option(form, field):
    return json.loads(row(form, field).get("data-option"))


def control(form, field):
    return row(form, field).cssselect("input, select, textarea")[0]


def said(part):
    return " ".join(part.text_content().split())


def card(form, slug):
    return form.cssselect(f'.bbb-card input[value="{slug}"]')[0].getparent().getparent()


@pytest.fixture
def desk(platform):
    return teacher(platform, studio=True)


@pytest.fixture
def form(desk):
    return desk.page("studio_view")


def test_it_offers_every_option_once_with_label_help_and_a_described_control(form):
    assert [each.get("data-field") for each in form.cssselect(".bbb-row")] == list(OPTION_OF_FIELD)
    ids = [part.get("id") for part in form.cssselect("[id]")]
    assert len(ids) == len(set(ids))
    for field, chosen in OPTION_OF_FIELD.items():
        assert said(row(form, field)).startswith(chosen.label)
        assert chosen.help in said(row(form, field))
        described = row(form, field).cssselect("[aria-describedby]")[0].get("aria-describedby").split()
        assert set(described) <= set(ids)


def test_the_first_screen_holds_the_basics_and_the_presets_and_the_rest_folds(form):
    unfolded = [
        each.get("data-field") for each in form.cssselect(".bbb-row") if not list(each.iterancestors("details"))
    ]
    assert unfolded == ["display_name", "kind", "opens_at", "closes_at", "who_leads"]
    assert not form.cssselect("details.bbb-group[open]")
    headings = [said(heading) for heading in form.cssselect("details.bbb-group h3")]
    assert headings == list(dict.fromkeys(o.group.label for o in OPTIONS.values()))[1:]


def test_it_speaks_the_protocol_of_studio(form):
    assert form.cssselect(".editor-with-buttons")
    assert [said(button) for button in form.cssselect("button.save-button, button.cancel-button")] == ["Save", "Cancel"]


def test_a_new_component_has_the_defaults_and_nothing_is_chosen(form):
    assert control(form, "display_name").get("value") == "Live session"
    assert {option(form, field)["chosen"] for field in OPTION_OF_FIELD} == {False}
    assert "Default of your platform: Off" in said(row(form, "record"))


def test_what_the_author_chose_is_shown_beside_the_operator_s_default(desk, namespace):
    namespace["DEFAULTS"] = {"max_participants": 30, "record": True}
    desk.block.max_participants, desk.block.opens_at = 12, OPENS
    form = desk.page("studio_view")
    assert control(form, "max_participants").get("value") == "12"
    assert "Default of your platform: 30" in said(row(form, "max_participants"))
    assert option(form, "max_participants") | {"chosen": True, "default": 30} == option(form, "max_participants")
    assert option(form, "opens_at")["value"] == OPENS
    assert control(form, "record").get("checked") is not None
    assert not option(form, "record")["chosen"]


def test_what_the_operator_keeps_has_its_value_and_cannot_be_changed(desk, namespace):
    namespace |= {"LOCKED": ["record", "max_participants", "features_off"], "DEFAULTS": {"max_participants": 30}}
    desk.block.record, desk.block.max_participants = True, 5
    form = desk.page("studio_view")
    for field in ("record", "max_participants", "features_off"):
        assert "Set by your platform" in said(row(form, field))
        assert not row(form, field).cssselect(".bbb-reset")
        assert row(form, field).cssselect(":disabled, [disabled]")
    assert control(form, "max_participants").get("value") == "30"
    assert control(form, "record").get("checked") is None
    assert "Set by your platform" not in said(row(form, "welcome"))


def test_what_is_wrong_already_is_named_beside_its_field_and_kept(desk):
    desk.block.display_name, desk.block.max_participants = "T" * 300, -3
    form = desk.page("studio_view")
    assert control(form, "display_name").get("value") == "T" * 300
    for field in ("display_name", "max_participants"):
        error = row(form, field).cssselect(".bbb-error")[0]
        assert OPTION_OF_FIELD[field].label in said(error)
        assert error.get("hidden") is None
        assert option(form, field)["mend"]
    assert row(form, "welcome").cssselect(".bbb-error")[0].get("hidden") is not None


def test_the_script_learns_from_the_table_when_an_option_counts(form):
    assert option(form, "record_at_once")["when"] == [
        {"field": "kind", "values": ["all"]},
        {"field": "record", "values": []},
    ]
    order = list(OPTION_OF_FIELD)
    for field in order:
        asked = [condition["field"] for condition in option(form, field)["when"]]
        assert all(order.index(other) < order.index(field) for other in asked)


def test_markup_in_values_stays_text(desk):
    desk.block.display_name = desk.block.welcome = '"><script>alert(1)</script></textarea>'
    assert "<script>" not in desk.block.render("studio_view", None).content
    assert control(desk.page("studio_view"), "welcome").text.strip() == '"><script>alert(1)</script></textarea>'


def test_a_first_empty_line_of_a_text_is_kept(desk):
    desk.block.welcome = "\nsecond line"
    assert control(desk.page("studio_view"), "welcome").text.lstrip(" ") == "\n\nsecond line"


class TestPresets:
    def test_each_says_what_it_is_and_what_it_would_set(self, form):
        assert [said(each) for each in form.cssselect(".bbb-card-label")] == [
            "Your own settings",
            "Lecture",
            "Seminar",
            "Office hours",
            "Exam",
            "Group work",
        ]
        lecture = card(form, "lecture")
        assert json.loads(lecture.get("data-values"))["mute_on_start"] is True
        listed = [said(line) for line in lecture.cssselect("[data-field]")]
        assert "Mute microphones at the start On" in listed

    def test_each_has_words_for_every_number_of_changes(self, form):
        for each in form.cssselect(".bbb-card[data-values]"):
            counts = json.loads(each.get("data-counts"))
            assert len(counts) == len(json.loads(each.get("data-values"))) + 1
            assert counts[:3] == ["Changes nothing", "Changes 1 option", "Changes 2 options"]

    def test_they_never_mix(self, form):
        fields = {frozenset(json.loads(each.get("data-values"))) for each in form.cssselect(".bbb-card[data-values]")}
        assert len(fields) == 1
        assert json.loads(card(form, "seminar").get("data-values"))["lock_microphone"] is False

    def test_none_touches_what_the_operator_keeps(self, desk, namespace):
        namespace["LOCKED"] = ["record", "layout"]
        touched = [json.loads(each.get("data-values")) for each in desk.page("studio_view").cssselect("[data-values]")]
        assert all("mute_on_start" in values for values in touched)
        assert not [values for values in touched if {"record", "layout"} & set(values)]
        assert touched

    def test_what_a_preset_leaves_open_is_the_operator_s_default(self, desk, namespace):
        namespace["DEFAULTS"] = {"hide_people": True}
        form = desk.page("studio_view")
        assert json.loads(card(form, "lecture").get("data-values"))["hide_people"] is True

    def test_the_operator_adds_and_takes_away(self, desk, namespace):
        mine = {"LABEL": "Open <house>", "OPTIONS": {"who_leads": "everybody"}}
        namespace["PRESETS"] = {"exam": None, "open_house": mine}
        labels = [said(each) for each in desk.page("studio_view").cssselect(".bbb-card-label")]
        assert "Exam" not in labels
        assert "Open <house>" in labels

    def test_without_any_there_is_nothing_to_choose(self, desk, namespace):
        namespace["PRESETS"] = dict.fromkeys(["lecture", "seminar", "office_hours", "exam", "group_work"])
        assert desk.page("studio_view").cssselect("fieldset.bbb-presets[hidden]")


class TestPreview:
    def listed(self, desk):
        lines = desk.page("author_view").cssselect(".bbb-options div")
        return {said(line.cssselect("dt")[0]): said(line.cssselect("dd")[0]) for line in lines}

    def test_nothing_is_listed_while_everything_is_the_default(self, desk):
        assert self.listed(desk) == {}
        assert "as your platform has them" in said(desk.page("author_view"))

    def test_it_lists_what_differs_from_the_operator_s_default(self, desk, namespace):
        namespace |= {"DEFAULTS": {"mute_on_start": True}, "LOCKED": ["max_participants"]}
        block = desk.block
        block.record, block.mute_on_start, block.who_leads, block.max_participants = True, False, "everybody", 7
        assert self.listed(desk) == {
            "Allow recording": "On",
            "Mute microphones at the start": "Off",
            "Who leads": "Everybody",
        }

    def test_what_does_not_count_is_not_listed(self, desk):
        desk.block.record_at_once = True
        assert self.listed(desk) == {}

    def test_it_promises_a_room_only_where_there_is_one(self, desk):
        assert "a Join button" in said(desk.page("author_view"))
        desk.block.kind = "recordings"
        assert "a Join button" not in said(desk.page("author_view"))

    def test_times_can_be_read_by_the_script(self, desk):
        desk.block.opens_at = OPENS
        assert [time.get("datetime") for time in desk.page("author_view").cssselect("time")] == [OPENS]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@settings(max_examples=25)
@given(stored=st.dictionaries(st.sampled_from(sorted(OPTION_OF_FIELD)), JSON))
def test_whatever_a_course_file_holds_authors_get_their_pages(stored):
    desk = teacher(Platform(), studio=True, fields=stored)
    for row_of_form in desk.page("studio_view").cssselect(".bbb-row"):
        chosen = OPTION_OF_FIELD[row_of_form.get("data-field")]
        value = json.loads(row_of_form.get("data-option"))["value"]
        # What is written in lines of text may be wrong: the author sees it and the reason.
        in_lines = isinstance(value, str) or isinstance(chosen.kind, Files)
        assert in_lines or chosen.kind.problem(value) is None
    assert desk.page("author_view").cssselect(".bbb-xblock")


def test_in_a_library_the_editor_opens_all_the_same(platform):
    desk = teacher(platform, studio=True, course="library-v1:ExampleX+Shelf")
    assert len(desk.page("studio_view").cssselect(".bbb-row")) == len(OPTION_OF_FIELD)
