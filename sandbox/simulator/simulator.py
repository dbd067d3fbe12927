"""The simulator as its users hold it: a server to start, to look into, to hurry and to break."""

import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .faults import Fault, Faults
from .meetings import Participant, SimMeeting, internal_meeting_id, random_id
from .modes import ALL_ALGORITHMS
from .outbox import Delivery, Way
from .passing import PATIENCE, pass_time
from .recordings import Recording
from .serving import serving
from .slides import Slides
from .wire import Call, Wire
from .world import World

SECONDS_BETWEEN_ROUNDS = 0.25


class Simulator:
    """A simulated BigBlueButton server.

    `clock` returns seconds. `end_delay` and `processing_seconds` are seconds of that clock. Each room that is asked for
    has `recordings_per_room` old recordings nobody made, always the same ones; they take no memory (population.py).
    """

    def __init__(
        self,
        secret: str,
        algorithms: Iterable[str] = ALL_ALGORITHMS,
        mode: str = "bbb-3.0",
        clock: Callable[[], float] = time.time,
        recordings_per_room: int = 0,
    ) -> None:
        self.world = World(secret, tuple(algorithms), mode, clock, recordings_per_room)
        self.url = ""
        self._faults = Faults()
        self._wire = Wire(self.world, self._faults)

    @property
    def wsgi(self) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
        """Return the WSGI application."""
        return self._wire.wsgi

    @property
    def secret(self) -> str:
        return self.world.secret

    @secret.setter
    def secret(self, secret: str) -> None:
        self.world.secret = secret

    @property
    def end_delay(self) -> float:
        return self.world.end_delay

    @end_delay.setter
    def end_delay(self, seconds: float) -> None:
        self.world.end_delay = seconds

    @property
    def processing_seconds(self) -> float:
        return self.world.processing_seconds

    @processing_seconds.setter
    def processing_seconds(self, seconds: float) -> None:
        self.world.processing_seconds = seconds

    @property
    def slides(self) -> Slides:
        """Return what fetches slides: its switches, and what it has asked for."""
        return self.world.slides

    @property
    def calls(self) -> list[Call]:
        """Return the API calls so far, in the order in which they arrived."""
        return self._wire.calls()

    def count(self, name: str | None = None) -> int:
        """Return how many calls had this name, or how many there were at all."""
        return sum(name is None or call.name == name for call in self.calls)

    def forget_calls(self) -> None:
        self._wire.forget_calls()

    def meeting(self, external_id: str) -> SimMeeting:
        """Return the live meeting with this id; KeyError if there is none."""
        with self.world.lock:
            self.world.let_time_pass()
            return self.world.meetings[external_id]

    def add_participants(self, external_id: str, number: int, role: str = "VIEWER") -> list[Participant]:
        """Put people into a room who stay there until the meeting ends or they are told to leave."""
        with self.world.lock:
            meeting = self.meeting(external_id)
            taken = sum(person.stays for person in meeting.everybody)
            people = []
            for index in range(taken + 1, taken + number + 1):
                person = Participant(
                    full_name=f"Simulated person {index}",
                    user_id=f"simulated-{index}",
                    role=role,
                    internal_id=f"w_{random_id(12)}",
                    joined_at=self.world.now(),
                    seen_at=self.world.now(),
                    session_token=random_id(16),
                    stays=True,
                )
                self.world.seat(meeting, person)
                people.append(person)
            return people

    def remove_participants(self, external_id: str) -> None:
        """Send everybody out of a room; the meeting stays until it expires."""
        with self.world.lock:
            meeting = self.meeting(external_id)
            for person in list(meeting.participants):
                self.world.leave(meeting, person)

    def fault(
        self,
        call: str,
        kind: str,
        times: int | None = 1,
        seconds: float = 5.0,
        work_done: bool = False,
        key: str = "",
    ) -> None:
        """Order a fault for a call's name or "*". `work_done`: the call is carried out before its answer is spoiled."""
        self._faults.order(Fault(call, kind, times, seconds, work_done, key))

    def clear_faults(self) -> None:
        self._faults.clear()

    def reset(self) -> None:
        """Start over: no meetings, recordings, faults, calls or callbacks. The clock goes on."""
        self.clear_faults()
        self.world.forget_everything()
        self.forget_calls()

    def deliver_callbacks(self) -> list[Delivery]:
        """Send the callbacks that are due by the simulator's clock, and return the attempts."""
        self.world.let_time_pass()
        return self.world.outbox.deliver(self.world.now())

    @property
    def deliveries(self) -> list[Delivery]:
        """Return all attempts to send callbacks so far."""
        return self.world.outbox.sent

    @property
    def recordings(self) -> list[Recording]:
        """Return all recordings, the deleted ones too, without the old ones that nobody made or changed."""
        with self.world.lock:
            self.world.let_time_pass()
            return list(self.world.recordings)

    def add_recording(
        self,
        meeting_id: str,
        name: str = "Simulated recording",
        state: str = "published",
        metadata: dict[str, str] | None = None,
        minutes: int = 30,
        formats: tuple[str, ...] = ("presentation", "video"),
        protected: bool = False,
    ) -> Recording:
        """Put a recording there without a meeting; it ended `minutes` after it began, just now.

        `protected` counts in the mode "scalelite" only.
        """
        with self.world.lock:
            now = self.world.now()
            create_time = self.world.next_create_time(now - 60 * minutes)
            recording = Recording(
                record_id=internal_meeting_id(meeting_id, create_time),
                meeting_id=meeting_id,
                name=name,
                started_at=create_time / 1000,
                ended_at=create_time / 1000 + 60 * minutes,
                ready_at=now + self.processing_seconds,
                participants=1,
                metadata=dict(metadata or {}),
                state=state,
                formats=formats,
                protected=protected,
            )
            self.world.recordings.append(recording)
            return recording

    def recording(self, record_id: str) -> Recording:
        """Return the recording with this id, to look at and to change; KeyError if there is none."""
        with self.world.lock:
            self.world.let_time_pass()
            for recording in self.world.exactly([record_id]):
                return recording
        raise KeyError(record_id)

    def forget_recording(self, record_id: str) -> None:
        """Lose a recording, as if there had never been one; KeyError if there is none."""
        with self.world.lock:
            self.world.forget_recording(self.recording(record_id))

    def report_recording(self, record_id: str) -> None:
        """Say again that a recording is ready, as after a rebuild."""
        with self.world.lock:
            self.world.report(self.recording(record_id))

    def treat_callbacks(
        self, kind: str, dropped: bool = False, delay: float = 0.0, times: int = 1, forged: bool = False
    ) -> None:
        """Lose the callbacks of one kind from now on, put them off by seconds, make each several times, or forge them.

        Kinds: recording-ready, meetingEndedURL, endCallbackUrl, analytics. Until the next call or a reset.
        """
        self.world.outbox.treat(kind, Way(dropped, delay, times, forged))

    def advance(self, seconds: float) -> None:
        """Move the clock, and let happen what was due in between."""
        self.world.advance(seconds)

    def pass_time(self, seconds: float, patience: float = PATIENCE) -> None:
        """Move the clock for everybody: whose page asks within `patience` seconds stays where they are."""
        pass_time(self.world, seconds, patience)

    def also(self, follow: Callable[[], None]) -> None:
        """Have something else done by the clock of this server, in the rounds of a server in the background too."""
        self.world.followers.append(follow)

    @contextlib.contextmanager
    def serve(
        self, port: int = 0, host: str = "127.0.0.1", background: bool = False, tls: ssl.SSLContext | None = None
    ) -> Iterator[str]:
        """Serve over HTTP, or HTTPS with `tls`, in a thread; yield the address.

        `background`: timers and callbacks go on by themselves.
        """
        with contextlib.ExitStack() as stack:
            port = stack.enter_context(serving(self.wsgi, host, port, tls))
            stack.callback(self._faults.clear)
            if background:
                stack.enter_context(self._going_on())
            self.url = f"http{'s' if tls else ''}://{host}:{port}/bigbluebutton/"
            try:
                yield self.url
            finally:
                self.url = ""

    @contextlib.contextmanager
    def _going_on(self) -> Iterator[None]:
        stop = threading.Event()

        def rounds() -> None:
            while not stop.wait(SECONDS_BETWEEN_ROUNDS):
                self.world.go_on()

        worker = threading.Thread(target=rounds, daemon=True)
        worker.start()
        try:
            yield
        finally:
            stop.set()
            worker.join()
