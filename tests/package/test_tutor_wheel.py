"""What people install into Tutor: the wheel of the plugin, built from its source archive."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from configparser import ConfigParser
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "tutor-plugin"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("plugin")
    shutil.copytree(PLUGIN, folder / "source", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__", "*_cache"))
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", "source"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder / "dist"


@pytest.fixture(scope="module")
def content(built: Path) -> dict[str, str]:
    """The files of the wheel; those of its information without the version in their name."""
    [path] = built.glob("tutor_contrib_bbb-*-py3-none-any.whl")
    with zipfile.ZipFile(path) as wheel:
        return {name.partition(".dist-info/")[2] or name: wheel.read(name).decode() for name in wheel.namelist()}


def test_the_wheel_holds_the_plugin_with_its_patches_and_nothing_else(content: dict[str, str]) -> None:
    package = PLUGIN / "tutorbbb"
    files = {str(path.relative_to(PLUGIN)) for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"}

    assert {name for name in content if name.startswith("tutorbbb/")} == files
    assert {"tutorbbb/patches/openedx-common-settings", "tutorbbb/plugin.py"} <= files
    assert not [name for name in content if name.startswith("tests")]


def test_tutor_finds_the_plugin(content: dict[str, str]) -> None:
    parser = ConfigParser(delimiters=["="])
    parser.read_string(content["entry_points.txt"])

    assert {group: dict(parser[group]) for group in parser.sections()} == {
        "tutor.plugin.v1": {"bbb": "tutorbbb.plugin"}
    }


def test_the_metadata_name_licence_and_the_tutors(content: dict[str, str]) -> None:
    metadata = Parser().parsestr(content["METADATA"])
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]

    assert metadata["Name"] == "tutor-contrib-bbb"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert [line.replace(" ", "") for line in required] == ["tutor<23,>=20"]


def test_wheel_and_source_archive_hold_the_licence_of_the_project(built: Path, content: dict[str, str]) -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    [path] = built.glob("tutor_contrib_bbb-*.tar.gz")
    with tarfile.open(path) as archive:
        names = [member.name.partition("/")[2] for member in archive.getmembers()]

    assert (PLUGIN / "LICENSE").read_text("utf-8") == licence == content["licenses/LICENSE"]
    assert "LICENSE" in names
    assert not [name for name in names if name.startswith(("tests", "requirements"))]
