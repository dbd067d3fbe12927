"""The room: its page, what the page asks about once a second, and what its buttons do."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from .join import COOKIE
from .meetings import ChatLine, Participant, Poll, SimMeeting, random_id
from .world import World

LONGEST_CHAT_LINE = 500
MOST_PEOPLE_SHOWN = 200
NOT_SHOWN = ("PW", "URL", "Url", "meta_", "meetingID", "name", "welcome", "Message")

site = Blueprint("room", __name__)

Here = tuple[SimMeeting, Participant]
Action = Callable[[World, SimMeeting, Participant], None]


@site.get("/html5client/")
def room() -> str | AnyResponse:
    """Show the room to somebody who joined it with this browser."""
    world = world_of_app()
    with world.lock:
        meeting, person = whose_session(world)
        if person.is_waiting:
            return redirect(url_for("lobby.lobby", sessionToken=person.session_token))
        heard_of(world, person)
        return render_template(
            "room.html",
            meeting=meeting,
            me=person,
            state=_state(meeting, person),
            options=_options(meeting) if person.is_moderator else {},
        )


@site.get("/html5client/state")
def state() -> Response:
    """Say what the room looks like now; the page asks about once a second."""
    world = world_of_app()
    with world.lock:
        meeting, person = whose_session(world)
        heard_of(world, person)
        return jsonify(_state(meeting, person))


@site.post("/html5client/<action>")
def act(action: str) -> AnyResponse:
    """Do what a button says. The session token is what proves that the page sent it."""
    world = world_of_app()
    with world.lock:
        meeting, person = whose_session(world)
        if action not in ACTIONS or person.is_waiting:
            abort(404)
        if action in FOR_MODERATORS and not person.is_moderator:
            abort(403)
        ACTIONS[action](world, meeting, person)
        if action == "away":
            # A closing page follows redirects too: back to the room, as if somebody had opened it again.
            return Response(status=204)
        if person.session_token not in world.seats:
            return redirect(person.logout_url, code=303)
        if "application/json" in request.headers.get("Accept", ""):
            return jsonify(_state(meeting, person))
        return redirect(url_for("room.room", sessionToken=person.session_token), code=303)


def world_of_app() -> World:
    """Return what the server of this application knows."""
    world: World = current_app.config["WORLD"]
    return world


def whose_session(world: World) -> Here:
    """Return the session of this request: the token from the form, a header or the address, with its cookie."""
    token = request.form.get("sessionToken") or request.headers.get("X-Session-Token")
    return world.session(token or request.args.get("sessionToken", ""), request.cookies.get(COOKIE, ""))


def heard_of(world: World, person: Participant) -> None:
    """Note that the page of this person is open."""
    person.seen_at = world.now()
    person.times_heard += 1
    person.in_room_page = True
    person.away_since = None


def _state(meeting: SimMeeting, me: Participant) -> dict[str, Any]:
    people = sorted(meeting.participants, key=lambda person: not person.is_moderator)
    waiting = [guest for guest in meeting.waiting if guest.guest_status == "WAIT"] if me.is_moderator else []
    disabled = meeting.params.get("disabledFeatures", "").split(",")
    locked_mic = meeting.flag("lockSettingsDisableMic") and not me.is_moderator
    return {
        "count": len(people),
        "people": [
            {
                "name": person.full_name,
                "role": person.role,
                "hand": person.hand_raised,
                "talking": person.talking_since is not None,
                "me": person is me,
            }
            for person in people[:MOST_PEOPLE_SHOWN]
        ],
        "waiting": [{"name": guest.full_name, "id": guest.internal_id} for guest in waiting],
        "chat": [{"sender": line.sender, "text": line.text} for line in _chat(meeting, me)],
        "can_chat": "chat" not in disabled,
        "can_raise_hand": "raiseHand" not in disabled,
        "hand": me.hand_raised,
        "can_talk": not locked_mic,
        "talking": me.talking_since is not None,
        "can_poll": me.is_moderator and "polls" not in disabled,
        "poll": _poll(meeting, me),
        "recording": meeting.recording_on,
        "can_record": me.is_moderator and meeting.is_recordable and meeting.flag("allowStartStopRecording", True),
        "documents": [document.name for document in meeting.documents if not document.trouble],
        "missing_documents": [document.name for document in meeting.documents if document.trouble],
    }


def _poll(meeting: SimMeeting, me: Participant) -> str:
    """Say what there is of a poll for somebody: "open", "voted", "asked" for who presents, or nothing."""
    poll = meeting.open_poll()
    if poll is None:
        return ""
    if me is meeting.presenter():
        return "asked"
    return "voted" if me.user_id in poll.votes else "open"


def _chat(meeting: SimMeeting, me: Participant) -> list[ChatLine]:
    """Return what was said; moderators read first what the platform tells them alone."""
    alone = [ChatLine("", meeting.word_to_moderators)] if me.is_moderator and meeting.word_to_moderators else []
    return alone + meeting.chat


def _options(meeting: SimMeeting) -> dict[str, str]:
    """Return the create parameters that a moderator may look at: nothing that opens a door."""
    return {
        name: value
        for name, value in sorted(meeting.params.items())
        if value and not any(part in name for part in NOT_SHOWN)
    }


def _raise_hand(world: World, meeting: SimMeeting, person: Participant) -> None:
    person.hand_raised = not person.hand_raised
    person.hands += person.hand_raised


def _say(world: World, meeting: SimMeeting, person: Participant) -> None:
    text = request.form.get("text", "").strip()[:LONGEST_CHAT_LINE]
    if text:
        person.chats += 1
        world.say(meeting, person.full_name, text)


def _react(world: World, meeting: SimMeeting, person: Participant) -> None:
    person.emojis += 1


def _talk(world: World, meeting: SimMeeting, person: Participant) -> None:
    if not _state(meeting, person)["can_talk"]:
        abort(403)
    if person.talking_since is None:
        person.start_talking(world.now())
    else:
        person.stop_talking(world.now())


def _switch_poll(world: World, meeting: SimMeeting, person: Participant) -> None:
    """Ask everybody, or close the poll that is open."""
    if not _state(meeting, person)["can_poll"]:
        abort(403)
    if poll := meeting.open_poll():
        poll.is_open = False
    else:
        meeting.polls.append(Poll(id=random_id(12), asked_at=world.now()))


def _vote(world: World, meeting: SimMeeting, person: Participant) -> None:
    answer, poll = request.form.get("answer", ""), meeting.open_poll()
    if poll and answer in poll.OPTIONS and _poll(meeting, person) == "open":
        poll.votes[person.user_id] = answer
        person.votes += 1


def _record(world: World, meeting: SimMeeting, person: Participant) -> None:
    if not _state(meeting, person)["can_record"]:
        abort(403)
    world.switch_recording(meeting, not meeting.recording_on)


def _decide_on_guest(world: World, meeting: SimMeeting, person: Participant) -> None:
    wanted = request.form.get("guest", "")
    for guest in [guest for guest in meeting.waiting if guest.internal_id == wanted]:
        guest.guest_status = "ALLOW" if request.form.get("answer") == "in" else "DENY"
        world.take_waiting_guest_in(meeting, guest)


def _away(world: World, meeting: SimMeeting, person: Participant) -> None:
    person.away_since = world.now()


ACTIONS: dict[str, Action] = {
    "hand": _raise_hand,
    "say": _say,
    "react": _react,
    "talk": _talk,
    "poll": _switch_poll,
    "vote": _vote,
    "record": _record,
    "guest": _decide_on_guest,
    "away": _away,
    "leave": lambda world, meeting, person: world.leave(meeting, person),
    "end": lambda world, meeting, person: world.end(meeting),
}
FOR_MODERATORS = {"record", "poll", "guest", "end"}
