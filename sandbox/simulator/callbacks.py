"""The calls that the server makes when a meeting ends or a recording is ready (BBB API docs, recording scripts)."""

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import jwt
from jwt.algorithms import HMACAlgorithm

from .meetings import Participant, Poll, SimMeeting
from .modes import Mode
from .outbox import END_RETRIES, Callback, Outbox
from .recordings import Recording

if TYPE_CHECKING:
    from .world import World

BALANCER_SCOPE = "-bbblb-demo"
ANALYTICS_AGENT = "BigBlueButton Analytics Callback"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN_SECONDS = 24 * 3600


class _HmacOfAnyLength(HMACAlgorithm):
    """BigBlueButton signs with whatever secret it has; PyJWT warns about the usual length of 40."""

    def check_key_length(self, key: bytes) -> None:
        """Accept every length."""


_SIGNER = jwt.PyJWS()
for _name, _hash in (("HS256", HMACAlgorithm.SHA256), ("HS512", HMACAlgorithm.SHA512)):
    _SIGNER.unregister_algorithm(_name)
    _SIGNER.register_algorithm(_name, _HmacOfAnyLength(_hash))


def signed_token(payload: dict[str, Any], secret: str, algorithm: str, with_type: bool) -> str:
    """Return a JWT. Ruby's library, which signs the recording callback, writes no `typ`."""
    body = json.dumps(payload, separators=(",", ":")).encode()
    headers = None if with_type else {"typ": None}
    return _SIGNER.encode(body, secret, algorithm=algorithm, headers=headers)


def meeting_ended(world: "World", meeting: SimMeeting, at: float) -> None:
    """Tell whoever asked to be told. Breakout rooms end without a word."""
    if meeting.is_breakout:
        return
    copies = 3 if world.mode.pool == "bbblb" else 1
    if url := meeting.params.get("meetingEndedURL", ""):
        callback = Callback("meetingEndedURL", "GET", url, at, retries=END_RETRIES)
        world.outbox.put(callback, copies)
    if url := meeting.metadata.get("endcallbackurl", ""):
        # The pool's own id leaks here: the server behind it does not know the other one (bbblb).
        scope = BALANCER_SCOPE if world.mode.pool == "bbblb" else ""
        extra = urlencode(
            {"recordingmarks": str(meeting.was_recorded).lower(), "meetingID": meeting.external_id + scope}
        )
        url = f"{url}{'&' if '?' in url else '?'}{extra}"
        world.outbox.put(Callback("endCallbackUrl", "GET", url, at, retries=END_RETRIES))
    if meeting.flag("meetingKeepEvents") and (url := meeting.metadata.get("analytics-callback-url", "")):
        world.outbox.put(_analytics(world, meeting, url, at), copies)


def recording_ready(outbox: Outbox, mode: Mode, secret: str, recording: Recording, at: float) -> None:
    """Say that a recording is ready: once for each of its formats."""
    payload = {"meeting_id": recording.meeting_id, "record_id": recording.record_id}
    token = signed_token(payload, secret, "HS256", with_type=bool(mode.pool))
    body = urlencode({"signed_parameters": token}).encode()
    for url in recording.ready_urls:
        callback = Callback("recording-ready", "POST", url, at, body, FORM)
        outbox.put(callback, len(recording.formats) * (3 if mode.pool == "bbblb" else 1))


def analytics(meeting: SimMeeting, ended_at: float) -> dict[str, Any]:
    """Return the body of the analytics callback (post_events_analytics_callback.rb). Durations are whole seconds."""
    started_at = meeting.create_time / 1000
    metadata = {
        "meeting_name": meeting.name,
        "is_breakout": str(meeting.is_breakout).lower(),
        **{_snake(name): value for name, value in meeting.metadata.items()},
    }
    by_person: dict[str, list[Participant]] = {}
    for person in meeting.everybody:
        by_person.setdefault(person.user_id, []).append(person)
    return {
        "version": "1.0",
        "meeting_id": meeting.external_id,
        "internal_meeting_id": meeting.internal_id,
        "data": {
            "metadata": {
                name: value for name, value in metadata.items() if not name.startswith("gl_") and name != "meeting_id"
            },
            "duration": int(ended_at - started_at),
            "start": _moment(started_at),
            "finish": _moment(ended_at),
            "attendees": [_attendee(user_id, sessions, ended_at) for user_id, sessions in by_person.items()],
            "files": [document.name for document in meeting.documents],
            "polls": [_poll(poll) for poll in meeting.polls],
        },
    }


def _analytics(world: "World", meeting: SimMeeting, url: str, at: float) -> Callback:
    body = analytics(meeting, at)
    if world.mode.pool == "scalelite":
        body["customer"] = "simulated"
    balancer = world.mode.pool == "bbblb"
    expires = {"exp": int(world.now()) + TOKEN_SECONDS}
    token = signed_token(expires, world.secret, "HS256" if balancer else "HS512", with_type=True)
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"{'bearer' if balancer else 'Bearer'} {token}",
        "User-Agent": ANALYTICS_AGENT,
    }
    return Callback("analytics", "POST", url, at, json.dumps(body).encode(), headers)


def _attendee(user_id: str, sessions: list[Participant], ended_at: float) -> dict[str, Any]:
    spans = [(person.joined_at, ended_at if person.left_at is None else person.left_at) for person in sessions]
    return {
        "ext_user_id": user_id,
        "name": sessions[-1].full_name,
        "moderator": any(person.is_moderator for person in sessions),
        "joins": [_moment(joined) for joined, _left in spans],
        "leaves": [_moment(left) for _joined, left in spans],
        "duration": int(_covered(spans)),
        "recent_talking_time": "",
        "engagement": {
            "chats": sum(person.chats for person in sessions),
            "talks": sum(person.talks for person in sessions),
            "raisehand": sum(person.hands for person in sessions),
            "emojis": sum(person.emojis for person in sessions),
            "poll_votes": sum(person.votes for person in sessions),
            "talk_time": int(sum(person.talked_seconds for person in sessions)),
        },
        "sessions": [
            {"joins": [_step(person, "join", joined)], "lefts": [_step(person, "left", left)]}
            for person, (joined, left) in zip(sessions, spans, strict=True)
        ],
    }


def _poll(poll: Poll) -> dict[str, Any]:
    """Return a poll. The names of all members are put into snake case, also where they are ids of voters."""
    return {
        "id": poll.id,
        "type": "YN",
        "question": "",
        "published": not poll.is_open,
        "options": list(poll.OPTIONS),
        "start": _moment(poll.asked_at),
        "votes": {_snake(user_id): answer for user_id, answer in poll.votes.items()},
    }


def _step(person: Participant, event: str, at: float) -> dict[str, Any]:
    return {
        "timestamp": _moment(at),
        "userid": person.internal_id,
        "ext_userid": person.user_id,
        "event": event,
        "remove": False,
    }


def _covered(spans: list[tuple[float, float]]) -> float:
    """Return the seconds in any of the spans, overlaps counted once."""
    total, end = 0.0, float("-inf")
    for joined, left in sorted(spans):
        total += max(0.0, left - max(joined, end))
        end = max(end, left)
    return total


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).isoformat(timespec="milliseconds")


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "_", name.lower())
