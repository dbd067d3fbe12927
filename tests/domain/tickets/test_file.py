"""File tickets: which file of which course they open, and how long."""

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.domain import tickets
from bbb_xblock.domain.errors import Code, Refusal
from tests.domain.tickets.visits import ROOM


def refusal(ticket: str, name: str) -> Code:
    with pytest.raises(Refusal) as caught:
        tickets.file.read(ticket, name)
    return caught.value.code


@given(st.text(), st.text())
def test_it_opens_the_file_that_it_was_made_for_and_no_other(name, other):
    ticket = tickets.file.issue(ROOM.course_key, name)
    assert tickets.file.read(ticket, name) == ROOM.course_key
    if other != name:
        assert refusal(ticket, other) is Code.TICKET_REFUSED


@given(st.text(min_size=1), st.text())
def test_nothing_else_is_one(ticket, name):
    assert refusal(ticket, name) is Code.TICKET_REFUSED


def test_after_half_an_hour_it_is_too_old():
    with freeze_time() as clock:
        ticket = tickets.file.issue(ROOM.course_key, "a.pdf")
        clock.tick(1799)
        assert tickets.file.read(ticket, "a.pdf") == ROOM.course_key
        clock.tick(2)
        assert refusal(ticket, "a.pdf") is Code.TICKET_EXPIRED
