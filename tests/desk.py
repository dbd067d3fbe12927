"""The desk of the course team for recordings, as its script uses it."""

from typing import Any

from bbb_xblock.domain.tickets import session
from bbb_xblock.models import Recording, Room
from sandbox.simulator import Simulator
from tests.builders import Desk
from tests.recorded import make_recording


def room_of(desk: Desk) -> Room:
    """Give the room of the block that somebody sits in front of."""
    return desk.room()


def token_of(desk: Desk) -> str:
    """Make a token as the page of this person would hold."""
    return session.issue(desk.visit(), session.Purpose.MANAGE)


def ask(desk: Desk, action: str, *ids: int, token: str | None = None, **more: Any) -> Any:
    """Send what the script sends."""
    body = {"token": token_of(desk) if token is None else token, "action": action, "ids": list(ids), **more}
    return desk.call("manage", "POST", body=body)


def on_server(simulator: Simulator, desk: Desk, **columns: Any) -> Recording:
    """Put a recording on the simulated server, and its row on the shelf of a room."""
    room = room_of(desk)
    told = simulator.add_recording(room.meeting_id, name="Physics")
    return make_recording(room, record_id=told.record_id, **columns)


def state_on(simulator: Simulator, recording: Recording) -> str:
    """Say what the simulated server has."""
    (state,) = [each.state for each in simulator.recordings if each.record_id == recording.record_id]
    return state
