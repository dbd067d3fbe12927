"""What some tests need from the machine, how to find it, and what to install where it is missing."""

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.services.processes import find_program

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Return the path of the installed browser, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := find_program(name))), None)


def has_mariadb() -> bool:
    programs = ("mariadbd", "mariadb-install-db")
    return all(map(find_program, programs)) and importlib.util.find_spec("MySQLdb") is not None


def has_redis() -> bool:
    return find_program("redis-server") is not None


@dataclass(frozen=True)
class Need:
    """Something a machine may lack. A test has it by its marker, or by one of the fixtures."""

    marker: str
    fixtures: frozenset[str]
    is_met: Callable[[], object]
    sentence: str


NEEDS = (
    Need(
        "browser",
        frozenset({"browser", "context", "new_context", "page"}),
        find_chromium,
        "Install Chromium to run this test: apt-get install chromium.",
    ),
    Need(
        "mariadb",
        frozenset({"mariadb"}),
        has_mariadb,
        "Install MariaDB and what its Python driver is built with to run this test: apt-get install mariadb-server "
        "libmariadb-dev pkg-config gcc python3-dev. Then run make test again.",
    ),
    Need(
        "redis",
        frozenset({"redis_url"}),
        has_redis,
        "Install Redis to run this test: apt-get install redis-server.",
    ),
)


def main(marker: str) -> int:
    """Return 0 if the machine has what the tests with ``marker`` need; else say what to install."""
    need = next(need for need in NEEDS if need.marker == marker)
    if need.is_met():
        return 0
    print(need.sentence.replace("this test", f"the {marker} tests"))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
