"""Pure decisions: who may join, in which role, what a room is called. No clock, no database, no network."""

import hashlib
import html
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote_plus

from bbb_xblock.bbb import Role
from bbb_xblock.domain.data import Access, Person, RoomSnapshot, RoomState, SessionOptions
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.lookalikes import looks_like_one_of
from bbb_xblock.knobs import NamePolicy

# BigBlueButton API docs, create: name has 2 to 64 characters (newer servers take 256).
NAME_LENGTHS = (2, 64)
# Everything travels in one URL, and web servers refuse addresses beyond about 8 kB.
WELCOME_ENCODED_LENGTH = 4000
MAX_PARTICIPANTS = 10_000
DEFAULT_TITLE = "Live session"
# One answer to a page keeps a worker busy for about 6 ms, so a room of any size leaves two thirds of one worker free.
MOST_QUESTIONS_A_SECOND = 50
# Most who are enrolled in a very large course are not there, and those who are want news within two minutes.
LONGEST_PACE_SECONDS = 120
# By what part a page asks sooner or later than the others, so that those who came together do not ask together.
SPREAD = 0.25
# Control, format (marks that turn the writing direction among them), surrogate and private characters deceive or
# break; but zero-width joiners are needed to write some scripts and emoji.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
_JOINERS = "\u200c\u200d"
# Letters and signs by their category, and yet nothing to see: Hangul fillers and the empty Braille pattern.
_BLANKS = "\u115f\u1160\u3164\uffa0\u2800"
# What of a name might be read as markup or as an address by whatever shows it.
_MARKUP = re.compile(r"[<>&\"]")
_ADDRESS = re.compile(r"@|//|\w[.。]\w{2}")
# Much more than a name may have, so that what is too long is not cut to something that fits.
_LONGER_THAN_ANY_NAME = 1000
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


def role_of(person: Person) -> Role:
    """Give the role in the room: the course team moderates, everybody else views."""
    return Role.MODERATOR if person.is_moderator else Role.VIEWER


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


def state_of(room: RoomSnapshot, options: SessionOptions, role: Role) -> RoomState:
    """Say what a room is like for somebody in this role, from what is known."""
    if room.trouble:
        return RoomState.TROUBLE
    if role is Role.VIEWER and options.wait_for_moderator and not (room.exists and room.moderators):
        return RoomState.WAITING
    if room.exists and 0 < options.max_participants <= room.participants:
        return RoomState.FULL
    return RoomState.LIVE if room.exists and room.participants else RoomState.READY


def check_room(state: RoomState, *, already_in: bool) -> None:
    """Raise :class:`Refusal` if nobody can be let in now.

    BigBlueButton counts every person once and lets those return who are in already (API docs, join,
    maxParticipants), and so do we.
    """
    if state is RoomState.WAITING:
        raise Refusal(Code.WAITING_FOR_MODERATOR)
    if state is RoomState.FULL and not already_in:
        raise Refusal(Code.ROOM_FULL)


def next_question_seconds(poll_seconds: int, class_size: int, chance: float) -> int:
    """Say after how many seconds a page asks again: the larger the class, the later, and not all at once.

    ``class_size`` is 0 where it is not known; then it is the operator's pace, exactly. ``chance`` is between 0 and 1.
    """
    if not class_size:
        return poll_seconds
    pace = max(poll_seconds, min(class_size / MOST_QUESTIONS_A_SECOND, LONGEST_PACE_SECONDS))
    return round(pace * (1 - SPREAD + 2 * SPREAD * chance))


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


def clean_line(text: object, limit: int) -> str:
    """Make one visible line of at most ``limit`` characters: composed, without control and invisible characters."""
    # Cut first: composing a long run of accents takes quadratic time.
    composed = unicodedata.normalize("NFC", str(text or "")[: limit * 4])
    spaced = re.sub(r"\s+", " ", composed)
    visible = "".join(c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _INVISIBLE).strip()
    return visible if len(visible) <= limit else visible[: limit - 1].rstrip() + "…"


def display_name(person: Person, policy: NamePolicy = NamePolicy.FULL_NAME, chosen: str = "") -> str:
    """Give the name shown in the room: the first that can be seen of those which the policy names, else a pseudonym.

    The pseudonym is made of the course anonymous id: the same in every room of the course, and nowhere else.
    ``policy`` is the operator's wish for participants; moderators stay recognisable. ``chosen`` is the name with which
    somebody answered when asked, empty if there is none.
    """
    names = {
        NamePolicy.ASK: (person.full_name, chosen),
        NamePolicy.FULL_NAME: (person.full_name, person.username),
        NamePolicy.USERNAME: (person.username, person.full_name),
        NamePolicy.PSEUDONYM: (),
    }[NamePolicy.FULL_NAME if person.is_moderator else policy]
    shown = (clean_line(name, NAME_LENGTHS[1]) for name in names)
    return next((name for name in shown if can_be_seen(name)), f"P-{person.anonymous_id[:6].upper()}")


def is_to_be_asked(person: Person, policy: NamePolicy) -> bool:
    """Say whether this person chooses the name for the room: a participant whose profile has none."""
    return policy is NamePolicy.ASK and not person.is_moderator and not can_be_seen(person.full_name)


def can_be_seen(name: str) -> bool:
    """Say whether a name has a letter, a digit or a sign; fillers that look like nothing do not count."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANKS for c in name)


def chosen_name(text: object, course_team: Iterable[str]) -> str:
    """Give the name that somebody wrote, cleaned. Raises :class:`Refusal` with what is wrong with it.

    ``course_team`` are the names of those for whom nobody else may be taken.
    """
    name = clean_line(text, _LONGER_THAN_ANY_NAME)
    plain = unicodedata.normalize("NFKC", name)
    if sum(c.isalnum() and c not in _BLANKS for c in name) < NAME_LENGTHS[0]:
        raise Refusal(Code.NAME_TOO_SHORT)
    if len(name) > NAME_LENGTHS[1]:
        raise Refusal(Code.NAME_TOO_LONG)
    if _MARKUP.search(plain):
        raise Refusal(Code.NAME_WITH_SIGNS)
    if _ADDRESS.search(plain):
        raise Refusal(Code.NAME_IS_ADDRESS)
    if looks_like_one_of(name, course_team):
        raise Refusal(Code.NAME_OF_TEAM)
    return name


def meeting_name(title: str) -> str:
    """Give the room's name in BigBlueButton's limits; a single character is put into quotation marks."""
    shortest, longest = NAME_LENGTHS
    name = clean_line(title, longest)
    return name if len(name) >= shortest else f"“{name}”"


def welcome_html(text: str) -> str:
    """Turn the author's plain text into the little HTML that BigBlueButton shows in its chat.

    It is cut where the encoded text would make the address too long.
    """
    cleaned = "\n".join(clean_line(line, WELCOME_ENCODED_LENGTH) for line in text.splitlines()).strip()
    kept, length = [], 0
    for character in cleaned:
        piece = "<br>" if character == "\n" else html.escape(character)
        length += len(quote_plus(piece))
        if length > WELCOME_ENCODED_LENGTH:
            kept.append("…")
            break
        kept.append(piece)
    return "".join(kept)


def session_options(authored: Mapping[str, Any], defaults: Mapping[str, Any], locked: frozenset[str]) -> SessionOptions:
    """Choose and clean every option: the author's value, unless the operator keeps it or the author left it open.

    ``authored`` holds every option; one that the author did not set has the value None. Nothing is believed to have
    the right type, because a hand-made course file skips the editor.
    """

    def chosen(name: str) -> Any:
        given = authored.get(name)
        return defaults.get(name) if name in locked or given is None else given

    return SessionOptions(
        title=str(chosen("title") or DEFAULT_TITLE),
        welcome=str(chosen("welcome") or ""),
        record=chosen("record") is True,
        wait_for_moderator=chosen("wait_for_moderator") is True,
        mute_on_start=chosen("mute_on_start") is True,
        max_participants=_whole_number(chosen("max_participants"), MAX_PARTICIPANTS),
    )


def _whole_number(value: object, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return max(0, min(value, highest))
