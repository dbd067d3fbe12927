"""The words of the documents are true: they are compared with the code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bbb_xblock.domain.errors import Code
from bbb_xblock.options import OPTIONS

ROOT = Path(__file__).parents[2]


def test_the_pages_about_settings_and_options_are_those_that_the_code_gives():
    command = [sys.executable, "docs/render_configuration.py", "--check"]
    of_this_tree = {**os.environ, "PYTHONPATH": str(ROOT)}
    checked = subprocess.run(command, cwd=ROOT, env=of_this_tree, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("page", ["configuration.md", "authors.md"])
def test_every_option_is_explained_to_operators_and_authors(page):
    text = (ROOT / "docs" / page).read_text("utf-8")
    plain = text.replace("**", "")
    assert {each.name for each in OPTIONS.values() if f"{each.label}. {each.help}" not in plain} == set()


@pytest.mark.parametrize("source", ["config.py", "checks.py", "domain/meetings.py"])
def test_every_finding_is_explained_on_the_page_about_the_settings(source):
    named = set(re.findall(r'"([EW]\d{3})"', (ROOT / "bbb_xblock" / source).read_text("utf-8")))
    page = (ROOT / "docs/configuration.md").read_text("utf-8")
    assert named
    assert {name for name in named if f"`bbb_xblock.{name}`" not in page} == set()


@pytest.mark.parametrize(
    "page", ["README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]
)
def test_every_link_to_a_file_leads_to_one(page):
    text = (ROOT / page).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert {link for link in links if not ((ROOT / page).parent / link).exists()} == set()


def test_the_make_targets_that_the_readme_names_exist():
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text("utf-8")))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert {"run", "test"} <= named
    assert {target for target in named if f"\n{target}:" not in makefile} == set()


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
