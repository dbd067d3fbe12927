"""Rehearse the start of a class against the simulated BigBlueButton server."""

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

ROOT = Path(__file__).resolve().parents[4]


class Command(BaseCommand):
    """Let many learners click Join within one second, and print what that cost.

    It is the first part of the bench, in a process of its own: the bench brings its own database and settings.
    """

    help = "Let many learners click Join within one second, against the simulated BigBlueButton server on this machine."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read how many learners there are, and how many processes answer them."""
        parser.add_argument("--learners", type=int, default=1000, help="how many click at once (20 to 5000)")
        parser.add_argument("--workers", type=int, default=4, help="how many processes answer them (1 to 16)")
        parser.add_argument("--database", choices=("mariadb", "sqlite"), help="MariaDB where it is installed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; CommandError if somebody was left outside, or a promise was broken."""
        command = [sys.executable, "-m", "sandbox.bench", "--rehearse"]
        command += [f"--learners={options['learners']}", f"--workers={options['workers']}"]
        if options["database"]:
            command.append(f"--database={options['database']}")
        with subprocess.Popen(command, cwd=ROOT) as bench:  # noqa: S603 - our own words and numbers
            try:
                exit_code = bench.wait()
            except KeyboardInterrupt:
                # Ctrl-C reached it as well, and it is tidying up.
                exit_code = bench.wait()
        if exit_code:
            raise CommandError("The rehearsal did not go well; see above.", returncode=exit_code)
