"""Which recordings a search finds, server by server (bbb-web RecordingServiceFileImpl, Scalelite, bbblb)."""

from collections.abc import Iterator

from .create import META_NAME
from .recordings import Recording
from .world import World

LIMIT = 100
BALANCER_LIMIT = 1000


def for_server(world: World, params: dict[str, str]) -> Iterator[Recording]:
    """recordID goes before meetingID, both match beginnings; all meta filters must agree."""
    record_ids, meeting_ids = _listed(params, "recordID"), _listed(params, "meetingID")
    filters = _meta_filters(params)
    if record_ids:
        named = world.beginning_with(record_ids)
    else:
        named = world.of_meetings(meeting_ids) if meeting_ids else iter(world.recordings)
    for recording in named:
        metadata = recording.all_metadata() if filters else {}
        agrees = all(_matches(metadata.get(name, ""), pattern) for name, pattern in filters.items())
        if agrees and _in_state(recording, params):
            yield recording


def for_scalelite(world: World, params: dict[str, str]) -> Iterator[Recording]:
    """recordID and meetingID must both agree; any meta filter may, word for word. Unfinished ones are unknown."""
    record_ids, meeting_ids = _listed(params, "recordID"), _listed(params, "meetingID")
    filters = _meta_filters(params)
    held = world.of_meetings(meeting_ids) if meeting_ids else iter(world.recordings)
    for recording in world.beginning_with(record_ids) if record_ids and not meeting_ids else held:
        named = not record_ids or recording.record_id.startswith(tuple(record_ids))
        metadata = recording.all_metadata() if filters else {}
        agrees = not filters or any(metadata.get(name) in value.split(",") for name, value in filters.items())
        if named and agrees and recording.is_done and _in_state(recording, params):
            yield recording


def _listed(params: dict[str, str], name: str) -> list[str]:
    return [part for part in params.get(name, "").split(",") if part]


def _in_state(recording: Recording, params: dict[str, str]) -> bool:
    states = params.get("state") or "published,unpublished"
    return "any" in states.split(",") or recording.state in states.split(",")


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
