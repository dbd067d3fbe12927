"""Secrets come out as they were typed, or are refused before anything is saved."""

import sys
from importlib.resources import files
from unittest import mock

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tutor import env, serialize
from tutor.exceptions import TutorError
from tutorbbb import typed, values

from tests.conftest import SECRET
from tests.platform import settings_of

PATCH = (files("tutorbbb") / "patches/openedx-common-settings").read_text("utf-8")
ARRIVE = [
    SECRET,
    "with'quote",
    'with"double"quotes',
    "back\\slash\\n",
    "hash#inside",
    "#hash-first",
    "per%cent $dollar `tick`",
    "closing}}and%}and#}",
    "  spaces around  ",
    "ünïcödé-雪",
    "0899",
]
REFUSED = [
    "{{",
    "a{{ LMS_HOST }}b",
    "a{% raw %}b",
    "a{#b#}c",
    "12345678",
    "0123",
    "a #b",
    "yes",
    "~",
    "*a",
    "!a b",
    "[a]",
]


@pytest.mark.parametrize("secret", ["with'quote\"and\\nback\\slash", "#hash}}first%}#"])
def test_awkward_secrets_arrive_in_the_settings(tutor, secret):
    tutor.save(f"BBB_SECRET={secret}")
    tutor.save()
    assert secret_of(tutor, "lms") == secret_of(tutor, "cms") == secret


@pytest.mark.parametrize("secret", ["a{{ LMS_HOST }}b", "0123", "*a"])
def test_secrets_that_would_be_changed_are_refused_before_anything_is_saved(saved, secret):
    before = saved.written()
    said = saved.save(f"BBB_SECRET={secret}", expected=1)
    assert "Put it in quotes inside quotes" in said or "Put the secret into a file" in said
    assert saved.written() == before


def test_digits_arrive_when_they_are_quoted_as_the_sentence_says(tutor):
    tutor.save('BBB_SECRET="0123"')
    tutor.save()
    assert secret_of(tutor, "lms") == "0123"


def test_a_number_in_the_file_is_refused_when_settings_are_written(tutor):
    config = tutor.root / "config.yml"
    config.write_text(config.read_text("utf-8").replace(f"BBB_SECRET: {SECRET}", "BBB_SECRET: 0123"), "utf-8")
    assert "BBB_SECRET must be a text, and Tutor reads it as a number" in tutor.save(expected=1)
    tutor.save(f"BBB_SECRET={SECRET}")
    assert secret_of(tutor, "lms") == SECRET


def test_a_secret_from_the_environment_reaches_the_settings_and_not_the_file(tutor):
    tutor.run("config", "save", "--unset", "BBB_SECRET", TUTOR_BBB_SECRET="from-the-environment")
    assert secret_of(tutor, "cms") == "from-the-environment"
    assert "BBB_SECRET" not in tutor.config


def secret_of(tutor, site):
    found = settings_of(tutor.root, site, "production", XBLOCK_SETTINGS={})["XBLOCK_SETTINGS"]["bbb"]
    return found["SERVERS"]["main"]["SECRET"]


def typing(*arguments):
    return mock.patch.object(sys, "argv", ["tutor", "config", "save", *arguments])


def arriving(secret):
    """What the settings hold if Tutor is given the secret: its own steps, one after the other."""
    _key, kept = serialize.parse_key_value(f"BBB_SECRET={secret}")
    for _saved_and_read_again in range(2):
        kept = yaml.safe_load(serialize.dumps(env.render_unknown({}, kept)))
    names = {"XBLOCK_SETTINGS": {}}
    exec(env.render_str({"BBB_SECRET": kept}, PATCH), names)  # noqa: S102 as the platform does
    return names["XBLOCK_SETTINGS"]["bbb"].get("SERVERS", {}).get("main", {}).get("SECRET", "")


@pytest.mark.parametrize("secret", ARRIVE)
def test_what_is_taken_arrives(loaded, secret):
    with typing("--set", f"BBB_SECRET={secret}"):
        typed.refuse_changed_secrets()
    assert arriving(secret) == secret.strip()


@pytest.mark.parametrize("secret", REFUSED)
@pytest.mark.parametrize(
    "form", [["--set", "BBB_SECRET={}"], ["--set=BBB_SECRET={}"], ["-s", "BBB_SECRET={}"], ["-sBBB_SECRET={}"]]
)
def test_what_would_not_arrive_is_refused_however_it_is_typed(secret, form):
    with typing(*(part.replace("{}", secret, 1) for part in form)), pytest.raises(TutorError) as refused:
        typed.refuse_changed_secrets()
    assert secret not in str(refused.value) or secret in {"{{", "0123", "~"}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("{}%#'\"\\ :-!&*~0123"), min_size=1))
def test_any_secret_arrives_or_is_refused(loaded, secret):
    try:
        with typing("--set", f"BBB_SECRET={secret}"):
            typed.refuse_changed_secrets()
            found = arriving(secret)
    except TutorError as refused:
        assert str(refused).endswith((".", "'"))  # a sentence, or an example to copy
    else:
        assert secret.startswith(('"', "'")) or found.strip() == secret.strip()


@pytest.mark.parametrize("secret", ["#comment", "0123", "a{#b#}"])
def test_the_environment_is_looked_at_too(monkeypatch, secret):
    monkeypatch.setenv("TUTOR_BBB_SECRET", secret)
    with pytest.raises(TutorError, match="TUTOR_BBB_SECRET"):
        typed.refuse_changed_secrets()


def test_a_template_in_a_secret_of_one_of_several_servers_is_refused():
    servers = "BBB_SERVERS={a: {URL: 'https://{{ LMS_HOST }}', PREVIOUS_SECRETS: [{SECRET: 'a{#b#}'}]}}"
    with typing("--set", servers), pytest.raises(TutorError, match="BBB_SECRET_FILE"):
        typed.refuse_changed_secrets()


def test_a_template_in_an_address_is_fine():
    with typing("--set", "BBB_SERVERS={a: {URL: 'https://{{ LMS_HOST }}', SECRET: abc}}"):
        typed.refuse_changed_secrets()
    assert values.namespace({"BBB_SERVERS": {"a": {"SECRET": "abc"}}})["SERVERS"] == {"a": {"SECRET": "abc"}}


def test_other_commands_may_say_what_they_like(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["tutor", "local", "run", "lms", "BBB_SECRET=0123"])
    assert typed.refuse_changed_secrets() is None
