"""From the keys BBB_… to the namespace that docs/configuration.md describes."""

import datetime
import pprint
import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tutor.exceptions import TutorError
from tutorbbb import values
from tutorbbb.values import namespace

from bbb_xblock import config
from tests.conftest import SECRET, URL

OWN = {"SERVERS", "SERVER", "ORGS", "COURSES", "DEFAULTS", "LOCKED"}


def test_nothing_set_gives_nothing():
    assert namespace({}) == {}
    assert namespace(dict(values.DEFAULTS)) == {}
    assert namespace(dict.fromkeys(values.DEFAULTS)) == {}


def test_what_bbb_conf_prints_makes_the_server_main_which_all_courses_use():
    found = namespace({"BBB_URL": URL, "BBB_SECRET": SECRET})
    assert found == {"SERVERS": {"main": {"URL": URL, "SECRET": SECRET}}, "SERVER": "main"}


def test_a_secret_may_be_given_by_file():
    found = namespace({"BBB_URL": URL, "BBB_SECRET_FILE": "/openedx/bbb-secrets/main"})
    assert found["SERVERS"]["main"] == {"URL": URL, "SECRET_FILE": "/openedx/bbb-secrets/main"}


def test_the_table_of_servers_completes_the_server_main():
    found = namespace({"BBB_URL": URL, "BBB_SERVERS": {"main": {"CHECKSUM": "sha512"}, "b": {"URL": "https://b"}}})
    assert found["SERVERS"] == {"main": {"CHECKSUM": "sha512", "URL": URL}, "b": {"URL": "https://b"}}


def test_the_configuration_itself_is_not_changed():
    given_servers = {"main": {"CHECKSUM": "sha512"}}
    namespace({"BBB_URL": URL, "BBB_SERVERS": given_servers})
    assert given_servers == {"main": {"CHECKSUM": "sha512"}}


def test_several_servers_make_a_pool():
    found = namespace({"BBB_SERVERS": {"a": {}, "b": {}}, "BBB_SERVER": ["a", "b"]})
    assert found["SERVER"] == ["a", "b"]


@pytest.mark.parametrize("key", sorted(OWN - {"SERVER"}))
def test_the_other_keys_arrive_under_their_name(key):
    value = ["record"] if key == "LOCKED" else {"x": {"y": 1}}
    assert namespace({f"BBB_{key}": value}) == {key: value}


@pytest.mark.parametrize("key", sorted(config.TOP_KEYS))
def test_every_key_of_the_block_can_be_set(key):
    assert namespace({"BBB_SETTINGS": {key: "x"}}) == {key: "x"}


def test_the_keys_with_a_name_of_their_own_are_keys_of_the_block():
    assert OWN <= config.TOP_KEYS
    shortcuts = {"BBB_URL", "BBB_SECRET", "BBB_SECRET_FILE", "BBB_SETTINGS"}
    assert set(values.DEFAULTS) == shortcuts | {f"BBB_{key}" for key in OWN}
    assert {"URL", "SECRET", "SECRET_FILE"} <= config.SERVER_KEYS


def test_a_key_with_a_name_of_its_own_beats_the_same_key_among_the_settings():
    assert namespace({"BBB_LOCKED": ["record"], "BBB_SETTINGS": {"LOCKED": []}}) == {"LOCKED": ["record"]}


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"BBB_URL": 1}, "BBB_URL must be a text, and it is a number. Put it in quotes."),
        ({"BBB_SERVERS": [URL]}, "BBB_SERVERS must be a dictionary, and it is a list."),
        ({"BBB_SERVERS": {"a": URL}}, "BBB_SERVERS: what stands under 'a' must be a dictionary, and it is a text."),
        ({"BBB_SERVERS": {1: {}}}, "BBB_SERVERS: the key 1 is a number. Put it in quotes."),
        ({"BBB_SERVER": 7}, "BBB_SERVER must be a text or a list, and it is a number. Put it in quotes."),
        ({"BBB_LOCKED": "record"}, "BBB_LOCKED must be a list, and it is a text."),
        ({"BBB_ORGS": {"X": None}}, "BBB_ORGS: what stands under 'X' must be a dictionary, and it is nothing."),
        (
            {"BBB_SETTINGS": {"SITE": datetime.date(2026, 1, 1)}},
            "BBB_SETTINGS: SITE is of the type date, which the settings cannot hold. Put it in quotes.",
        ),
        (
            {"BBB_SETTINGS": {"READ_TIMEOUT": float("inf")}},
            "BBB_SETTINGS: READ_TIMEOUT is no finite number, which the settings cannot hold. Put it in quotes.",
        ),
    ],
)
def test_a_value_of_another_type_is_refused_with_a_sentence(config, sentence):
    with pytest.raises(TutorError) as refused:
        namespace(config)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("secret", [83, True, ["a"], datetime.date(2026, 1, 1), "two\nlines"])
@pytest.mark.parametrize("place", ["BBB_SECRET", "server", "previous"])
def test_a_secret_that_is_not_one_line_of_text_is_refused_wherever_it_stands(secret, place):
    config = {
        "BBB_SECRET": {"BBB_SECRET": secret},
        "server": {"BBB_SERVERS": {"a": {"SECRET": secret}}},
        "previous": {"BBB_SERVERS": {"a": {"PREVIOUS_SECRETS": [{"SECRET": secret}]}}},
    }[place]
    with pytest.raises(TutorError, match=r"SECRET (must be a text|has more than one line)") as refused:
        namespace(config)
    assert str(secret) not in str(refused.value)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NAMES,
    lambda inner: st.lists(inner) | st.dictionaries(NAMES.filter(lambda name: not name.endswith("SECRET")), inner),
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["SITE", "POLL_SECONDS", "NAME_POLICY"]), ANYTHING))
def test_whatever_is_taken_comes_out_of_the_settings_as_it_went_in(given_settings):
    written = pprint.pformat(namespace({"BBB_SETTINGS": given_settings}))
    assert eval(written, {"__builtins__": {}}) == given_settings  # noqa: S307 as the platform does


@pytest.mark.parametrize(
    "requirement", ["bbb-xblock", "bbb-xblock @ git+https://git.example.org/bbb_xblock@v0.1.0", "/mnt/it's here"]
)
def test_what_pip_installs_is_one_word_for_the_shell(requirement):
    assert shlex.split(values.shell_word(requirement)) == [requirement]


@pytest.mark.parametrize("requirement", [7, "", "a\nRUN true", ["bbb-xblock"]])
def test_what_is_no_requirement_does_not_get_into_the_build(requirement):
    with pytest.raises(TutorError, match="BBB_REQUIREMENT must be one requirement"):
        values.shell_word(requirement)
