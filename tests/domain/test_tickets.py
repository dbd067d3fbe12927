"""Tickets: who may use which, where and how long."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core import signing
from freezegun import freeze_time

from bbb_xblock.bbb import Role
from bbb_xblock.domain import rules, tickets
from bbb_xblock.domain.data import Access, Person, Placement, Question, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets import Purpose
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Leaders

ROOM = Placement(usage_key="block-v1:X+Y+Z+type@bbb+block@a", course_key="course-v1:X+Y+Z", org="X")
OTHER_ROOM = Placement(usage_key="block-v1:X+Y+Z+type@bbb+block@b", course_key="course-v1:X+Y+Z", org="X")


def person(user_id: int) -> Person:
    return Person(user_id=user_id, anonymous_id=f"{user_id:032}", username="u", full_name="U", is_moderator=False)


def at(who: Person, where: Placement, *, is_visitor: bool = False) -> Visit:
    access = Access(may_load=True, is_enrolled=not is_visitor, is_visitor=is_visitor)
    return Visit(person=who, access=access, placement=where, authored={})


def refusal(ticket: str, who: Person, where: Placement, purpose: Purpose = Purpose.JOIN) -> Code:
    with pytest.raises(Refusal) as caught:
        tickets.check(ticket, at(who, where), purpose, max_age=60)
    return caught.value.code


def test_a_ticket_works_for_its_person_room_and_purpose_as_often_as_needed():
    ticket = tickets.issue(at(person(1), ROOM), Purpose.JOIN)
    for _ in range(2):
        assert tickets.check(ticket, at(person(1), ROOM), Purpose.JOIN, max_age=60) == at(person(1), ROOM)


def test_a_ticket_is_refused_for_anything_else():
    ticket = tickets.issue(at(person(1), ROOM), Purpose.JOIN)
    assert refusal(ticket, person(2), ROOM) is Code.TICKET_REFUSED
    assert refusal(ticket, person(1), OTHER_ROOM) is Code.TICKET_REFUSED
    assert refusal(ticket, person(1), ROOM, Purpose.STATUS) is Code.TICKET_REFUSED


@pytest.mark.parametrize("rubbish", ["x", "a:b:c", "é", "\0", "." * 9000])
def test_rubbish_is_refused(rubbish):
    assert refusal(rubbish, person(1), ROOM) is Code.TICKET_REFUSED


def test_no_ticket_is_told_apart_from_a_wrong_one():
    assert refusal("", person(1), ROOM) is Code.TICKET_MISSING


def test_a_changed_ticket_is_refused():
    ticket = tickets.issue(at(person(1), ROOM), Purpose.JOIN)
    changed = ("A" if ticket[0] != "A" else "B") + ticket[1:]
    assert refusal(changed, person(1), ROOM) is Code.TICKET_REFUSED


def test_a_ticket_signed_with_another_key_is_refused(settings):
    ticket = tickets.issue(at(person(1), ROOM), Purpose.JOIN)
    settings.SECRET_KEY = "another key"
    assert refusal(ticket, person(1), ROOM) is Code.TICKET_REFUSED


def test_something_else_that_the_site_signed_is_no_ticket():
    foreign = signing.dumps(["1", ROOM.usage_key], salt="something.else")
    assert refusal(foreign, person(1), ROOM) is Code.TICKET_REFUSED


def test_an_old_ticket_says_that_it_is_old():
    with freeze_time() as clock:
        ticket = tickets.issue(at(person(1), ROOM), Purpose.JOIN)
        clock.tick(61)
        assert refusal(ticket, person(1), ROOM) is Code.TICKET_EXPIRED


class TestThePageToken:
    OPTIONS = SessionOptions(title="Seminar", wait_for_moderator=True, max_participants=12)

    def token(self) -> str:
        return tickets.issue_page_token(at(person(1), ROOM), self.OPTIONS)

    def test_it_says_who_looks_at_which_room_and_when_they_wait(self):
        visit = tickets.read_page_token(self.token(), max_age=60).visit
        assert visit.person is not None
        assert (visit.person.user_id, visit.placement) == (1, ROOM)
        assert rules.session_options(visit.authored, {}, frozenset()) == replace(self.OPTIONS, title="Live session")

    def test_it_says_who_leads_and_when_the_session_is_open(self):
        opens_at = datetime(2026, 11, 24, 12, tzinfo=UTC)
        forum_moderator = replace(person(3), is_forum_moderator=True)
        chosen = SessionOptions(who_leads=Leaders.FORUM_MODERATORS, opens_at=opens_at, lead_minutes=5)
        visit = tickets.read_page_token(tickets.issue_page_token(at(forum_moderator, ROOM), chosen), max_age=60).visit
        read = rules.session_options(visit.authored, {}, frozenset())
        assert rules.role_of(visit.person, read) is Role.MODERATOR
        assert read == chosen

    def test_it_makes_nobody_a_moderator(self):
        moderator = Person(user_id=2, anonymous_id="a", username="u", full_name="U", is_moderator=True)
        visit = tickets.read_page_token(tickets.issue_page_token(at(moderator, ROOM), self.OPTIONS), max_age=60).visit
        assert visit.person is not None
        assert not visit.person.is_moderator

    def test_it_says_how_large_the_class_is(self):
        token = tickets.issue_page_token(at(person(1), ROOM), self.OPTIONS, 3000)
        assert tickets.read_page_token(token, max_age=60).visit.class_size == 3000
        assert tickets.read_page_token(self.token(), max_age=60).visit.class_size == 0

    def test_it_holds_no_name(self):
        ada = Person(user_id=2, anonymous_id="a", username="adaexample", full_name="Ada Example", is_moderator=False)
        token = tickets.issue_page_token(at(ada, ROOM), self.OPTIONS)
        assert "Ada" not in str(signing.loads(token, salt="bbb_xblock.ticket.page"))

    def test_it_is_no_ticket_and_a_ticket_is_no_page_token(self):
        for purpose in Purpose:
            assert refusal(self.token(), person(1), ROOM, purpose) is Code.TICKET_REFUSED
            with pytest.raises(Refusal) as caught:
                tickets.read_page_token(tickets.issue(at(person(1), ROOM), purpose), max_age=60)
            assert caught.value.code is Code.TICKET_REFUSED

    @pytest.mark.parametrize(
        ("token", "code"),
        [("", Code.TICKET_MISSING), ("rubbish", Code.TICKET_REFUSED), ("\ud800", Code.TICKET_REFUSED)],
    )
    def test_rubbish_is_refused(self, token, code):
        with pytest.raises(Refusal) as caught:
            tickets.read_page_token(token, max_age=60)
        assert caught.value.code is code

    def test_an_old_one_says_that_it_is_old(self):
        with freeze_time() as clock:
            token = self.token()
            clock.tick(61)
            with pytest.raises(Refusal) as caught:
                tickets.read_page_token(token, max_age=60)
        assert caught.value.code is Code.TICKET_EXPIRED


class TestTheQuestionForAName:
    QUESTION = Question(user_id=1, placement=ROOM, path="/join?ticket=abc")

    def refusal(self, ticket: str) -> Code:
        with pytest.raises(Refusal) as caught:
            tickets.read_question(ticket)
        return caught.value.code

    def test_it_comes_back_as_it_was_asked(self):
        assert tickets.read_question(tickets.issue_question(self.QUESTION)) == self.QUESTION

    def test_it_shows_no_way_in_where_it_is_printed(self):
        assert "abc" not in repr(self.QUESTION)

    def test_no_other_ticket_is_an_answer(self):
        others = [tickets.issue(at(person(1), ROOM), purpose) for purpose in Purpose]
        others.append(tickets.issue_page_token(at(person(1), ROOM), TestThePageToken.OPTIONS))
        assert {self.refusal(other) for other in others} == {Code.TICKET_REFUSED}

    def test_it_is_no_other_ticket(self):
        ticket = tickets.issue_question(self.QUESTION)
        assert {refusal(ticket, person(1), ROOM, purpose) for purpose in Purpose} == {Code.TICKET_REFUSED}

    @pytest.mark.parametrize(("ticket", "code"), [("", Code.TICKET_MISSING), ("a:b:c", Code.TICKET_REFUSED)])
    def test_rubbish_is_refused(self, ticket, code):
        assert self.refusal(ticket) is code

    def test_after_ten_minutes_it_is_too_old(self):
        with freeze_time() as clock:
            ticket = tickets.issue_question(self.QUESTION)
            clock.tick(599)
            assert tickets.read_question(ticket).user_id == 1
            clock.tick(2)
            assert self.refusal(ticket) is Code.TICKET_EXPIRED


@pytest.mark.parametrize(
    ("read", "salt"),
    [
        (lambda token: tickets.read_page_token(token, max_age=60), "bbb_xblock.ticket.page"),
        (tickets.read_portable, "bbb_xblock.ticket.portable"),
        (tickets.read_question, "bbb_xblock.ticket.question"),
    ],
    ids=["page token", "portable ticket", "question"],
)
@pytest.mark.parametrize("claims", [[], [1], ["a"] * 40, "text", {"user": 1}, 7, None])
def test_what_another_version_of_ours_has_signed_is_refused(read, salt, claims):
    with pytest.raises(Refusal) as caught:
        read(signing.dumps(claims, salt=salt))
    assert caught.value.code is Code.TICKET_REFUSED


def test_somebody_who_is_not_signed_in_gets_none():
    nobody = replace(at(person(1), ROOM), person=None)
    for make in (tickets.issue_portable, tickets.issue_calendar, lambda visit: tickets.issue(visit, Purpose.JOIN)):
        with pytest.raises(Refusal) as caught:
            make(nobody)
        assert caught.value.code is Code.NOT_SIGNED_IN
