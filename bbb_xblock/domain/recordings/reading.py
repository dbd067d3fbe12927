"""What a server says of a recording, as the columns of its row: bounded, and fit for every database."""

import json
from datetime import UTC, datetime
from typing import Any

from bbb_xblock import bbb
from bbb_xblock.bbb import RecordingState
from bbb_xblock.models import Recording
from bbb_xblock.options.texts import clean_line

#: The key of a meeting's metadata that holds the room's meeting id. Breakout rooms get the metadata of their meeting.
ROOM_KEY = "bbb-context-room"
LONGEST_ID = 128
MOST_FORMATS = 10
_LONGEST_TYPE = 32
_LONGEST_NAME = 255
_LARGEST = 2**31 - 1
_MOST_BYTES = 2**63 - 1
# From 2010, before which nothing was recorded, to 2096. A server without a clock lives in 1970, and one that tells
# seconds too; nobody's recordings are deleted because they are as old as that.
_EARLIEST_MS, _LATEST_MS = 1_262_304_000_000, 4_000_000_000_000

_STATES = {
    RecordingState.PROCESSING: Recording.State.PROCESSING,
    RecordingState.PROCESSED: Recording.State.PROCESSING,
    RecordingState.PUBLISHED: Recording.State.READY,
    RecordingState.UNPUBLISHED: Recording.State.READY,
    RecordingState.DELETED: Recording.State.DELETED,
}


def columns(told: bbb.Recording) -> dict[str, Any]:
    """Give what the row is to hold, but for whose it is and when it was asked for."""
    return {
        "state": _STATES[told.state],
        "is_published": told.published,
        "is_protected": told.is_protected,
        "is_breakout": told.is_breakout,
        "name": clean_line(told.name, _LONGEST_NAME),
        "ended_at": moment(told.end_time_ms),
        "minutes": _minutes(told),
        "participants": min(told.participants, _LARGEST),
        "size": min(told.size, _MOST_BYTES),
        "formats": json.dumps([_format(each, told) for each in told.formats[:MOST_FORMATS] if _fits(each)]),
    }


def moment(milliseconds: int) -> datetime | None:
    """Give a time of BigBlueButton's; None if it is unknown, or none."""
    if not _EARLIEST_MS <= milliseconds < _LATEST_MS:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _minutes(told: bbb.Recording) -> int:
    """Give the length of the longest format, or that of the meeting where no format has one."""
    longest = max((each.length_minutes for each in told.formats), default=0)
    start, end = moment(told.start_time_ms), moment(told.end_time_ms)
    lasted = int((end - start).total_seconds() // 60) if start and end else 0
    return min(longest or max(lasted, 0), _LARGEST)


def _fits(told: bbb.PlaybackFormat) -> bool:
    return 0 < len(told.type) <= _LONGEST_TYPE and told.type.isprintable()


def _format(told: bbb.PlaybackFormat, recording: bbb.Recording) -> dict[str, str | int]:
    # The address of a protected one works once, and is asked for when somebody wants to watch.
    return {
        "type": told.type,
        "url": "" if recording.is_protected else told.url,
        "minutes": min(told.length_minutes, _LARGEST),
        "size": min(told.size, _MOST_BYTES),
    }
