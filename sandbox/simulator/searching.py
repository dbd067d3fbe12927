"""Which recordings a search finds, server by server (bbb-web RecordingServiceFileImpl, Scalelite, bbblb)."""

from collections.abc import Iterable

from .create import META_NAME
from .recordings import Recording
from .world import World

LIMIT = 100
BALANCER_LIMIT = 1000


def _in_state(recording: Recording, params: dict[str, str]) -> bool:
    states = params.get("state") or "published,unpublished"
    return "any" in states.split(",") or recording.state in states.split(",")


def for_server(world: World, params: dict[str, str]) -> Iterable[Recording]:
    """recordID goes before meetingID, both match beginnings; all meta filters must agree."""
    record_ids = [part for part in params.get("recordID", "").split(",") if part]
    meeting_ids = [part for part in params.get("meetingID", "").split(",") if part]
    filters = _meta_filters(params)
    for recording in world.recordings:
        if record_ids:
            named = any(recording.record_id.startswith(part) for part in record_ids)
        else:
            named = not meeting_ids or any(recording.is_of(part) for part in meeting_ids)
        metadata = recording.all_metadata()
        agrees = all(_matches(metadata.get(name, ""), pattern) for name, pattern in filters.items())
        if named and agrees and _in_state(recording, params):
            yield recording


def for_scalelite(world: World, params: dict[str, str]) -> Iterable[Recording]:
    """recordID and meetingID must both agree; any meta filter may, word for word. Unfinished ones are unknown."""
    record_ids = [part for part in params.get("recordID", "").split(",") if part]
    meeting_ids = [part for part in params.get("meetingID", "").split(",") if part]
    filters = _meta_filters(params)
    for recording in world.recordings:
        named = not record_ids or any(recording.record_id.startswith(part) for part in record_ids)
        held = not meeting_ids or recording.meeting_id in meeting_ids
        metadata = recording.all_metadata()
        agrees = not filters or any(metadata.get(name) in value.split(",") for name, value in filters.items())
        if named and held and agrees and recording.is_done and _in_state(recording, params):
            yield recording


def _meta_filters(params: dict[str, str]) -> dict[str, str]:
    """Filters by metadata. The server's own three keys keep their capitals, all others were lower-cased at create."""
    own = {"isbreakout": "isBreakout", "meetingid": "meetingId", "meetingname": "meetingName"}
    found = {}
    for name, value in params.items():
        if value and (match := META_NAME.fullmatch(name)):
            key = match.group(1).lower()
            found[own.get(key, key)] = value
    return found


def _matches(value: str, pattern: str) -> bool:
    starts, ends = pattern.startswith("%"), pattern.endswith("%")
    text = pattern.strip("%")
    if starts and ends:
        return text in value
    if starts:
        return value.endswith(text)
    if ends:
        return value.startswith(text)
    return value == pattern


def page(found: list[Recording], params: dict[str, str], most: int) -> tuple[list[Recording], bool]:
    """Cut out a page, if `limit` is a number; `offset` alone does nothing."""
    try:
        limit = min(max(int(params.get("limit", "")), 1), most)
    except ValueError:
        return found[:most] if most == BALANCER_LIMIT else found, False
    try:
        offset = max(int(params.get("offset", "")), 0)
    except ValueError:
        offset = 0
    return found[offset : offset + limit], True
