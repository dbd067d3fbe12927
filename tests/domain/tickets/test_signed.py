"""What holds for tickets of every kind."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from django.core import signing

from bbb_xblock.domain import tickets
from bbb_xblock.domain.data import Question
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets.session import Purpose
from tests.domain.tickets.visits import ROOM, at, person

VISIT = at(person(1))
QUESTION = Question(user_id=1, placement=ROOM, path="/join")


def way_back() -> str:
    return tickets.portable.issue_way_back(tickets.portable.read(tickets.portable.issue(VISIT)))


# The kind, as it is signed -> how a ticket is made, and how it is read.
KINDS: dict[str, tuple[Callable[[], str], Callable[[str], Any]]] = {
    **{
        f"session.{purpose.value}": (
            partial(tickets.session.issue, VISIT, purpose),
            partial(tickets.session.check, visit=VISIT, purpose=purpose, max_age=60),
        )
        for purpose in Purpose
    },
    "page": (partial(tickets.page.issue, VISIT), tickets.page.read),
    "portable": (partial(tickets.portable.issue, VISIT), tickets.portable.read),
    "back": (way_back, tickets.portable.read_way_back),
    "calendar": (partial(tickets.calendar.issue, VISIT), tickets.calendar.read),
    "playing": (partial(tickets.playing.issue, VISIT), tickets.playing.read),
    "question": (partial(tickets.question.issue, QUESTION), tickets.question.read),
    "file": (partial(tickets.file.issue, ROOM.course_key, "a.pdf"), partial(tickets.file.read, name="a.pdf")),
}


def refusal(read: Callable[[str], Any], ticket: str) -> Code:
    with pytest.raises(Refusal) as caught:
        read(ticket)
    return caught.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_a_ticket_is_read_as_what_it_is(kind):
    make, read = KINDS[kind]
    assert read(make())


@pytest.mark.parametrize(("kind", "other"), list(permutations(KINDS, 2)))
def test_a_ticket_of_one_kind_is_none_of_another(kind, other):
    make, _ = KINDS[kind]
    _, read = KINDS[other]
    assert refusal(read, make()) is Code.TICKET_REFUSED


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("ticket", "code"),
    [
        ("", Code.TICKET_MISSING),
        ("rubbish", Code.TICKET_REFUSED),
        ("a:b:c", Code.TICKET_REFUSED),
        ("é", Code.TICKET_REFUSED),
        ("\0", Code.TICKET_REFUSED),
        ("." * 9000, Code.TICKET_REFUSED),
        ("\ud800", Code.TICKET_REFUSED),
    ],
)
def test_no_ticket_and_rubbish_are_told_apart(kind, ticket, code):
    _, read = KINDS[kind]
    assert refusal(read, ticket) is code


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("claims", [[], ["a"] * 40, "text", {"user": 1}, 7, None])
def test_what_another_version_of_ours_has_signed_is_refused(kind, claims):
    _, read = KINDS[kind]
    assert refusal(read, signing.dumps(claims, salt=f"bbb_xblock.ticket.{kind}")) is Code.TICKET_REFUSED


@pytest.mark.parametrize(
    "issue",
    [
        partial(tickets.session.issue, purpose=Purpose.JOIN),
        tickets.page.issue,
        tickets.portable.issue,
        tickets.calendar.issue,
    ],
    ids=["session", "page", "portable", "calendar"],
)
def test_somebody_who_is_not_signed_in_gets_none(issue):
    assert refusal(issue, replace(VISIT, person=None)) is Code.NOT_SIGNED_IN
