import string
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb.ids import LONGEST_ID, batches, is_id, listed

IDS = st.text(
    st.characters(exclude_categories=["Z", "C"], exclude_characters=","), min_size=1, max_size=LONGEST_ID
) | st.text(string.hexdigits, min_size=1)


@pytest.mark.parametrize("text", ["m1", "ünï 日本", "a-b_c", "x" * LONGEST_ID])
def test_an_id_is_an_id(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize("text", ["", " ", " m1", "m1 ", "a,b", "a\nb", "\ud800", "x" * (LONGEST_ID + 1)], ids=ascii)
def test_what_would_be_another_id_elsewhere_is_none(text: str) -> None:
    assert not is_id(text)
    with pytest.raises(ValueError, match="comma"):
        listed(["m1", text])


@given(ids=st.lists(IDS))
def test_listed_ids_come_apart_again(ids: list[str]) -> None:
    assert [each for each in listed(ids).split(",") if each] == ids


@given(ids=st.lists(IDS), room=st.integers(-10, 3000), most=st.integers(1, 20))
def test_batches_keep_all_ids_in_order_and_fit(ids: list[str], room: int, most: int) -> None:
    cut = list(batches(ids, room, most))
    assert [each for batch in cut for each in batch] == ids
    for batch in cut:
        assert 1 <= len(batch) <= most
        assert len(batch) == 1 or len(urlencode({"": listed(batch)})) - len("=") <= room


@given(ids=st.lists(IDS, min_size=1), room=st.integers(0, 3000))
def test_no_batch_could_have_taken_the_next_id(ids: list[str], room: int) -> None:
    cut = list(batches(ids, room, most=len(ids)))
    for batch, following in pairwise(cut):
        assert len(urlencode({"": listed([*batch, following[0]])})) - len("=") > room
