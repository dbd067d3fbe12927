"""All pages of the server. Each says that it is a simulation."""

import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, redirect, render_template, request

from . import lobby, playback, rooms, switches
from .recordings import Recording
from .rooms import world_of_app
from .world import NoSessionError, SessionOverError, World

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'"
)

RECORDINGS_SHOWN = 20

site = Blueprint("front", __name__)


def pages(world: World) -> Flask:
    """Return the application with all pages of this server."""
    app = Flask(__name__)
    app.config["WORLD"] = world
    for blueprint in (site, rooms.site, lobby.site, playback.site, switches.site):
        app.register_blueprint(blueprint)
    app.after_request(_guarded)
    app.register_error_handler(NoSessionError, _no_session)
    app.register_error_handler(SessionOverError, _session_over)
    return app


@site.get("/")
def front() -> str:
    """List what is going on. A refused join ends here if it asked for no other place."""
    world = world_of_app()
    with world.lock:
        world.let_time_pass()
        meetings = [meeting.summary() for meeting in world.meetings.values()]
        recordings = [_told(world, each) for each in reversed(world.recordings[-RECORDINGS_SHOWN:])]
        messages = [(kind, words, switches.way_of(world, kind)) for kind, words in switches.MESSAGES.items()]
        recent = list(reversed(world.outbox.sent[-8:]))
    return render_template(
        "front.html",
        mode=world.mode.name,
        meetings=meetings,
        recordings=recordings,
        messages=messages,
        ways=switches.WAYS,
        now=datetime.fromtimestamp(world.now(), UTC),
        most_minutes=switches.MOST_MINUTES,
        deliveries=recent,
        errors=_errors_brought(),
    )


def _told(world: World, recording: Recording) -> tuple[Recording, str, dict[str, str]]:
    """Return a recording with its state in words and what can be done to it."""
    note = recording.state
    if not recording.is_done:
        note += f", ready in {max(0, round(recording.ready_at - world.now()))} s"
    elif world.protects(recording):
        note += ", protected"
    return recording, note, switches.actions(world, recording)


def _errors_brought() -> list[dict[str, str]]:
    try:
        errors = json.loads(request.args.get("errors", "[]"))
        return [{"key": str(each["key"]), "message": str(each["message"])} for each in errors]
    except (ValueError, TypeError, KeyError):
        return []


def _guarded(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = POLICY
    # Addresses here carry session tokens.
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _no_session(error: NoSessionError) -> tuple[Any, int]:
    if request.path.endswith(("/state", "/guestWait")):
        response = {"returncode": "FAILED", "messageKey": "missingSession", "message": "Invalid session token"}
        return jsonify({"response": response}), 401
    return render_template("no_session.html"), 401


def _session_over(over: SessionOverError) -> Any:
    if request.path.endswith(("/state", "/guestWait")):
        return jsonify({"over": True, "go_to": over.go_to})
    if request.method == "POST":
        return redirect(over.go_to, code=303)
    return render_template("over.html", name=over.meeting_name, go_to=over.go_to)
