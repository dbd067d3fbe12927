"""What the course team does with recordings, several at once: publish, hide, protect, delete, name, show, caption.

Whatever a server answered to a change, it is asked afterwards what is so: only that is believed, kept and told. A
change that took too long may have happened, and one that was confirmed may not.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils import timezone

from bbb_xblock.bbb import ApiError, BBBError, CallUnsupported, Client, MeetingNotFound
from bbb_xblock.domain import happenings, servers
from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.recordings import rows
from bbb_xblock.domain.recordings.captions import Captions
from bbb_xblock.domain.recordings.team import Elsewhere, Outcome, Trouble, changeable, member
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.models import Recording
from bbb_xblock.options.texts import clean_line, clean_lines

log = logging.getLogger(__name__)

LONGEST_TITLE = 255
LONGEST_DESCRIPTION = 2000
# More than fit on a page of the list; each server is asked at least twice.
MOST_AT_ONCE = 100

_LOST = (Recording.State.DELETED, Recording.State.GONE)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a server is asked for, by the ids that it knows, and how a row shows afterwards that it is so.

    Of what no row shows, captions for instance, the server's word is taken. ``kind`` is what listeners are told.
    """

    ask: Callable[[Client, Sequence[str]], object]
    is_so: Callable[[Recording], bool] | None = None
    kind: happenings.Kind | None = None


@needs_tables
def publish(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int]) -> Outcome:
    """Publish recordings on their servers."""
    change = Change(
        ask=lambda client, record_ids: client.publish_recordings(record_ids, publish=True),
        is_so=lambda recording: _is_there(recording) and recording.is_published,
        kind=happenings.Kind.RECORDING_PUBLISHED,
    )
    return _change(visit, elsewhere, ids, change)


@needs_tables
def hide(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int]) -> Outcome:
    """Withdraw recordings on their servers: their addresses work no more."""
    change = Change(
        ask=lambda client, record_ids: client.publish_recordings(record_ids, publish=False),
        is_so=lambda recording: _is_there(recording) and not recording.is_published,
        kind=happenings.Kind.RECORDING_HIDDEN,
    )
    return _change(visit, elsewhere, ids, change)


@needs_tables
def protect(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int], *, wanted: bool) -> Outcome:
    """Have servers let people in by addresses that work once, or by any; only where a server says which it does."""
    change = Change(
        ask=lambda client, record_ids: client.update_recordings(record_ids, {}, protect=wanted),
        is_so=lambda recording: _is_there(recording) and recording.is_protected is wanted,
    )
    return _change(visit, elsewhere, ids, change, can=lambda recording: recording.is_protected is not None)


@needs_tables
def delete(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int]) -> Outcome:
    """Delete recordings on their servers, for good; their rows stay, and say so."""
    change = Change(
        ask=lambda client, record_ids: client.delete_recordings(record_ids),
        is_so=lambda recording: recording.state in _LOST,
        kind=happenings.Kind.RECORDING_DELETED,
    )
    outcome = _change(visit, elsewhere, ids, change)
    # Balancers forget what was deleted and only name it no more.
    forgotten = Recording.objects.filter(pk__in=outcome.done, state=Recording.State.GONE)
    forgotten.update(state=Recording.State.DELETED)
    return outcome


@needs_tables
def add_captions(visit: Visit, elsewhere: Elsewhere, recording_id: int, captions: Captions) -> Outcome:
    """Give captions to a recording. The server takes them in and makes them part of the player some minutes later."""
    return _change(visit, elsewhere, [recording_id], Change(ask=partial(_put_track, captions=captions)))


@needs_tables
def describe(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int], *, title: str, description: str) -> Outcome:
    """Name and describe recordings here; the server's own name counts again where the title is empty."""
    told = {"title": clean_line(title, LONGEST_TITLE), "description": clean_lines(description, LONGEST_DESCRIPTION)}
    return _keep(visit, elsewhere, ids, **told)


@needs_tables
def show_to(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int], audience: Recording.Audience) -> Outcome:
    """Say who may see recordings, of those who may see the room's recordings at all."""
    return _keep(visit, elsewhere, ids, audience=audience)


def _keep(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int], **told: str) -> Outcome:
    """Write what is only known here."""
    outcome = Outcome()
    outcome.done = [recording.pk for recording in changeable(visit, elsewhere, ids, outcome)]
    Recording.objects.filter(pk__in=outcome.done).update(**told)
    log.info("user %s set %s of recordings %s", member(visit).user_id, sorted(told), outcome.done)
    return outcome


def _change(
    visit: Visit,
    elsewhere: Elsewhere,
    ids: Sequence[int],
    change: Change,
    can: Callable[[Recording], bool] = lambda recording: True,
) -> Outcome:
    person, outcome = member(visit), Outcome()
    ready = []
    for recording in changeable(visit, elsewhere, ids, outcome):
        if trouble := _in_the_way(recording, can):
            outcome.troubles[recording.pk] = trouble
        else:
            ready.append(recording)
    for slug in dict.fromkeys(recording.server for recording in ready):
        _change_on(slug, visit, [recording for recording in ready if recording.server == slug], change, outcome)
    for recording in ready:
        if recording.pk in outcome.done and change.kind:
            happenings.managed(change.kind, recording, person)
    log.info("user %s: done with recordings %s, not with %s", person.user_id, outcome.done, dict(outcome.troubles))
    return outcome


def _in_the_way(recording: Recording, can: Callable[[Recording], bool]) -> Trouble | None:
    if recording.state in _LOST:
        return Trouble.GONE
    if recording.state != Recording.State.READY:
        return Trouble.NOT_READY
    return None if can(recording) else Trouble.CANNOT


def _change_on(slug: str, visit: Visit, recordings: list[Recording], change: Change, outcome: Outcome) -> None:
    try:
        client = servers.of_recordings(slug, visit.placement.course_key)
    except Refusal:
        outcome.fail(recordings, Trouble.NO_SERVER)
        return
    for batch in _batches(client, recordings):
        try:
            _change_batch(client, batch, change, outcome)
        except BBBError as error:
            outcome.fail(batch, _trouble(client, error))


def _batches(client: Client, recordings: Sequence[Recording]) -> Iterator[list[Recording]]:
    by_id = {recording.record_id: recording for recording in recordings}
    for batch in client.batches(by_id):
        yield [by_id[record_id] for record_id in batch]


def _change_batch(client: Client, batch: list[Recording], change: Change, outcome: Outcome) -> None:
    """Ask for the change, then for what is so. Raises ``BBBError`` if that cannot be known."""
    record_ids, trouble = [recording.record_id for recording in batch], None
    try:
        change.ask(client, record_ids)
    except BBBError as error:
        trouble = _trouble(client, error)
    asked_at = timezone.now()
    found = client.get_recordings_by_id(record_ids)
    rows.take_in(client.endpoint.slug, found, asked_at)
    named = {recording.record_id for recording in found}
    rows.miss((recording for recording in batch if recording.record_id not in named), asked_at)
    fresh = Recording.objects.in_bulk([recording.pk for recording in batch])
    for recording in batch:
        now = fresh[recording.pk]
        if change.is_so(now) if change.is_so else trouble is None and _is_there(now):
            outcome.done.append(recording.pk)
        else:
            outcome.troubles[recording.pk] = Trouble.GONE if now.state in _LOST else trouble or Trouble.REFUSED


def _put_track(client: Client, record_ids: Sequence[str], captions: Captions) -> None:
    for record_id in record_ids:
        client.put_recording_text_track(
            record_id, captions.kind, captions.language, captions.label, captions.file_name, captions.text.encode()
        )


def _is_there(recording: Recording) -> bool:
    return recording.state == Recording.State.READY


def _trouble(client: Client, error: BBBError) -> Trouble:
    log.warning("recordings on server %s: %s", client.endpoint.slug, error)
    if isinstance(error, MeetingNotFound):
        return Trouble.GONE
    if isinstance(error, ApiError):
        return Trouble.CANNOT if isinstance(error, CallUnsupported) else Trouble.REFUSED
    servers.failed(client.endpoint.slug, error)
    return Trouble.NO_ANSWER
