"""A class on a site with workers: devices in the room, and minutes that pass for everybody."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from celery import Celery

from bbb_xblock.models import Meeting
from sandbox.simulator import Simulator
from tests.builders import ADA, Desk, learner, teacher, usage_key
from tests.fakes.gradebook import Gradebook
from tests.fakes.platform import Platform, SessionUser
from tests.services.redis_server import running_redis
from tests.workers import gradebook
from tests.workers.clock import Clock

FIELDS = {
    "grade_points": 10,
    "grade_curve": "linear",
    "completed_by": "presence",
    "attendance_late_minutes": 0,
}


class Device:
    """A browser that came into the room by a click on Join."""

    def __init__(self, desk: Desk) -> None:
        self.session = requests.Session()
        self.session.trust_env = False
        answer = desk.click_join()
        assert answer.status_code == 302, answer.text
        page = self.session.get(answer.location, timeout=30)
        parts = urlsplit(page.url)
        assert parts.path == "/html5client/", "there was no way in"
        self.site = f"{parts.scheme}://{parts.netloc}/html5client/"
        self.token = parse_qs(parts.query)["sessionToken"][0]

    def ask(self) -> None:
        """Ask what the room looks like now, as its page does once a second."""
        self.session.get(f"{self.site}state", headers={"X-Session-Token": self.token}, timeout=30)

    def press(self, button: str) -> None:
        """Press a button of the room."""
        self.session.post(f"{self.site}{button}", {"sessionToken": self.token}, allow_redirects=False, timeout=30)


@dataclass
class School:
    """The site, the classroom server, the clock, and whose pages are open in the room."""

    platform: Platform
    simulator: Simulator
    clock: Clock
    wait_until: Callable[[Callable[[], Any]], None]
    order: dict[str, Any]
    queue: ExitStack
    devices: list[Device] = field(default_factory=list)

    def use(self, app: Celery) -> None:
        """Have the tasks of the site, of all its threads, go to this queue."""
        app.set_current()
        app.set_default()

    def stop_queue(self) -> None:
        """End Redis, and lose what is in it."""
        self.queue.close()

    def start_queue(self) -> None:
        """Start Redis again, with nothing in it."""
        home = Path(self.order["broker"].removeprefix("unix://").partition("?")[0]).parent
        self.queue.enter_context(running_redis(home))

    def teacher(self) -> Desk:
        """Sit the teacher down in front of the block."""
        return teacher(self.platform, fields=FIELDS)

    def learner(self, user: SessionUser = ADA) -> Desk:
        """Sit a learner down in front of the block."""
        return learner(self.platform, user, fields=FIELDS)

    def enter(self, desk: Desk) -> Device:
        """Click Join, and be in the room with an open page."""
        self.devices.append(Device(desk))
        return self.devices[-1]

    def leave(self, device: Device) -> None:
        """Leave the room."""
        device.press("leave")
        self.devices.remove(device)

    def lose_network(self, device: Device) -> None:
        """Have nothing come from a device any more."""
        self.devices.remove(device)

    def end(self) -> None:
        """End the session for everybody, from the card."""
        desk = self.teacher()
        token = desk.page().cssselect("section")[0].get("data-end-token")
        assert desk.call("end", "POST", body={"token": token}).status_code == 200

    def tell(self) -> None:
        """Have the classroom server send what it has to tell."""
        assert {delivery.status for delivery in self.simulator.deliver_callbacks()} <= {200}

    def pass_minutes(self, minutes: int, *, looked: bool = True) -> None:
        """Let time pass, minute by minute; a worker looks in each, unless there is none."""
        for _ in range(minutes):
            sent = self.clock.noted("sent", "look_in")
            self.clock.advance(60)
            for device in self.devices:
                device.ask()
            if looked:
                self.wait_until(lambda sent=sent: self.clock.noted("sent", "look_in") > sent or not self.is_looked_at())
            self.tell()

    def is_looked_at(self) -> bool:
        """Say whether there is a meeting at which somebody is to look."""
        return Meeting.objects.exclude(look_due_at=None).exists()

    @property
    def folder(self) -> Path:
        """Give where the site and its workers keep what they share."""
        return Path(self.order["folder"])

    def record(self, user: SessionUser) -> tuple[float, bool]:
        """Give what the platform was told by workers of somebody: the grade, of 1, and whether they completed."""
        book = Gradebook()
        gradebook.load(book, self.folder / "gradebook.json")
        key = (user.id, str(usage_key()))
        earned, possible = book.grades.get(key, (0.0, 1.0))
        return earned / possible, book.completed.get(key) == 1.0
