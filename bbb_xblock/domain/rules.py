"""Pure decisions: who may join, when, in which role. No clock, no database, no network."""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bbb_xblock.bbb import Role
from bbb_xblock.domain.data import Access, Person, RoomSnapshot, RoomState
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.options import OPTIONS, SessionOptions
from bbb_xblock.options.choices import Leaders, SessionKind
from bbb_xblock.options.moments import Relative

# One answer to a page keeps a worker busy for about 6 ms, so a room of any size leaves two thirds of one worker free.
MOST_QUESTIONS_A_SECOND = 50
# Most who are enrolled in a very large course are not there, and those who are want news within two minutes.
LONGEST_PACE_SECONDS = 120
# By what part a page asks sooner or later than the others, so that those who came together do not ask together.
SPREAD = 0.25
# A page that waits for the opening looks now and then whether the time was changed.
LONGEST_PAUSE_SECONDS = 1800
# How late the last page of a large class notices the opening.
LATEST_SECONDS = 20
_CODES_OF_STATES = {
    RoomState.RECORDINGS_ONLY: Code.NO_ROOM,
    RoomState.OVER: Code.SESSION_OVER,
    RoomState.NOT_OPEN_YET: Code.NOT_OPEN_YET,
    RoomState.WAITING: Code.WAITING_FOR_MODERATOR,
    RoomState.FULL: Code.ROOM_FULL,
}
# Rooms' ids begin otherwise (``meeting_id``).
_TRIAL = "check-"
# The keys with which BigBlueButton sends people back (API docs, join, errors).
_CODES_OF_RETURN = {
    "invalidMeetingIdentifier": Code.MEETING_ENDED,
    "meetingForciblyEnded": Code.MEETING_ENDED,
    "mismatchCreateTimeParam": Code.MEETING_ENDED,
    "notFound": Code.MEETING_ENDED,
    "maxParticipantsReached": Code.ROOM_FULL,
    "guestDeniedAccess": Code.GUEST_DENIED,
    "guestDeny": Code.GUEST_DENIED,
    "checksumError": Code.SIGNATURE_REFUSED,
}


def meeting_id(*, site: str, usage_key: str, group: str = "") -> str:
    """Derive the meeting id of a room: 36 characters of ``[a-z0-9-]``, always the same for the same room.

    It depends on the full usage key, so that copies, reruns and imports get rooms of their own, and on the site, so
    that two sites can share a server.
    """
    text = "\n".join((site, usage_key, group))
    return f"oex-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def trial_id(chance: str) -> str:
    """Give the id of a meeting that is made to try a server out: no room ever has one like it."""
    return f"{_TRIAL}{chance}"


def is_trial(meeting_id: str) -> bool:
    """Say whether a meeting was made to try a server out."""
    return meeting_id.startswith(_TRIAL)


def order_servers(weights: Mapping[str, float], room_id: str) -> list[str]:
    """Order servers for a room: always the same for the same room, and first place in proportion to the weights.

    This is weighted rendezvous hashing: adding or removing a server moves only the rooms that it takes or leaves.
    """

    def score(slug: str) -> float:
        digest = hashlib.sha256(f"{slug}\n{room_id}".encode()).digest()
        share = (int.from_bytes(digest[:8]) + 1) / (2**64 + 1)
        return -math.log(share) / weights[slug]

    return sorted(weights, key=score)


def role_of(person: Person, options: SessionOptions) -> Role:
    """Give the role in the room: whoever leads the session moderates, everybody else views."""
    leads = {
        Leaders.COURSE_TEAM: False,
        Leaders.FORUM_MODERATORS: person.is_forum_moderator,
        Leaders.EVERYBODY: True,
    }[options.who_leads]
    return Role.MODERATOR if person.is_moderator or leads else Role.VIEWER


def check_person(person: Person | None, access: Access) -> Person:
    """Give the person back if they may enter rooms of this block at all; raise :class:`Refusal` if not."""
    if person is None:
        raise Refusal(Code.NOT_SIGNED_IN)
    if person.viewing_as_learner:
        raise Refusal(Code.VIEWING_AS_LEARNER)
    if not (access.is_enrolled or access.is_visitor or person.is_moderator):
        raise Refusal(Code.NOT_ENROLLED)
    if not access.may_load:
        raise Refusal(Code.NO_ACCESS)
    return person


def check_member(person: Person | None, access: Access) -> Person:
    """Give the person back if they are of the course team; raise :class:`Refusal` (``moderators_only``) if not."""
    person = check_person(person, access)
    if not person.is_moderator:
        raise Refusal(Code.MODERATORS_ONLY)
    return person


def state_of(room: RoomSnapshot, options: SessionOptions, role: Role, now: datetime) -> RoomState:
    """Say what a room is like for somebody in this role, from what is known."""
    if closed := closed_state(options, role, now):
        return closed
    if room.trouble:
        return RoomState.TROUBLE
    if role is Role.VIEWER and options.wait_for_moderator and not (room.exists and room.moderators):
        return RoomState.WAITING
    if options.max_participants and room.exists and room.participants >= _seats(room, options, role):
        return RoomState.FULL
    return RoomState.LIVE if room.exists and room.participants else RoomState.READY


def closed_state(options: SessionOptions, role: Role, now: datetime) -> RoomState | None:
    """Say why nobody in this role enters now, whatever the room is like; None if somebody may."""
    if options.kind is SessionKind.RECORDINGS:
        return RoomState.RECORDINGS_ONLY
    if options.closes_at and now >= options.closes_at:
        return RoomState.OVER
    if seconds_until_open(options, role, now) > 0:
        return RoomState.NOT_OPEN_YET
    return None


def seconds_until_open(options: SessionOptions, role: Role, now: datetime) -> int:
    """Say in how many seconds somebody in this role can come in; 0 or less if the session has opened for them."""
    if options.opens_at is None:
        return 0
    lead = timedelta(minutes=options.lead_minutes if role is Role.MODERATOR else 0)
    return math.ceil((options.opens_at - lead - now).total_seconds())


def _seats(room: RoomSnapshot, options: SessionOptions, role: Role) -> int:
    """Say how many people may be in before somebody in this role is turned away."""
    last_is_kept = options.keep_seat and role is Role.VIEWER and not room.moderators and options.max_participants > 1
    return options.max_participants - last_is_kept


def check_room(state: RoomState, *, already_in: bool) -> None:
    """Raise :class:`Refusal` if nobody can be let in now.

    BigBlueButton counts every person once and lets those return who are in already (API docs, join,
    maxParticipants), and so do we.
    """
    code = _CODES_OF_STATES.get(state)
    if code and not (already_in and state is RoomState.FULL):
        raise Refusal(code)


def pause_seconds(state: RoomState, until_open: int, poll_seconds: int, class_size: int, chance: float) -> int:
    """Say when a page asks again: at the usual pace, at the opening, or never (0); the rest as below."""
    if state in (RoomState.OVER, RoomState.RECORDINGS_ONLY):
        return 0
    if state is RoomState.NOT_OPEN_YET:
        return waking_seconds(until_open, class_size, chance)
    return next_question_seconds(poll_seconds, class_size, chance)


def waking_seconds(until_open: int, class_size: int, chance: float) -> int:
    """Say after how many seconds a page that waits for the opening asks again: never before it, if that is near.

    A class does not wake in one second: the larger it is, the longer it takes, up to ``LATEST_SECONDS``.
    """
    pause = round(LONGEST_PAUSE_SECONDS * _spread(chance)) if class_size else LONGEST_PAUSE_SECONDS
    if until_open > pause:
        return pause
    return max(until_open, 1) + round(chance * min(class_size / MOST_QUESTIONS_A_SECOND, LATEST_SECONDS))


def next_question_seconds(poll_seconds: int, class_size: int, chance: float) -> int:
    """Say after how many seconds a page asks again: the larger the class, the later, and not all at once.

    ``class_size`` is 0 where it is not known; then it is the operator's pace, exactly. ``chance`` is between 0 and 1.
    """
    if not class_size:
        return poll_seconds
    pace = max(poll_seconds, min(class_size / MOST_QUESTIONS_A_SECOND, LONGEST_PACE_SECONDS))
    return round(pace * _spread(chance))


def _spread(chance: float) -> float:
    return 1 - SPREAD + 2 * SPREAD * chance


def check_return(errors: str) -> None:
    """Read the ``errors`` with which BigBlueButton sends somebody back: a JSON list of ``{"key": …, "message": …}``.

    Raises :class:`Refusal` if there is any; after a normal leave there is none. The text comes through the browser
    and is not believed: only known keys count, and nothing of it is ever shown.
    """
    if not errors:
        return
    try:
        entries = json.loads(errors)
    except (ValueError, RecursionError):
        entries = []
    keys = [entry.get("key") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    known = (_CODES_OF_RETURN[key] for key in keys if isinstance(key, str) and key in _CODES_OF_RETURN)
    raise Refusal(next(known, Code.NOT_LET_IN))


def session_options(authored: Mapping[str, Any], defaults: Mapping[str, Any], locked: frozenset[str]) -> SessionOptions:
    """Choose and clean every option: the author's value, unless the operator keeps it or the author left it open.

    ``authored`` holds the author's values; one that is missing or None was left open. Nothing is believed to have the
    right type, because a hand-made course file skips the editor. An option that does not count beside the others has
    the table's default.
    """
    values: dict[str, Any] = {}
    for name, option in OPTIONS.items():
        values[name] = option.default
        for given in (defaults.get(name), None if name in locked else authored.get(name)):
            if given is not None:
                values[name] = option.kind.usable(given, values[name])
        # A time that is told by a date which is not there is as if it were not told (``edx.dates`` knows the dates).
        if isinstance(values[name], Relative) or not option.counts(values):
            values[name] = option.default
    return SessionOptions(**values)
