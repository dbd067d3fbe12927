"""Presets: ours are right, and the operator's are checked."""

import gettext

import pytest

from bbb_xblock import config
from bbb_xblock.domain import rules
from bbb_xblock.options import OPTIONS, presets
from bbb_xblock.options.presets import OURS, Preset, offered, preset_problem
from bbb_xblock.options.problems import default_problem

PLAIN = gettext.NullTranslations()
MINE = {"LABEL": "Orientation", "LINE": "New learners meet the team.", "OPTIONS": {"record": True}}
COURSE = "course-v1:ExampleX+Physics+2026"


@pytest.mark.parametrize("slug", OURS)
def test_ours_hold_only_options_with_values_that_are_right(slug):
    assert OURS[slug].options
    assert {name: default_problem(name, value) for name, value in OURS[slug].options.items()} == dict.fromkeys(
        OURS[slug].options, ""
    )


@pytest.mark.parametrize("slug", OURS)
def test_everything_that_ours_set_counts_in_the_session_that_comes_out(slug):
    options = rules.session_options(OURS[slug].options, {}, frozenset())
    for name, value in OURS[slug].options.items():
        assert OPTIONS[name].kind.plain(getattr(options, name)) == OPTIONS[name].kind.plain(value)


def test_each_of_ours_makes_another_session():
    made = [rules.session_options(preset.options, {}, frozenset()) for preset in OURS.values()]
    assert len({repr(options) for options in made}) == len(OURS)


@pytest.mark.parametrize("slug", OURS)
def test_ours_have_a_label_and_one_plain_line(slug):
    assert OURS[slug].label and not OURS[slug].label.endswith(".")
    assert OURS[slug].line.endswith(".") and "\n" not in OURS[slug].line


@pytest.mark.parametrize("given", [None, MINE, {"LABEL": "Short", "OPTIONS": {"max_participants": 3}}])
def test_right_presets_have_no_problem(given):
    assert preset_problem(given) == ""


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (7, "dictionary"),
        ([], "dictionary"),
        (MINE | {"COLOUR": "red"}, "LABEL, LINE, OPTIONS"),
        (MINE | {"LABEL": ""}, "LABEL"),
        (MINE | {"LABEL": 7}, "LABEL"),
        (MINE | {"LINE": None}, "LINE"),
        (MINE | {"OPTIONS": {}}, "OPTIONS"),
        (MINE | {"OPTIONS": ["record"]}, "OPTIONS"),
        ({"LABEL": "Empty"}, "OPTIONS"),
        (MINE | {"OPTIONS": {"recrod": True}}, "recrod"),
        (MINE | {"OPTIONS": {"record": "yes"}}, "record"),
    ],
    ids=repr,
)
def test_the_problem_of_a_wrong_preset_says_where_to_look(given, named):
    assert named in preset_problem(given)


def test_the_operator_s_come_after_ours_and_may_replace_or_take_away_ours():
    found = offered({"exam": None, "seminar": MINE, "orientation": MINE})
    assert list(found) == ["lecture", "seminar", "office_hours", "group_work", "orientation"]
    assert found["seminar"] == Preset(label="Orientation", line="New learners meet the team.", options={"record": True})


def test_a_stronger_layer_brings_back_what_a_weaker_one_took_away_and_wrong_ones_are_left_out(settings):
    settings.XBLOCK_SETTINGS = {
        "bbb": {
            "PRESETS": {"exam": None, "lecture": None, "broken": {"LABEL": "No options"}, 7: MINE},
            "ORGS": {"ExampleX": {"PRESETS": {"orientation": MINE}}},
            "COURSES": {COURSE: {"PRESETS": {"exam": MINE}}},
        }
    }
    assert set(config.for_course(COURSE).presets) == {
        "seminar",
        "office_hours",
        "group_work",
        "orientation",
        "exam",
    }
    assert "exam" not in config.for_course("course-v1:Other+C+R").presets


def test_without_a_setting_there_are_ours():
    assert offered({}) == dict(presets.OURS)
