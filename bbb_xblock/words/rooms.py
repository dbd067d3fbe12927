"""What a page says of a room: its state, who is in, what a click on Join will do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from types import MappingProxyType

from bbb_xblock.domain.data import Present, RoomState, RoomStatus
from bbb_xblock.domain.errors import Code
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _
from bbb_xblock.words import schedule
from bbb_xblock.words.refusals import refusal

# Label, then sentence, for each state; LIVE and FULL hold a number and are made in ``_sentence``.
_STATES = {
    RoomState.NOT_CONFIGURED: (
        _("Not available"),
        _("This session is not ready yet. Please tell your course team, and look here again later."),
    ),
    RoomState.RECORDINGS_ONLY: (
        _("No room to join"),
        _("This session has no room to meet in, only recordings."),
    ),
    RoomState.NOT_OPEN_YET: (
        _("Not open yet"),
        _("This page notices by itself when the session opens."),
    ),
    RoomState.OVER: (_("Ended"), _("The session is over. Ask your course team if you missed it.")),
    RoomState.WAITING: (
        _("Waiting for your teacher"),
        _("This page notices by itself when your teacher comes."),
    ),
    RoomState.READY: (_("Ready"), _("Nobody is in the room yet.")),
    RoomState.LIVE: (_("Live now"), ""),
    RoomState.FULL: (_("Full"), ""),
    RoomState.TROUBLE: (_("Not reachable"), ""),
    RoomState.REFUSED: (_("Not available"), ""),
}

_TONES = {
    RoomState.LIVE: "live",
    RoomState.READY: "ready",
    RoomState.NOT_OPEN_YET: "waiting",
    RoomState.WAITING: "waiting",
    RoomState.FULL: "full",
    RoomState.TROUBLE: "trouble",
}

# Nobody joins, so nobody is told in which role.
_NOT_JOINED = (
    RoomState.NOT_CONFIGURED,
    RoomState.REFUSED,
    RoomState.RECORDINGS_ONLY,
    RoomState.OVER,
    RoomState.TROUBLE,
)

# What an open page may come to say without its author's doing, and of trouble the longest there is.
_TO_COME = (
    RoomState.NOT_OPEN_YET,
    RoomState.WAITING,
    RoomState.READY,
    RoomState.LIVE,
    RoomState.FULL,
    RoomState.OVER,
    RoomState.TROUBLE,
)
_TROUBLES = (Code.SERVER_UNREACHABLE, Code.SIGNATURE_REFUSED, Code.SERVER_REFUSED, Code.OUT_OF_ORDER)

# BigBlueButton keeps the number of seats with which a room was made.
_FULL_FOR_MODERATORS = _(
    "Ask somebody in the room to leave. More seats, chosen in Studio, count from the next session."
)

# What the card of the course page says in place of a refusal's sentence, and to the course team in place of the
# sentence for learners.
_SIGN_IN = _("Sign in to the course to join this session.")
_NOT_CONFIGURED_FOR_TEAM = _("Live sessions do not work in this course yet. Something is missing in the platform.")


@dataclass(frozen=True, kw_only=True)
class StatusWords:
    """What a page shows of a room. ``tone`` picks the colour and the sign beside ``label``."""

    state: str
    tone: str
    label: str
    sentence: str
    role: str
    join_label: str
    can_join: bool
    check_id: str
    may_be_recorded: bool
    people: list[dict[str, str]]
    end_question: str
    next_seconds: int
    shelf: str

    def as_dict(self) -> dict[str, object]:
        """Give the values for JSON and templates."""
        return asdict(self)


def status(room: RoomStatus, i18n: Translator, names: Mapping[int, str] = MappingProxyType({})) -> StatusWords:
    """Give the words for the state of a room; ``names`` by user id, for those who are in."""
    return StatusWords(
        state=room.state.value,
        tone=_TONES.get(room.state, "off"),
        label=i18n.gettext(_STATES[room.state][0]),
        sentence=_sentence(room, i18n),
        role=_role(room, i18n),
        join_label=_join_label(room, i18n),
        can_join=room.can_join,
        check_id=room.check_id,
        may_be_recorded=room.may_be_recorded,
        end_question=_end_question(room, i18n),
        people=[_person(person, names, i18n) for person in room.people],
        next_seconds=room.next_seconds,
        shelf=room.shelf,
    )


def to_come(room: RoomStatus, closes_at: datetime | None, i18n: Translator) -> list[StatusWords]:
    """Give the words of whatever an open page may come to say, so that it can keep the place for them free.

    ``closes_at`` is when the session closes, in the course's zone.
    """
    crowd = max(room.participants, room.max_participants)
    rooms = [
        replace(
            room,
            state=state,
            participants=crowd,
            max_participants=crowd,
            refusal=refusal,
            check_id="",
            people=(),
            ended_at=closes_at if state is RoomState.OVER else None,
        )
        for state in _TO_COME
        if room.max_participants or state is not RoomState.FULL
        for refusal in (_TROUBLES if state is RoomState.TROUBLE else (None,))
    ]
    without_contact = replace(status(replace(room, state=RoomState.LIVE, refusal=None), i18n), sentence=lost(i18n))
    return [*(status(each, i18n) for each in rooms), without_contact]


def lost(i18n: Translator) -> str:
    """Say that a page has lost contact with the course, beside what it knew last."""
    return i18n.gettext("No contact with the course. This page keeps trying.")


def _person(person: Present, names: Mapping[int, str], i18n: Translator) -> dict[str, str]:
    name = names.get(person.user_id, "") if person.user_id is not None else ""
    return {
        "name": name or i18n.gettext("Guest"),
        "role": i18n.gettext("moderator") if person.is_moderator else i18n.gettext("participant"),
        "since": person.since.isoformat(timespec="seconds") if person.since else "",
    }


def _end_question(room: RoomStatus, i18n: Translator) -> str:
    if not room.people:
        return ""
    question = i18n.ngettext(
        "This sends {count} person out of the room, and the session is over. Shall it end?",
        "This sends {count} people out of the room, and the session is over. Shall it end?",
        room.participants,
    )
    return question.format(count=room.participants)


def _join_label(room: RoomStatus, i18n: Translator) -> str:
    if room.state is RoomState.TROUBLE:
        return i18n.gettext("Try again")
    if room.as_moderator and room.state is RoomState.READY:
        return i18n.gettext("Start the session")
    return i18n.gettext("Join the session")


def _sentence(room: RoomStatus, i18n: Translator) -> str:
    if room.refusal is Code.NOT_SIGNED_IN:
        return i18n.gettext(_SIGN_IN)
    if room.refusal:
        return refusal(room.refusal, i18n).sentence
    if room.check_id:
        return i18n.gettext(_NOT_CONFIGURED_FOR_TEAM)
    if room.ended_at:
        ended = i18n.gettext("The session ended on {time}. Ask your course team if you missed it.")
        return ended.format(time=schedule.with_place(room.ended_at, i18n))
    if room.state is RoomState.LIVE:
        sentence = i18n.ngettext("{count} person is in the room.", "{count} people are in the room.", room.participants)
        return sentence.format(count=room.participants)
    if room.state is RoomState.FULL:
        # One less than there are, while the last is kept for a moderator.
        seats = min(room.participants, room.max_participants)
        sentence = i18n.ngettext(
            "The only seat is taken. This page tells you when it is free.",
            "All {count} seats are taken. This page tells you when one is free.",
            seats,
        )
        told = sentence.format(count=seats)
        return f"{told} {i18n.gettext(_FULL_FOR_MODERATORS)}" if room.as_moderator else told
    return i18n.gettext(_STATES[room.state][1])


def _role(room: RoomStatus, i18n: Translator) -> str:
    if room.state in _NOT_JOINED:
        return ""
    if room.as_moderator:
        return i18n.gettext("You will join as a moderator.")
    return i18n.gettext("You will join as a participant.")
