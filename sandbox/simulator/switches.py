"""What one may do to the server from its front page: lose or delay its messages, change and lose its recordings, and
let time pass.
"""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from .outbox import Way
from .passing import pass_time
from .recordings import Recording
from .rooms import world_of_app
from .world import World

#: The kinds of messages, and what they are called.
MESSAGES = {
    "recording-ready": "Messages that a recording is ready",
    "meetingEndedURL": "Messages that a meeting has ended",
    "endCallbackUrl": "Messages that a meeting has ended, with recording marks",
    "analytics": "Messages with the analytics of a meeting",
}
WAYS = {
    "now": ("are sent at once", Way()),
    "late": ("are sent a minute late", Way(delay=60)),
    "thrice": ("are sent three times", Way(times=3)),
    "lost": ("get lost", Way(dropped=True)),
    "forged": ("are forged, where they are signed", Way(forged=True)),
}
MOST_MINUTES = 180

site = Blueprint("switches", __name__, url_prefix="/switches")


@site.before_request
def _only_from_here() -> None:
    """Refuse what a page of somebody else sends. The origin does not tell: our own pages hide it with the referrer."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)


@site.post("/messages")
def messages() -> AnyResponse:
    """Treat the messages of one kind in another way from now on."""
    kind, way = request.form.get("kind", ""), request.form.get("way", "")
    if kind not in MESSAGES or way not in WAYS:
        abort(404)
    world_of_app().outbox.treat(kind, WAYS[way][1])
    return redirect(url_for("front.front"), code=303)


@site.post("/recording")
def recording() -> AnyResponse:
    """Do something to one recording."""
    world = world_of_app()
    with world.lock:
        world.let_time_pass()
        wanted, action = request.form.get("recording", ""), request.form.get("action", "")
        found = next((each for each in world.recordings if each.handle == wanted), None)
        if found is None or action not in actions(world, found):
            abort(404)
        ACTIONS[action](world, found)
        world.let_time_pass()
    return redirect(url_for("front.front"), code=303)


@site.post("/time")
def time() -> AnyResponse:
    """Let minutes pass at once."""
    minutes = request.form.get("minutes", type=int, default=0)
    if not 0 < minutes <= MOST_MINUTES:
        abort(400)
    pass_time(world_of_app(), 60 * minutes)
    return redirect(url_for("front.front"), code=303)


def way_of(world: World, kind: str) -> str:
    """Return the name of the way in which messages of this kind are treated; empty if it has none."""
    treated = world.outbox.way(kind)
    return next((name for name, (_words, way) in WAYS.items() if way == treated), "")


def actions(world: World, recording: Recording) -> dict[str, str]:
    """Return what can be done to a recording now, by name, with the words for it."""
    if not recording.is_done:
        return {"finish": "Finish it now", "forget": "Lose it"}
    if recording.state == "deleted":
        return {"forget": "Lose it"}
    shown = {"hide": "Unpublish"} if recording.state == "published" else {"publish": "Publish"}
    if world.mode.pool == "scalelite":
        shown |= {"unprotect": "Take the protection off"} if recording.protected else {"protect": "Protect"}
    return {**shown, "report": "Say again that it is ready", "delete": "Delete", "forget": "Lose it"}


def _finish(world: World, recording: Recording) -> None:
    recording.ready_at = world.now()


def _in_state(state: str) -> Callable[[World, Recording], None]:
    def change(world: World, recording: Recording) -> None:
        recording.state = state

    return change


def _protected(protected: bool) -> Callable[[World, Recording], None]:
    def change(world: World, recording: Recording) -> None:
        recording.protected = protected

    return change


ACTIONS: dict[str, Callable[[World, Recording], None]] = {
    "finish": _finish,
    "publish": _in_state("published"),
    "hide": _in_state("unpublished"),
    "delete": _in_state("deleted"),
    "protect": _protected(True),
    "unprotect": _protected(False),
    "report": lambda world, recording: world.report(recording),
    "forget": lambda world, recording: world.forget_recording(recording),
}
