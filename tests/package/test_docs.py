"""The words of the documents are true: they are compared with the code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.core.management.base import BaseCommand
from django.utils import translation
from prometheus_client import CollectorRegistry

from bbb_xblock import metrics
from bbb_xblock.doctor.findings import Code as Finding
from bbb_xblock.doctor.findings import ok as found
from bbb_xblock.doctor.sentences import line
from bbb_xblock.domain import happenings
from bbb_xblock.domain.errors import Code
from bbb_xblock.edx import events
from bbb_xblock.management.commands.bbb_check import Command
from bbb_xblock.options import OPTIONS

ROOT = Path(__file__).parents[2]


def test_the_pages_about_settings_and_options_are_those_that_the_code_gives():
    command = [sys.executable, "docs/render_configuration.py", "--check"]
    # A script has its own folder first on its path, and there may be another copy of the package.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    checked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


# Where the page about the architecture tells every module, and not only that there is a folder.
TOLD_ONE_BY_ONE = ("", "options", "domain", "edx")


@pytest.mark.parametrize("folder", TOLD_ONE_BY_ONE)
def test_every_module_has_its_place_on_the_page_about_the_architecture(folder):
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    paths = re.findall(r"`([a-z_/]+(?:\.py|/))`", page.partition("## Seven stories")[0])
    names = {each.name for each in (ROOT / "bbb_xblock" / folder).iterdir() if not each.name.startswith(("__", "."))}
    assert names
    assert names - {part for path in paths for part in Path(path).parts} == set()


@pytest.mark.parametrize("page", ["configuration.md", "authors.md"])
def test_every_option_is_explained_to_operators_and_authors(page):
    text = (ROOT / "docs" / page).read_text("utf-8")
    plain = text.replace("**", "")
    assert {each.name for each in OPTIONS.values() if f"{each.label}. {each.help}" not in plain} == set()


@pytest.mark.parametrize("source", ["config/endpoints.py", "checks.py", "domain/meetings.py"])
def test_every_finding_is_explained_on_the_page_about_the_settings(source):
    named = set(re.findall(r'"([EW]\d{3})"', (ROOT / "bbb_xblock" / source).read_text("utf-8")))
    page = (ROOT / "docs/configuration.md").read_text("utf-8")
    assert named
    assert {name for name in named if f"`bbb_xblock.{name}`" not in page} == set()


@pytest.mark.parametrize(
    "page",
    ["README.md", "tutor-plugin/README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))],
)
def test_every_link_to_a_file_leads_to_one(page):
    text = (ROOT / page).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert {link for link in links if not ((ROOT / page).parent / link).exists()} == set()


def test_the_make_targets_that_the_readme_names_exist():
    named = set(re.findall(r"\bmake ([a-z-]+)", (ROOT / "README.md").read_text("utf-8")))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {"run", "test"} <= named
    assert {target for target in named if f"\n{target}:" not in makefile} == set()


def test_the_codes_and_options_of_bbb_check_that_the_page_for_operators_names_exist():
    page = (ROOT / "docs/operators.md").read_text("utf-8")
    topics = {code.value.partition(".")[0] for code in Finding}
    named = {name for name in re.findall(r"\b([a-z]+\.[a-z_0-9]+)\b", page) if name.partition(".")[0] in topics}
    assert {"tls.expired", "secret.previous"} <= named <= {code.value for code in Finding}
    offered = Command().create_parser("manage.py", "bbb_check").format_help()
    options = set(re.findall(r"^\| `(--[a-z]+)", page, re.MULTILINE))
    assert len(options) > 3
    assert {option for option in options if option not in offered} == set()


def test_the_output_of_bbb_check_that_the_page_for_operators_shows_is_its_own():
    page = (ROOT / "docs/operators.md").read_text("utf-8")
    shown = re.findall(r"^(?:ok|fail)  +(?:main: )?(.+) \(([a-z._]+)\)$", page, re.MULTILINE)
    assert len(shown) > 3
    for text, code in shown:
        assert text == line(found(Finding(code)), translation).text
    assert f"→ {line(found(Finding.TLS_EXPIRED), translation).advice}" in page


def test_the_sentences_that_the_page_for_operators_quotes_are_said():
    page = (ROOT / "docs/operators.md").read_text("utf-8")
    said = "".join(path.read_text("utf-8") for path in (ROOT / "bbb_xblock/words").glob("*.py"))
    quoted = re.findall(r'^\| "([^"]+)"', page, re.MULTILINE)
    assert len(quoted) > 3
    assert {sentence for sentence in quoted if sentence not in said} == set()


def test_the_refusals_that_outsiders_rely_on_keep_their_names():
    promised = {
        "not_signed_in",
        "not_enrolled",
        "not_open_yet",
        "session_over",
        "no_room",
        "waiting_for_moderator",
        "room_full",
        "not_configured",
        "server_unreachable",
        "signature_refused",
    }
    assert promised <= {code.value for code in Code}


def named_by_operators(pattern: str) -> set[str]:
    """Give what the page for operators names, without the values of labels and attributes."""
    return set(re.findall(pattern, (ROOT / "docs/operators.md").read_text("utf-8")))


def test_the_tracking_events_of_the_page_for_operators_are_those_that_are_emitted():
    told = {events.event_name(kind) for kind in happenings.Kind}
    assert named_by_operators(r"edx\.bbb_xblock\.(?:session|recording|attendance)\.[a-z]+") == told


def test_the_numbers_of_the_page_for_operators_are_those_that_are_counted():
    registry = CollectorRegistry()
    metrics.Numbers(registry)
    counted = {family.name + {"counter": "_total"}.get(family.type, "") for family in registry.collect()}
    assert named_by_operators(r"`(bbb_xblock_[a-z_]+)`") == counted


@pytest.mark.parametrize("command", ["bbb_rooms", "bbb_purge", "bbb_sync"])
def test_the_options_of_the_page_for_operators_exist_and_none_is_left_out(command):
    known = set(load_command_class("bbb_xblock", command).create_parser("manage.py", command)._option_string_actions)
    inherited = set(BaseCommand().create_parser("manage.py", command)._option_string_actions)
    page = (ROOT / "docs/operators.md").read_text("utf-8")
    section = next(part for part in page.split("\n## ") if f"`{command}`" in part.partition("\n")[0])
    assert set(re.findall(r"--[a-z]+", section)) == known - inherited
