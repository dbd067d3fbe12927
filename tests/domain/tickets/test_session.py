"""Session tickets: who may use which, where and how long."""

import pytest
from django.core import signing
from freezegun import freeze_time

from bbb_xblock.domain import tickets
from bbb_xblock.domain.data import Person, Placement
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets.session import Purpose
from tests.domain.tickets.visits import OTHER_ROOM, ROOM, at, person


def refusal(ticket: str, who: Person, where: Placement, purpose: Purpose = Purpose.JOIN) -> Code:
    with pytest.raises(Refusal) as caught:
        tickets.session.check(ticket, at(who, where), purpose, max_age=60)
    return caught.value.code


def test_a_ticket_works_for_its_person_room_and_purpose_as_often_as_needed():
    ticket = tickets.session.issue(at(person(1), ROOM), Purpose.JOIN)
    for _ in range(2):
        assert tickets.session.check(ticket, at(person(1), ROOM), Purpose.JOIN, max_age=60) == at(person(1), ROOM)


def test_a_ticket_is_refused_for_anything_else():
    ticket = tickets.session.issue(at(person(1), ROOM), Purpose.JOIN)
    assert refusal(ticket, person(2), ROOM) is Code.TICKET_REFUSED
    assert refusal(ticket, person(1), OTHER_ROOM) is Code.TICKET_REFUSED
    assert refusal(ticket, person(1), ROOM, Purpose.STATUS) is Code.TICKET_REFUSED


def test_a_changed_ticket_is_refused():
    ticket = tickets.session.issue(at(person(1), ROOM), Purpose.JOIN)
    changed = ("A" if ticket[0] != "A" else "B") + ticket[1:]
    assert refusal(changed, person(1), ROOM) is Code.TICKET_REFUSED


def test_a_ticket_signed_with_another_key_is_refused(settings):
    ticket = tickets.session.issue(at(person(1), ROOM), Purpose.JOIN)
    settings.SECRET_KEY = "another key"
    assert refusal(ticket, person(1), ROOM) is Code.TICKET_REFUSED


def test_something_else_that_the_site_signed_is_no_ticket():
    foreign = signing.dumps(["1", ROOM.usage_key], salt="something.else")
    assert refusal(foreign, person(1), ROOM) is Code.TICKET_REFUSED


def test_an_old_ticket_says_that_it_is_old():
    with freeze_time() as clock:
        ticket = tickets.session.issue(at(person(1), ROOM), Purpose.JOIN)
        clock.tick(61)
        assert refusal(ticket, person(1), ROOM) is Code.TICKET_EXPIRED
