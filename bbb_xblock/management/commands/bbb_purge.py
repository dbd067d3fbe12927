"""Delete what is past its time."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bbb_xblock.domain import retention
from bbb_xblock.domain.recordings import keeping
from bbb_xblock.domain.retention import Overdue

AT_ONCE = 500
WHAT = {
    "joins": "who was let in when",
    "viewings": "who opened which recording",
    "adoptions": "who had a room show a recording of another",
    "names": "chosen names of people who have not joined since",
    "presences": "who was in which session, and for how long",
    "corrections": "how the course team corrected attendance",
    "outcomes": "which grades and completion the platform was told",
    "sightings": "when somebody was seen in a session that is settled for good",
    "present": "who was in a room when a server was last asked",
    "receipts": "what BigBlueButton sent, counted from when it was worked on",
}


class Command(BaseCommand):
    """Exit code 0, whether there was something to delete or not; 1 if a recording could not be deleted."""

    help = (
        "Shows what is kept longer than JOIN_DAYS, ATTENDANCE_DAYS, RECEIPT_DAYS and RECORDING_DAYS allow, or authors "
        "wish; with --yes, deletes it, recordings on their servers. The site does the same bit by bit by itself, "
        "whenever BigBlueButton calls, but for recordings: those only go here."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read whether to delete."""
        parser.add_argument("--yes", action="store_true", help="delete, a few hundred rows at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show, and delete if that is wanted."""
        found, recordings = retention.overdue(), keeping.past().count()
        for each in found:
            self.stdout.write(_sentence(each))
        self.stdout.write(
            f"RECORDING_DAYS or the author's days (recordings on their servers): past their time: {recordings}."
        )
        if not recordings and not any(each.rows for each in found):
            self.stdout.write("There is nothing to delete.")
        elif options["yes"]:
            kept = self._delete_recordings()
            self.stdout.write(f"Deleted: {_delete_all() + recordings - kept}.")
            if kept:
                raise CommandError(f"{kept} recordings could not be deleted. They are still there; try again later.")
        else:
            self._show_recordings()
            self.stdout.write("Nothing was deleted. Add --yes to delete it.")

    def _show_recordings(self) -> None:
        for row in keeping.past().select_related("room").order_by("pk").iterator(chunk_size=AT_ONCE):
            self.stdout.write(f"  {_place(row.pk, row.room.meeting_id, row.server, keeping.over_at(row))}")

    def _delete_recordings(self) -> int:
        """Delete what is past its time, saying each, and give how many could not be deleted."""
        kept = 0
        for each in keeping.delete_past():
            place = _place(each.recording, each.meeting_id, each.server, each.over_at)
            kept += bool(each.trouble)
            self.stdout.write(f"  {place}: {f'not deleted. {each.trouble}.' if each.trouble else 'deleted.'}")
        return kept


def _place(recording: int, meeting_id: str, server: str, over_at: datetime) -> str:
    return f"recording {recording} of {timezone.localtime(over_at):%Y-%m-%d}, room {meeting_id}, server {server}"


def _sentence(each: Overdue) -> str:
    what = f"{each.setting} ({WHAT[each.what]})" if each.setting else WHAT[each.what].capitalize()
    if not each.days:
        return f"{what}: kept for ever."
    since = f", the oldest of {timezone.localtime(each.oldest):%Y-%m-%d}" if each.oldest else ""
    return f"{what}: older than {each.days} days: {each.rows}{since}."


def _delete_all() -> int:
    deleted = 0
    while some := retention.forget_old(AT_ONCE):
        deleted += some
    return deleted
