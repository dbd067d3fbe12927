"""What answers at the address: what it is, how fast it is, and whether it tells of recordings."""

import re
import statistics
import time
from collections.abc import Iterator

from bbb_xblock.bbb import BBBError, Client, Product, RecordingsQuery, ServerVersion
from bbb_xblock.doctor import clock, trouble
from bbb_xblock.doctor.findings import Code, Finding, ok, warn
from bbb_xblock.domain import trials
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.recordings import playing

_PRODUCTS = {
    Product.BIGBLUEBUTTON: Code.API_BIGBLUEBUTTON,
    Product.SCALELITE: Code.API_SCALELITE,
    Product.BBBLB: Code.API_BBBLB,
    Product.BALANCER: Code.API_BALANCER,
}
# What a server tells of its version is shown only if it looks like one.
_VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4}){1,3}([-+~.][a-z0-9]{1,8}){0,2}")
_ROUNDS = 3


def identity(client: Client) -> Iterator[Finding]:
    """Ask what it is, and look at its clock on the way."""
    before = time.time()
    version = client.version()
    after = time.time()
    yield ok(_PRODUCTS[version.product], detail=_version(version))
    if version.clock_ms:
        told = version.clock_ms / 1000
        # The header is cut to whole seconds.
        yield clock.compare(told, told + 1, before=before, after=after)


def speed(client: Client) -> Iterator[Finding]:
    """Ask the same a few times. Slow is what takes more than a quarter of the patience that calls have."""
    took = statistics.median(_seconds_of_a_call(client) for _ in range(_ROUNDS))
    milliseconds = round(took * 1000)
    is_slow = took > client.endpoint.read_timeout / 4
    yield warn(Code.SPEED_SLOW, count=milliseconds) if is_slow else ok(Code.SPEED_GOOD, count=milliseconds)


def recordings(client: Client) -> Iterator[Finding]:
    """Ask for the recordings of a meeting that never was, and look where those play that are known.

    Sessions work without, so a failure is no more than odd.
    """
    try:
        client.get_recordings(RecordingsQuery(meeting_ids=[trials.new_id()]))
    except BBBError as error:
        yield warn(Code.RECORDINGS_FAILED, detail=trouble.reason(error))
    else:
        left_out = _hosts_left_out(client.endpoint.slug)
        yield warn(Code.RECORDINGS_ELSEWHERE, detail=left_out) if left_out else ok(Code.RECORDINGS_TOLD)


def _hosts_left_out(slug: str) -> str:
    """Name them; without our tables, of which another finding tells, there are none."""
    try:
        return ", ".join(playing.hosts_left_out(slug))
    except Refusal:
        return ""


def _seconds_of_a_call(client: Client) -> float:
    started = time.monotonic()
    client.is_meeting_running(trials.new_id())
    return time.monotonic() - started


def _version(version: ServerVersion) -> str:
    if _VERSION.fullmatch(version.bbb):
        return version.bbb
    if version.product is not Product.BIGBLUEBUTTON:
        return ""
    return "3.0 or newer" if version.graphql else "before 3.0"
