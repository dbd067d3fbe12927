"""The calls about recordings (bbb-web RecordingController, Scalelite, bbblb)."""

from lxml import etree

from . import previews
from .create import META_NAME, clean
from .meetings import is_true
from .recordings import Recording
from .replies import RefusedError, add, add_named, note, response
from .searching import BALANCER_LIMIT, LIMIT, for_scalelite, for_server, page
from .signing import ApiRequest
from .world import World


def get_recordings(world: World, request: ApiRequest) -> etree._Element:
    """Find recordings, and describe those that were asked for."""
    params = {name: clean(value) for name, value in request.params.items()}
    pool = world.mode.pool
    if pool == "scalelite":
        found = sorted(for_scalelite(world, params), key=lambda recording: -recording.started_at)
    else:
        found = list(for_server(world, params))
    total = len(found)
    if pool == "bbblb":
        found = sorted(found, key=lambda recording: recording.record_id)
    found, paged = (found, False) if pool == "scalelite" else page(found, params, BALANCER_LIMIT if pool else LIMIT)
    root = response()
    recordings = add(root, "recordings")
    for recording in found:
        _describe(add(recordings, "recording"), world, recording, request.server)
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
    """Change the metadata of recordings, and on Scalelite who may watch them."""
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
    protect = request.params.get("protect", "") if pool == "scalelite" else ""
    for recording in recordings if complete or pool != "scalelite" else []:
        changed = _change(recording, changes) or changed
        if protect:
            recording.protected = is_true(protect)
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
    return world.exactly(record_ids.split(","))


def _describe(parent: etree._Element, world: World, recording: Recording, server: str) -> None:
    scalelite = world.mode.pool == "scalelite"
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
        add(entry, "url", server + _playback_address(world, recording, kind))
        add(entry, "processingTime", 1500)
        add(entry, "length", recording.length(kind))
        if not scalelite:
            add(entry, "size", size)
        if not world.protects(recording):
            _show_previews(entry, recording.previews(kind), server)
    add(parent, "data")


def _playback_address(world: World, recording: Recording, kind: str) -> str:
    """Return where a format is played; a protected one anew each time it is asked for."""
    path = recording.playback_path(kind)
    if not world.protects(recording):
        return path
    return f"{path}?token={world.links.issue(recording.record_id, world.now())}"


def _show_previews(entry: etree._Element, pictures: list[tuple[str, str]], server: str) -> None:
    if not pictures:
        return
    images = add(add(entry, "preview"), "images")
    for path, alt in pictures:
        image = add(images, "image", server + path)
        image.attrib.update({"width": str(previews.WIDTH), "height": str(previews.HEIGHT), "alt": alt})
