"""The player of recordings: a page that says what a real one would play, with its text tracks and thumbnails."""

import time
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from . import previews
from .links import COOKIE_SECONDS, LinkOverError
from .recordings import Recording
from .rooms import world_of_app
from .world import World

site = Blueprint("playback", __name__)


@site.get("/playback/presentation/2.3/<record_id>", defaults={"kind": "presentation"})
@site.get("/playback/<kind>/<record_id>/")
def player(kind: str, record_id: str) -> Any:
    """Stand in for the player of one format; a protected recording wants an address that was not used before."""
    world = world_of_app()
    with world.lock:
        recording = _published(world, record_id)
        if kind not in recording.formats:
            abort(404)
        cookie = _admitted(world, recording)
        page = make_response(
            render_template(
                "playback.html",
                recording=recording,
                kind=kind,
                is_protected=world.protects(recording),
                held_on=time.strftime("%d %B %Y, %H:%M UTC", time.gmtime(recording.started_at)),
                pictures=[] if world.protects(recording) else _pictures(recording, kind),
                tracks=[(track, track.content.decode("utf-8", "replace")) for track in recording.tracks],
            )
        )
    if cookie:
        page.set_cookie(_cookie_name(record_id), cookie, COOKIE_SECONDS, path="/playback/", httponly=True)
    return page


@site.get("/presentation/<record_id>/thumbnails/thumb-<int:number>.png")
def thumbnail(record_id: str, number: int) -> Response:
    """Serve a picture of a slide."""
    world = world_of_app()
    with world.lock:
        if world.protects(_published(world, record_id)) or not 0 < number <= previews.NUMBER:
            abort(404)
    return Response(previews.png(record_id, number), content_type="image/png")


@site.get("/textTrack/<record_id>/<name>.vtt")
def text_track(record_id: str, name: str) -> Response:
    """Serve a text track."""
    world = world_of_app()
    with world.lock:
        tracks = [each for each in _published(world, record_id).tracks if each.path(record_id) == request.path]
    if not tracks:
        abort(404)
    return Response(tracks[0].content, content_type="text/vtt; charset=utf-8")


@site.errorhandler(LinkOverError)
def _link_over(over: LinkOverError) -> tuple[str, int]:
    return render_template("link_over.html", why=over.why), 403


def _published(world: World, record_id: str) -> Recording:
    world.let_time_pass()
    published = [each for each in world.exactly([record_id]) if each.state == "published"]
    if not published:
        abort(404)
    return published[0]


def _admitted(world: World, recording: Recording) -> str:
    """Return the cookie to set, or none if none is needed. Raises LinkOverError."""
    record_id, now = recording.record_id, world.now()
    seen = request.cookies.get(_cookie_name(record_id), "")
    if not world.protects(recording) or world.links.knows(seen, record_id, now):
        return ""
    return world.links.use(request.args.get("token", ""), record_id, now)


def _cookie_name(record_id: str) -> str:
    return f"recording_{record_id}"


def _pictures(recording: Recording, kind: str) -> list[str]:
    return [path for path, _alt in recording.previews(kind)]
