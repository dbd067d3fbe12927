"""Long lists of recordings: all pages one after the other, whether the server knows paging or not, and long queries."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from bbb_xblock.bbb.errors import ListEndless
from bbb_xblock.bbb.ids import batches
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

    A recording may be missed while others are deleted between two pages; before one counts as gone, ask by its id.

    Raises:
        BBBError: a page could not be had. What was yielded before is then not the whole list.
        ListEndless: there is still something new after ``most_pages``. The same holds.
        ValueError: ``page_size`` is not 1 to 100.
    """
    if not 0 < page_size <= LARGEST_PAGE:
        raise ValueError(f"A page has 1 to {LARGEST_PAGE} recordings.")
    seen: set[str] = set()
    offset = 0
    for _ in range(most_pages):
        page = ask(replace(params, offset=offset, limit=page_size))
        new = {recording.record_id: recording for recording in page.recordings if recording.record_id not in seen}
        yield from new.values()
        seen.update(new)
        offset += page.listed
        if not new or page.listed > page_size or not (page.listed == page_size or offset < (page.total or 0)):
            return
    raise ListEndless(_CALL)


def split(params: RecordingsQuery, room: int, most: int = LARGEST_PAGE) -> Iterator[RecordingsQuery]:
    """Cut a query into several, each with at most ``most`` ids that take at most ``room`` characters of its address.

    A query without ids stays as it is.
    """
    if params.record_ids:
        yield from (replace(params, record_ids=batch) for batch in batches(params.record_ids, room, most))
    elif params.meeting_ids:
        yield from (replace(params, meeting_ids=batch) for batch in batches(params.meeting_ids, room, most))
    else:
        yield params
