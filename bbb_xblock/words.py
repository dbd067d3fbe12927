"""What the pages say: one plain sentence for every state and every refusal, translated.

Sentences say what is so and then what to do. The script file has no words; it shows what comes from here.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from bbb_xblock import schedule
from bbb_xblock.domain.data import Present, RoomState, RoomStatus
from bbb_xblock.domain.errors import Code
from bbb_xblock.options.texts import Translator


def _(message: str) -> str:
    """Mark a sentence for translation; it is translated where it is used."""
    return message


# Label, then sentence, for each state; LIVE and FULL hold a number and are made in ``_sentence``.
_STATES = {
    RoomState.NOT_CONFIGURED: (
        _("Not available"),
        _("This session is not ready yet. Please tell your course team, and look here again later."),
    ),
    RoomState.RECORDINGS_ONLY: (
        _("No room to join"),
        _("This session has no room to meet in. Its recordings are on the course page once there are any."),
    ),
    RoomState.NOT_OPEN_YET: (
        _("Not open yet"),
        _("The session has not opened. You can leave this page open: it notices by itself when you can come in."),
    ),
    RoomState.OVER: (_("Ended"), _("The session is over. Ask your course team if you missed something.")),
    RoomState.WAITING: (
        _("Waiting for your teacher"),
        _("The session has not started. This page notices by itself when your teacher is in the room."),
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
_NOT_JOINED = (RoomState.NOT_CONFIGURED, RoomState.REFUSED, RoomState.RECORDINGS_ONLY, RoomState.OVER)

_REFUSALS = {
    Code.NOT_SIGNED_IN: (
        _("Please sign in"),
        _("We could not see who you are. Sign in to the course, then click Join again."),
    ),
    Code.NOT_ENROLLED: (
        _("Only for participants of the course"),
        _("You are not enrolled in this course. Enrol in it, then come back to this page."),
    ),
    Code.NO_ACCESS: (
        _("Not open for you"),
        _("This part of the course is not open for you. Ask your course team if you think it should be."),
    ),
    Code.VIEWING_AS_LEARNER: (
        _("Joining is off in this view"),
        _(
            "You are viewing the course as one learner. Joining is off, so that nobody enters under another name. "
            "Switch back to your own view to join."
        ),
    ),
    Code.IDENTITY_UNCLEAR: (
        _("Please try again"),
        _("The course platform could not tell for certain who you are. Reload the course page and click Join again."),
    ),
    Code.NOT_OPEN_YET: (_("Not open yet"), _("The session is not open yet. Its course page says when it opens.")),
    Code.SESSION_OVER: (
        _("The session is over"),
        _("The session has closed. Its course page says when it was; ask your course team if you missed it."),
    ),
    Code.NO_ROOM: (
        _("No room to join"),
        _("This session has no room to meet in. Go back to the course to see its recordings."),
    ),
    Code.NOT_SCHEDULED: (
        _("No time for the calendar"),
        _("This session has no opening ahead of it. Go back to the course and reload the page to see its times."),
    ),
    Code.STARTING: (
        _("Starting…"),
        _("The room is being prepared. You can come in in a moment."),
    ),
    Code.WAITING_FOR_MODERATOR: (
        _("Waiting for your teacher"),
        _("The session has not started. You can come in as soon as your teacher is in the room."),
    ),
    Code.ROOM_FULL: (
        _("The room is full"),
        _("All seats are taken. You can come in as soon as somebody leaves."),
    ),
    Code.NO_COURSE: (
        _("Not here"),
        _("A live session works in a course only. Add it to a course, and open it there."),
    ),
    Code.NOT_CONFIGURED: (
        _("Not ready yet"),
        _("This session is not ready yet. Please tell your course team, and try again later."),
    ),
    Code.SERVER_UNREACHABLE: (
        _("The classroom does not answer"),
        _("The classroom server does not answer at the moment. Nothing is lost."),
    ),
    Code.OUT_OF_ORDER: (
        _("Out of order"),
        _("The course platform cannot open rooms at the moment. If it stays like this, tell your course team."),
    ),
    Code.SIGNATURE_REFUSED: (
        _("The classroom refuses the connection"),
        _("The classroom server does not accept this course platform. Please tell your course team."),
    ),
    Code.SERVER_REFUSED: (
        _("The room could not be opened"),
        _("The classroom server could not open the room. Try again in a minute, or tell your course team."),
    ),
    Code.TICKET_MISSING: (
        _("Please use the button"),
        _("This address works only from the course page. Go back to the course and click Join there."),
    ),
    Code.TICKET_REFUSED: (
        _("This link is not yours"),
        _("This Join link was made for somebody else or was changed. Go back to the course and click Join there."),
    ),
    Code.TICKET_EXPIRED: (
        _("This link is too old"),
        _("The course page was open for a long time. Reload it, then click Join again."),
    ),
    Code.LINK_EXPIRED: (
        _("This link is too old"),
        _("It lets you in for two minutes. Go back to the course page and click Join there for a new one."),
    ),
    Code.TICKET_USED: (
        _("This link was used already"),
        _("It lets one person in once. Go back to the course page and click Join there for a new one."),
    ),
    Code.BAD_REQUEST: (_("Not understood"), _("The request could not be read. Reload the course page and try again.")),
    Code.METHOD_NOT_ALLOWED: (
        _("Not understood"),
        _("The request came in a way that is not used here. Go back to the course and click Join there."),
    ),
    Code.MEETING_ENDED: (
        _("The session has just ended"),
        _("The room was closed while you were on your way. If class goes on, click Join again."),
    ),
    Code.GUEST_DENIED: (
        _("You were not let in"),
        _("A moderator did not let you in. If that was a mistake, tell your teacher and click Join again."),
    ),
    Code.NOT_LET_IN: (
        _("The room did not let you in"),
        _("Go back to the course and click Join again. If it happens again, tell your course team."),
    ),
    Code.MODERATORS_ONLY: (
        _("Only for the course team"),
        _("Only the course team can do this. Ask your teacher if you think it should be done."),
    ),
    Code.NO_STUDIO_ACCESS: (
        _("Not done"),
        _("Only people who may edit this course can do this. Ask the course team for access."),
    ),
    Code.NOT_PUBLISHED: (
        _("Publish first"),
        _("The course has no room yet, because this session was never published. Publish its unit, then try again."),
    ),
    Code.NOT_VALID: (_("Not saved yet"), _("Something needs another look. Nothing you entered is lost.")),
    Code.NAME_WANTED: (
        _("Your name in the room"),
        _("The course does not know your name yet. Click Join on the course page: you can write your name there."),
    ),
    Code.NAME_TOO_SHORT: (
        _("This name is too short"),
        _("Write a name with at least two letters, so that people can call you by it."),
    ),
    Code.NAME_TOO_LONG: (
        _("This name is too long"),
        _("The room shows at most 64 characters. Write a shorter name."),
    ),
    Code.NAME_WITH_SIGNS: (
        _("This name has signs that do not work"),
        _("Write your name without the signs < > & and without double quotation marks."),
    ),
    Code.NAME_IS_ADDRESS: (
        _("This looks like an address"),
        _("Write a name, not a web or e-mail address. Put a space after each full stop."),
    ),
    Code.NAME_OF_TEAM: (
        _("Somebody else has this name"),
        _("Somebody in the course team is called like this. Add what tells you apart, such as your second name."),
    ),
    Code.FILE_NOT_FOUND: (_("No such file"), _("This file is not in the course. Ask your course team for it.")),
    Code.CAPTIONS_LANGUAGE: (
        _("Which language is it?"),
        _("Write the language of the captions as a short code, such as en, de or pt-BR."),
    ),
    Code.CAPTIONS_TOO_LONG: (
        _("This file is too long"),
        _("Captions may have at most 500 KB. Choose a file with captions only, WebVTT or SubRip."),
    ),
    Code.CAPTIONS_NOT_READ: (
        _("No captions in this file"),
        _("The file holds no captions that can be read. Choose a WebVTT or SubRip file (.vtt, .srt), saved as UTF-8."),
    ),
    Code.NO_RECORDING: (
        _("No such recording"),
        _("This recording is not here any more, or not for you. Go back to the course page to see which there are."),
    ),
}

# What the card of the course page says in place of a refusal's sentence, and to the course team in place of the
# sentence for learners.
_SIGN_IN = _("Sign in to the course to join this session.")
_NOT_CONFIGURED_FOR_TEAM = _("Live sessions do not work in this course yet. Something is missing in the platform.")
_LEFT = (_("You are no longer in the room"), _("You may close this tab, or go back to the course."))


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


@dataclass(frozen=True, kw_only=True)
class PageWords:
    """A small page of its own: a title and a sentence."""

    title: str
    sentence: str


def refusal(code: Code, i18n: Translator) -> PageWords:
    """Give the words for a refusal."""
    title, sentence = _REFUSALS[code]
    return PageWords(title=i18n.gettext(title), sentence=i18n.gettext(sentence))


def left(i18n: Translator) -> PageWords:
    """Give the words for somebody who comes back after leaving the room."""
    return PageWords(title=i18n.gettext(_LEFT[0]), sentence=i18n.gettext(_LEFT[1]))


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
        ended = i18n.gettext("The session ended on {time}. Ask your course team if you missed something.")
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
        return sentence.format(count=seats)
    return i18n.gettext(_STATES[room.state][1])


def _role(room: RoomStatus, i18n: Translator) -> str:
    if room.state in _NOT_JOINED:
        return ""
    if room.as_moderator:
        return i18n.gettext("You will join as a moderator.")
    return i18n.gettext("You will join as a participant.")
