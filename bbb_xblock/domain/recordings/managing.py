"""What the course team does with recordings, several at once: publish, hide, protect, delete, name, show, caption.

What servers are asked to change, ``changing.py`` asks; the rest is only known here.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from django.utils import timezone

from bbb_xblock.bbb import Client
from bbb_xblock.domain import happenings
from bbb_xblock.domain.data import Visit
from bbb_xblock.domain.recordings import changing
from bbb_xblock.domain.recordings.captions import Captions
from bbb_xblock.domain.recordings.changing import Change, is_there
from bbb_xblock.domain.recordings.team import Elsewhere, Outcome, Trouble, changeable, member
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.models import Recording
from bbb_xblock.options.texts import clean_line, clean_lines

log = logging.getLogger(__name__)

LONGEST_TITLE = 255
LONGEST_DESCRIPTION = 2000
# More than fit on a page of the list; each server is asked at least twice.
MOST_AT_ONCE = 100


@needs_tables
def publish(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int]) -> Outcome:
    """Publish recordings on their servers."""
    change = Change(
        ask=lambda client, record_ids: client.publish_recordings(record_ids, publish=True),
        is_so=lambda recording: is_there(recording) and recording.is_published,
    )
    return _change(visit, elsewhere, ids, change, happenings.Kind.RECORDING_PUBLISHED)


@needs_tables
def hide(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int]) -> Outcome:
    """Withdraw recordings on their servers: their addresses work no more."""
    change = Change(
        ask=lambda client, record_ids: client.publish_recordings(record_ids, publish=False),
        is_so=lambda recording: is_there(recording) and not recording.is_published,
    )
    return _change(visit, elsewhere, ids, change, happenings.Kind.RECORDING_HIDDEN)


@needs_tables
def protect(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int], *, wanted: bool) -> Outcome:
    """Have servers let people in by addresses that work once, or by any; only where a server says which it does."""
    change = Change(
        ask=lambda client, record_ids: client.update_recordings(record_ids, {}, protect=wanted),
        is_so=lambda recording: is_there(recording) and recording.is_protected is wanted,
    )
    return _change(visit, elsewhere, ids, change, can=lambda recording: recording.is_protected is not None)


@needs_tables
def delete(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int]) -> Outcome:
    """Delete recordings on their servers, for good; their rows stay, and say so."""
    change = Change(
        ask=lambda client, record_ids: client.delete_recordings(record_ids),
        is_so=lambda recording: recording.state in Recording.LOST,
    )
    outcome = _change(visit, elsewhere, ids, change, happenings.Kind.RECORDING_DELETED)
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
    Recording.objects.filter(pk__in=outcome.done).update(**told, changed_at=timezone.now())
    log.info("user %s set %s of recordings %s", member(visit).user_id, sorted(told), outcome.done)
    return outcome


def _change(
    visit: Visit,
    elsewhere: Elsewhere,
    ids: Sequence[int],
    change: Change,
    kind: happenings.Kind | None = None,
    can: Callable[[Recording], bool] = lambda recording: True,
) -> Outcome:
    """Have those changed for which it can be done. Listeners are told of it as ``kind``."""
    person, outcome = member(visit), Outcome()
    ready = []
    for recording in changeable(visit, elsewhere, ids, outcome):
        if trouble := _in_the_way(recording, can):
            outcome.troubles[recording.pk] = trouble
        else:
            ready.append(recording)
    changing.make(change, ready, visit.placement.course_key, outcome)
    for recording in ready:
        if recording.pk in outcome.done and kind:
            happenings.managed(kind, recording, person)
    log.info("user %s: done with recordings %s, not with %s", person.user_id, outcome.done, dict(outcome.troubles))
    return outcome


def _in_the_way(recording: Recording, can: Callable[[Recording], bool]) -> Trouble | None:
    if recording.state in Recording.LOST:
        return Trouble.GONE
    if recording.state != Recording.State.READY:
        return Trouble.NOT_READY
    return None if can(recording) else Trouble.CANNOT


def _put_track(client: Client, record_ids: Sequence[str], captions: Captions) -> None:
    for record_id in record_ids:
        client.put_recording_text_track(
            record_id, captions.kind, captions.language, captions.label, captions.file_name, captions.text.encode()
        )
