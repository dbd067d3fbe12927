"""Where guests wait until a moderator lets them in (bbb-web ApiController, guestWait)."""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from .rooms import heard_of, whose_session, world_of_app

GUEST_WAIT = "/bigbluebutton/api/guestWait"

site = Blueprint("lobby", __name__)


@site.get("/guest-lobby/")
def lobby() -> str | AnyResponse:
    """Show the place where guests wait."""
    world = world_of_app()
    with world.lock:
        meeting, person = whose_session(world)
        if not person.is_waiting:
            return redirect(url_for("room.room", sessionToken=person.session_token))
        heard_of(world, person)
        return render_template("lobby.html", meeting=meeting, me=person, ask=GUEST_WAIT)


@site.get(GUEST_WAIT)
def guest_wait() -> AnyResponse:
    """Answer the lobby page as the server does (bbb-web ApiController, guestWait)."""
    world = world_of_app()
    with world.lock:
        meeting, person = whose_session(world)
        heard_of(world, person)
        waiting = [guest for guest in meeting.waiting if guest.guest_status == "WAIT"]
        place = str(waiting.index(person) + 1) if person in waiting else ""
        key = "guestWait" if person.guest_status == "WAIT" else "guestDeny"
        url = url_for("lobby.lobby", sessionToken=person.session_token, _external=True)
        if not person.is_waiting or world.take_waiting_guest_in(meeting, person):
            key, url = "", url_for("room.room", sessionToken=person.session_token, _external=True)
        elif person.guest_status == "ALLOW":
            key = "seatWait"
        if request.args.get("redirect") == "true":
            return redirect(url)
        answer = {
            "returncode": "FAILED" if key == "guestDeny" else "SUCCESS",
            "messageKey": key,
            "message": "",
            "meeting_id": meeting.internal_id,
            "user_id": person.internal_id,
            "session_token": person.session_token,
            "guestStatus": person.guest_status,
            "lobbyMessage": "",
            "positionInWaitingQueue": place,
            "url": url,
        }
        return jsonify({"response": answer})
