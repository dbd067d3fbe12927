"""The calls about recordings (bbb-web RecordingController, Scalelite, bbblb)."""

from collections.abc import Iterable

from lxml import etree

from .create import META_NAME, clean
from .meetings import is_true
from .recordings import Recording
from .replies import RefusedError, add, add_named, note, response
from .signing import ApiRequest
from .world import World

LIMIT = 100
BALANCER_LIMIT = 1000


def get_recordings(world: World, request: ApiRequest) -> etree._Element:
    """Find recordings, and describe those that were asked for."""
    params = {name: clean(value) for name, value in request.params.items()}
    pool = world.mode.pool
    if pool == "scalelite":
        found = sorted(_for_scalelite(world, params), key=lambda recording: -recording.started_at)
    else:
        found = list(_for_server(world, params))
    total = len(found)
    if pool == "bbblb":
        found = sorted(found, key=lambda recording: recording.record_id)
    found, paged = (found, False) if pool == "scalelite" else _page(found, params, BALANCER_LIMIT if pool else LIMIT)
    root = response()
    recordings = add(root, "recordings")
    for recording in found:
        _describe(add(recordings, "recording"), recording, request.server, scalelite=pool == "scalelite")
    if paged and not pool:
        add(add(root, "pagination"), "totalElements", total)
    if not found and pool == "scalelite":
        note(root, "noRecordings", "There are not recordings for the meetings")
    elif not found and not pool:
        note(root, "noRecordings", "There are no recordings for the meeting(s).")
    return root


def publish_recordings(world: World, request: ApiRequest) -> etree._Element:
    """Publish or hide recordings; the answer repeats what was asked."""
    params = request.params
    recordings = _named(world, params)
    wanted = params.get("publish", "")
    if not wanted:
        raise RefusedError("missingParamPublish", "You must specify a publish value true or false.", validation=True)
    able = [recording for recording in recordings if recording.state in ("published", "unpublished")]
    if not able:
        raise RefusedError("notFound", "We could not find recordings")
    state = "published" if is_true(wanted) else "unpublished"
    for recording in able:
        recording.state = state
    root = response()
    add(root, "published", state if world.mode.pool == "bbblb" else wanted)
    return root


def delete_recordings(world: World, request: ApiRequest) -> etree._Element:
    """Mark recordings as deleted; they remain visible with state=any."""
    recordings = [recording for recording in _named(world, request.params) if recording.state != "deleted"]
    if not recordings and world.mode.pool != "bbblb":
        raise RefusedError("notFound", "We could not find recordings")
    for recording in recordings:
        recording.state = "deleted"
    root = response()
    add(root, "deleted", True)
    return root


def update_recordings(world: World, request: ApiRequest) -> etree._Element:
    """Change the metadata of recordings."""
    recordings = _named(world, request.params)
    pool = world.mode.pool
    asked = [record_id for record_id in request.params["recordID"].split(",") if record_id]
    if not recordings and not pool:
        raise RefusedError("notFound", "We could not find recordings")
    changes = {
        match.group(1).lower(): clean(value)
        for name, value in request.params.items()
        if (match := META_NAME.fullmatch(name))
    }
    changed = False
    complete = len(recordings) == len(asked)
    for recording in recordings if complete or pool != "scalelite" else []:
        changed = _change(recording, changes) or changed
        if pool == "scalelite" and "protect" in request.params:
            recording.protected = is_true(request.params["protect"])
    root = response()
    add(root, "updated", complete if pool == "scalelite" else changed or not pool)
    return root


def _change(recording: Recording, changes: dict[str, str]) -> bool:
    before = dict(recording.metadata)
    for name, value in changes.items():
        if value:
            recording.metadata[name] = value
        else:
            recording.metadata.pop(name, None)
    return recording.metadata != before


def _named(world: World, params: dict[str, str]) -> list[Recording]:
    """Return the recordings with exactly these ids."""
    record_ids = params.get("recordID", "")
    if not record_ids:
        key = "missingParameterRecordID" if world.mode.pool == "bbblb" else "missingParamRecordID"
        raise RefusedError(key, "You must specify a recordID.", validation=True)
    wanted = record_ids.split(",")
    return [recording for recording in world.recordings if recording.record_id in wanted]


def _in_state(recording: Recording, params: dict[str, str]) -> bool:
    states = params.get("state") or "published,unpublished"
    return "any" in states.split(",") or recording.state in states.split(",")


def _for_server(world: World, params: dict[str, str]) -> Iterable[Recording]:
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


def _for_scalelite(world: World, params: dict[str, str]) -> Iterable[Recording]:
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


def _page(found: list[Recording], params: dict[str, str], most: int) -> tuple[list[Recording], bool]:
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


def _describe(parent: etree._Element, recording: Recording, server: str, scalelite: bool) -> None:
    add(parent, "recordID", recording.record_id)
    add(parent, "meetingID", recording.meeting_id)
    add(parent, "internalMeetingID", recording.record_id)
    add(parent, "name", recording.name)
    if not scalelite:
        add(parent, "isBreakout", recording.is_breakout)
    add(parent, "published", recording.state == "published")
    if scalelite:
        add(parent, "protected", recording.protected)
    add(parent, "state", recording.state)
    add(parent, "startTime", int(recording.started_at * 1000))
    add(parent, "endTime", int(recording.ended_at * 1000))
    add(parent, "participants", recording.participants)
    size = 60_000 * max(1, recording.minutes)
    if not scalelite:
        add(parent, "rawSize", 3 * size)
    add_named(add(parent, "metadata"), recording.all_metadata())
    if not scalelite:
        add(parent, "size", size)
    playback = add(parent, "playback")
    for kind in recording.formats if recording.is_done else ():
        entry = add(playback, "format")
        add(entry, "type", kind)
        add(entry, "url", recording.playback_url(server, kind))
        add(entry, "processingTime", 1500)
        add(entry, "length", recording.minutes)
        if not scalelite:
            add(entry, "size", size)
    add(parent, "data")
