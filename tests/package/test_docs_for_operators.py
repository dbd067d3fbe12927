"""What the pages for operators tell people to type, to look for and to set is there."""

import ast
import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class

from bbb_xblock import config
from bbb_xblock.doctor.findings import Code

ROOT = Path(__file__).parents[2]
FOR_OPERATORS = [f"docs/{name}.md" for name in ("operators", "upgrade", "pools", "hardening", "acceptance", "pilot")]
PAGES = ["README.md", "tutor-plugin/README.md", "docs/configuration.md", *FOR_OPERATORS]
# Written in the same way, and not ours.
OTHERS_KEYS = {
    *("SECRET_KEY", "LMS_ROOT_URL", "DEBUG", "INSTALLED_APPS", "XBLOCK_SETTINGS", "LIBRARY_ENABLED_BLOCKS"),
    *("REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "NO_PROXY", "PROMETHEUS_MULTIPROC_DIR"),
    *("LOADBALANCER_SECRET", "LOADBALANCER_SECRETS", "MAX_MEETING_DURATION"),
    *("OVERRIDE_CREATE_PARAMS", "CREATE_EXCLUDE_PARAMS"),
    *("BBB_URL", "BBB_SERVERS", "BBB_COURSES", "BBB_TEST_URL", "BBB_TEST_SECRET", "INFO"),
}


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def typed(document: str) -> list[str]:
    """Give what stands in code on a document: words between backticks, and the lines of blocks."""
    text = text_of(document)
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^ *```\w*\n.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return [*re.findall(r"`([^`\n]+)`", rest), *(line.strip() for block in blocks for line in block.splitlines())]


def commands(document: str) -> list[list[str]]:
    """Give the commands of the platform on a page as words, from the command's name on; no outlines of options."""
    found = [re.search(r"manage\.py (?:lms|cms) ([a-z_]+.*)", line) for line in typed(document)]
    return [shlex.split(each[1]) for each in found if each and "[" not in each[1]]


@pytest.mark.parametrize("document", PAGES)
def test_every_command_of_the_platform_is_understood(document):
    for name, *words in commands(document):
        # The platform has more apps than the tests.
        apps_of = {"collectstatic": "django.contrib.staticfiles", **get_commands()}
        assert name in apps_of, name
        load_command_class(apps_of[name], name).create_parser("manage.py", name).parse_args(words)


def test_the_pages_name_each_command_of_ours():
    named = {name for document in FOR_OPERATORS for name, *_ in commands(document)}
    ours = {path.stem for path in (ROOT / "bbb_xblock/management/commands").glob("bbb_*.py")}
    assert {name for name in named if name.startswith("bbb_")} == ours


@pytest.mark.parametrize("document", FOR_OPERATORS)
def test_every_finding_that_is_named_exists(document):
    topics = {code.value.partition(".")[0] for code in Code}
    words = {word for word in typed(document) if re.fullmatch(r"[a-z]+\.[a-z_0-9]+", word)}
    named = {word for word in words if word.partition(".")[0] in topics}
    assert named <= {code.value for code in Code}


@pytest.mark.parametrize("document", FOR_OPERATORS)
def test_every_setting_that_is_named_exists(document):
    known = config.SERVER_KEYS | config.TOP_KEYS | config.LAYER_KEYS | OTHERS_KEYS
    named = {word for word in typed(document) if re.fullmatch(r"[A-Z]+(_[A-Z]+)+|[A-Z]{4,}", word)}
    assert named - known == set()


@cache
def said() -> str:
    """Give every text of the package: the strings of its code, and its templates."""
    texts = [path.read_text("utf-8") for path in (ROOT / "bbb_xblock/templates").rglob("*.html")]
    for path in (ROOT / "bbb_xblock").rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        texts += [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "\n".join(texts)


@pytest.mark.parametrize("document", ["docs/operators.md", "docs/acceptance.md"])
def test_every_sentence_that_is_quoted_is_said(document):
    rows = [line for line in text_of(document).splitlines() if line.startswith("|")]
    quoted = {quote for row in rows for quote in re.findall(r'(?<!`)"([A-Za-z0-9][^"`]{7,})"', row)}
    assert len(quoted) > 8
    assert {quote for quote in quoted if re.sub(r"^\d+", "{count}", quote) not in said()} == set()


def test_the_copy_of_the_tables_leaves_none_out():
    [dump] = re.findall(r"mysqldump.*?> bbb-before\.sql", text_of("docs/upgrade.md"), re.DOTALL)
    tables = {model._meta.db_table for model in apps.get_app_config("bbb_xblock").get_models()}
    assert set(re.findall(r"bbb_xblock_\w+", dump)) == tables


def test_the_migration_that_is_named_exists():
    named = set(re.findall(r"migrate bbb_xblock (\d\w+)", text_of("docs/upgrade.md")))
    assert named
    assert all((ROOT / f"bbb_xblock/migrations/{name}.py").exists() for name in named)


def anchors(document: Path) -> set[str]:
    """Give the names by which the headings of a page can be linked, as GitHub and GitLab make them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", PAGES)
def test_every_link_to_a_heading_leads_to_one(document):
    here = ROOT / document
    for path, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", text_of(document)):
        target = here.parent / path if path else here
        assert anchor in anchors(target), f"{path}#{anchor}"


def test_the_tables_of_versions_of_both_packages_agree():
    of_the_block = re.findall(r"^\| (\w+) \| ([\d.]+) \| ([\d.]+) \| \d", text_of("README.md"), re.MULTILINE)
    plugin = text_of("tutor-plugin/README.md")
    of_the_plugin = re.findall(r"^\| \d+ \([\d.]+\) \| (\w+) \| ([\d.]+) \| ([\d.]+) \|", plugin, re.MULTILINE)
    assert len(of_the_block) == 3
    assert of_the_block == of_the_plugin
