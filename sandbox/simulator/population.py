"""Recordings by the hundred thousand that nobody made: they come about when a room is asked for, always the same ones.

Each room that a search names by its `meetingID` has `number` old recordings, one a week, whatever its id. What they are
like follows from the id alone, so two servers, or one that was started anew, tell the same. Nothing is kept but the ids
of the rooms that were asked for, by which the recordings are found again by their own ids, and what was changed.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from .meetings import digest, internal_meeting_id
from .recordings import Recording

WEEK = 7 * 24 * 3600
#: The newest ones are of a day in November 2023.
NEWEST = 1_700_000_000
_ROOMS_AT_HAND = 128


class Population:
    """The recordings of all rooms there may be."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._rooms: dict[str, str] = {}
        self._gone: set[str] = set()
        self._of = lru_cache(_ROOMS_AT_HAND)(self._made)

    def of(self, meeting_ids: Iterable[str]) -> Iterator[Recording]:
        """Yield the recordings of these rooms, oldest first in each."""
        for meeting_id in dict.fromkeys(meeting_ids):
            self._rooms[digest(meeting_id)] = meeting_id
            yield from (recording for recording in self._of(meeting_id) if recording.record_id not in self._gone)

    def beginning_with(self, record_ids: Iterable[str]) -> Iterator[Recording]:
        """Yield the recordings with such ids, of rooms that were asked for before."""
        prefixes = list(dict.fromkeys(record_ids))
        rooms = {self._rooms[hashed]: None for prefix in prefixes if (hashed := prefix.split("-")[0]) in self._rooms}
        yield from (each for each in self.of(rooms) if each.record_id.startswith(tuple(prefixes)))

    def hand_over(self, recording: Recording) -> Recording:
        """Give a recording away: somebody else keeps it from now on, changed or lost."""
        self._gone.add(recording.record_id)
        return recording

    def _made(self, meeting_id: str) -> tuple[Recording, ...]:
        drawn = int(digest(meeting_id), 16)
        newest = NEWEST - drawn % WEEK
        return tuple(_recording(meeting_id, newest - WEEK * age) for age in reversed(range(self.number)))


def _recording(meeting_id: str, started_at: int) -> Recording:
    minutes = 20 + started_at % 70
    ended_at = started_at + 60 * minutes
    return Recording(
        record_id=internal_meeting_id(meeting_id, 1000 * started_at),
        meeting_id=meeting_id,
        name="Simulated recording",
        started_at=started_at,
        ended_at=ended_at,
        ready_at=ended_at,
        participants=2 + started_at % 30,
        metadata={},
        state="published",
        formats=("video",),
        # Making one up for each takes longer than all the rest.
        handle="",
    )
