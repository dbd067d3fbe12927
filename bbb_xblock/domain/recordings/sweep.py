"""Asking servers for news of recordings: of one that was told of, of one room, of rooms whose turn it is, of all.

Rooms take turns: ``recordings_due_at`` says when servers are asked about one again, and whoever moves it on asks, for
all. So nothing here is done while somebody waits for a page, and a recording that nobody told of is found as well.
"""

import itertools
import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import random

from django.db.models.functions import Coalesce
from django.utils import timezone

from bbb_xblock.bbb import BBBError, Client, RecordingsQuery
from bbb_xblock.domain import servers
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.recordings import reading, rows, rules
from bbb_xblock.domain.recordings.rows import Tally
from bbb_xblock.models import Meeting, Recording, Room

log = logging.getLogger(__name__)

# As many rooms fit into one question (``bbb.ids.LONGEST_ADDRESS``).
ROOMS_AT_ONCE = 40
MOST_FAILURES = 3
# Recordings of a room that a server has announced and does not list. It may announce any number.
MOST_EXPECTED = 20
# Longer than any look at some rooms takes; whoever died in it is followed by somebody else.
TURN = timedelta(minutes=10)
_ANY_STATE = ("any",)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of asking one server about some rooms. ``trouble`` is a sentence for operators, empty if it answered.

    ``is_off`` means that it was not asked: it is switched off, or gone from the settings.
    """

    server: str
    rooms: int
    tally: Tally = field(default_factory=Tally)
    trouble: str = ""
    is_off: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether the server was asked and answered."""
        return not (self.trouble or self.is_off)


def takes_turn(room: Room) -> bool:
    """Say whether servers are to be asked about the room's recordings now, and then keep others from asking too."""
    now = timezone.now()
    due = room.recordings_due_at
    if due is None or due > now:
        return False
    return _set_due(room, now + TURN)


def look_again(room: Room) -> list[Answer]:
    """Ask each server where the room had a meeting for its recordings, and for those of its breakout rooms."""
    return _look([room], with_breakouts=True)


def look_again_at(room_pk: int) -> None:
    """Do so for the room with this key, if it is still there."""
    for room in Room.objects.filter(pk=room_pk):
        look_again(room)


def look_at_due(at_most: int = ROOMS_AT_ONCE) -> list[Answer]:
    """Ask about some rooms whose turn it is, those that have waited longest first."""
    due = Room.objects.filter(recordings_due_at__lte=timezone.now()).order_by("recordings_due_at")
    return _look([room for room in due[:at_most] if takes_turn(room)])


def look_at(*, with_breakouts: bool = False, **which: str) -> Iterator[Answer]:
    """Ask about all rooms that fit, server by server, whoever's turn it is. ``which`` are columns of the rooms.

    Only some rooms are held in memory at once. ``with_breakouts`` costs one more question for each of them. A server
    that fails a few times in a row is not asked about the rest of its rooms.
    """
    meetings = Meeting.objects.filter(**{f"room__{column}": value for column, value in which.items()})
    for slug in sorted(set(meetings.order_by().values_list("server", flat=True))):
        on_it = meetings.filter(server=slug).order_by("room_id").values_list("room_id", flat=True).distinct()
        pks, failures = iter(on_it.iterator(chunk_size=1000)), 0
        while some := list(itertools.islice(pks, ROOMS_AT_ONCE)):
            rooms = list(Room.objects.filter(pk__in=some))
            answer = _ask(slug, rooms, with_breakouts=with_breakouts)
            _settle(rooms, is_answered=answer.is_answer)
            yield answer
            failures = failures + 1 if answer.trouble else 0
            if failures == MOST_FAILURES:
                yield replace(answer, rooms=sum(1 for _ in pks))


def expect(room: Room, record_id: str, slug: str) -> None:
    """Wait for a recording that BigBlueButton has announced: a server is asked for it until it is there."""
    rows.expect(room, record_id, slug)
    _settle([room], is_answered=True)


def is_ready(room: Room, slug: str, record_id: str) -> bool:
    """Ask a server for a recording that it told of; false means that it is to be asked again.

    Raises ``BBBError`` and :class:`Refusal`.
    """
    asked_at = timezone.now()
    rows.take_in(slug, servers.of_recordings(slug, room.course_key).get_recordings_by_id([record_id]), asked_at)
    found = Recording.objects.filter(room=room, server=slug, record_id=record_id)
    if not Recording.objects.filter(server=slug, record_id=record_id).exists() and _may_expect(room):
        rows.expect(room, record_id, slug)
    _settle([room], is_answered=True)
    return found.exclude(state__in=Recording.AWAITED).exists()


def _may_expect(room: Room) -> bool:
    return room.recordings.filter(state=Recording.State.EXPECTED).count() < MOST_EXPECTED


def _look(rooms: Sequence[Room], *, with_breakouts: bool = False) -> list[Answer]:
    by_server: defaultdict[str, set[int]] = defaultdict(set)
    known = Meeting.objects.filter(room__in=rooms).order_by().values_list("server", "room_id").distinct()
    for slug, pk in known:
        by_server[slug].add(pk)
    answers = []
    for slug, pks in sorted(by_server.items()):
        answers.append(_ask(slug, [room for room in rooms if room.pk in pks], with_breakouts=with_breakouts))
    failed = {pk for answer in answers if not answer.is_answer for pk in by_server[answer.server]}
    for is_answered in (True, False):
        _settle([room for room in rooms if (room.pk not in failed) is is_answered], is_answered=is_answered)
    return answers


def _ask(slug: str, rooms: Sequence[Room], *, with_breakouts: bool) -> Answer:
    """Ask one server about rooms that were on it."""
    try:
        tally = _asked(servers.of_recordings(slug), rooms, with_breakouts=with_breakouts)
    except BBBError as error:
        log.warning("server %s does not tell the recordings of %d rooms: %s", slug, len(rooms), error)
        return Answer(server=slug, rooms=len(rooms), trouble=str(error))
    except Refusal:
        return Answer(server=slug, rooms=len(rooms), is_off=True)
    return Answer(server=slug, rooms=len(rooms), tally=tally)


def _asked(client: Client, rooms: Sequence[Room], *, with_breakouts: bool) -> Tally:
    slug, asked_at = client.endpoint.slug, timezone.now()
    of_rooms = RecordingsQuery(meeting_ids=[room.meeting_id for room in rooms], states=_ANY_STATE)
    tally = rows.take_in(slug, client.every_recording(of_rooms), asked_at)
    for room in rooms if with_breakouts else ():
        # BigBlueButton reads the metadata of everything it has for that, so it is not asked about all rooms.
        of_breakouts = RecordingsQuery(meta={reading.ROOM_KEY: room.meeting_id}, states=_ANY_STATE)
        found = (told for told in client.every_recording(of_breakouts) if told.is_breakout)
        tally += rows.take_in(slug, found, asked_at)
    unseen = list(rows.not_named(slug, rooms, asked_at))
    # Pages move while something is deleted, and Scalelite lists nothing that is not done: only a name is certain.
    by_name = {told.record_id: told for told in client.get_recordings_by_id([row.record_id for row in unseen])}
    tally += rows.take_in(slug, by_name.values(), asked_at)
    return tally + rows.miss((row for row in unseen if row.record_id not in by_name), asked_at)


def _settle(rooms: Collection[Room], *, is_answered: bool) -> None:
    """Give up what was awaited for too long, and say when servers are asked about these rooms again."""
    if not rooms:
        return
    rows.give_up(rooms)
    now, pauses = timezone.now(), _pauses(rooms)
    for room in rooms:
        pause = min(pauses[room.pk], default=None)
        if pause is not None and not is_answered:
            pause = min(pause, rules.UNREACHABLE_PAUSE)
        # Unless it was set anew meanwhile: a meeting may just have ended.
        _set_due(room, None if pause is None else now + pause)


def _pauses(rooms: Collection[Room]) -> dict[int, list[timedelta]]:
    """Say after how long there is something to ask for, for each of the rooms."""
    now = timezone.now()
    told = Recording.objects.filter(room__in=rooms).order_by().values_list("room_id", "record_id", "state", "since")
    heard = set()
    found: defaultdict[int, list[timedelta]] = defaultdict(list)

    def note(room_id: int, state: str, moment: datetime) -> None:
        pause = rules.pause(state, max(now - moment, timedelta()), random())  # noqa: S311
        if pause is not None:
            found[room_id].append(pause)

    for room_id, record_id, state, since in told:
        heard.add(record_id)
        note(room_id, state, since)
    recent = Meeting.objects.filter(room__in=rooms, is_recordable=True, started_at__gt=now - 2 * rules.WAIT)
    over = recent.order_by().annotate(moment=Coalesce("ended_at", "started_at"))
    for room_id, internal_id, moment in over.values_list("room_id", "internal_id", "moment"):
        if internal_id not in heard:
            note(room_id, rules.UNHEARD, moment)
    return found


def _set_due(room: Room, due: datetime | None) -> bool:
    """Set it if nobody else has since the room was read; says whether that is so."""
    unchanged = Room.objects.filter(pk=room.pk, recordings_due_at=room.recordings_due_at)
    is_set = unchanged.update(recordings_due_at=due) == 1
    if is_set:
        room.recordings_due_at = due
    return is_set
