"""What the simulated server knows about a meeting and the people in it. No clock and no lock: `world` has them."""

import hashlib
import secrets
import string
from dataclasses import dataclass, field
from typing import Any

ALPHABET = string.ascii_lowercase + string.digits

# Seconds (bigbluebutton.properties). A page in a background tab may be throttled to one request a minute, hence 150.
NEVER_LOADED_ROOM = 45.0
PAGE_WENT_SILENT = 150.0
AFTER_CLOSING_PAGE = 60.0
GUEST_WENT_SILENT = 30.0


def random_id(length: int) -> str:
    """Return lower-case letters and digits, as the server's own ids are."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def internal_meeting_id(external_id: str, create_time: int) -> str:
    """Return sha1(meetingID)-createTime (BBB API docs, create)."""
    return f"{digest(external_id)}-{create_time}"


def digest(external_id: str) -> str:
    """Return that with which all internal ids of meetings with this id begin."""
    return hashlib.sha1(external_id.encode(), usedforsecurity=False).hexdigest()


def is_true(value: str | None) -> bool:
    """Read a boolean as Java's parseBoolean does: anything but "true" is false."""
    return (value or "").strip().lower() == "true"


@dataclass(eq=False)
class Participant:
    """One user session. `user_id` is the external id, the same for all sessions of a person."""

    full_name: str
    user_id: str
    role: str
    internal_id: str
    joined_at: float
    seen_at: float
    session_token: str = field(default="", repr=False)
    auth_token: str = field(default="", repr=False)
    cookie: str = field(default="", repr=False)
    logout_url: str = field(default="", repr=False)
    guest_status: str = "ALLOW"
    is_waiting: bool = False
    is_bot: bool = False
    stays: bool = False
    in_room_page: bool = False
    times_heard: int = 0
    away_since: float | None = None
    left_at: float | None = None
    hand_raised: bool = False
    hands: int = 0
    chats: int = 0
    emojis: int = 0
    talks: int = 0
    talked_seconds: float = 0.0
    talking_since: float | None = None
    votes: int = 0

    @property
    def is_moderator(self) -> bool:
        return self.role == "MODERATOR"

    def start_talking(self, now: float) -> None:
        """Begin a burst of speech."""
        self.talks += 1
        self.talking_since = now

    def stop_talking(self, now: float) -> None:
        """End a burst of speech, if there is one."""
        if self.talking_since is not None:
            self.talked_seconds += now - self.talking_since
        self.talking_since = None

    def gone_at(self) -> float:
        """Return the second at which this session counts as left if nothing more is heard of it."""
        if self.stays:
            return float("inf")
        if self.is_waiting:
            return self.seen_at + GUEST_WENT_SILENT
        if self.away_since is not None:
            return self.away_since + AFTER_CLOSING_PAGE
        return self.seen_at + (PAGE_WENT_SILENT if self.in_room_page else NEVER_LOADED_ROOM)


@dataclass(frozen=True)
class ChatLine:
    """One public message. `sender` is empty for the server's own words."""

    sender: str
    text: str


@dataclass(eq=False)
class Poll:
    """A question with the answers yes and no. `votes` are by external user id."""

    OPTIONS = ("Yes", "No")

    id: str
    asked_at: float
    votes: dict[str, str] = field(default_factory=dict)
    is_open: bool = True


@dataclass(frozen=True)
class SimDocument:
    """Slides in a room. `trouble` says why they could not be had; it is empty if they are there."""

    name: str
    url: str = ""
    content: bytes = b""
    is_current: bool = False
    is_downloadable: bool = False
    is_removable: bool = True
    trouble: str = ""


@dataclass(eq=False)
class SimMeeting:
    """A meeting that the server knows: created and not yet removed."""

    external_id: str
    internal_id: str
    name: str
    create_time: int
    created_at: float
    params: dict[str, str] = field(repr=False)
    metadata: dict[str, str] = field(repr=False)
    attendee_password: str = field(repr=False)
    moderator_password: str = field(repr=False)
    voice_bridge: str
    server: str
    ready_urls: list[str] = field(default_factory=list, repr=False)
    parent_id: str = ""
    participants: list[Participant] = field(default_factory=list)
    waiting: list[Participant] = field(default_factory=list)
    everybody: list[Participant] = field(default_factory=list, repr=False)
    userdata: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    documents: list[SimDocument] = field(default_factory=list)
    polls: list[Poll] = field(default_factory=list)
    word_to_moderators: str = ""
    chat: list[ChatLine] = field(default_factory=list, repr=False)
    started_at: float | None = None
    emptied_at: float | None = None
    without_moderator_since: float | None = None
    ends_at: float | None = None
    forcibly_ended: bool = False
    recording_on: bool = False
    was_recorded: bool = False

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a boolean create parameter."""
        value = self.params.get(name, "")
        return is_true(value) if value else default

    def number(self, name: str, default: int) -> int:
        """Return a whole-number create parameter; what does not parse is the default, as on the server."""
        try:
            return int(self.params.get(name, ""))
        except ValueError:
            return default

    @property
    def is_recordable(self) -> bool:
        return self.flag("record")

    @property
    def is_breakout(self) -> bool:
        return bool(self.parent_id)

    def has_seat_for(self, user_id: str) -> bool:
        """Say whether somebody may still come in. Seats are counted by external user id; bots need none."""
        limit = self.number("maxParticipants", 0)
        if limit <= 0:
            return True
        taken = {person.user_id for person in self.participants if not person.is_bot}
        return user_id in taken or len(taken) < limit

    def open_poll(self) -> Poll | None:
        """Return the poll in which people may vote now; there is one at a time."""
        return next((poll for poll in self.polls if poll.is_open), None)

    def presenter(self) -> Participant | None:
        """Return who presents: the moderator who has been here longest."""
        return next((person for person in self.participants if person.is_moderator), None)

    def due_end(self) -> float:
        """Return the second at which this meeting ends by itself or by request; infinity if nothing is due."""
        dues = [float("inf") if self.ends_at is None else self.ends_at]
        if duration := self.number("duration", 0):
            dues.append(self.created_at + 60 * duration)
        unused = self.number("meetingExpireIfNoUserJoinedInMinutes", 5)
        if self.started_at is None and unused > 0:
            dues.append(self.created_at + 60 * unused)
        empty = self.number("meetingExpireWhenLastUserLeftInMinutes", 1)
        if self.emptied_at is not None and empty > 0:
            dues.append(self.emptied_at + 60 * empty)
        if self.without_moderator_since is not None and self.flag("endWhenNoModerator"):
            dues.append(self.without_moderator_since + 60 * self.number("endWhenNoModeratorDelayInMinutes", 1))
        return min(dues)

    def summary(self) -> dict[str, Any]:
        """Return what the front page may show: no ids, no passwords."""
        return {
            "name": self.name,
            "people": len(self.participants),
            "moderators": sum(person.is_moderator for person in self.participants),
            "waiting": len(self.waiting),
            "recording": self.recording_on,
        }
