"""Everything the simulated server knows, its clock, and what happens when time passes.

One lock guards all of it. Nothing that holds it waits or talks to anybody; callbacks are put into the outbox.
"""

import threading
from collections.abc import Callable, Collection, Iterator

from . import callbacks, hooks
from .links import PlaybackLinks
from .meetings import ChatLine, Participant, SimMeeting, digest, random_id
from .modes import mode_named
from .outbox import Outbox
from .population import Population
from .recordings import Recording
from .slides import Slides

FAREWELLS_KEPT = 5_000
# Looking through everybody at each call would make a thousand joins a million looks.
SECONDS_BETWEEN_ROLL_CALLS = 0.5


class NoSessionError(Exception):
    """The session token is unknown, or the browser does not hold the cookie that goes with it."""


class SessionOverError(Exception):
    """The meeting of this session has ended, or the person left. Says where to go, and to which room one had been."""

    def __init__(self, go_to: str, meeting_name: str) -> None:
        super().__init__("over")
        self.go_to = go_to
        self.meeting_name = meeting_name


class World:
    """The state of one simulated server."""

    def __init__(
        self,
        secret: str,
        algorithms: tuple[str, ...],
        mode: str,
        clock: Callable[[], float],
        recordings_per_room: int = 0,
    ) -> None:
        if not secret:
            raise ValueError("a simulated server without a secret would accept every call: give it one")
        self.lock = threading.RLock()
        self.secret = secret
        self.node_secret = random_id(40)
        self.algorithms = algorithms
        self.mode = mode_named(mode)
        self.clock = clock
        self.end_delay = 0.0
        self.processing_seconds = 2.0
        self.recordings_per_room = recordings_per_room
        self.max_sessions_per_user = 3
        self.authenticated_guest = True
        self.outbox = Outbox()
        self.slides = Slides()
        self.server = "http://127.0.0.1"
        self.advanced = 0.0
        self.one_jump = threading.Lock()
        self.followers: list[Callable[[], None]] = []
        self.forget_everything()

    def forget_everything(self) -> None:
        """Start over: no meetings, recordings, sessions or callbacks."""
        with self.lock:
            self.meetings: dict[str, SimMeeting] = {}
            self.recordings: list[Recording] = []
            self.population = Population(self.recordings_per_room)
            self.links = PlaybackLinks()
            self.seats: dict[str, tuple[SimMeeting, Participant]] = {}
            self.farewells: dict[str, tuple[str, SessionOverError]] = {}
            self.cookies: set[str] = set()
            self.hooks: dict[str, dict[str, str]] = {}
            self.create_times: set[int] = set()
            self.last_roll_call = float("-inf")
            self.outbox.clear()
            self.slides.forget()

    def now(self) -> float:
        """Return the server's time in seconds."""
        return self.clock() + self.advanced

    def advance(self, seconds: float) -> None:
        """Move the clock, and let happen what was due in between."""
        with self.lock:
            self.advanced += seconds
            self.last_roll_call = float("-inf")
            self.let_time_pass()

    def go_on(self) -> None:
        """Send the callbacks that are due, and let act who lives by this clock. Never called with the lock."""
        self.let_time_pass()
        self.outbox.deliver(self.now())
        for follow in self.followers:
            follow()

    def let_time_pass(self) -> None:
        """Remove who fell silent, end what is due, finish recordings; each at the second at which it was due."""
        with self.lock:
            now = self.now()
            if abs(now - self.last_roll_call) >= SECONDS_BETWEEN_ROLL_CALLS:
                self.last_roll_call = now
                for meeting in list(self.meetings.values()):
                    self._roll_call(meeting, now)
            for meeting in list(self.meetings.values()):
                if (due := meeting.due_end()) <= now and meeting.external_id in self.meetings:
                    self._remove(meeting, due)
            for recording in self.recordings:
                if recording.state == "processing" and recording.ready_at <= now:
                    recording.finish()
                    self.report(recording, recording.ready_at)

    def report(self, recording: Recording, at: float | None = None) -> None:
        """Tell the platform that a recording is ready, now or at a second in the past; a rebuild tells it again."""
        callbacks.recording_ready(self.outbox, self.mode, self.secret, recording, self.now() if at is None else at)

    def protects(self, recording: Recording) -> bool:
        """Say whether this recording opens by one-time addresses only. Scalelite alone knows such."""
        return recording.protected and self.mode.pool == "scalelite"

    def exactly(self, record_ids: Collection[str]) -> list[Recording]:
        """Return the recordings with exactly these ids, to be changed: those of the population are kept from now on."""
        for recording in list(self.population.beginning_with(record_ids)):
            if recording.record_id in record_ids:
                self.recordings.append(self.population.hand_over(recording))
        return [recording for recording in self.recordings if recording.record_id in record_ids]

    def beginning_with(self, record_ids: Collection[str]) -> Iterator[Recording]:
        """Yield the recordings whose ids begin so."""
        yield from (each for each in self.recordings if each.record_id.startswith(tuple(record_ids)))
        yield from self.population.beginning_with(record_ids)

    def of_meetings(self, meeting_ids: Collection[str]) -> Iterator[Recording]:
        """Yield the recordings of these meetings. The server finds them by the hash of the meeting's id."""
        digests = tuple(map(digest, meeting_ids))
        yield from (each for each in self.recordings if each.record_id.startswith(digests))
        yield from self.population.of(meeting_ids)

    def forget_recording(self, recording: Recording) -> None:
        """Lose a recording, as if there had never been one."""
        self.recordings.remove(recording)

    def next_create_time(self, at: float | None = None) -> int:
        """Return milliseconds, never the same twice: it tells two meetings with one id apart."""
        wanted = int((self.now() if at is None else at) * 1000)
        while wanted in self.create_times:
            wanted += 1
        self.create_times.add(wanted)
        return wanted

    def add_meeting(self, meeting: SimMeeting) -> None:
        self.meetings[meeting.external_id] = meeting
        hooks.happened(self, "meeting-created", meeting)

    def browser_session(self, cookie: str) -> str:
        """Return the browser's cookie if it is ours, else a new one: nobody chooses their own."""
        if cookie not in self.cookies:
            cookie = random_id(32).upper()
            self.cookies.add(cookie)
        return cookie

    def seat(self, meeting: SimMeeting, person: Participant) -> None:
        """Give somebody a session: in the room, or in front of it if they have to wait."""
        self.seats[person.session_token] = (meeting, person)
        if person.guest_status == "ALLOW":
            self._enter(meeting, person)
        else:
            person.is_waiting = True
            meeting.waiting.append(person)

    def take_waiting_guest_in(self, meeting: SimMeeting, person: Participant) -> bool:
        """Move an allowed guest from the lobby to the room, if there is a seat; say whether there was."""
        if person.guest_status != "ALLOW" or not meeting.has_seat_for(person.user_id):
            return False
        meeting.waiting.remove(person)
        person.is_waiting = False
        person.joined_at = person.seen_at = self.now()
        self._enter(meeting, person)
        return True

    def leave(self, meeting: SimMeeting, person: Participant, at: float | None = None) -> None:
        """Take somebody out of the room."""
        moment = self.now() if at is None else at
        self.seats.pop(person.session_token, None)
        self._say_farewell(meeting, person)
        if person.is_waiting:
            meeting.waiting.remove(person)
            return
        meeting.participants.remove(person)
        person.left_at = moment
        person.hand_raised = False
        person.stop_talking(moment)
        if not meeting.participants:
            meeting.emptied_at = moment
        self._watch_moderators(meeting, moment)
        hooks.happened(self, "user-left", meeting, person)

    def end(self, meeting: SimMeeting) -> None:
        """Ask for the end; it comes after `end_delay` seconds."""
        if meeting.ends_at is None:
            meeting.ends_at = self.now() + self.end_delay
            meeting.forcibly_ended = self.mode.shows_pending_end
        self.let_time_pass()

    def say(self, meeting: SimMeeting, sender: str, text: str) -> None:
        meeting.chat.append(ChatLine(sender, text))
        del meeting.chat[:-200]

    def switch_recording(self, meeting: SimMeeting, on: bool) -> None:
        meeting.recording_on = on
        meeting.was_recorded = meeting.was_recorded or on

    def session(self, token: str, cookie: str) -> tuple[SimMeeting, Participant]:
        """Return whose session this is.

        Raises NoSessionError, and SessionOverError if there is nothing to come back to.
        """
        self.let_time_pass()
        if token in self.seats:
            meeting, person = self.seats[token]
            if person.cookie == cookie or meeting.flag("allowRequestsWithoutSession"):
                return meeting, person
        elif token in self.farewells:
            expected, farewell = self.farewells[token]
            if expected == cookie:
                raise farewell
        raise NoSessionError

    def breakouts_of(self, meeting: SimMeeting) -> Iterator[SimMeeting]:
        return (other for other in self.meetings.values() if other.parent_id == meeting.internal_id)

    def _enter(self, meeting: SimMeeting, person: Participant) -> None:
        now = self.now()
        if meeting.started_at is None:
            meeting.started_at = now
            if meeting.is_recordable and meeting.flag("autoStartRecording"):
                self.switch_recording(meeting, True)
        meeting.participants.append(person)
        meeting.everybody.append(person)
        meeting.emptied_at = None
        self._watch_moderators(meeting, now)
        hooks.happened(self, "user-joined", meeting, person)

    def _watch_moderators(self, meeting: SimMeeting, moment: float) -> None:
        if any(person.is_moderator for person in meeting.participants):
            meeting.without_moderator_since = None
        elif meeting.without_moderator_since is None:
            meeting.without_moderator_since = moment

    def _roll_call(self, meeting: SimMeeting, now: float) -> None:
        gone = [person for person in meeting.participants + meeting.waiting if person.gone_at() <= now]
        for person in sorted(gone, key=Participant.gone_at):
            self.leave(meeting, person, person.gone_at())

    def _say_farewell(self, meeting: SimMeeting, person: Participant) -> None:
        if not person.session_token:
            return
        while len(self.farewells) >= FAREWELLS_KEPT:
            self.farewells.pop(next(iter(self.farewells)))
        self.farewells[person.session_token] = (person.cookie, SessionOverError(person.logout_url, meeting.name))

    def _remove(self, meeting: SimMeeting, at: float) -> None:
        for breakout in list(self.breakouts_of(meeting)):
            self._remove(breakout, at)
        for person in meeting.participants + meeting.waiting:
            self.seats.pop(person.session_token, None)
            self._say_farewell(meeting, person)
        for person in meeting.everybody:
            person.left_at = at if person.left_at is None else min(person.left_at, at)
            person.stop_talking(at)
        del self.meetings[meeting.external_id]
        if meeting.is_recordable and meeting.was_recorded:
            self.recordings.append(Recording.of(meeting, at, self.processing_seconds))
        callbacks.meeting_ended(self, meeting, at)
        hooks.happened(self, "meeting-ended", meeting)
