"""Delete what is past its time."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bbb_xblock.domain import retention
from bbb_xblock.domain.retention import Overdue

AT_ONCE = 500
WHAT = {
    "joins": "who was let in when",
    "names": "chosen names of people who have not joined since",
    "receipts": "what BigBlueButton sent, counted from when it was worked on",
}


class Command(BaseCommand):
    """Exit code 0, whether there was something to delete or not."""

    help = (
        "Shows what is kept longer than JOIN_DAYS and RECEIPT_DAYS allow; with --yes, deletes it. "
        "The site does the same bit by bit by itself, whenever BigBlueButton calls."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read whether to delete."""
        parser.add_argument("--yes", action="store_true", help="delete, a few hundred rows at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show, and delete if that is wanted."""
        found = retention.overdue()
        for each in found:
            self.stdout.write(_sentence(each))
        if not any(each.rows for each in found):
            self.stdout.write("There is nothing to delete.")
        elif options["yes"]:
            self.stdout.write(f"Deleted: {_delete_all()}.")
        else:
            self.stdout.write("Nothing was deleted. Add --yes to delete it.")


def _sentence(each: Overdue) -> str:
    what = f"{each.setting} ({WHAT[each.what]})"
    if not each.days:
        return f"{what}: kept for ever."
    since = f", the oldest of {timezone.localtime(each.oldest):%Y-%m-%d}" if each.oldest else ""
    return f"{what}: older than {each.days} days: {each.rows}{since}."


def _delete_all() -> int:
    deleted = 0
    while some := retention.forget_old(AT_ONCE):
        deleted += some
    return deleted
