"""Fill the rooms that are to be full when the demo starts, the shelves with recordings, and the registers."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.bbb import Client, CreateMeeting, RecordingsQuery
from bbb_xblock.domain import rooms
from bbb_xblock.domain.data import Placement
from bbb_xblock.domain.recordings import rows
from bbb_xblock.domain.rules import meeting_id
from bbb_xblock.models import Meeting, Recording
from sandbox.demo.past import hold_sessions
from sandbox.demo.rooms import ROOMS, Room
from sandbox.simulator import Simulator

SERVER = "main"
WEEK_SECONDS = 7 * 24 * 3600


def take_seats(simulator: Simulator) -> None:
    """Create the meetings of these rooms as the package would, and let simulated people sit in them."""
    client = Client(config.endpoint(SERVER))
    for room in ROOMS.values():
        if room.seats_taken:
            meeting = meeting_id(site=config.site_salt(), usage_key=room.usage_id)
            client.create(CreateMeeting(meeting_id=meeting, name=room.name, max_participants=room.seats))
            simulator.add_participants(meeting, room.seats_taken)
        if room.recordings:
            fill_shelf(simulator, client, room)
        if room.was_held:
            hold_sessions(room, SERVER)


def fill_shelf(simulator: Simulator, client: Client, room: Room) -> None:
    """Put recordings of a lecture a week on the server, and have the package take them in."""
    kept = rooms.of(Placement(usage_key=room.usage_id, course_key=room.course))
    for week in range(room.recordings):
        made = simulator.add_recording(kept.meeting_id, f"Lecture {room.recordings - week}", minutes=45 + week)
        made.started_at -= week * WEEK_SECONDS
        made.ended_at -= week * WEEK_SECONDS
        Meeting.objects.create(
            room=kept,
            internal_id=made.record_id,
            create_time=str(round(made.started_at * 1000)),
            server=SERVER,
            started_at=datetime.fromtimestamp(made.started_at, UTC),
            ended_at=datetime.fromtimestamp(made.ended_at, UTC),
        )
    rows.take_in(SERVER, client.every_recording(RecordingsQuery(meeting_ids=(kept.meeting_id,))))
    # They are an archive, and no news.
    Recording.objects.filter(room=kept).update(since=timezone.now() - timedelta(seconds=WEEK_SECONDS))
