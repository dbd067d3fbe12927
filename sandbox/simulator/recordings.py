"""Recordings: how they come about, and how they are described (BBB API docs, getRecordings)."""

import hashlib
from dataclasses import dataclass, field

from .meetings import SimMeeting

PLAYBACK_PATHS = {
    "presentation": "/playback/presentation/2.3/{record_id}",
    "video": "/playback/video/{record_id}/",
}


@dataclass(eq=False)
class Recording:
    """A recording. Times are in seconds; `record_id` is the internal id of its meeting."""

    record_id: str
    meeting_id: str
    name: str
    started_at: float
    ended_at: float
    ready_at: float
    participants: int
    metadata: dict[str, str] = field(repr=False)
    ready_urls: list[str] = field(default_factory=list, repr=False)
    state: str = "processing"
    formats: tuple[str, ...] = ("presentation", "video")
    is_breakout: bool = False
    protected: bool = False

    @classmethod
    def of(cls, meeting: SimMeeting, ended_at: float, processing_seconds: float) -> "Recording":
        """Start the recording of a meeting that just ended."""
        return cls(
            record_id=meeting.internal_id,
            meeting_id=meeting.external_id,
            name=meeting.name,
            started_at=meeting.create_time / 1000,
            ended_at=ended_at,
            ready_at=ended_at + processing_seconds,
            participants=len({person.user_id for person in meeting.everybody}),
            metadata=dict(meeting.metadata),
            ready_urls=list(meeting.ready_urls),
            is_breakout=meeting.is_breakout,
        )

    def finish(self) -> None:
        """Publish it: the processing is done."""
        self.state = "published"

    @property
    def minutes(self) -> int:
        return int((self.ended_at - self.started_at) // 60)

    @property
    def is_done(self) -> bool:
        return self.state not in ("processing", "processed")

    def all_metadata(self) -> dict[str, str]:
        """Return the metadata with what the server adds to it."""
        return {
            "isBreakout": str(self.is_breakout).lower(),
            "meetingId": self.meeting_id,
            "meetingName": self.name,
            **self.metadata,
        }

    def playback_url(self, server: str, kind: str) -> str:
        path = PLAYBACK_PATHS.get(kind, "/playback/other/{record_id}")
        return server + path.format(record_id=self.record_id)

    def is_of(self, meeting_prefix: str) -> bool:
        """Say whether this records the meeting with that id; matched as the server does, by the hash in front."""
        digest = hashlib.sha1(meeting_prefix.encode(), usedforsecurity=False).hexdigest()
        return self.record_id.startswith(digest)
