"""How other systems let people in, as small as can be: a WSGI application that does nothing but their calls.

No sign-in, no rights, no database, no page: what is left is the calls to BigBlueButton, made with our own client and
its pooled connections. The systems themselves do more than that, so their times are longer than these.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from bbb_xblock.bbb import Client, CreateMeeting, Endpoint, JoinMeeting, MeetingNotFound, Role, Secret

MEETING = "the-ways-of-others"
_NEW = CreateMeeting(meeting_id=MEETING, name="Weekly seminar")


def asks_and_creates(client: Client) -> str:
    """Ask for the meeting on each click, then create it all the same."""
    with suppress(MeetingNotFound):
        client.get_meeting_info(MEETING)
    return client.create(_NEW).create_time


def creates(client: Client) -> str:
    """Create on each click and let BigBlueButton say that it is there already."""
    return client.create(_NEW).create_time


def waits_and_creates(client: Client) -> str:
    """Ask on each heartbeat of a waiting visitor whether it runs, and create it if not; nobody gets in by this."""
    if not client.is_meeting_running(MEETING):
        client.create(_NEW)
    return ""


WAYS: dict[str, Callable[[Client], str]] = {way.__name__: way for way in (asks_and_creates, creates, waits_and_creates)}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer ``/<way>?student=<number>`` with the way into the room, or with an empty page for who waits."""
    way = WAYS.get(environ["PATH_INFO"].strip("/"))
    if way is None:
        start_response("404 Not Found", [])
        return []
    student = parse_qs(environ["QUERY_STRING"])["student"][0]
    client = Client(Endpoint("main", os.environ["DEMO_BBB_URL"], Secret(os.environ["DEMO_BBB_SECRET"])))
    create_time = way(client)
    if not create_time:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"url": "still waiting"}']
    join = JoinMeeting(
        meeting_id=MEETING,
        full_name=f"Learner {student}",
        role=Role.VIEWER,
        user_id=student,
        create_time=create_time,
    )
    start_response("302 Found", [("Location", client.join_url(join).reveal())])
    return []
