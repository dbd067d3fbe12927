"""What Tutor is asked to run in the containers; a stand-in for docker writes down how it was called."""

import shlex

import pytest
from tutorbbb import commands


def commands_in_containers(tutor):
    return [call[-1] for call in tutor.docker_calls if "run" in call]


def test_init_migrates_the_tables(tutor):
    tutor.run("local", "do", "init", "--limit=bbb")
    [call] = [call for call in tutor.docker_calls if "run" in call]
    assert "lms-job" in call
    assert "./manage.py lms migrate bbb_xblock --no-input" in call[-1]


@pytest.mark.parametrize("options", [[], ["--format=json"], ["--course", "course-v1:ExampleX+It's+2026", "-v", "2"]])
def test_the_check_on_the_site_runs_in_the_lms_with_the_options_given(tutor, options):
    tutor.run("local", "do", "bbb-check", *options)
    [command] = commands_in_containers(tutor)
    last = shlex.split(command.splitlines()[-1])
    assert last[-len(options) - 3 :] == ["./manage.py", "lms", "bbb_check", *options]


def test_an_option_stays_one_word_for_the_shell():
    [(service, command)] = commands.bbb_check.callback(("--course", "it's; true"))
    assert service == "lms"
    assert shlex.split(command) == ["./manage.py", "lms", "bbb_check", "--course", "it's; true"]


def test_both_commands_explain_themselves(saved):
    assert "The exit code is 0 if all is well" in " ".join(saved.run("bbb", "check", "--help").split())
    assert "bbb_check" in saved.run("local", "do", "bbb-check", "--help")
