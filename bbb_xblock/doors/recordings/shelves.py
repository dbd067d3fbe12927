"""Recordings as HTML: the list in the card and for its script, and the page on which people choose how to open one.

All are the same from the block's handlers and from plain views.
"""

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from bbb_xblock.domain import meetings
from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.recordings import playing, shelf, team
from bbb_xblock.doors import rendering
from bbb_xblock.doors.rendering import Frame
from bbb_xblock.words import desk
from bbb_xblock.words import recordings as words_of_recordings
from bbb_xblock.words.recordings import Clock

# What the page of one recording needs beside what every small page has.
PLAYER_STYLES, PLAYER_SCRIPTS = ("css/shelf.css",), ("js/times.js", "js/player.js")
_LONGEST_NUMBER = 6


def of_card(visit: Visit, i18n: Any, play_url: str, *, is_open: bool) -> str:
    """Write the first page of the list for the card; ``play_url`` is that of the play handler, with its ticket.

    ``is_open`` says whether there is nothing else to do on the card. Raises :class:`Refusal`.
    """
    return _list(visit, i18n, play_url=play_url, is_open=is_open)


def of_script(visit: Visit, i18n: Any, *, search: str, page: str) -> str:
    """Write a page of the list for the card's script, which knows where its links lead. Raises :class:`Refusal`."""
    number = int(page) if page.isascii() and page.isdecimal() and len(page) <= _LONGEST_NUMBER else 1
    return _list(visit, i18n, search=search, page=number)


def player(visit: Visit, number: str, frame: Frame, i18n: Any, play_url: str) -> str:
    """Write the page with everything there is to say of a recording, and its formats. Raises :class:`Refusal`."""
    found = playing.choice(visit, number)
    is_team = visit.person is not None and visit.person.is_moderator
    said = words_of_recordings.of_recording(found, frame.title, _clock(visit, i18n), as_team=is_team)
    reader_zone = visit.person.time_zone if visit.person else ""
    context = asdict(frame) | {"said": said, "play_url": play_url, "reader_zone": reader_zone}
    return rendering.render("player.html", i18n, **context)


def _list(
    visit: Visit,
    i18n: Any,
    *,
    play_url: str = "",
    is_open: bool = False,
    search: str = "",
    page: int = 1,
) -> str:
    found, suffix = shelf.of(visit, search=search, page=page), rendering.suffix_of(visit.placement.usage_key)
    handles = team.handles(visit, [each.number for each in found.shown]) if found.as_team else {}
    said = words_of_recordings.of_shelf(
        found, visit.options.title, _clock(visit, i18n), search=search, page_size=shelf.PAGE
    )
    return rendering.render(
        "recordings.html",
        i18n,
        shelf=found,
        said=said,
        lines=[(each, handles.get(each.number)) for each in said.recordings],
        audiences=desk.audiences(i18n),
        kinds=desk.kinds(i18n),
        play_url=play_url,
        is_open=is_open or bool(said.news.before),
        previous=found.page - 1,
        next=found.page + 1 if found.page < found.pages else 0,
        suffix=suffix,
    )


def _clock(visit: Visit, i18n: Any) -> Clock:
    return Clock(zone=meetings.zone_of(visit.placement), now=timezone.now(), i18n=i18n)
