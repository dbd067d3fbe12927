"""A meeting is made and ended; whether the server fetches slides from us and calls back is waited for."""

import contextlib
import time
from collections.abc import Callable, Iterator

from bbb_xblock.bbb import (
    ApiError,
    Client,
    CreatedMeeting,
    CreateMeeting,
    Document,
    MeetingNotFound,
    ReplyError,
    TimedOut,
)
from bbb_xblock.doctor import clock, configured
from bbb_xblock.doctor.findings import Code, Finding, Level, ok, warn
from bbb_xblock.domain import trials

_LOOK_EVERY = 0.25


def meeting(client: Client, patience: float) -> Iterator[Finding]:
    """Make a meeting that nobody joins, end it, and wait so many seconds for the server to tell its end.

    Slides that the server is to fetch are waited for as long.
    """
    if missing := list(configured.tables()):
        yield from missing
        return
    trials.forget_old()
    wanted = trials.options(client.endpoint.slug)
    documents = trials.documents(wanted.meeting_id, client.endpoint.slug)
    before = time.time()
    made = _made(client, wanted, documents)
    after = time.time()
    with contextlib.suppress(MeetingNotFound):
        client.end(wanted.meeting_id)
    yield ok(Code.MEETING_MADE)
    created = int(made.create_time) / 1000
    told = clock.compare(created, created, before=before, after=after)
    if told.level is not Level.OK:
        yield told
    yield _slides(wanted.meeting_id, patience) if documents else ok(Code.SLIDES_INLINE)
    yield _callback(wanted.meeting_id, patience) if wanted.meeting_ended_url else warn(Code.CALLBACK_UNASKED)


def _made(client: Client, wanted: CreateMeeting, documents: tuple[Document, ...]) -> CreatedMeeting:
    """Make the meeting as a room's is made: without slides where it cannot be made with them."""
    try:
        return client.create(wanted, documents)
    except (ApiError, ReplyError, TimedOut):
        if not documents:
            raise
    return client.create(wanted)


def _slides(meeting_id: str, patience: float) -> Finding:
    if _comes_true(lambda: trials.has_fetched_its_slides(meeting_id), patience):
        return ok(Code.SLIDES_FETCHED)
    return warn(Code.SLIDES_MISSING, detail=configured.slides_place())


def _callback(meeting_id: str, patience: float) -> Finding:
    if _comes_true(lambda: trials.has_told_its_end(meeting_id), patience):
        return ok(Code.CALLBACK_CAME)
    return warn(Code.CALLBACK_MISSING, count=round(patience), detail=configured.callback_place())


def _comes_true(is_so: Callable[[], bool], patience: float) -> bool:
    until = time.monotonic() + patience
    while not is_so():
        if time.monotonic() >= until:
            return False
        time.sleep(_LOOK_EVERY)
    return True
