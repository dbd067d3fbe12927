"""The ticket of the question for a name."""

import pytest
from freezegun import freeze_time

from bbb_xblock.domain import tickets
from bbb_xblock.domain.data import Question
from bbb_xblock.domain.errors import Code, Refusal
from tests.domain.tickets.visits import ROOM

QUESTION = Question(user_id=1, placement=ROOM, path="/join?ticket=abc")


def test_it_comes_back_as_it_was_asked():
    assert tickets.question.read(tickets.question.issue(QUESTION)) == QUESTION


def test_it_shows_no_way_in_where_it_is_printed():
    assert "abc" not in repr(QUESTION)


def test_after_ten_minutes_it_is_too_old():
    with freeze_time() as clock:
        ticket = tickets.question.issue(QUESTION)
        clock.tick(599)
        assert tickets.question.read(ticket).user_id == 1
        clock.tick(2)
        with pytest.raises(Refusal) as caught:
            tickets.question.read(ticket)
    assert caught.value.code is Code.TICKET_EXPIRED
