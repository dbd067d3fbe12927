"""The table of options agrees with itself and with the platform."""

from dataclasses import fields

import pytest
from xblock.core import XBlock

from bbb_xblock.block import BigBlueButtonXBlock
from bbb_xblock.fields import SessionFields
from bbb_xblock.options import OPTIONS, SessionOptions
from bbb_xblock.options.choices import Group, Labelled
from bbb_xblock.options.kinds import Choice, Choices
from bbb_xblock.options.problems import default_problem, problems_of
from bbb_xblock.options.table import to_remember

# Fields which the platform mixes into every block, and which mean something there: edx-platform
# xmodule/modulestore/inheritance.py, lms/djangoapps/lms_xblock/mixin.py, cms/lib/xblock/*.py.
_NAMES = """
graded start due end weight relative_weeks_due visible_to_staff_only course_edit_method giturl xqa_key graceperiod
group_access showanswer show_correctness rerandomize days_early_for_beta static_asset_path max_attempts
user_partitions show_reset_button edxnotes edxnotes_visibility in_entrance_exam self_paced hide_from_toc
use_latex_compiler video_auto_advance video_speed_optimizations video_bumper text_customization invitation_only format
chrome default_tab source_file ispublic merge_group_access xml_attributes copied_from_block upstream upstream_version
upstream_version_available upstream_version_declined downstream_customized tags parent children name location category
url_name edited_on edited_by
"""
OF_THE_PLATFORM = frozenset(_NAMES.split())


@pytest.mark.parametrize("option", OPTIONS.values(), ids=OPTIONS)
class TestEachOption:
    def test_the_default_is_right(self, option):
        assert option.kind.problem(option.kind.plain(option.default)) is None
        assert option.kind.usable(option.kind.plain(option.default), option.default) == option.default

    def test_the_field_takes_no_name_that_means_something_to_the_platform(self, option):
        assert option.field_name not in OF_THE_PLATFORM
        assert not hasattr(XBlock, option.field_name)

    def test_the_field_takes_no_name_of_the_block_s_own_parts(self, option):
        parts = [part for part in BigBlueButtonXBlock.__mro__ if part is not SessionFields]
        assert not [part for part in parts if option.field_name in vars(part)]

    def test_it_has_a_label_and_a_line_of_help(self, option):
        assert option.label and not option.label.endswith(".")
        assert option.help.endswith(".")
        assert "{" not in option.label + option.help

    def test_its_conditions_name_options_further_up_and_values_that_these_can_have(self, option):
        above = list(OPTIONS)[: list(OPTIONS).index(option.name)]
        for condition in option.when:
            assert condition.option in above
            kind = OPTIONS[condition.option].kind
            assert not condition.values or set(condition.values) <= set(kind.among)


def test_what_applies_to_a_session_are_the_options_of_the_table():
    assert {field.name for field in fields(SessionOptions)} == set(OPTIONS)


@pytest.mark.parametrize("group", Group)
def test_every_group_has_options(group):
    assert [option for option in OPTIONS.values() if option.group is group]


def test_the_first_screen_is_small():
    basics = [option.name for option in OPTIONS.values() if option.group is Group.BASICS]
    assert basics == ["title", "kind", "opens_at", "closes_at", "who_leads"]


def test_labels_tell_options_and_choices_apart():
    labels = [option.label for option in OPTIONS.values()]
    assert len(set(labels)) == len(labels)
    lists: set[type[Labelled]] = {
        each.kind.among for each in OPTIONS.values() if isinstance(each.kind, Choice | Choices)
    }
    for among in lists | {Group}:
        assert len({choice.label for choice in among}) == len(among)


def test_the_defaults_are_a_session_for_everybody_of_the_course():
    assert to_remember(SessionOptions()) == {}
    assert [problem for _, problem in problems_of({})] == []


@pytest.mark.parametrize(("name", "value"), [("record", "yes"), ("volume", 11), (7, 7), ("max_participants", -1)])
def test_a_wrong_default_of_the_operator_is_told(name, value):
    assert default_problem(name, value).endswith(".")


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "wrong"),
    [
        ("2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z", []),
        ("2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z", ["closes_at"]),
        ("2026-11-24T12:00:00Z", "2026-11-24T12:30:00+01:00", ["closes_at"]),
        ("", "2026-11-24T13:00:00Z", []),
        ("2026-11-24T12:00:00Z", "", []),
        ("later", "2026-11-24T13:00:00Z", ["opens_at"]),
    ],
)
def test_a_session_closes_after_it_has_opened(opens_at, closes_at, wrong):
    found = problems_of({"opens_at": opens_at, "closes_at": closes_at})
    assert [option.name for option, _ in found] == wrong
