"""Recordings: how they come about, and how they are described (BBB API docs, getRecordings)."""

from dataclasses import dataclass, field

from . import previews
from .meetings import SimMeeting, random_id

PRESENTATION_PATH = "/playback/presentation/2.3/{record_id}"
OTHER_PATH = "/playback/{kind}/{record_id}/"
# These have no length.
TIMELESS = ("notes", "capture")


@dataclass(frozen=True)
class TextTrack:
    """Captions or subtitles, as they were uploaded."""

    kind: str
    lang: str
    label: str
    content: bytes = field(repr=False)
    source: str = "upload"

    def path(self, record_id: str) -> str:
        return f"/textTrack/{record_id}/{self.kind}_{self.lang}.vtt"


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
    tracks: list[TextTrack] = field(default_factory=list, repr=False)
    # By this the front page names it: who knows the id of an unprotected recording may watch it.
    handle: str = field(default_factory=lambda: random_id(12), repr=False)

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

    @property
    def title(self) -> str:
        """What somebody called it, or the name of the meeting."""
        return self.metadata.get("name") or self.name

    @property
    def description(self) -> str:
        return self.metadata.get("description", "")

    def length(self, kind: str) -> int:
        """Return the minutes of one format."""
        return 0 if kind in TIMELESS else self.minutes

    def previews(self, kind: str) -> list[tuple[str, str]]:
        """Return paths and alternative texts of the thumbnails of one format."""
        if kind != "presentation":
            return []
        numbers = range(1, previews.NUMBER + 1)
        return [(previews.path(self.record_id, number), f"Slide {number}") for number in numbers]

    def playback_path(self, kind: str) -> str:
        path = PRESENTATION_PATH if kind == "presentation" else OTHER_PATH
        return path.format(record_id=self.record_id, kind=kind)

    def take_track(self, track: TextTrack) -> None:
        """Keep a text track, in place of the one of the same kind and language."""
        others = [each for each in self.tracks if (each.kind, each.lang) != (track.kind, track.lang)]
        self.tracks = [*others, track]
