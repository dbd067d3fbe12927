"""The shelf: which of a room's recordings somebody may see, its own and those it adopted. BigBlueButton is not asked.

However many recordings there are, it takes the same few queries.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Aggregate, Count, Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from bbb_xblock.domain import rooms, rules
from bbb_xblock.domain.data import Person, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.recordings import keeping, seeing
from bbb_xblock.domain.recordings.handles import Handles, handles_of
from bbb_xblock.domain.recordings.rules import WAIT
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.models import Adoption, Join, Recording, Room
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import SessionKind
from bbb_xblock.options.texts import clean_line, clean_lines

State = Recording.State

# From so many on, there are pages and a search.
PAGE = 20
_TITLE, _DESCRIPTION = 255, 4000
# Nobody looks for more than that.
_LONGEST_SEARCH = 100
# Recordings are alike for the mark that are so in these.
_ALIKE = ("state", "is_published", "audience")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A recording as somebody sees it: ``number`` is ours, and the only name by which pages know it.

    ``title`` is empty where nobody and no server named it. ``minutes`` is 0 if that is unknown, ``formats`` are types
    and empty where there is nothing to open. ``deleted_on`` is when the days are over for which it is kept.
    """

    number: int
    title: str = field(repr=False)
    description: str = field(repr=False)
    started_at: datetime
    minutes: int
    state: Recording.State
    since: datetime
    is_published: bool
    audience: str
    formats: tuple[str, ...]
    views: int
    deleted_on: datetime | None


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One page of the recordings that somebody may see.

    ``total`` counts all, ``found`` those which the search found; ``awaited`` are being prepared, on whatever page, and
    ``newest`` is the one of the last weeks that became ready last. ``as_team`` says that the course team looks at it:
    it gets the ``handles`` of what is ``shown``, by their numbers.
    """

    shown: tuple[Shown, ...] = ()
    total: int = 0
    found: int = 0
    page: int = 1
    pages: int = 1
    awaited: tuple[Shown, ...] = ()
    newest: Shown | None = None
    as_team: bool = False
    handles: Mapping[int, Handles] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Whether the shelf has changed, in a few characters (empty: there is none), and whether it is about to."""

    version: str = ""
    is_awaited: bool = False


@needs_tables
def of(visit: Visit, *, room_pk: int | None = None, search: str = "", page: int = 1) -> Shelf:
    """Give a page of the shelf. Three queries, or four; one more if it is not known yet which ``room_pk`` the room has.

    Raises :class:`Refusal` for somebody who may not see any recordings; ``no_recording`` where there is no shelf.
    """
    person, options = _admitted(visit), visit.options
    # What stands on other pages need not be read: servers may tell of thousands, each with addresses of some length.
    rows = list(_on_shelf(_room_pk(visit) if room_pk is None else room_pk).defer("formats"))
    viewer = _viewer(person, options, rows)
    seen = [row for row in rows if seeing.may_see(viewer, options, row)]
    found = [row for row in seen if _is_found(row, search, options.title)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    newest, on_page = _newest(seen), found[(page - 1) * PAGE : page * PAGE]
    _read_formats(on_page + newest)
    return Shelf(
        shown=_all_shown(on_page),
        total=len(seen),
        found=len(found),
        page=page,
        pages=pages,
        awaited=_all_shown([row for row in seen if row.state in Recording.AWAITED]),
        newest=next(iter(_all_shown(newest)), None),
        as_team=viewer.is_team,
        handles={row.pk: handles_of(row, visit.placement) for row in on_page} if viewer.is_team else {},
    )


def mark(visit: Visit, room: Room | None) -> Mark:
    """Say whether there is anything new on the shelf, for every question of an open page.

    One query, two where recordings from elsewhere are shown.
    """
    person, options = rules.check_person(visit.person, visit.access), visit.options
    if not seeing.has_list(seeing.viewer_of(person, options), options):
        return Mark()
    kinds = _kinds(room) if room else []
    # The course team may show recordings from elsewhere, in whatever room.
    if not kinds and not person.is_moderator and not _may_fill(options):
        return Mark()
    digest = hashlib.sha256(json.dumps(kinds).encode()).hexdigest()
    hidden = () if person.is_moderator else (Recording.Audience.NOBODY, Recording.Audience.MODERATORS)
    return Mark(
        version=digest[:12],
        is_awaited=any(state in Recording.AWAITED and audience not in hidden for state, _, audience, *_ in kinds),
    )


@needs_tables
def find(visit: Visit, number: str) -> tuple[Recording, Person]:
    """Give the recording that somebody wants to open, if they may now. Two or three queries.

    Raises :class:`Refusal`: why the person may not be here, or ``no_recording``, whether there is none or it is for
    others.
    """
    person, options = _admitted(visit), visit.options
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    row = _on_shelf(_room_pk(visit)).filter(pk=int(number)).first() if is_number else None
    if row is None or not seeing.may_play(_viewer(person, options, [row]), options, row):
        raise Refusal(Code.NO_RECORDING)
    return row, person


def formats_of(row: Recording) -> list[dict[str, str]]:
    """Give the formats of a recording, one of each type, as its server named them, if they have an address.

    Those of a protected one get theirs when somebody opens them; until then it is empty.
    """
    by_type = {str(each.get("type")): str(each.get("url") or "") for each in json.loads(row.formats)}
    return [{"type": kind, "url": url} for kind, url in by_type.items() if url or row.is_protected]


def shown(row: Recording) -> Shown:
    """Give a recording as pages show it."""
    return _shown(row, keeping.days_in(row.room.course_key))


def _admitted(visit: Visit) -> Person:
    person = rules.check_person(visit.person, visit.access)
    if not seeing.has_list(seeing.viewer_of(person, visit.options), visit.options):
        raise Refusal(Code.NO_RECORDING)
    return person


def _may_fill(options: SessionOptions) -> bool:
    """Say whether there is a shelf even while it is empty: where something may be recorded, or is to be adopted."""
    return options.record or options.kind is SessionKind.RECORDINGS


def _kinds(room: Room) -> list[tuple[str, bool, str, int, int, str, str]]:
    """Count the recordings of a room, its own and those it adopted, that are alike; with the newest of each kind.

    The last two say when one of them came into its state, and when one of them was last changed.
    """

    # Every question of an open page comes here: one statement, and made in half the time of a union. Few rooms show
    # recordings from elsewhere.
    parts = Room.objects.filter(pk=room.pk).order_by().values_list(*(f"recordings__{name}" for name in _ALIKE))
    adopted = Exists(Adoption.objects.filter(room=OuterRef("pk")))
    rows = list(parts.annotate(*_last_of("recordings__"), adopts=adopted))
    own = [row[:-1] for row in rows if row[0] is not None]
    others = Recording.objects.filter(adoptions__room=room).order_by().values_list(*_ALIKE).annotate(*_last_of())
    both = [*own, *(others if any(row[-1] for row in rows) else ())]
    return sorted((*alike, str(since), str(changed)) for *alike, since, changed in both)


def _last_of(of: str = "") -> tuple[Aggregate, ...]:
    return Count(f"{of}pk"), Max(f"{of}pk"), Max(f"{of}since"), Max(f"{of}changed_at")


def _room_pk(visit: Visit) -> int:
    """Give the key of the room; 0 if nobody has used it yet. One query."""
    room = rooms.known(visit.placement)
    return room.pk if room else 0


def _on_shelf(room_pk: int) -> QuerySet[Recording]:
    """Give the recordings of a room, newest first; none where there is no room. One query now, one when it is read."""
    recordings = Recording.objects.shown_in(room_pk) if room_pk else Recording.objects.none()
    return recordings.select_related("room")


def _viewer(person: Person, options: SessionOptions, rows: Iterable[Recording]) -> seeing.Viewer:
    """Say what somebody is to these recordings. One query, if any of them is for those who were there."""
    asked = [row.record_id for row in rows if row.audience == Recording.Audience.THERE]
    if not asked or person.is_moderator:
        return seeing.viewer_of(person, options)
    joins = Join.objects.filter(user_id=person.user_id, meeting__internal_id__in=asked)
    return seeing.viewer_of(person, options, frozenset(joins.values_list("meeting__internal_id", flat=True)))


def _newest(rows: Iterable[Recording]) -> list[Recording]:
    """Give the one of the last weeks that became ready last, if there is one."""
    # Of what was recorded long ago, a server may have told only now.
    lately = timezone.now() - WAIT
    ready = [row for row in rows if row.state == State.READY and row.is_published and row.started_at > lately]
    return sorted(ready, key=lambda row: row.since)[-1:]


def _read_formats(rows: Sequence[Recording]) -> None:
    """Read what was left out before, in one query."""
    known = Recording.objects.filter(pk__in={row.pk for row in rows}).order_by().values_list("pk", "formats")
    formats = dict(known)
    for row in rows:
        row.formats = formats.get(row.pk, "[]")


def _all_shown(rows: Sequence[Recording]) -> tuple[Shown, ...]:
    days = {course: keeping.days_in(course) for course in {row.room.course_key for row in rows}}
    return tuple(_shown(row, days[row.room.course_key]) for row in rows)


def _shown(row: Recording, course_days: int) -> Shown:
    is_ready = row.state == State.READY and row.is_published
    return Shown(
        number=row.pk,
        title=clean_line(row.title or row.name, _TITLE),
        description=clean_lines(row.description, _DESCRIPTION),
        started_at=row.started_at,
        minutes=row.minutes,
        state=State(row.state),
        since=row.since,
        is_published=row.is_published,
        audience=row.audience,
        formats=tuple(each["type"] for each in formats_of(row)) if is_ready else (),
        views=row.views,
        deleted_on=keeping.deletes_at(row, course_days),
    )


def _is_found(row: Recording, search: str, title: str) -> bool:
    """Say whether every word of a search is in a recording's title or description, in whatever case."""
    text = f"{row.title or row.name or title} {row.description}".casefold()
    return all(word in text for word in search[:_LONGEST_SEARCH].casefold().split())
