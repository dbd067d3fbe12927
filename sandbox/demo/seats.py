"""Fill the rooms that are to be full when the demo starts."""

from bbb_xblock import config
from bbb_xblock.bbb import Client, CreateMeeting
from bbb_xblock.domain.rules import meeting_id
from sandbox.demo.rooms import ROOMS
from sandbox.simulator import Simulator

SERVER = "main"


def take_seats(simulator: Simulator) -> None:
    """Create the meetings of these rooms as the package would, and let simulated people sit in them."""
    client = Client(config.endpoint(SERVER))
    for room in ROOMS.values():
        if not room.seats_taken:
            continue
        meeting = meeting_id(site=config.site_salt(), usage_key=room.usage_id)
        client.create(CreateMeeting(meeting_id=meeting, name=room.name, max_participants=room.seats_taken))
        simulator.add_participants(meeting, room.seats_taken)
