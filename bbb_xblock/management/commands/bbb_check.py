"""``./manage.py lms bbb_check``: what is wrong between this platform and BigBlueButton, and what to do."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from bbb_xblock.doctor import examination, sentences
from bbb_xblock.doctor.findings import Finding, Level

WAIT_SECONDS = 20


class Command(BaseCommand):
    """Prints one line for each thing that was looked at."""

    help = (
        "Check the settings of live sessions and every BigBlueButton server in use: name, port, certificate, API, "
        "clock, secret, speed, recordings. The exit code is 0 if all is well, 1 if something is odd, 2 if something "
        "does not work."
    )
    # What the system checks say of us is part of the findings.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--course", default="", metavar="KEY", help="check what applies to one course")
        parser.add_argument("--server", default="", metavar="SLUG", help="check this server only")
        parser.add_argument("--json", action="store_true", help="print a list for scripts")
        parser.add_argument(
            "--deep", action="store_true", help="make and end a meeting on each server, and wait for its call back"
        )
        parser.add_argument(
            "--wait",
            type=float,
            default=WAIT_SECONDS,
            metavar="SECONDS",
            help="how long --deep waits for the call back (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, print, and leave with the exit code."""
        patience = options["wait"] if options["deep"] else 0
        found = []
        for finding in examination.everything(options["course"], options["server"], patience):
            found.append(finding)
            if not options["json"]:
                self._print(finding)
        if options["json"]:
            self.stdout.write(json.dumps([_as_dict(finding) for finding in found], indent=2, ensure_ascii=False))
        code = examination.exit_code(found)
        if code:
            sys.exit(code)

    def _print(self, finding: Finding) -> None:
        paint = {Level.OK: self.style.SUCCESS, Level.WARN: self.style.WARNING, Level.FAIL: self.style.ERROR}
        words = sentences.line(finding, translation)
        about = f"{finding.server}: " if finding.server else ""
        self.stdout.write(f"{paint[finding.level](f'{finding.level:<4}')}  {about}{words.text} ({finding.code})")
        for more in filter(None, (finding.detail, words.advice and f"→ {words.advice}")):
            self.stdout.write(f"      {more}")


def _as_dict(finding: Finding) -> dict[str, str]:
    words = sentences.line(finding, translation)
    return {
        "level": finding.level.value,
        "code": finding.code.value,
        "server": finding.server,
        "text": words.text,
        "detail": finding.detail,
        "advice": words.advice,
    }
