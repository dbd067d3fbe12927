"""List the site's rooms, and end a meeting that nobody else ends."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from bbb_xblock.bbb import BBBError
from bbb_xblock.config import NotConfigured
from bbb_xblock.domain import operating
from bbb_xblock.domain.operating import NoSuchMeeting, RoomLine

WIDTHS = (8, 6, 12, 16, 16, 36)
TITLES = ("STATE", "PEOPLE", "SERVER", "SINCE", "LAST ASKED", "MEETING ID", "COURSE AND BLOCK")


class Command(BaseCommand):
    """Exit codes: 0 done, 1 not done (a sentence says why), 2 wrong arguments."""

    help = (
        "Lists the rooms of live sessions as this site knows them, without asking any BigBlueButton server. "
        "With --end, ends a meeting on its server."
    )
    # A meeting must be ended even where something else of the platform is wrong.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read which rooms, in which form, and what to end."""
        parser.add_argument("--course", default="", help="only the rooms of this course (course-v1:…)")
        parser.add_argument("--server", default="", help="only the rooms with a meeting on this server (its slug)")
        parser.add_argument("--running", action="store_true", help="only the rooms with a meeting")
        parser.add_argument("--json", action="store_true", help="one JSON list, for scripts")
        parser.add_argument("--end", metavar="MEETING_ID", help="end the meeting of this room for everybody in it")
        parser.add_argument("--yes", action="store_true", help="with --end: do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """List the rooms, or end a meeting."""
        if options["end"]:
            self._end(options["end"], is_sure=options["yes"])
            return
        found = operating.list_rooms(
            course_key=options["course"], server=options["server"], only_running=options["running"]
        )
        if options["json"]:
            self.stdout.write(json.dumps([asdict(room) for room in found], cls=DjangoJSONEncoder, indent=1))
        else:
            self._print(found)

    def _print(self, found: Iterable[RoomLine]) -> None:
        rooms = running = people = 0
        for room in found:
            if not rooms:
                self.stdout.write(_row(TITLES))
            self.stdout.write(_row(_cells(room)))
            rooms, running, people = rooms + 1, running + room.is_running, people + room.people
        if rooms:
            self.stdout.write(f"\nRooms: {rooms}. With a meeting: {running}. People in them: {people}.")
        else:
            self.stdout.write("There is no such room.")

    def _end(self, meeting_id: str, *, is_sure: bool) -> None:
        try:
            server = operating.where_to_end(meeting_id)
            if not is_sure and not _agrees(f"End the meeting on the server {server!r} for everybody in it? [y/N] "):
                raise CommandError("Nothing was ended. Answer y, or add --yes.")
            was_there = operating.end(meeting_id)
        except NoSuchMeeting:
            raise CommandError(
                "This site has made no meeting with this id. Look it up with bbb_rooms; it begins with oex-."
            ) from None
        except NotConfigured as problem:
            raise CommandError(f"{problem} {problem.hint}") from None
        except BBBError as error:
            raise CommandError(f"{error}. The meeting may still run; try again, or look at the server.") from None
        if was_there:
            self.stdout.write(f"The meeting on the server {server!r} was ended. It may take a few seconds.")
        else:
            self.stdout.write(f"The server {server!r} has no such meeting: it was over already.")


def _agrees(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _cells(room: RoomLine) -> tuple[str, ...]:
    place = f"{room.course_key}  {room.usage_key}"
    if room.group:
        place += f"  group {room.group}"
    if room.trouble:
        place += f"  ({room.trouble})"
    state = "running" if room.is_running else "closed"
    return (
        state,
        str(room.people),
        room.server or "-",
        _moment(room.since),
        _moment(room.asked_at),
        room.meeting_id,
        place,
    )


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else "-"


def _row(cells: Iterable[str]) -> str:
    *first, last = cells
    return "  ".join([*(cell.ljust(width) for cell, width in zip(first, WIDTHS, strict=True)), last])
