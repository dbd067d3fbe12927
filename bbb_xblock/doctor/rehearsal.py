"""A meeting is made and ended, and the server's call back is waited for."""

import contextlib
import time
from collections.abc import Iterator

from bbb_xblock.bbb import Client, MeetingNotFound
from bbb_xblock.doctor import clock, configured
from bbb_xblock.doctor.findings import Code, Finding, Level, ok, warn
from bbb_xblock.domain import trials

_LOOK_EVERY = 0.25


def meeting(client: Client, patience: float) -> Iterator[Finding]:
    """Make a meeting that nobody joins, end it, and wait so many seconds for the server to tell its end."""
    if missing := list(configured.tables()):
        yield from missing
        return
    trials.clear_away()
    wanted = trials.options(client.endpoint.slug)
    before = time.time()
    made = client.create(wanted)
    after = time.time()
    with contextlib.suppress(MeetingNotFound):
        client.end(wanted.meeting_id)
    yield ok(Code.MEETING_MADE)
    created = int(made.create_time) / 1000
    told = clock.compare(created, created, before=before, after=after)
    if told.level is not Level.OK:
        yield told
    yield _callback(wanted.meeting_id, patience) if wanted.meeting_ended_url else warn(Code.CALLBACK_UNASKED)


def _callback(meeting_id: str, patience: float) -> Finding:
    until = time.monotonic() + patience
    while not trials.has_told_its_end(meeting_id):
        if time.monotonic() >= until:
            return warn(Code.CALLBACK_MISSING, count=round(patience), detail=configured.callback_place())
        time.sleep(_LOOK_EVERY)
    return ok(Code.CALLBACK_CAME)
