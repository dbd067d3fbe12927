"""What people are told who are not let in or whose wish is not granted: a title and a sentence for every code."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bbb_xblock.domain.errors import Code
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _

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
        _("The platform cannot open rooms now. If that lasts, tell your course team."),
    ),
    Code.SIGNATURE_REFUSED: (
        _("The classroom refuses the connection"),
        _("The server does not accept this platform. Please tell your course team."),
    ),
    Code.SERVER_REFUSED: (
        _("The room could not be opened"),
        _("The classroom server did not open it. Try again, or tell your course team."),
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
    Code.MANY_CHECKS: (
        _("Others are being checked"),
        _("Several courses are being checked right now. Please try again in a minute."),
    ),
    Code.MANY_CLICKS: (
        _("Opened many times"),
        _("You have opened this many times within a minute. Please wait a minute, then try again."),
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

# No words of its own.
_NOTHING: Final[Mapping[Code, tuple[str, str]]] = MappingProxyType({})
_LEFT = (_("You are no longer in the room"), _("You may close this tab, or go back to the course."))


@dataclass(frozen=True, kw_only=True)
class PageWords:
    """A small page of its own: a title and a sentence."""

    title: str
    sentence: str


def refusal(code: Code, i18n: Translator, instead: Mapping[Code, tuple[str, str]] = _NOTHING) -> PageWords:
    """Give the words for a refusal; ``instead`` of those that are about joining, where something else was wished."""
    title, sentence = instead.get(code) or _REFUSALS[code]
    return PageWords(title=i18n.gettext(title), sentence=i18n.gettext(sentence))


def left(i18n: Translator) -> PageWords:
    """Give the words for somebody who comes back after leaving the room."""
    return PageWords(title=i18n.gettext(_LEFT[0]), sentence=i18n.gettext(_LEFT[1]))
