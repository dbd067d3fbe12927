"""A private MariaDB that only this user can reach: a Unix socket, no port, nothing kept.

MySQL, which Open edX runs, is not in Debian. What the tests look at is the same in both: transactions, row locks,
unique keys and strict SQL mode.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.services.processes import answers, find_program, running

SOCKET_VARIABLE = "BBB_TEST_MARIADB_SOCKET"


def socket_path() -> Path:
    """Return where the server listens, the same answer in this process and in its children."""
    # Short: a Unix socket's path may have 107 bytes.
    own = Path(tempfile.gettempdir()) / f"bbb-mariadb-{os.getpid()}" / "s.sock"
    return Path(os.environ.setdefault(SOCKET_VARIABLE, str(own)))


def database_settings(socket: Path) -> dict[str, Any]:
    """Return the entry for Django's DATABASES."""
    return {
        "ENGINE": "django.db.backends.mysql",
        "NAME": "bbb",
        "USER": "root",
        "HOST": str(socket),
        "OPTIONS": {"charset": "utf8mb4"},
        "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_unicode_ci"},
    }


@contextmanager
def running_mariadb(socket: Path) -> Iterator[Path]:
    """Run a fresh MariaDB on ``socket``; one that listens there already is used and left alone."""
    if answers(socket):
        yield socket
        return
    folder = socket.parent
    folder.mkdir(mode=0o700)
    try:
        as_root = ["--user=root"] if os.geteuid() == 0 else []
        data = [f"--datadir={folder / 'data'}", *as_root]
        install(data)
        with running(server_command(data, folder, socket), socket, folder / "log"):
            yield socket
    finally:
        shutil.rmtree(folder)


def install(data: list[str]) -> None:
    """Lay down the system tables. RuntimeError, with what the program said, if it fails."""
    program = find_program("mariadb-install-db") or "mariadb-install-db"
    options = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]
    result = subprocess.run([program, *options, *data], capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{program} failed:\n{result.stdout}{result.stderr}")


def server_command(data: list[str], folder: Path, socket: Path) -> list[str]:
    """Return the command line of the server. ``--no-defaults`` comes first, or MariaDB refuses it."""
    return [
        find_program("mariadbd") or "mariadbd",
        "--no-defaults",
        *data,
        f"--socket={socket}",
        f"--pid-file={folder / 'pid'}",
        "--skip-networking",
        "--skip-log-bin",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=64M",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
    ]
