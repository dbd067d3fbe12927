"""What pages say of recordings: titles, lengths, formats, and what is so with those that cannot be opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.text import Truncator

from bbb_xblock.domain.errors import Code
from bbb_xblock.domain.recordings.shelf import Shelf, Shown
from bbb_xblock.models import Recording
from bbb_xblock.options.texts import Translator
from bbb_xblock.options.texts import marked as _
from bbb_xblock.words import pictures, refusals, schedule
from bbb_xblock.words.refusals import PageWords
from bbb_xblock.words.schedule import Moment

State, Audience = Recording.State, Recording.Audience

# By the type that the server gives a format: what it is, and which of our pictures shows that.
_FORMATS: Final[Mapping[str, tuple[str, str]]] = {
    "presentation": (_("Slides and sound"), "slides"),
    "video": (_("Video"), "video"),
    "capture": (_("Video"), "video"),
    "screenshare": (_("Shared screen"), "screen"),
    "podcast": (_("Sound only"), "sound"),
    "notes": (_("Shared notes"), "notes"),
    "statistics": (_("Statistics"), "numbers"),
}
_OTHER_FORMAT = (_("Other format"), "other")
# Up to so many minutes a length is told in minutes alone.
_MINUTES = 90
# A recording is news for so long.
_NEWS_HOURS = 24
# Room is kept for a line or two, and the whole title stands in the list.
_LONGEST_NEWS = 60

_PREPARED = _("Being prepared since {time}. It appears here by itself.")
_STATES: Final[Mapping[str, str]] = {
    State.DELETED: _("It was deleted on the classroom server."),
    State.GONE: _("The classroom server does not have it any more."),
}
_AUDIENCES: Final[Mapping[str, str]] = {
    Audience.THERE: _("Only people who were there see it."),
    Audience.MODERATORS: _("Only moderators see it."),
    Audience.NOBODY: _("Hidden: participants do not see it."),
}
# Where a refusal's own words are about joining.
_REFUSALS: Final[Mapping[Code, tuple[str, str]]] = {
    Code.NOT_SIGNED_IN: (
        _("Please sign in"),
        _("We could not see who you are. Sign in to the course, then open the recording again."),
    ),
    Code.VIEWING_AS_LEARNER: (
        _("Recordings are off in this view"),
        _("You are viewing the course as one learner. Switch back to your own view to open recordings."),
    ),
    Code.IDENTITY_UNCLEAR: (
        _("Please try again"),
        _("The course platform could not tell for certain who you are. Reload the course page and try again."),
    ),
    Code.OUT_OF_ORDER: (
        _("Out of order"),
        _("The course platform cannot open recordings at the moment. Try again in a few minutes."),
    ),
    Code.SERVER_UNREACHABLE: (
        _("The classroom does not answer"),
        _("The classroom server does not answer at the moment, so the recording cannot be opened. Nothing is lost."),
    ),
    Code.SERVER_REFUSED: (
        _("The recording could not be opened"),
        _("The classroom server does not open this recording. Try again in a minute, or tell your course team."),
    ),
    Code.NOT_CONFIGURED: (
        _("The recording cannot be opened"),
        _("The classroom server of this recording cannot be reached from here. Please tell your course team."),
    ),
    Code.TICKET_MISSING: (
        _("Please use the link on the course page"),
        _("This address works only from the course page. Go back to the course and open the recording there."),
    ),
    Code.TICKET_REFUSED: (
        _("This link is not yours"),
        _("This link was made for somebody else or was changed. Go back to the course and open the recording there."),
    ),
    Code.TICKET_EXPIRED: (
        _("This link is too old"),
        _("The course page was open for a long time. Reload it, then open the recording again."),
    ),
    Code.LINK_EXPIRED: (
        _("This link is too old"),
        _("It works for a few minutes. Go back to the course page and open the recording there."),
    ),
    Code.METHOD_NOT_ALLOWED: (
        _("Not understood"),
        _("The request came in a way that is not used here. Go back to the course and open the recording there."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A sentence with a time in the middle; ``moment`` is None where there is none."""

    before: str = ""
    moment: Moment | None = None
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class FormatWords:
    """A way to open a recording: its label, our picture of it as a path, and the query that asks for it."""

    label: str
    path: str
    query: str


@dataclass(frozen=True, kw_only=True)
class RecordingWords:
    """One recording in words. ``details`` are short and stand on one line, ``notes`` are sentences."""

    number: int
    title: str
    description: str
    when: Moment
    details: tuple[str, ...]
    notes: tuple[Said, ...]
    formats: tuple[FormatWords, ...]
    query: str


@dataclass(frozen=True, kw_only=True)
class ShelfWords:
    """One page of recordings in words. ``news`` is read out when it changes; ``note`` says why nothing is shown."""

    recordings: tuple[RecordingWords, ...]
    news: Said
    note: str
    place: str
    is_long: bool


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How times are told: in which zone, seen from when, in whose language."""

    zone: ZoneInfo
    now: datetime
    i18n: Translator

    def tell(self, moment: datetime) -> Moment:
        """Say a time on the clocks of the course, with their place."""
        told = schedule.moment_of(moment, self.zone, self.now, self.i18n)
        said = self.i18n.gettext("{time} ({place})").format(time=told.words, place=schedule.place_of(self.zone))
        return Moment(iso=told.iso, words=said)


def of_shelf(shelf: Shelf, title: str, clock: Clock, *, search: str = "", page_size: int) -> ShelfWords:
    """Say a page of the shelf; ``title`` is the session's, for recordings that have none."""
    i18n = clock.i18n
    note = ""
    if not shelf.shown:
        note = i18n.gettext("Nothing was found. Try other words.") if search else i18n.gettext("No recordings yet.")
    place = i18n.gettext("Page {page} of {pages}").format(page=shelf.page, pages=shelf.pages)
    return ShelfWords(
        recordings=tuple(of_recording(each, title, clock, as_team=shelf.as_team) for each in shelf.shown),
        news=_news(shelf, title, clock),
        note=note,
        place=place if shelf.pages > 1 else "",
        is_long=shelf.total > page_size,
    )


def of_recording(recording: Shown, title: str, clock: Clock, *, as_team: bool) -> RecordingWords:
    """Say one recording, to the course team with what only they are told."""
    number = {"recording": recording.number}
    return RecordingWords(
        number=recording.number,
        title=recording.title or title,
        description=recording.description,
        when=clock.tell(recording.started_at),
        details=tuple(_details(recording, clock.i18n, as_team=as_team)),
        notes=tuple(_notes(recording, clock, as_team=as_team)),
        formats=tuple(_format(kind, recording.number, clock.i18n) for kind in recording.formats),
        query=urlencode(number),
    )


def refusal(code: Code, i18n: Translator) -> PageWords:
    """Say why a recording is not opened."""
    return refusals.refusal(code, i18n, _REFUSALS)


def notice(title: str, i18n: Translator) -> str:
    """Say to everybody in a course that a recording of a session is ready."""
    return i18n.gettext("The recording of {title} is ready.").format(title=title)


def _details(recording: Shown, i18n: Translator, *, as_team: bool) -> list[str]:
    said = []
    if recording.minutes > _MINUTES:
        hours, minutes = divmod(recording.minutes, 60)
        said.append(i18n.gettext("{hours} h {minutes} min").format(hours=hours, minutes=minutes))
    elif recording.minutes:
        length = i18n.ngettext("{count} minute", "{count} minutes", recording.minutes)
        said.append(length.format(count=recording.minutes))
    if recording.state is State.READY and (as_team or recording.views):
        views = i18n.ngettext("opened {count} time", "opened {count} times", recording.views)
        said.append(views.format(count=recording.views))
    return said


def _notes(recording: Shown, clock: Clock, *, as_team: bool) -> list[Said]:
    i18n, said = clock.i18n, []
    if recording.state in (State.EXPECTED, State.PROCESSING):
        said.append(_with_time(i18n.gettext(_PREPARED), clock.tell(recording.since)))
    elif recording.state in _STATES:
        said.append(Said(before=i18n.gettext(_STATES[recording.state])))
    elif not recording.is_published:
        said.append(Said(before=i18n.gettext("The course team has not published it.")))
    elif not recording.formats:
        said.append(Said(before=i18n.gettext("There is nothing to open in it.")))
    if as_team and recording.audience in _AUDIENCES:
        said.append(Said(before=i18n.gettext(_AUDIENCES[recording.audience])))
    if recording.deleted_on and recording.state is State.READY:
        said.append(_with_time(i18n.gettext("It will be deleted after {time}."), clock.tell(recording.deleted_on)))
    return said


def _news(shelf: Shelf, title: str, clock: Clock) -> Said:
    """Say what has just changed or is about to."""
    i18n = clock.i18n
    if len(shelf.awaited) == 1:
        sentence = i18n.gettext("The recording is being prepared since {time}.")
        return _with_time(sentence, clock.tell(shelf.awaited[0].since))
    if shelf.awaited:
        several = i18n.gettext("{count} recordings are being prepared.")
        return Said(before=several.format(count=len(shelf.awaited)))
    newest = shelf.newest
    if newest and (clock.now - newest.since).total_seconds() < _NEWS_HOURS * 3600:
        named = Truncator(newest.title or title).chars(_LONGEST_NEWS)
        return Said(before=i18n.gettext("A new recording is here: {title}").format(title=named))
    return Said()


def _with_time(sentence: str, moment: Moment) -> Said:
    before, _, after = sentence.partition("{time}")
    return Said(before=before, moment=moment, after=after)


def _format(kind: str, number: int, i18n: Translator) -> FormatWords:
    label, picture = _FORMATS.get(kind, _OTHER_FORMAT)
    query = urlencode({"recording": number, "format": kind})
    return FormatWords(label=i18n.gettext(label), path=pictures.PATHS[picture], query=query)
