"""The layers of a course: which value counts, and which layer decides."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock import config
from bbb_xblock.knobs import Knobs

COURSE = "course-v1:ExampleX+Physics+2026"


def course() -> config.CourseConfig:
    return config.for_course(COURSE)


def test_the_course_beats_the_organisation_which_beats_the_top_level_key_by_key(bucket):
    bucket |= {
        "POLL_SECONDS": 20,
        "STATUS_SECONDS": 7,
        "READ_TIMEOUT": 4,
        "ORGS": {"ExampleX": {"SERVER": "orgx", "STATUS_SECONDS": 8, "READ_TIMEOUT": 6}},
        "COURSES": {COURSE: {"READ_TIMEOUT": 9}},
    }
    assert course().servers == ("orgx",)
    assert (course().knobs.poll_seconds, course().knobs.status_seconds, course().knobs.read_timeout) == (20, 8, 9)


def test_another_organisation_and_course_are_left_alone(bucket):
    bucket |= {"ORGS": {"OtherX": {"SERVER": "other"}}, "COURSES": {"course-v1:OtherX+A+1": {"SERVER": "other"}}}
    assert course().servers == ("main",)


def test_a_longer_pattern_beats_a_shorter_one_and_the_full_key_beats_both(bucket):
    bucket["COURSES"] = {
        "course-v1:ExampleX+Phys*": {"SERVER": "long", "POLL_SECONDS": 30},
        "course-v1:*": {"SERVER": "short", "POLL_SECONDS": 40, "STATUS_SECONDS": 9},
        COURSE: {"SERVER": "exact"},
    }
    assert course().servers == ("exact",)
    assert (course().knobs.poll_seconds, course().knobs.status_seconds) == (30, 9)


def test_a_pattern_for_other_courses_does_not_count(bucket):
    bucket["COURSES"] = {"course-v1:ExampleX+Chem*": {"SERVER": "chemistry"}, 7: {"SERVER": "number"}}
    assert course().servers == ("main",)


def test_defaults_of_the_layers_are_merged_option_by_option(bucket):
    bucket |= {"DEFAULTS": {"record": True, "welcome": "Hello"}, "ORGS": {"ExampleX": {"DEFAULTS": {"welcome": "Hi"}}}}
    assert course().defaults == {"record": True, "welcome": "Hi"}


def test_a_wrong_value_in_a_stronger_layer_does_not_hide_a_right_one_below(bucket):
    bucket |= {"READ_TIMEOUT": 9, "LOCKED": ["record"], "DEFAULTS": {"record": True}}
    bucket["COURSES"] = {COURSE: {"READ_TIMEOUT": "x", "LOCKED": "record", "SERVER": 7, "DEFAULTS": {"record": "no"}}}
    assert (course().knobs.read_timeout, course().servers) == (9, ("main",))
    assert (course().locked, course().defaults) == ({"record"}, {"record": True})


@pytest.mark.parametrize("value", [0.1, 60])
def test_the_limits_of_a_knob_are_allowed_themselves(bucket, value):
    bucket["READ_TIMEOUT"] = value
    assert course().knobs.read_timeout == value


def test_a_course_may_unlock_what_the_site_locks(bucket):
    bucket |= {"LOCKED": ["record"], "COURSES": {COURSE: {"LOCKED": []}}}
    assert course().locked == frozenset()
    assert config.for_course("course-v1:OtherX+A+1").locked == {"record"}


def test_a_list_of_servers_keeps_its_order(bucket):
    bucket["SERVER"] = ["b", "a", 7, ""]
    assert course().servers == ("b", "a")


@pytest.mark.parametrize("wrong", [None, "", 7, [], {"a": 1}], ids=repr)
def test_a_server_that_is_no_slug_chooses_none(bucket, wrong):
    bucket["SERVER"] = wrong
    assert course().servers == ()


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("READ_TIMEOUT", "5"),
        ("READ_TIMEOUT", 0),
        ("READ_TIMEOUT", True),
        ("STATUS_SECONDS", 2.5),
        ("STATUS_SECONDS", 301),
        ("ENABLED", "yes"),
        ("ENABLED", 1),
    ],
)
def test_a_knob_of_the_wrong_type_or_size_keeps_its_default(bucket, key, wrong):
    bucket[key] = wrong
    assert getattr(course().knobs, key.lower()) == getattr(Knobs(), key.lower())


def test_a_switched_off_course_is_switched_off(bucket):
    bucket["COURSES"] = {COURSE: {"ENABLED": False}}
    assert course().knobs.enabled is False


def test_it_is_told_which_layer_decides_what(bucket):
    bucket |= {
        "READ_TIMEOUT": 5,
        "POLL_SECONDS": "wrong",
        "DEFAULTS": {"record": True, "mute_on_start": True},
        "ORGS": {
            "ExampleX": {"SERVER": ["second"], "READ_TIMEOUT": 6, "LOCKED": ["record"]},
            "Other": {"ENABLED": False},
        },
        "COURSES": {"course-v1:ExampleX+*": {"DEFAULTS": {"record": False}, "SERVER": []}, COURSE: {"READ_TIMEOUT": 7}},
    }
    assert config.decisions(COURSE) == {
        "SERVER": "ORGS['ExampleX']",
        "LOCKED": "ORGS['ExampleX']",
        "READ_TIMEOUT": f"COURSES['{COURSE}']",
        "DEFAULTS['record']": "COURSES['course-v1:ExampleX+*']",
        "DEFAULTS['mute_on_start']": "The top level",
    }
    assert config.decisions("course-v1:Other+Physics+2026")["ENABLED"] == "ORGS['Other']"


def test_of_presets_it_is_told_too_unless_they_cannot_be_used(bucket):
    good = {"LABEL": "Exam", "OPTIONS": {"lock_microphone": True}}
    bucket |= {"PRESETS": {"exam": good, "odd": {"LABEL": 1}}, "ORGS": {"ExampleX": {"PRESETS": {"exam": good}}}}
    assert config.decisions(COURSE) == {"SERVER": "The top level", "PRESETS['exam']": "ORGS['ExampleX']"}


def test_outside_of_courses_the_top_level_counts_alone(bucket):
    bucket |= {"READ_TIMEOUT": 5, "ORGS": {"": {"READ_TIMEOUT": 6}}, "COURSES": {"*": {"READ_TIMEOUT": 7}}}
    assert config.for_site().knobs.read_timeout == 5


def test_what_decides_is_what_counts(bucket):
    bucket["COURSES"] = {"course-v1:ExampleX+*": {"READ_TIMEOUT": 6}, "course-v1:*": {"READ_TIMEOUT": 7}}
    assert config.decisions(COURSE)["READ_TIMEOUT"] == "COURSES['course-v1:ExampleX+*']"
    assert course().knobs.read_timeout == 6


@pytest.mark.parametrize(
    ("set_here", "of_django", "counts"),
    [
        ("Europe/Berlin", "Asia/Tokyo", "Europe/Berlin"),
        ("", "Asia/Tokyo", "Asia/Tokyo"),
        (None, "Asia/Tokyo", "Asia/Tokyo"),
        ("", "", "UTC"),
    ],
)
def test_the_clocks_of_a_course_are_the_operator_s_choice_else_django_s(bucket, set_here, of_django, counts):
    bucket["COURSES"] = {COURSE: {"TIME_ZONE": set_here}}
    with override_settings(TIME_ZONE=of_django):
        assert course().zone.key == counts


@given(
    st.text() | st.sampled_from(["Europe", "../UTC", "/etc/localtime", "Europe/Berlin\0", "x" * 5000, "\udc80", "."])
)
def test_what_is_no_zone_never_counts(name):
    with override_settings(XBLOCK_SETTINGS={"bbb": {"TIME_ZONE": name}}, TIME_ZONE="UTC"):
        assert course().zone.key in ("UTC", name)


@pytest.mark.parametrize("wrong", ["Berlin", "Europe", "europe/ berlin", "../UTC", "/etc/localtime", 7, True, ["UTC"]])
def test_a_wrong_zone_keeps_django_s(bucket, wrong):
    bucket["TIME_ZONE"] = wrong
    with override_settings(TIME_ZONE="Asia/Tokyo"):
        assert course().zone.key == "Asia/Tokyo"


@pytest.mark.parametrize("wrong", [None, [], "text", 7], ids=repr)
def test_a_namespace_of_the_wrong_type_counts_as_empty(settings, wrong):
    settings.XBLOCK_SETTINGS = {"bbb": wrong}
    assert config.namespace() == {}
    assert course().servers == ()


def test_without_any_xblock_settings_nothing_breaks(settings):
    del settings.XBLOCK_SETTINGS
    assert course().servers == ()
