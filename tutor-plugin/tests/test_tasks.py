"""What Tutor is asked to run in the containers; a stand-in for docker writes down how it was called."""

import shlex
import subprocess

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
    assert shlex.split(command.splitlines()[-1]) == ["./manage.py", "lms", "bbb_check", "--course", "it's; true"]


@pytest.mark.parametrize("has_the_block", [True, False])
def test_an_image_without_the_block_gets_a_sentence(tmp_path, has_the_block):
    """As in a container: the shell stops at the first error, and python is the platform's."""
    for name, code in (("python", 0 if has_the_block else 1), ("manage.py", 0)):
        (tmp_path / name).write_text(f'#!/bin/sh\n[ {name} = python ] || echo ran "$@"\nexit {code}\n')
        (tmp_path / name).chmod(0o755)
    script = commands.in_the_lms("bbb_check", "--deep")
    command = ["sh", "-e", "-c", script]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PATH": f"{tmp_path}:/bin:/usr/bin"}, capture_output=True, text=True, check=False
    )
    if has_the_block:
        assert (done.returncode, done.stdout, done.stderr) == (0, "ran lms bbb_check --deep\n", "")
    else:
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.startswith("The block is not in the image that runs. tutor bbb check says")


def test_both_commands_explain_themselves(saved):
    assert "The exit code is 0 if all is well" in " ".join(saved.run("bbb", "check", "--help").split())
    assert "bbb_check" in saved.run("local", "do", "bbb-check", "--help")
