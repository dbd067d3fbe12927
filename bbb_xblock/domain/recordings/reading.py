"""What a server says of a recording, as the columns of its row: bounded, and nothing in it believed to be right."""

import json
from datetime import UTC, datetime
from typing import Any

from bbb_xblock import bbb
from bbb_xblock.models import Recording
from bbb_xblock.options.texts import clean_line

State = Recording.State

MOST_FORMATS = 20
_LONGEST_TYPE = 32
_LONGEST_ADDRESS = 2048
_LONGEST_NAME = 255
_MOST_PEOPLE = 2**31 - 1
_MOST_BYTES = 2**63 - 1
# A moment that every database takes.
_LATEST_MS = 4_000_000_000_000

_STATES = {
    "processing": State.PROCESSING,
    "processed": State.PROCESSING,
    "published": State.READY,
    "unpublished": State.READY,
    "deleted": State.DELETED,
}


def columns(told: bbb.Recording) -> dict[str, Any]:
    """Give what the row is to hold, but for whose it is and when it was asked for."""
    return {
        "state": state(told),
        "is_published": told.published,
        "is_breakout": told.is_breakout,
        "is_protected": told.is_protected,
        "name": clean_line(told.name, _LONGEST_NAME),
        "ended_at": moment(told.end_time_ms),
        "minutes": minutes(told),
        "participants": min(told.participants, _MOST_PEOPLE),
        "size": min(told.size, _MOST_BYTES),
        "formats": json.dumps([_format(each) for each in told.formats[:MOST_FORMATS] if _fits(each)]),
    }


def state(told: bbb.Recording) -> Recording.State:
    """Give how far it is; where the server leaves that out, its formats tell."""
    found = _STATES.get(told.state)
    return found or (State.READY if told.published or told.formats else State.PROCESSING)


def moment(milliseconds: int) -> datetime | None:
    """Give a time of BigBlueButton's; None if it is unknown, or none."""
    if not 0 < milliseconds < _LATEST_MS:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def minutes(told: bbb.Recording) -> int:
    """Give the length of the longest format, or that of the meeting where no format has one."""
    longest = max((each.length_minutes for each in told.formats), default=0)
    lasted = max(0, told.end_time_ms - told.start_time_ms) // 60_000 if told.start_time_ms else 0
    return min(longest or lasted, _MOST_PEOPLE)


def _fits(told: bbb.PlaybackFormat) -> bool:
    return 0 < len(told.type) <= _LONGEST_TYPE and told.type.isprintable() and len(told.url) <= _LONGEST_ADDRESS


def _format(told: bbb.PlaybackFormat) -> dict[str, str | int]:
    return {
        "type": told.type,
        "url": told.url,
        "minutes": told.length_minutes,
        "size": min(told.size, _MOST_BYTES),
    }
