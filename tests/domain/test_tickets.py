"""Tickets: who may use which, where and how long."""

import pytest
from django.core import signing
from freezegun import freeze_time

from bbb_xblock.domain import tickets
from bbb_xblock.domain.data import Person, Placement
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets import Purpose

ROOM = Placement(usage_key="block-v1:X+Y+Z+type@bbb+block@a", course_key="course-v1:X+Y+Z", org="X")
OTHER_ROOM = Placement(usage_key="block-v1:X+Y+Z+type@bbb+block@b", course_key="course-v1:X+Y+Z", org="X")


def person(user_id: int) -> Person:
    return Person(user_id=user_id, anonymous_id=f"{user_id:032}", username="u", full_name="U", is_moderator=False)


def refusal(ticket: str, who: Person, where: Placement, purpose: Purpose = Purpose.JOIN) -> Code:
    with pytest.raises(Refusal) as caught:
        tickets.check(ticket, who, where, purpose, max_age=60)
    return caught.value.code


def test_a_ticket_works_for_its_person_room_and_purpose_as_often_as_needed():
    ticket = tickets.issue(person(1), ROOM, Purpose.JOIN)
    for _ in range(2):
        assert tickets.check(ticket, person(1), ROOM, Purpose.JOIN, max_age=60) is None


def test_a_ticket_is_refused_for_anything_else():
    ticket = tickets.issue(person(1), ROOM, Purpose.JOIN)
    assert refusal(ticket, person(2), ROOM) is Code.TICKET_REFUSED
    assert refusal(ticket, person(1), OTHER_ROOM) is Code.TICKET_REFUSED
    assert refusal(ticket, person(1), ROOM, Purpose.STATUS) is Code.TICKET_REFUSED


@pytest.mark.parametrize("rubbish", ["x", "a:b:c", "é", "\0", "." * 9000])
def test_rubbish_is_refused(rubbish):
    assert refusal(rubbish, person(1), ROOM) is Code.TICKET_REFUSED


def test_no_ticket_is_told_apart_from_a_wrong_one():
    assert refusal("", person(1), ROOM) is Code.TICKET_MISSING


def test_a_changed_ticket_is_refused():
    ticket = tickets.issue(person(1), ROOM, Purpose.JOIN)
    changed = ("A" if ticket[0] != "A" else "B") + ticket[1:]
    assert refusal(changed, person(1), ROOM) is Code.TICKET_REFUSED


def test_a_ticket_signed_with_another_key_is_refused(settings):
    ticket = tickets.issue(person(1), ROOM, Purpose.JOIN)
    settings.SECRET_KEY = "another key"
    assert refusal(ticket, person(1), ROOM) is Code.TICKET_REFUSED


def test_something_else_that_the_site_signed_is_no_ticket():
    foreign = signing.dumps(["1", ROOM.usage_key], salt="something.else")
    assert refusal(foreign, person(1), ROOM) is Code.TICKET_REFUSED


def test_an_old_ticket_says_that_it_is_old():
    with freeze_time() as clock:
        ticket = tickets.issue(person(1), ROOM, Purpose.JOIN)
        clock.tick(61)
        assert refusal(ticket, person(1), ROOM) is Code.TICKET_EXPIRED
