"""The words of the README are true."""

import re
import shlex
from pathlib import Path

import click
import pytest
import tutor.commands.cli  # noqa: F401 - brings Tutor's own commands
import yaml
from packaging.requirements import Requirement
from tutor import hooks
from tutor.__about__ import __version__ as TUTOR  # noqa: N812
from tutor.commands.context import Context
from tutorbbb import values

from bbb_xblock import __version__
from tests.platform import settings_of

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^ *```(\w+)\n(.*?)^ *```$", README, re.DOTALL | re.MULTILINE)


def commands(section, *kinds):
    """Give Tutor's commands of a section as words; of these kinds only."""
    text = README.split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("tutor ")]
    return [words for words in map(shlex.split, lines) if words[1] in kinds]


def namespace_in(tutor):
    return settings_of(tutor.root, "lms", "production", XBLOCK_SETTINGS={})["XBLOCK_SETTINGS"]["bbb"]


def test_every_key_is_in_the_table_and_has_the_default_that_is_written_there():
    rows = dict(re.findall(r"^\| (`BBB_.*?) \| (.*?) \|", README, re.MULTILINE))
    keys = {key for row in rows for key in re.findall(r"`(BBB_\w+)`", row)}
    assert keys == set(values.DEFAULTS) | {"BBB_REQUIREMENT"}
    assert rows["`BBB_REQUIREMENT`"] == "–"


@pytest.fixture
def cloned(fresh):
    """Nothing set yet, and the repository cloned beside."""
    (fresh.folder / "bbb_xblock/bbb_xblock").mkdir(parents=True)
    return fresh


def test_the_words_from_nothing_to_a_session_do_what_they_say(cloned):
    for words in commands("From nothing to a running session", "plugins", "mounts", "config"):
        cloned.run(*words[1:])
    assert namespace_in(cloned)["SERVER"] == "main"
    assert f"The image gets the block from {cloned.folder / 'bbb_xblock'}." in cloned.run("bbb", "check", expected=2)


def test_the_words_about_a_commit_put_it_in_place_of_the_checkout(cloned):
    cloned.run("plugins", "enable", "bbb")
    cloned.run("mounts", "add", "./bbb_xblock")
    for words in commands("What the image is built from", "mounts", "config"):
        cloned.run(*words[1:])
    assert cloned.config["MOUNTS"] == []
    dockerfile = (cloned.root / "env/build/openedx/Dockerfile").read_text("utf-8")
    assert "install 'bbb-xblock @ git+https://git.example.org/bbb_xblock@COMMIT'" in dockerfile
    assert "/mnt/bbb_xblock" not in dockerfile


def test_the_release_that_is_named_is_this_one():
    named = [Requirement(text) for text in re.findall(r"`(bbb-xblock[<>=][^`]*)`", README)]
    assert named
    assert all(each.specifier.contains(__version__) for each in named)


def test_the_table_of_versions_says_what_this_tutor_renders(saved):
    rows = re.findall(r"^\| (\d+) \(([\d.]+)\) \| (\w+) \| ([\d.]+) \|", README, re.MULTILINE)
    versions = {major: rest for major, *rest in rows}
    assert set(versions) == {"20", "21", "22"}
    [major] = [each for each in versions if TUTOR.startswith(f"{each}.")]
    release = saved.run("config", "printvalue", "OPENEDX_COMMON_VERSION").split("/")[-1].partition(".")[0]
    dockerfile = (saved.root / "env/build/openedx/Dockerfile").read_text("utf-8")
    [python] = re.findall(r"^ARG PYTHON_VERSION=(\d+\.\d+)", dockerfile, re.MULTILINE)
    assert versions[major] == [TUTOR, release.capitalize(), python]


def test_the_words_about_the_secret_put_it_into_a_file(tutor):
    for words in commands("The secret", "mounts", "config"):
        tutor.run(*words[1:])
    main = namespace_in(tutor)["SERVERS"]["main"]
    assert {"URL", "SECRET_FILE", "PREVIOUS_SECRETS"} == set(main)
    assert main["PREVIOUS_SECRETS"] == [{"SECRET_FILE": f"{main['SECRET_FILE']}.old"}]


def test_a_secret_as_a_value_is_in_the_files_that_are_named_and_in_no_other(saved):
    secret = saved.config["BBB_SECRET"].encode()
    holding = {
        str(Path(name).relative_to(saved.root)) for name, content in saved.written().items() if secret in content
    }
    sites, modes = ("lms", "cms"), ("production", "development")
    assert "`env/apps/openedx/settings/{lms,cms}/{production,development}.py`" in README
    assert holding == {
        "config.yml",
        *(f"env/apps/openedx/settings/{site}/{mode}.py" for site in sites for mode in modes),
    }


def test_the_example_of_a_configuration_arrives(tutor):
    [example] = [yaml.safe_load(text) for kind, text in BLOCKS if kind == "yaml"]
    config = tutor.config | example
    (tutor.root / "config.yml").write_text(yaml.safe_dump(config), "utf-8")
    tutor.save()
    found = namespace_in(tutor)
    assert set(found["SERVERS"]) == {"main", "physics"}
    assert found["SERVERS"]["main"]["CHECKSUM"] == "sha512"
    assert found["POLL_SECONDS"] == example["BBB_SETTINGS"]["POLL_SECONDS"]
    assert found["COURSES"] == example["BBB_COURSES"]


def test_the_plugin_for_kubernetes_gives_the_secret_to_every_deployment(tutor):
    [source] = [text for kind, text in BLOCKS if kind == "python"]
    (tutor.folder / "plugins").mkdir()
    (tutor.folder / "plugins/bbb_secret.py").write_text(source, "utf-8")
    for words in commands("Kubernetes", "plugins", "config"):
        tutor.run(*words[1:])

    assert namespace_in(tutor)["SERVERS"]["main"]["SECRET_ENV"] == "BBB_SECRET"
    overrides = [part for part in yaml.safe_load_all((tutor.root / "env/k8s/override.yml").read_text("utf-8")) if part]
    deployments = yaml.safe_load_all((tutor.root / "env/k8s/deployments.yml").read_text("utf-8"))
    containers = {
        part["metadata"]["name"]: part["spec"]["template"]["spec"]["containers"][0]["name"]
        for part in deployments
        if part
    }
    given = {}
    for part in overrides:
        [container] = part["spec"]["template"]["spec"]["containers"]
        assert containers[part["metadata"]["name"]] == container["name"]
        given[container["name"]] = container["env"][0]
    reference = {"name": "BBB_SECRET", "valueFrom": {"secretKeyRef": {"name": "bbb", "key": "secret"}}}
    assert given == dict.fromkeys(["lms", "lms-worker", "cms", "cms-worker"], reference)


PAGES = sorted((Path(__file__).parents[2] / "docs").glob("*.md"))


def all_commands():
    """Give every command of Tutor on this page and on those about the block, as words; in text and in blocks."""
    text = "\n".join([README, *(page.read_text("utf-8") for page in PAGES)])
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    lines = [*re.findall(r"`([^`\n]+)`", text), *(line.strip() for block in blocks for line in block.splitlines())]
    return [words[1:] for words in map(str.split, lines) if words[:1] == ["tutor"]]


def test_every_command_of_tutor_that_is_written_exists(loaded):
    found = all_commands()
    assert len(found) > 30
    tasks = {task.name for task in hooks.Filters.CLI_DO_COMMANDS.iterate()}
    everything = click.Group("tutor", commands=list(hooks.Filters.CLI_COMMANDS.iterate()))
    context = click.Context(everything, obj=Context(""))
    for words in found:
        command, rest = everything, list(words)
        while isinstance(command, click.Group) and rest and not rest[0].startswith(("-", "…")):
            name = rest.pop(0)
            # Tutor makes this group only once, when all plugins are loaded.
            if name == "do":
                assert rest[0] in tasks, words
                break
            command = command.get_command(context, name)
            assert command is not None, words


def test_a_trial_in_one_course_is_for_that_course_alone(tutor):
    text = (Path(__file__).parents[2] / "docs/pilot.md").read_text("utf-8")
    [example] = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)]
    [settings] = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    tutor.run("config", "save", "--unset", "BBB_URL", "--unset", "BBB_SECRET")
    (tutor.root / "config.yml").write_text(yaml.safe_dump(tutor.config | example), "utf-8")
    tutor.save()
    expected = {"XBLOCK_SETTINGS": {}}
    exec(settings, expected)  # noqa: S102 our own page
    assert namespace_in(tutor) == expected["XBLOCK_SETTINGS"]["bbb"]
    assert "SERVER" not in namespace_in(tutor)
