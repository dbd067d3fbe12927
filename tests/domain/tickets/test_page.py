"""Page tokens: what they say, and what they never do."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core import signing
from freezegun import freeze_time

from bbb_xblock.bbb import Role
from bbb_xblock.domain import rules, tickets
from bbb_xblock.domain.data import Person
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Leaders
from tests.domain.tickets.visits import ROOM, at, person

OPTIONS = SessionOptions(title="Seminar", wait_for_moderator=True, max_participants=12)


def shown_to_a_learner() -> str:
    return tickets.page.issue(at(person(1), ROOM, OPTIONS))


def test_it_says_who_looks_at_which_room_and_when_they_wait():
    visit = tickets.page.read(shown_to_a_learner(), max_age=60).visit
    assert visit.person is not None
    assert (visit.person.user_id, visit.placement) == (1, ROOM)
    assert visit.options == OPTIONS


def test_it_says_who_leads_and_when_the_session_is_open():
    opens_at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    forum_moderator = replace(person(3), is_forum_moderator=True)
    chosen = SessionOptions(who_leads=Leaders.FORUM_MODERATORS, opens_at=opens_at, lead_minutes=5)
    visit = tickets.page.read(tickets.page.issue(at(forum_moderator, ROOM, chosen)), max_age=60).visit
    assert rules.role_of(visit.person, visit.options) is Role.MODERATOR
    assert visit.options == chosen


def test_it_makes_nobody_a_moderator():
    moderator = Person(user_id=2, anonymous_id="a", username="u", full_name="U", is_moderator=True)
    visit = tickets.page.read(tickets.page.issue(at(moderator, ROOM, OPTIONS)), max_age=60).visit
    assert visit.person is not None
    assert not visit.person.is_moderator


def test_it_says_how_large_the_class_is():
    token = tickets.page.issue(at(person(1), ROOM, OPTIONS), 3000)
    assert tickets.page.read(token, max_age=60).visit.class_size == 3000
    assert tickets.page.read(shown_to_a_learner(), max_age=60).visit.class_size == 0


def test_it_holds_no_name():
    ada = Person(user_id=2, anonymous_id="a", username="adaexample", full_name="Ada Example", is_moderator=False)
    token = tickets.page.issue(at(ada, ROOM, OPTIONS))
    assert "ada" not in str(signing.loads(token, salt="bbb_xblock.ticket.page")).lower()


def test_an_old_one_says_that_it_is_old():
    with freeze_time() as clock:
        token = shown_to_a_learner()
        clock.tick(61)
        with pytest.raises(Refusal) as caught:
            tickets.page.read(token, max_age=60)
    assert caught.value.code is Code.TICKET_EXPIRED
