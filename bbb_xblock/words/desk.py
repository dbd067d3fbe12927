"""What the course team reads when it has done something with recordings: what is so now, and why not for others."""

from collections.abc import Mapping
from dataclasses import dataclass

from bbb_xblock.bbb import TrackKind
from bbb_xblock.domain.errors import Code
from bbb_xblock.domain.recordings.team import Outcome, Trouble
from bbb_xblock.models import Recording
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _
from bbb_xblock.words import refusals
from bbb_xblock.words.refusals import PageWords


@dataclass(frozen=True)
class _Said:
    """What is so for one, for several, and for some of them."""

    one: str
    several: str
    some: str


_DONE = {
    "publish": _Said(
        _("The recording is published."),
        _("{count} recordings are published."),
        _("{done} of {count} recordings are published."),
    ),
    "hide": _Said(
        _("The recording is hidden."),
        _("{count} recordings are hidden."),
        _("{done} of {count} recordings are hidden."),
    ),
    "protect": _Said(
        _("The recording is protected: its address works once."),
        _("{count} recordings are protected: their addresses work once."),
        _("{done} of {count} recordings are protected."),
    ),
    "unprotect": _Said(
        _("The recording is not protected any more."),
        _("{count} recordings are not protected any more."),
        _("{done} of {count} recordings are not protected any more."),
    ),
    "delete": _Said(
        _("The recording is deleted."),
        _("{count} recordings are deleted."),
        _("{done} of {count} recordings are deleted."),
    ),
    "describe": _Said(
        _("The name and the description are saved."),
        _("{count} names and descriptions are saved."),
        _("{done} of {count} names and descriptions are saved."),
    ),
    "audience": _Said(
        _("It is saved who may see the recording."),
        _("It is saved who may see {count} recordings."),
        _("It is saved for {done} of {count} recordings who may see them."),
    ),
    "captions": _Said(
        _("The captions are at the classroom server. They are in the player in a few minutes."),
        _("The captions of {count} recordings are at the classroom server."),
        _("The captions of {done} of {count} recordings are at the classroom server."),
    ),
    "adopt": _Said(
        _("The recording is shown here now."),
        _("{count} recordings are shown here now."),
        _("{done} of {count} recordings are shown here now."),
    ),
    "give_back": _Said(
        _("The recording is not shown here any more. Where it was made nothing has changed."),
        _("{count} recordings are not shown here any more. Where they were made nothing has changed."),
        _("{done} of {count} recordings are not shown here any more."),
    ),
}

_TROUBLES = {
    Trouble.NOT_HERE: _("This recording is not here any more. Reload the page to see what is."),
    Trouble.NOT_YOURS: _(
        "This recording belongs to a course where you are not in the course team. Ask somebody there."
    ),
    Trouble.NOT_READY: _("This recording is not ready yet. Try again when it is."),
    Trouble.GONE: _("The classroom server does not have this recording any more."),
    Trouble.CANNOT: _("The classroom server of this recording cannot do this."),
    Trouble.NO_ANSWER: _("The classroom server does not answer. Try again in a few minutes."),
    Trouble.REFUSED: _("The classroom server did not do it. Try again, or tell the people who run this platform."),
    Trouble.NO_SERVER: _("The classroom server is not connected at the moment. Tell the people who run this platform."),
}
# Where a refusal's own words are about joining.
_REFUSALS = {
    Code.NOT_SIGNED_IN: (
        _("Please sign in"),
        _("We could not see who you are. Sign in to the course, then try again."),
    ),
    Code.VIEWING_AS_LEARNER: (
        _("Not in this view"),
        _("You are viewing the course as one learner. Switch back to your own view to change recordings."),
    ),
    Code.IDENTITY_UNCLEAR: (
        _("Please try again"),
        _("The course platform could not tell for certain who you are. Reload the course page and try again."),
    ),
    Code.OUT_OF_ORDER: (
        _("Out of order"),
        _("The course platform cannot change recordings at the moment. Try again in a few minutes."),
    ),
    Code.TICKET_MISSING: (
        _("Please use the buttons"),
        _("This works only from the course page. Reload it and try again."),
    ),
    Code.TICKET_REFUSED: (
        _("This page is not yours"),
        _("This page was made for somebody else or was changed. Reload it and try again."),
    ),
    Code.TICKET_EXPIRED: (
        _("This page is too old"),
        _("The course page was open for a long time. Reload it, then try again."),
    ),
    Code.METHOD_NOT_ALLOWED: (_("Not understood"), _("The request could not be read. Reload the page and try again.")),
}
_AUDIENCES = {
    Recording.Audience.EVERYBODY.value: _("Everybody in the course"),
    Recording.Audience.THERE.value: _("People who were there"),
    Recording.Audience.MODERATORS.value: _("Moderators"),
    Recording.Audience.NOBODY.value: _("The course team only"),
}
_KINDS = {
    TrackKind.CAPTIONS.value: _("What is said and heard"),
    TrackKind.SUBTITLES.value: _("What is said"),
}
_NOTHING = _("Nothing has changed.")
_LOOKING = _("The classroom server is asked for news. What it has is here in a minute: reload the page then.")


def said(action: str, outcome: Outcome, i18n: Translator) -> str:
    """Say in one go what is so now, and every reason why it is not for the others, each once."""
    reasons = [i18n.gettext(_TROUBLES[trouble]) for trouble in dict.fromkeys(outcome.troubles.values())]
    return " ".join([_done(_DONE[action], len(outcome.done), len(outcome.troubles), i18n), *reasons])


def troubles(outcome: Outcome, i18n: Translator) -> Mapping[str, str]:
    """Say beside each recording why nothing was done with it; by key, as JSON wants keys."""
    return {str(pk): i18n.gettext(_TROUBLES[trouble]) for pk, trouble in outcome.troubles.items()}


def audiences(i18n: Translator) -> list[tuple[str, str]]:
    """Give who may see a recording, to choose from."""
    return [(value, i18n.gettext(label)) for value, label in _AUDIENCES.items()]


def kinds(i18n: Translator) -> list[tuple[str, str]]:
    """Give what captions may be, to choose from."""
    return [(value, i18n.gettext(label)) for value, label in _KINDS.items()]


def refusal(code: Code, i18n: Translator) -> PageWords:
    """Say why nothing at all is done."""
    return refusals.refusal(code, i18n, _REFUSALS)


def looking(i18n: Translator) -> str:
    """Say that a server is asked for news."""
    return i18n.gettext(_LOOKING)


def _done(words: _Said, done: int, failed: int, i18n: Translator) -> str:
    if not done:
        return i18n.gettext(_NOTHING)
    if failed:
        return i18n.gettext(words.some).format(done=done, count=done + failed)
    return i18n.ngettext(words.one, words.several, done).format(count=done)
