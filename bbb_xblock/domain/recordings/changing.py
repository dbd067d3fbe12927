"""Changes to recordings on their servers: asked for, and then asked what is so, whatever the server answered.

A change that took too long may have happened, and one that was confirmed may not. What is so is written down when every
server was asked: nobody else waits for a row as long as a server is waited for.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from bbb_xblock import bbb
from bbb_xblock.bbb import ApiError, BBBError, CallUnsupported, Client, MeetingNotFound
from bbb_xblock.domain import servers
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.recordings import rows
from bbb_xblock.domain.recordings.team import Outcome, Trouble
from bbb_xblock.models import Recording

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a server is asked for, by the ids that it knows, and how a row shows afterwards that it is so.

    Of what no row shows, captions for instance, the server's word is taken.
    """

    ask: Callable[[Client, Sequence[str]], object]
    is_so: Callable[[Recording], bool] | None = None


@dataclass(kw_only=True)
class _Batch:
    """Recordings of one server, and what it answered: to the change, and then to the question what is so.

    ``refused`` is why it did not take the change, ``silent`` why it is not known what is so; ``found`` is what it has.
    """

    server: str
    recordings: list[Recording]
    asked_at: datetime = field(default_factory=timezone.now)
    refused: BBBError | None = None
    silent: BBBError | None = None
    found: Sequence[bbb.Recording] = ()

    @property
    def record_ids(self) -> list[str]:
        """The ids that the server knows."""
        return [recording.record_id for recording in self.recordings]


def make(change: Change, recordings: Sequence[Recording], course_key: str, outcome: Outcome) -> None:
    """Have recordings changed on their servers, and tell the outcome for each. ``course_key`` is whose course asks."""
    batches: list[_Batch] = []
    for slug in dict.fromkeys(recording.server for recording in recordings):
        theirs = [recording for recording in recordings if recording.server == slug]
        try:
            client = servers.of_recordings(slug, course_key)
        except Refusal:
            outcome.fail(theirs, Trouble.NO_SERVER)
        else:
            batches.extend(_asked(client, theirs, change))
    for batch in batches:
        _believe(batch, change, outcome)


def is_there(recording: Recording) -> bool:
    """Say whether the server has it, and is done with it."""
    return recording.state == Recording.State.READY


def _asked(client: Client, recordings: Sequence[Recording], change: Change) -> Iterator[_Batch]:
    """Ask one server, as many times as addresses need; once it is silent, it is asked no more."""
    by_id = {recording.record_id: recording for recording in recordings}
    silent: BBBError | None = None
    for record_ids in client.batches(by_id):
        batch = _Batch(server=client.endpoint.slug, recordings=[by_id[each] for each in record_ids], silent=silent)
        if silent is None:
            _ask(client, batch, change)
            silent = batch.silent
        yield batch


def _ask(client: Client, batch: _Batch, change: Change) -> None:
    try:
        change.ask(client, batch.record_ids)
    except BBBError as error:
        batch.refused = error
    batch.asked_at = timezone.now()
    try:
        batch.found = client.get_recordings_by_id(batch.record_ids)
    except BBBError as error:
        batch.silent = error


def _believe(batch: _Batch, change: Change, outcome: Outcome) -> None:
    """Write down what the server said at last, and tell the outcome."""
    refused = _trouble(batch.server, batch.refused) if batch.refused else None
    if batch.silent:
        outcome.fail(batch.recordings, _trouble(batch.server, batch.silent))
        return
    rows.take_in(batch.server, batch.found, batch.asked_at)
    named = {recording.record_id for recording in batch.found}
    rows.miss((recording for recording in batch.recordings if recording.record_id not in named), batch.asked_at)
    fresh = Recording.objects.in_bulk([recording.pk for recording in batch.recordings])
    for row in (fresh[recording.pk] for recording in batch.recordings):
        if change.is_so(row) if change.is_so else refused is None and is_there(row):
            outcome.done.append(row.pk)
        else:
            outcome.troubles[row.pk] = Trouble.GONE if row.state in Recording.LOST else refused or Trouble.REFUSED


def _trouble(server: str, error: BBBError) -> Trouble:
    log.warning("recordings on server %s: %s", server, error)
    if isinstance(error, MeetingNotFound):
        return Trouble.GONE
    if isinstance(error, ApiError):
        return Trouble.CANNOT if isinstance(error, CallUnsupported) else Trouble.REFUSED
    servers.failed(server, error)
    return Trouble.NO_ANSWER
