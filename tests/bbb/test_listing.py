from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import ListEndless, Recording, RecordingsPage, RecordingsQuery, ReplyTooLarge
from bbb_xblock.bbb.ids import listed
from bbb_xblock.bbb.listing import every_recording, split

NAMES = st.lists(st.text("abcdef0123456789", min_size=1, max_size=6), unique=True, max_size=60)
ANY = RecordingsQuery(states=["any"])

Ask = Callable[[RecordingsQuery], RecordingsPage]


class Archive:
    """A server with these recordings, and the questions that it was asked."""

    def __init__(self, ids: list[str], knows_pages: bool = True, tells_total: bool = False, largest: int = 100) -> None:
        self.recordings = tuple(Recording(record_id=each) for each in ids)
        self.knows_pages = knows_pages
        self.tells_total = tells_total
        self.largest = largest
        self.asked: list[RecordingsQuery] = []

    def ask(self, params: RecordingsQuery) -> RecordingsPage:
        self.asked.append(params)
        if not self.knows_pages:
            return RecordingsPage(recordings=self.recordings, listed=len(self.recordings))
        start, size = params.offset or 0, min(params.limit or 0, self.largest)
        part = self.recordings[start : start + size]
        total = len(self.recordings) if self.tells_total else None
        return RecordingsPage(recordings=part, listed=len(part), total=total)

    def ids(self, size: int = 100, most: int = 1000) -> list[str]:
        return [each.record_id for each in every_recording(self.ask, ANY, size, most)]


@given(ids=NAMES, size=st.integers(1, 100), knows_pages=st.booleans(), tells_total=st.booleans())
def test_every_recording_comes_once_whether_the_server_knows_pages_or_not(
    ids: list[str], size: int, knows_pages: bool, tells_total: bool
) -> None:
    archive = Archive(ids, knows_pages, tells_total)
    assert archive.ids(size) == ids
    assert len(archive.asked) <= len(ids) // size + 1


@given(ids=NAMES, size=st.integers(1, 100), largest=st.integers(1, 100))
def test_smaller_pages_than_asked_for_are_read_to_the_end_where_the_server_tells_how_many_there_are(
    ids: list[str], size: int, largest: int
) -> None:
    assert Archive(ids, tells_total=True, largest=largest).ids(size) == ids


@given(ids=NAMES, size=st.integers(1, 60), total=st.none() | st.integers(0, 10**18))
def test_a_server_that_repeats_itself_is_not_asked_for_ever(ids: list[str], size: int, total: int | None) -> None:
    part = tuple(Recording(record_id=each) for each in ids[:size])
    asked = []

    def ask(params: RecordingsQuery) -> RecordingsPage:
        asked.append(params)
        return RecordingsPage(recordings=part, listed=len(part), total=total)

    assert tuple(every_recording(ask, ANY, size)) == part
    assert len(asked) <= 2


def test_a_page_of_unusable_recordings_does_not_hide_the_next_one() -> None:
    pages = [
        RecordingsPage(recordings=(Recording(record_id="a"),), listed=2),
        RecordingsPage(recordings=(Recording(record_id="b"),), listed=1),
    ]
    assert [each.record_id for each in every_recording(lambda _: pages.pop(0), ANY, page_size=2)] == ["a", "b"]


def test_nothing_is_asked_before_it_is_needed() -> None:
    archive = Archive(["a", "b", "c"])
    found = every_recording(archive.ask, ANY, page_size=1)
    assert archive.asked == []
    next(found)
    assert [(each.offset, each.limit, each.states) for each in archive.asked] == [(0, 1, ["any"])]
    next(found)
    assert [each.offset for each in archive.asked] == [0, 1]


def test_a_list_without_an_end_is_an_error_after_all_that_was_read() -> None:
    archive = Archive([str(number) for number in range(100)])
    found = every_recording(archive.ask, ANY, page_size=10, most_pages=3)
    assert [next(found).record_id for _ in range(30)] == [str(number) for number in range(30)]
    with pytest.raises(ListEndless):
        next(found)
    assert len(archive.asked) == 3


@given(
    counts=st.lists(st.integers(0, 9), min_size=1, max_size=12),
    knows_pages=st.booleans(),
    size=st.integers(1, 8),
)
def test_where_an_answer_is_too_large_fewer_rooms_are_asked_for_at_once(
    counts: list[int], knows_pages: bool, size: int
) -> None:
    rooms = {f"m{number}": [f"r{number}-{each}" for each in range(count)] for number, count in enumerate(counts)}

    def ask(params: RecordingsQuery) -> RecordingsPage:
        found = [Recording(record_id=each) for room in params.meeting_ids or () for each in rooms[room]]
        if knows_pages:
            start = params.offset or 0
            found = found[start : start + size]
            # Somewhere in the middle of the list the descriptions are long.
            if start > 0 and len(params.meeting_ids or ()) > 1:
                raise ReplyTooLarge("getRecordings")
        elif len(found) > 9:
            raise ReplyTooLarge("getRecordings")
        return RecordingsPage(recordings=tuple(found), listed=len(found))

    every = every_recording(ask, RecordingsQuery(meeting_ids=list(rooms)), size)
    assert [each.record_id for each in every] == [each for ids in rooms.values() for each in ids]


@pytest.mark.parametrize("params", [ANY, RecordingsQuery(meeting_ids=["m1"]), RecordingsQuery(record_ids=["r1"])])
def test_an_answer_that_cannot_be_made_smaller_is_an_error(params: RecordingsQuery) -> None:
    asked = []

    def ask(params: RecordingsQuery) -> RecordingsPage:
        asked.append(params)
        raise ReplyTooLarge("getRecordings")

    with pytest.raises(ReplyTooLarge):
        list(every_recording(ask, params))
    assert len(asked) == 1


@pytest.mark.parametrize("size", [0, -1, 101])
def test_a_page_that_no_server_gives_is_not_asked_for(size: int) -> None:
    archive = Archive(["a"])
    with pytest.raises(ValueError, match="A page"):
        next(every_recording(archive.ask, ANY, size))
    assert archive.asked == []


@given(ids=NAMES.filter(bool), room=st.integers(0, 100), by_record=st.booleans())
def test_a_query_is_cut_by_its_ids_and_otherwise_stays_the_same(ids: list[str], room: int, by_record: bool) -> None:
    kind = "record_ids" if by_record else "meeting_ids"
    whole = RecordingsQuery(**{kind: ids}, states=["any"], meta={"course": "c1"})
    parts = list(split(whole, room, most=7))
    assert [each for part in parts for each in getattr(part, kind)] == ids
    for part in parts:
        assert (part.states, part.meta) == (whole.states, whole.meta)
        assert len(getattr(part, kind)) == 1 or len(listed(getattr(part, kind))) <= room


def test_an_id_that_is_there_twice_is_asked_for_once() -> None:
    (part,) = split(RecordingsQuery(meeting_ids=["m1", "m2", "m1"]), 100)
    assert part.meeting_ids == ("m1", "m2")


def test_a_query_without_ids_is_not_cut() -> None:
    assert list(split(ANY, 0)) == [ANY]
