"""The settings namespace: layers, servers, secrets, knobs."""

from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock import config
from bbb_xblock.bbb import Algorithm
from bbb_xblock.knobs import Knobs

COURSE = "course-v1:ExampleX+Physics+2026"


@pytest.fixture
def bucket(settings: Any) -> dict[str, Any]:
    """A namespace with one good server."""
    namespace: dict[str, Any] = {
        "SERVERS": {"main": {"URL": "https://bbb.example.org/bigbluebutton/", "SECRET": "quiet"}},
        "SERVER": "main",
    }
    settings.XBLOCK_SETTINGS = {"bbb": namespace}
    settings.DEBUG = False
    return namespace


def course() -> config.CourseConfig:
    return config.for_course(COURSE, "ExampleX")


def finding(slug: str = "main") -> str:
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint(slug)
    return caught.value.check_id


def test_a_server_is_read_with_the_default_checksum(bucket):
    endpoint = config.endpoint("main")
    assert endpoint.url == "https://bbb.example.org/bigbluebutton/api/"
    assert endpoint.secret.reveal() == "quiet"
    assert endpoint.algorithm is Algorithm.SHA256


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


def test_the_weight_of_a_server_is_read_and_a_wrong_one_counts_as_one(bucket):
    entry = bucket["SERVERS"]["main"]
    for capacity, weight in ((None, 1.0), (0.5, 0.5), (3, 3.0), (0, 1.0), ("much", 1.0), (True, 1.0)):
        entry["CAPACITY"] = capacity
        assert config.capacity("main") == weight
    assert config.capacity("nowhere") == 1.0


def test_a_secret_file_counts_before_a_variable_and_a_variable_before_a_value(bucket, tmp_path, monkeypatch):
    file = tmp_path / "secret"
    file.write_text("file")
    monkeypatch.setenv("BBB_TEST_SECRET_OF_MAIN", "variable")
    entry = bucket["SERVERS"]["main"]
    entry |= {"SECRET": "value", "SECRET_ENV": "BBB_TEST_SECRET_OF_MAIN", "SECRET_FILE": str(file)}
    assert config.endpoint("main").secret.reveal() == "file"
    del entry["SECRET_FILE"]
    assert config.endpoint("main").secret.reveal() == "variable"


@pytest.mark.parametrize("value", [0.1, 60])
def test_the_limits_of_a_knob_are_allowed_themselves(bucket, value):
    bucket["READ_TIMEOUT"] = value
    assert course().knobs.read_timeout == value


def test_a_course_may_unlock_what_the_site_locks(bucket):
    bucket |= {"LOCKED": ["record"], "COURSES": {COURSE: {"LOCKED": []}}}
    assert course().locked == frozenset()
    assert config.for_course("course-v1:OtherX+A+1", "OtherX").locked == {"record"}


def test_a_list_of_servers_keeps_its_order(bucket):
    bucket["SERVER"] = ["b", "a", 7, ""]
    assert course().servers == ("b", "a")


@pytest.mark.parametrize("wrong", [None, "", 7, [], {"a": 1}], ids=repr)
def test_a_server_that_is_no_slug_chooses_none(bucket, wrong):
    bucket["SERVER"] = wrong
    assert course().servers == ()


@pytest.mark.parametrize("wrong", [None, [], "text", 7], ids=repr)
def test_a_namespace_of_the_wrong_type_counts_as_empty(settings, wrong):
    settings.XBLOCK_SETTINGS = {"bbb": wrong}
    assert config.namespace() == {}
    assert course().servers == ()


def test_without_any_xblock_settings_nothing_breaks(settings):
    del settings.XBLOCK_SETTINGS
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


def test_the_time_outs_of_the_course_reach_the_endpoint(bucket):
    bucket["COURSES"] = {COURSE: {"READ_TIMEOUT": 2, "CONNECT_TIMEOUT": 1.5}}
    endpoint = config.endpoint("main", course().knobs)
    assert (endpoint.connect_timeout, endpoint.read_timeout) == (1.5, 2)


@pytest.mark.parametrize("entry", [None, [], "https://bbb.example.org", 7], ids=repr)
def test_an_unknown_server_and_one_that_is_no_dictionary_are_told_apart(bucket, entry):
    bucket["SERVERS"] = {"main": entry}
    assert finding() == "E001"
    assert finding("nowhere") == "E002"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ({"SECRET_FILE": "/nowhere/at/all"}, "does not exist"),
        ({"SECRET_FILE": "/"}, "cannot be read as text"),
        ({"SECRET_ENV": "BBB_TEST_NO_SUCH_VARIABLE"}, "not set"),
        ({"SECRET": "  "}, "empty"),
    ],
    ids=repr,
)
def test_why_a_secret_cannot_be_read_is_told(bucket, source, problem):
    bucket["SERVERS"]["main"] = {"URL": "https://bbb.example.org/", **source}
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint("main")
    assert problem in caught.value.hint


@pytest.mark.parametrize("key", ["SECRET_ENV", "SECRET_FILE"])
@pytest.mark.parametrize(
    "meant",
    [
        "what-was-meant-as-the-secret",
        # In base64 a secret may begin with a slash.
        "/Kc3q8Zb1s0+hVt7Yp2m/A9xWuJ5nE4rQ6dLgFiOoTM=",
        "/Kc3q8Zb1s0AhVt7Yp2mAA9xWuJ5nE4rQ6dLgFiOoTMq",
    ],
)
def test_a_secret_that_stands_where_its_place_belongs_is_not_repeated(bucket, key, meant):
    bucket["SERVERS"]["main"] = {"URL": "https://bbb.example.org/", key: meant}
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint("main")
    assert key in str(caught.value)
    assert meant not in f"{caught.value} {caught.value.hint}"


def test_the_path_of_a_secret_s_file_is_told(bucket):
    bucket["SERVERS"]["main"] = {"URL": "https://bbb.example.org/", "SECRET_FILE": "/nowhere/at/all"}
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint("main")
    assert "/nowhere/at/all" in str(caught.value)


def test_a_secret_file_that_may_not_be_read_is_told(bucket, tmp_path, monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    bucket["SERVERS"]["main"]["SECRET_FILE"] = str(tmp_path / "secret")
    with pytest.raises(config.NotConfigured) as caught:
        config.endpoint("main")
    assert "may not be read" in caught.value.hint


@pytest.mark.parametrize("servers", [None, [], "text"], ids=repr)
def test_a_table_of_servers_of_the_wrong_type_is_found(bucket, servers):
    bucket["SERVERS"] = servers
    assert finding() == "E002"


@pytest.mark.parametrize("url", ["", None, "ftp://bbb.example.org/", "bbb.example.org", 7], ids=repr)
def test_an_address_that_is_not_http_is_found(bucket, url):
    bucket["SERVERS"]["main"]["URL"] = url
    assert finding() == "E005"


@pytest.mark.parametrize(
    "url",
    [
        "https://bbb.example.org/bigbluebutton/",
        "https://bbb.example.org/bigbluebutton",
        "https://bbb.example.org/bigbluebutton/api",
        "https://bbb.example.org/bigbluebutton/api/",
        "https://bbb.example.org",
        "    URL: https://bbb.example.org/bigbluebutton/\n",
    ],
)
def test_every_form_that_bbb_conf_prints_is_taken(bucket, url):
    bucket["SERVERS"]["main"]["URL"] = url
    assert config.endpoint("main").url == "https://bbb.example.org/bigbluebutton/api/"


def test_plain_http_is_refused_outside_debug(bucket, settings):
    bucket["SERVERS"]["main"]["URL"] = "http://bbb.example.org/bigbluebutton/"
    assert finding() == "E006"
    settings.DEBUG = True
    assert config.endpoint("main").url.startswith("http://bbb")


@pytest.mark.parametrize("host", ["127.0.0.1:8090", "localhost:8090", "[::1]:8090"])
def test_plain_http_to_the_same_machine_is_fine(bucket, host):
    bucket["SERVERS"]["main"]["URL"] = f"http://{host}/bigbluebutton/"
    assert host in config.endpoint("main").url


@pytest.mark.parametrize("checksum", ["md5", "", None, 256], ids=repr)
def test_an_unknown_checksum_is_found(bucket, checksum):
    bucket["SERVERS"]["main"]["CHECKSUM"] = checksum
    assert finding() == "E007"


def test_a_known_checksum_is_used(bucket):
    bucket["SERVERS"]["main"]["CHECKSUM"] = "sha512"
    assert config.endpoint("main").algorithm is Algorithm.SHA512


def test_a_secret_comes_from_a_file_without_the_white_space_around_it(bucket, tmp_path):
    file = tmp_path / "secret"
    file.write_text("  from the file\n")
    bucket["SERVERS"]["main"]["SECRET_FILE"] = str(file)
    assert config.endpoint("main").secret.reveal() == "from the file"


def test_a_changed_secret_file_is_seen_at_once(bucket, tmp_path):
    file = tmp_path / "secret"
    bucket["SERVERS"]["main"]["SECRET_FILE"] = str(file)
    file.write_text("old")
    assert config.endpoint("main").secret.reveal() == "old"
    file.write_text("new")
    assert config.endpoint("main").secret.reveal() == "new"


def test_a_secret_comes_from_the_environment(bucket, monkeypatch):
    monkeypatch.setenv("BBB_TEST_SECRET_OF_MAIN", "from the environment")
    bucket["SERVERS"]["main"] |= {"SECRET": "", "SECRET_ENV": "BBB_TEST_SECRET_OF_MAIN"}
    assert config.endpoint("main").secret.reveal() == "from the environment"


def test_a_server_without_a_secret_is_found(bucket):
    del bucket["SERVERS"]["main"]["SECRET"]
    assert finding() == "E003"


@pytest.mark.parametrize("binary", [b"\xff\xfe\x00", b"", b" \n"], ids=repr)
def test_a_secret_file_without_text_is_found(bucket, tmp_path, binary):
    file = tmp_path / "secret"
    file.write_bytes(binary)
    bucket["SERVERS"]["main"]["SECRET_FILE"] = str(file)
    assert finding() == "E004"


@pytest.mark.parametrize(
    "source",
    [
        {"SECRET_FILE": "/nowhere/at/all"},
        {"SECRET_FILE": "/"},
        {"SECRET_FILE": "\0"},
        {"SECRET_ENV": "BBB_TEST_NO_SUCH_VARIABLE"},
        {"SECRET": 123456},
        {"SECRET": "   "},
    ],
    ids=repr,
)
def test_a_secret_that_cannot_be_read_is_found(bucket, source):
    del bucket["SERVERS"]["main"]["SECRET"]
    bucket["SERVERS"]["main"] |= source
    assert finding() == "E004"


@given(secret=st.text(min_size=6).filter(str.strip), url=st.text(), checksum=st.text())
def test_no_finding_ever_holds_the_secret_or_the_address(secret, url, checksum):
    entry = {"URL": url, "SECRET": secret, "CHECKSUM": checksum}
    with override_settings(XBLOCK_SETTINGS={"bbb": {"SERVERS": {"main": entry}}}):
        try:
            said = repr(config.endpoint("main"))
        except config.NotConfigured as problem:
            said = f"{problem} {problem.hint}"
    for hidden in (secret, url):
        assert len(hidden.strip()) < 6 or hidden.strip() not in said


@pytest.mark.parametrize(
    ("given_state", "state"),
    [(None, "active"), ("draining", "draining"), ("recordings", "recordings"), ("off", "off"), ("asleep", "off")],
)
def test_the_state_of_a_server_is_read_and_an_unknown_word_means_off(bucket, given_state, state):
    if given_state:
        bucket["SERVERS"]["main"]["STATE"] = given_state
    assert config.server_state("main").value == state


def test_the_site_is_told_apart_by_its_name_else_by_its_address(bucket, settings):
    settings.LMS_ROOT_URL = "https://lms.example.org/"
    assert config.site_salt() == "https://lms.example.org"
    for site, salt in (("our-site", "our-site"), ("", "https://lms.example.org"), (["x"], "https://lms.example.org")):
        bucket["SITE"] = site
        assert config.site_salt() == salt


def test_a_missing_lms_address_is_an_empty_text(bucket, settings):
    settings.LMS_ROOT_URL = None
    assert config.lms_root() == ""


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
    assert config.decisions(COURSE, "ExampleX") == {
        "SERVER": "ORGS['ExampleX']",
        "LOCKED": "ORGS['ExampleX']",
        "READ_TIMEOUT": f"COURSES['{COURSE}']",
        "DEFAULTS['record']": "COURSES['course-v1:ExampleX+*']",
        "DEFAULTS['mute_on_start']": "The top level",
    }
    assert config.decisions("course-v1:Other+Physics+2026", "Other")["ENABLED"] == "ORGS['Other']"


def test_of_presets_it_is_told_too_unless_they_cannot_be_used(bucket):
    good = {"LABEL": "Exam", "OPTIONS": {"lock_microphone": True}}
    bucket |= {"PRESETS": {"exam": good, "odd": {"LABEL": 1}}, "ORGS": {"ExampleX": {"PRESETS": {"exam": good}}}}
    assert config.decisions(COURSE, "ExampleX") == {"SERVER": "The top level", "PRESETS['exam']": "ORGS['ExampleX']"}


def test_outside_of_courses_the_top_level_counts_alone(bucket):
    bucket |= {"READ_TIMEOUT": 5, "ORGS": {"": {"READ_TIMEOUT": 6}}, "COURSES": {"*": {"READ_TIMEOUT": 7}}}
    assert config.for_site().knobs.read_timeout == 5


def test_what_decides_is_what_counts(bucket):
    bucket["COURSES"] = {"course-v1:ExampleX+*": {"READ_TIMEOUT": 6}, "course-v1:*": {"READ_TIMEOUT": 7}}
    assert config.decisions(COURSE, "ExampleX")["READ_TIMEOUT"] == "COURSES['course-v1:ExampleX+*']"
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
