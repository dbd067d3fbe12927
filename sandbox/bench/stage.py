"""What the bench stands on: a database, the simulated BigBlueButton server, the accounts, and gunicorn in front."""

import importlib
import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from typing import IO

from sandbox import children
from sandbox.demo.people import FIRST_LEARNER
from sandbox.simulator import Simulator

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
BACKLOG = 2048
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
NO_MARIADB = (
    "MariaDB or its Python driver is missing, so the figures are those of SQLite, which no platform runs on. "
    "Install both: apt-get install mariadb-server libmariadb-dev pkg-config gcc python3-dev."
)


class StartError(Exception):
    """The bench cannot start; the text is one sentence that says what to do."""


@dataclass(frozen=True)
class Stage:
    """The common ground of all measurements."""

    simulator: Simulator
    database: str
    note: str
    learners: int
    workers: int

    @property
    def numbers(self) -> range:
        """Give the numbers of all learners, as ``?student=`` wants them."""
        return range(FIRST_LEARNER, FIRST_LEARNER + self.learners)


@contextmanager
def stage(learners: int, workers: int, wanted: str = "") -> Iterator[Stage]:
    """Start the database and the simulated server, make the tables and the accounts; end everything at the end.

    ``wanted`` is ``mariadb``, ``sqlite``, or empty for MariaDB where it is installed.
    """
    _allow_connections(learners)
    simulator = Simulator(secret=secrets.token_urlsafe(32))
    with _database(wanted) as (database, note), simulator.serve(host=HOST) as url:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="sandbox.bench.settings",
            DEMO_BBB_URL=url,
            DEMO_BBB_SECRET=simulator.secret,
            DEMO_LEARNERS=str(learners),
        )
        _prepare(learners)
        yield Stage(simulator, database, note, learners, workers)


@contextmanager
def serving(application: str, workers: int) -> Iterator[int]:
    """Serve a WSGI application with gunicorn in so many processes; the value is the port."""
    with tempfile.TemporaryFile() as log:
        # Our own socket, handed down: no other program can take the port in between.
        with create_server((HOST, 0), backlog=BACKLOG) as listener:
            port = listener.getsockname()[1]
            process = _gunicorn(application, workers, listener.fileno(), port, log)
        try:
            _wait_for(process, port, log)
            yield port
        finally:
            # Should it have to be killed, its workers see that their parent has gone and end too.
            children.end(process, SECONDS_TO_STOP)


def forget_everything(simulator: Simulator) -> None:
    """Start a scenario from nothing: no rooms in the tables, no meetings and no calls in the simulated server."""
    from django.apps import apps
    from django.db import connection

    with connection.constraint_checks_disabled():
        # Those that were declared last first: rows that others point to may be protected.
        for model in reversed(list(apps.get_app_config("bbb_xblock").get_models())):
            model.objects.all().delete()
    simulator.reset()


@contextmanager
def _database(wanted: str) -> Iterator[tuple[str, str]]:
    found = "" if wanted == "sqlite" else _mariadb_for_tests()
    if not found:
        if wanted == "mariadb":
            raise StartError(NO_MARIADB)
        with tempfile.TemporaryDirectory(prefix="bbb-bench-", ignore_cleanup_errors=True) as name:
            os.environ.update(DEMO_DATABASE=str(Path(name) / "bench.sqlite3"), BENCH_MARIADB_SOCKET="")
            yield "SQLite", "" if wanted else NO_MARIADB
        return
    # The tests know how to run a private MariaDB. Imported only here, so that nothing else in sandbox/ needs tests/.
    server = importlib.import_module("tests.services.mariadb_server")
    folder = Path(tempfile.mkdtemp(prefix="bbb-bench-"))
    try:
        with server.running_mariadb(folder / "db" / "s.sock") as socket:
            _make_schema(socket)
            os.environ["BENCH_MARIADB_SOCKET"] = str(socket)
            yield "MariaDB", ""
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _mariadb_for_tests() -> bool:
    try:
        return bool(importlib.import_module("tests.services.needs").has_mariadb())
    except ImportError:
        # Started from elsewhere than the folder of the repository, or without its tests.
        return False


def _make_schema(socket: Path) -> None:
    driver = importlib.import_module("MySQLdb")
    connection = driver.connect(unix_socket=str(socket), user="root", charset="utf8mb4")
    connection.cursor().execute("CREATE DATABASE bench CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
    connection.close()


def _prepare(learners: int) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    # First the tables that have migrations: MariaDB wants the accounts there before the demo's profiles point to them.
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    from django.contrib.auth import get_user_model
    from django.db import connections

    from sandbox.demo.models import UserProfile, create_accounts
    from sandbox.demo.people import PEOPLE

    create_accounts()
    people = [PEOPLE.get(number) for number in range(FIRST_LEARNER, FIRST_LEARNER + learners)]
    account = get_user_model()
    account.objects.bulk_create(account(id=one.id, username=one.username, email=one.email) for one in people)
    UserProfile.objects.bulk_create(UserProfile(user_id=one.id, name=one.name) for one in people)
    connections.close_all()


def _gunicorn(application: str, workers: int, listener: int, port: int, log: IO[bytes]) -> "subprocess.Popen[bytes]":
    from gunicorn.config import KNOWN_SETTINGS

    options = ["--preload", f"--workers={workers}", f"--backlog={BACKLOG}", f"--bind=fd://{listener}", "--timeout=60"]
    # A worker that is told to end while it begins does not hear it; gunicorn kills it after so many seconds.
    options += ["--log-level=warning", "--graceful-timeout=5"]
    if any(setting.name == "control_socket_disable" for setting in KNOWN_SETTINGS):
        # Newer ones keep a socket in the home folder, which is no business of a bench.
        options += ["--no-control-socket"]
    return subprocess.Popen(  # noqa: S603 - our own words only
        [sys.executable, "-m", "gunicorn", *options, application],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        pass_fds=[listener],
        stdout=log,
        stderr=subprocess.STDOUT,
        # Ctrl-C reaches the bench alone, which then ends this process by its id.
        start_new_session=True,
    )


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: IO[bytes]) -> None:
    """Return when the first answer came. The socket takes connections even before there is a worker."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(f"http://{HOST}:{port}/nothing-here", timeout=SECONDS_TO_START)
    except urllib.error.HTTPError as answer:
        answer.close()
    except OSError:
        log.seek(0)
        said = log.read().decode("utf-8", "replace")
        raise StartError(f"gunicorn did not start (exit code {process.poll()}):\n{said}") from None


def _allow_connections(learners: int) -> None:
    """Every learner has a connection of their own, and a few more are needed."""
    needed = learners + 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise StartError(f"{learners} learners need {needed} open files, and this shell allows {hard}: see ulimit -n.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
