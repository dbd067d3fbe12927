"""What people install: the wheel, built from the source archive as an installer would."""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from email.message import Message
from email.parser import Parser
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv*", "node_modules", "build", "dist", "var", "*.egg-info", "__pycache__", "*_cache", ".coverage*"
)
ENTRY_POINTS = {
    "xblock.v1": {"bbb": "bbb_xblock.block:BigBlueButtonXBlock"},
    "lms.djangoapp": {"bbb_xblock": "bbb_xblock.apps:BBBConfig"},
    "cms.djangoapp": {"bbb_xblock": "bbb_xblock.apps:BBBConfig"},
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("package")
    # A copy, because a build leaves folders behind which the next build would pack.
    shutil.copytree(ROOT, folder / "source", ignore=NOT_COPIED)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", "source"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Iterator[zipfile.ZipFile]:
    [path] = built.glob("bbb_xblock-*-py3-none-any.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def archived(built: Path) -> list[str]:
    """The names in the source archive, without the folder that holds all of them."""
    [path] = built.glob("bbb_xblock-*.tar.gz")
    with tarfile.open(path) as opened:
        return [member.name.partition("/")[2] for member in opened.getmembers() if member.isfile()]


def information(wheel: zipfile.ZipFile, name: str) -> str:
    [path] = [path for path in wheel.namelist() if fnmatch(path, f"bbb_xblock-*.dist-info/{name}")]
    return wheel.read(path).decode("utf-8")


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    return Parser().parsestr(information(wheel, "METADATA"))


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    package = ROOT / "bbb_xblock"
    files = (path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc")
    packed = (name for name in wheel.namelist() if ".dist-info/" not in name)

    assert sorted(packed) == sorted(str(path.relative_to(ROOT)) for path in files)


@pytest.mark.parametrize(
    "kind",
    [
        "bbb_xblock/migrations/0001_*.py",
        "bbb_xblock/static/bbb_xblock/css/*.css",
        "bbb_xblock/static/bbb_xblock/js/*.js",
        "bbb_xblock/templates/bbb_xblock/*.html",
    ],
)
def test_the_wheel_holds_what_is_not_imported_but_needed(wheel: zipfile.ZipFile, kind: str) -> None:
    assert [name for name in wheel.namelist() if fnmatch(name, kind)]


@pytest.mark.parametrize("folder", ["docs", "fixtures", "requirements", "sandbox", "tests", "tutor-plugin"])
def test_the_source_archive_leaves_out_what_only_developers_need(archived: list[str], folder: str) -> None:
    assert archived
    assert [name for name in archived if folder in Path(name).parts] == []


def test_the_source_archive_and_the_wheel_hold_the_licence(wheel: zipfile.ZipFile, archived: list[str]) -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")

    assert "LICENSE" in archived
    assert information(wheel, "*LICENSE") == licence


def test_the_platform_finds_the_block_and_the_app(wheel: zipfile.ZipFile) -> None:
    parser = ConfigParser(delimiters=["="])
    parser.read_string(information(wheel, "entry_points.txt"))

    assert {group: dict(parser[group]) for group in parser.sections()} == ENTRY_POINTS


@pytest.mark.parametrize("target", sorted({target for group in ENTRY_POINTS.values() for target in group.values()}))
def test_an_entry_point_names_something_that_can_be_imported(target: str) -> None:
    module, _, name = target.partition(":")

    assert isinstance(getattr(import_module(module), name), type)


def test_the_metadata_name_the_version_of_the_package(metadata: Message) -> None:
    assert metadata["Name"] == "bbb-xblock"
    assert metadata["Version"] == import_module("bbb_xblock").__version__


def test_the_metadata_name_the_licence_and_the_pythons(metadata: Message) -> None:
    assert metadata["License"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"


def test_installing_the_wheel_brings_nothing_that_only_tests_need(metadata: Message) -> None:
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    names = {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in required}

    assert names == {
        "celery",
        "confusable-homoglyphs",
        "django",
        "edx-opaque-keys",
        "icalendar",
        "lxml",
        "pyjwt",
        "requests",
        "urllib3",
        "web-fragments",
        "xblock",
    }
