"""Recordings as HTML: the list in the card and for its script, and the page on which people choose how to open one.

All are the same from the block's handlers and from plain views.
"""

from dataclasses import asdict

from django.utils import timezone

from bbb_xblock.domain import meetings
from bbb_xblock.domain.data import RoomState, RoomStatus, Visit
from bbb_xblock.domain.recordings import playing, shelf
from bbb_xblock.domain.recordings.shelf import Shelf
from bbb_xblock.doors import rendering
from bbb_xblock.doors.rendering import Frame
from bbb_xblock.options.texts import Translator
from bbb_xblock.words import desk
from bbb_xblock.words import recordings as words_of_recordings
from bbb_xblock.words.recordings import Clock

# What the page of one recording needs beside what every small page has.
PLAYER_STYLES, PLAYER_SCRIPTS = ("css/shelf.css",), ("js/times.js", "js/player.js")
_LONGEST_NUMBER = 6


def of_card(visit: Visit, room: RoomStatus, i18n: Translator, play_url: str) -> str:
    """Write the first page of the list for the card; ``play_url`` is that of the play handler, with its ticket.

    It is open where there is nothing else to do on the card. Raises :class:`Refusal`.
    """
    is_open = room.state in (RoomState.OVER, RoomState.RECORDINGS_ONLY)
    return _list(visit, shelf.of(visit, room_pk=room.room_pk), i18n, play_url=play_url, is_open=is_open)


def of_script(visit: Visit, i18n: Translator, *, search: str, page: str) -> str:
    """Write a page of the list for the card's script, which knows where its links lead. Raises :class:`Refusal`."""
    number = int(page) if page.isascii() and page.isdecimal() and len(page) <= _LONGEST_NUMBER else 1
    return _list(visit, shelf.of(visit, search=search, page=number), i18n, search=search)


def player(visit: Visit, number: str, frame: Frame, i18n: Translator, play_url: str) -> str:
    """Write the page with everything there is to say of a recording, and its formats. Raises :class:`Refusal`."""
    found = playing.choice(visit, number)
    is_team = visit.person is not None and visit.person.is_moderator
    said = words_of_recordings.of_recording(found, frame.title, _clock(visit, i18n), as_team=is_team)
    reader_zone = visit.person.time_zone if visit.person else ""
    context = asdict(frame) | {"said": said, "play_url": play_url, "reader_zone": reader_zone}
    return rendering.render("player.html", i18n, **context)


def _list(
    visit: Visit,
    found: Shelf,
    i18n: Translator,
    *,
    play_url: str = "",
    is_open: bool = False,
    search: str = "",
) -> str:
    said = words_of_recordings.of_shelf(
        found, visit.options.title, _clock(visit, i18n), search=search, page_size=shelf.PAGE
    )
    return rendering.render(
        "recordings.html",
        i18n,
        shelf=found,
        said=said,
        lines=[(each, found.handles.get(each.number)) for each in said.recordings],
        audiences=desk.audiences(i18n),
        kinds=desk.kinds(i18n),
        play_url=play_url,
        is_open=is_open or bool(said.news.before),
        previous=found.page - 1,
        next=found.page + 1 if found.page < found.pages else 0,
        suffix=rendering.suffix_of(visit.placement.usage_key),
    )


def _clock(visit: Visit, i18n: Translator) -> Clock:
    return Clock(zone=meetings.zone_of(visit.placement), now=timezone.now(), i18n=i18n)
