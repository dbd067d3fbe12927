"""``./manage.py lms bbb_sync``: ask the servers for news of recordings, whoever's turn it is."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bbb_xblock.domain.recordings import sweep
from bbb_xblock.domain.recordings.rows import Tally
from bbb_xblock.domain.recordings.sweep import Answer


@dataclass
class _Summary:
    """What one server said, of how many rooms; ``silent`` of them it did not answer for, ``off`` were not asked for."""

    server: str
    rooms: int = 0
    silent: int = 0
    off: int = 0
    trouble: str = ""
    tally: Tally = field(default_factory=Tally)


class Command(BaseCommand):
    """Prints one line for each server."""

    help = (
        "Ask the BigBlueButton servers for the recordings of rooms, and store what is new, changed or gone. The site "
        "does the same by itself, bit by bit; this does it now. The exit code is 0 if all is well, 1 if a server was "
        "not asked because it is switched off or gone from the settings, 2 if one did not answer."
    )
    # Recordings are looked for even where something else of the platform is wrong.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare which rooms, and in which form to tell of them."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--room", default="", metavar="MEETING_ID", help="this room only; bbb_rooms lists the ids")
        which.add_argument("--course", default="", metavar="KEY", help="the rooms of one course (course-v1:…)")
        which.add_argument("--all", action="store_true", help="all rooms, without those of breakout rooms")
        parser.add_argument("--json", action="store_true", help="print a list for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, print, and leave with the exit code."""
        which = {"meeting_id": options["room"], "course_key": options["course"]}
        chosen = {column: value for column, value in which.items() if value}
        summaries = _summed(sweep.look_at(with_breakouts=not options["all"], **chosen))
        if options["room"] and not summaries:
            raise CommandError("No meeting was held in a room with this id. Look it up with bbb_rooms.")
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in summaries], indent=2))
        else:
            self._print(summaries)
        code = max((2 if each.silent else int(bool(each.off)) for each in summaries), default=0)
        if code:
            sys.exit(code)

    def _print(self, summaries: list[_Summary]) -> None:
        for each in summaries:
            tally = each.tally
            if each.rooms > each.silent + each.off:
                found = f"{tally.told} recordings, {tally.new} new, {tally.changed} changed, {tally.gone} gone"
                self.stdout.write(f"{each.server}: {each.rooms} rooms, {found}.")
            if each.silent:
                self.stdout.write(
                    self.style.ERROR(f"{each.server}: no answer for {each.silent} rooms. {each.trouble}.")
                )
            if each.off:
                why = "it is switched off, or gone from the settings"
                self.stdout.write(self.style.WARNING(f"{each.server}: not asked for {each.off} rooms: {why}."))
        if not summaries:
            self.stdout.write("No meeting was held in these rooms.")


def _summed(answers: Iterable[Answer]) -> list[_Summary]:
    """Add up what came of each server."""
    found: dict[str, _Summary] = {}
    for answer in answers:
        each = found.setdefault(answer.server, _Summary(answer.server))
        each.rooms += answer.rooms
        each.silent += answer.rooms if answer.trouble else 0
        each.off += answer.rooms if answer.is_off else 0
        each.trouble = answer.trouble or each.trouble
        each.tally += answer.tally
    return list(found.values())
