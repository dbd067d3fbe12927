"""Long lists of recordings: all pages one after the other, whether the server knows paging or not, and long queries."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from bbb_xblock.bbb.errors import ListEndless, ReplyTooLarge
from bbb_xblock.bbb.ids import LONGEST_ADDRESS, batches
from bbb_xblock.bbb.params import RecordingsQuery
from bbb_xblock.bbb.recordings import Recording, RecordingsPage

#: Most recordings on a page: BigBlueButton gives no more (its getRecordings; bbblb would give a thousand).
LARGEST_PAGE = 100
#: Most pages of one list. Twenty thousand recordings match no question of ours.
MOST_PAGES = 200
LARGEST_OFFSET = LARGEST_PAGE * MOST_PAGES

_CALL = "getRecordings"


def every_recording(
    ask: Callable[[RecordingsQuery], RecordingsPage],
    params: RecordingsQuery,
    page_size: int = LARGEST_PAGE,
    most_pages: int = MOST_PAGES,
) -> Iterator[Recording]:
    """Yield the recordings that match, each once, asking for a page when it is needed.

    ``offset`` and ``limit`` of the query are not looked at. The end of the list is a page that is not full, unless the
    server says that there are more, or one that tells nothing new: Scalelite knows no pages and repeats the whole list.
    Where that is more than we read at once, half of the ids are asked for, and then the other half.

    A recording may be missed while others are deleted between two pages; before one counts as gone, ask by its id.

    Raises:
        BBBError: a page could not be had. What was yielded before is then not the whole list.
        ListEndless: there is still something new after ``most_pages``. The same holds.
        ValueError: ``page_size`` is not 1 to 100.
    """
    if not 0 < page_size <= LARGEST_PAGE:
        raise ValueError(f"A page has 1 to {LARGEST_PAGE} recordings.")
    told: set[str] = set()
    parts = [params]
    while parts:
        part = parts.pop()
        try:
            for recording in _pages(ask, part, page_size, most_pages):
                if recording.record_id not in told:
                    told.add(recording.record_id)
                    yield recording
        except ReplyTooLarge:
            smaller = _halves(part)
            if not smaller:
                raise
            parts.extend(reversed(smaller))


def split(params: RecordingsQuery, room: int, most: int = LARGEST_PAGE) -> Iterator[RecordingsQuery]:
    """Cut a query into several, each with at most ``most`` ids that take at most ``room`` characters of its address.

    An id that is there twice is asked for once. A query without ids stays as it is.
    """
    if params.record_ids:
        cut = batches(dict.fromkeys(params.record_ids), room, most)
        yield from (replace(params, record_ids=batch) for batch in cut)
    elif params.meeting_ids:
        cut = batches(dict.fromkeys(params.meeting_ids), room, most)
        yield from (replace(params, meeting_ids=batch) for batch in cut)
    else:
        yield params


def _pages(
    ask: Callable[[RecordingsQuery], RecordingsPage], params: RecordingsQuery, page_size: int, most_pages: int
) -> Iterator[Recording]:
    seen: set[str] = set()
    offset = 0
    for _ in range(most_pages):
        page = ask(replace(params, offset=offset, limit=page_size))
        yield from page.recordings
        new = {recording.record_id for recording in page.recordings} - seen
        seen |= new
        offset += page.listed
        if not new or not (page.listed == page_size or offset < (page.total or 0)):
            return
    raise ListEndless(_CALL)


def _halves(params: RecordingsQuery) -> tuple[RecordingsQuery, ...]:
    """Give the query in two parts; none if it asks for a single id, or for no ids at all."""
    ids = params.record_ids or params.meeting_ids or ()
    most = (len(ids) + 1) // 2
    return tuple(split(params, LONGEST_ADDRESS, most)) if len(ids) > 1 else ()
