"""Show what is kept of one person, or forget that person."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from bbb_xblock.domain import personal, retention
from bbb_xblock.edx import users

# No column holds a larger one.
_LARGEST_ID = 2**31 - 1
_BY_ID, _BY_NAME = "id:", "name:"
_WHO_HELP = "a username, or the id of a user, also of one who is retired; id:12 or name:12 where a username is a number"


class Command(BaseCommand):
    """Exit codes: 0 done, 1 nothing was done (a sentence says why), 2 wrong arguments."""

    help = (
        "With --export, writes everything that live sessions keep of one person as JSON. With --forget, forgets that "
        "person, as the platform's retirement does. It asks no BigBlueButton server; what those keep stays there."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read who, and what to do."""
        parser.add_argument("user", metavar="USER", help=_WHO_HELP)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--export", action="store_true", help="write one JSON object")
        what.add_argument("--forget", action="store_true", help="forget the person; this cannot be undone")
        parser.add_argument("--yes", action="store_true", help="with --forget: do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export or forget."""
        user_id, anonymous_ids = _who(options["user"])
        kept = personal.kept_of(user_id, anonymous_ids)
        if options["export"]:
            self.stdout.write(json.dumps({"user_id": user_id, **kept}, cls=DjangoJSONEncoder, indent=1))
            return
        rows = sum(map(len, kept.values()))
        if not options["yes"] and not _agrees(f"Forget user {user_id}, in {rows} rows? This cannot be undone. [y/N] "):
            raise CommandError("Nobody was forgotten. Answer y, or add --yes.")
        retention.forget_person(user_id, anonymous_ids)
        self.stdout.write(f"User {user_id} is forgotten. Rows that named this person: {rows}.")


def _who(named: str) -> tuple[int, set[str]]:
    """Give the id of a user and the anonymous ids that the platform knows; of one who is gone, the id alone."""
    written = named.removeprefix(_BY_ID)
    user_id = _number(written) if not named.startswith(_BY_NAME) else 0
    by_name = users.named(named.removeprefix(_BY_NAME)) if written == named else None
    # Usernames may be digits, and somebody may have chosen the id of another.
    if by_name is not None and user_id not in (0, by_name.pk):
        raise CommandError(f"{named} is a username, and may be an id. Write {_BY_NAME}{named} or {_BY_ID}{named}.")
    user = by_name or (users.numbered(user_id) if user_id else None)
    if user is not None:
        return int(user.pk), users.anonymous_ids_of(user)
    if user_id:
        return user_id, set()
    raise CommandError("There is no user of this name. Give the user's id, if the account is retired.")


def _number(text: str) -> int:
    """Read an id; 0 for what is none."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(_LARGEST_ID)) else 0
    return number if number <= _LARGEST_ID else 0


def _agrees(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False
