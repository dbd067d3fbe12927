"""Start the demo: the simulated BigBlueButton server and the demo site, in one process, until it is told to stop.

``python -m sandbox.run``, with ``PORT`` (8000) and ``BBB_PORT`` (8090) in the environment; 0 takes any free port.
Both servers listen on 127.0.0.1 only. The secret which they share is new at each start and shown nowhere.
"""

import logging
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from xblock.plugin import PluginMissingError

from sandbox.demo.clock import told_by
from sandbox.simulator import Simulator

VAR = Path(__file__).resolve().parent / "var"
HOST = "127.0.0.1"
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}

WELCOME = """
The bbb_xblock demo runs. Open this address in a browser:

    {address}

What to try:
  1. Start the session. You are Thea Teacher, and the room opens in a new tab.
  2. Choose "Ada Example" at the top of the page and join as a learner.
  3. Choose the other rooms: one waits for its teacher, one is full, one is misconfigured,
     one has a server that is down, one is recorded, one has recordings only, one opens in two
     days, one was held for four weeks and has a register, one is graded by attendance.
  4. Choose "Studio editor" as Thea Teacher and change the room; "New component" has nothing
     chosen yet, and "House rules" has what the platform keeps for itself.
  5. Choose "Phone app" to see a room as the platform's app shows it.

The classroom server is simulated; what goes on in it is at {bbb_address}
There you also let minutes pass, for both servers, and lose what it tells the course.
Stop with Ctrl-C.
"""


class StartError(Exception):
    """The demo cannot start; the text is one sentence that says what to do."""


class QuietHandler(WSGIRequestHandler):
    """Answers requests without a line for each: addresses of this demo hold tickets."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing; errors reach the console through logging."""


def port_named(variable: str, default: int) -> int:
    """Read a port from the environment."""
    text = os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise StartError(f"{variable} must be a number from 0 to 65535, for example {variable}={default}.")
    return int(text)


def taken(variable: str, port: int) -> StartError:
    """Say that a port cannot be had, and what to do."""
    return StartError(
        f"Port {port} of 127.0.0.1 cannot be used, most likely because another program has it: "
        f"stop that program, or let free ports be chosen for both servers with PORT=0 BBB_PORT=0."
    )


@contextmanager
def site_server(port: int) -> Iterator[ThreadedWSGIServer]:
    """Take the port of the demo site before anything else happens; requests wait until there is an application."""
    try:
        server = ThreadedWSGIServer((HOST, port), QuietHandler)
    except OSError as error:
        raise taken("PORT", port) from error
    try:
        yield server
    finally:
        server.server_close()


@contextmanager
def simulated_server(simulator: Simulator, port: int) -> Iterator[str]:
    """Run the simulated BigBlueButton server; the value is its address as the package wants it."""
    # Asked beforehand, because werkzeug's server leaves the program by itself when its port is taken.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise taken("BBB_PORT", port) from error
    with simulator.serve(port=port, host=HOST, background=True) as address:
        yield address


@contextmanager
def fresh_database(port: int) -> Iterator[None]:
    """Name a database file in a new folder, and remove both at the end. The port in the name is for people."""
    VAR.mkdir(exist_ok=True)
    # A request that is still being answered may write while the folder goes.
    with TemporaryDirectory(prefix=f"demo-{port}-", dir=VAR, ignore_cleanup_errors=True) as folder:
        os.environ["DEMO_DATABASE"] = str(Path(folder) / "demo.sqlite3")
        yield


def start_site(server: ThreadedWSGIServer, simulator: Simulator) -> None:
    """Make the tables and the rooms, then answer requests in a thread."""
    import django
    from django.core.management import call_command

    django.setup()
    # The wheel of xblock-sdk 0.14 has no migrations: its tables are made by run_syncdb.
    call_command("migrate", run_syncdb=True, verbosity=0)
    try:
        from sandbox.demo.wsgi import application
    except PluginMissingError as error:
        raise StartError(
            "The package is not installed in this Python: run pip install -e '.[sandbox]' first."
        ) from error
    from sandbox.demo import looking
    from sandbox.demo.seats import take_seats

    take_seats(simulator)
    looking.listen()
    simulator.also(looking.look_at_due)
    server.set_app(application)
    threading.Thread(target=server.serve_forever, name="site", daemon=True).start()


def run() -> None:
    """Run both servers until a stop signal comes; raise :class:`StartError` when they cannot start."""
    port, bbb_port = port_named("PORT", 8000), port_named("BBB_PORT", 8090)
    if port and port == bbb_port:
        raise StartError("PORT and BBB_PORT are the same: the two servers need a port each.")
    secret = secrets.token_urlsafe(32)
    simulator = Simulator(secret=secret)
    # Long enough to be seen on the course page, short enough to wait for.
    simulator.processing_seconds = 15
    with site_server(port) as server, simulated_server(simulator, bbb_port) as bbb_address:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="sandbox.demo.settings",
            PORT=str(server.server_port),
            DEMO_BBB_URL=bbb_address,
            DEMO_BBB_SECRET=secret,
        )
        with fresh_database(server.server_port), told_by(simulator.world.now):
            start_site(server, simulator)
            address = f"http://{HOST}:{server.server_port}/"
            print(WELCOME.format(address=address, bbb_address=bbb_address.removesuffix("bigbluebutton/")), flush=True)
            signal.sigwait(STOP_SIGNALS)
            # A page may still ask while the database goes; what then fails is no news to anybody.
            logging.disable()
            server.shutdown()
    print("The demo has stopped.", flush=True)


def main() -> int:
    """Run the demo from the command line and give the exit code."""
    # Blocked for all threads and then waited for: a handler would miss a signal now and then, when it comes
    # between the last look at the flag and the sleep.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        run()
    except StartError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
