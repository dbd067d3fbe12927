"""Rules about the repository itself."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "bbb_xblock"
LINES_AT_MOST = 350
WRITTEN_BY_PEOPLE = {".py", ".js", ".css", ".html"}

NOT_OURS = {".git", ".venv", "build", "dist", "node_modules", "var", "__pycache__"}
# In two parts, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "yarnpkg" + ".com",
    "deb.debian" + ".org",
]


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the project's own files, without what tools have made."""
    for here, folders, names in os.walk(folder):
        folders[:] = [
            name
            for name in folders
            if name not in NOT_OURS
            and not name.endswith(("_cache", ".egg-info"))
            and not (Path(here) / name / "pyvenv.cfg").exists()
        ]
        yield from (Path(here) / name for name in names)


def test_no_file_of_the_package_is_longer_than_a_reader_can_hold() -> None:
    written = [
        path for path in files_of(PACKAGE) if path.suffix in WRITTEN_BY_PEOPLE and path.parent.name != "migrations"
    ]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in written}

    assert lengths
    assert {name: length for name, length in lengths.items() if length > LINES_AT_MOST} == {}


def test_the_records_of_decisions_are_numbered_without_gaps_and_each_number_is_one() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "decisions").glob("*.md"))

    assert numbers
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("registry", REGISTRIES)
def test_no_file_names_a_package_registry(registry: str) -> None:
    naming = [str(path.relative_to(ROOT)) for path in files_of(ROOT) if registry.encode() in path.read_bytes()]

    assert naming == []


def test_the_search_for_registries_reads_this_very_file() -> None:
    assert Path(__file__) in files_of(ROOT)
