"""The status for learners' pages: a plain view, without session and cookies."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from freezegun import freeze_time

from bbb_xblock.doors.pages import PAGE_TOKEN_HEADER
from bbb_xblock.models import Room
from tests.builders import Desk, learner, teacher

FIELDS = {"wait_for_moderator": True, "max_participants": 3}


def asked(desk: Desk) -> Any:
    card = desk.page().cssselect("section")[0]
    assert card.get("data-status-url") == reverse("bbb_xblock:status")
    assert card.get("data-credentials") == "omit"
    return Client().get(card.get("data-status-url"), headers={PAGE_TOKEN_HEADER: card.get("data-page-token")})


def test_a_learner_s_page_asks_without_any_session(platform):
    answer = asked(learner(platform))
    assert answer.status_code == 200
    assert answer.json()["sentence"] == "Nobody is in the room yet."
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_it_follows_what_the_author_chose(platform, simulator):
    assert asked(learner(platform, fields=FIELDS)).json()["state"] == "waiting"
    teacher(platform, fields=FIELDS).click_join()
    simulator.add_participants(Room.objects.get().meeting_id, 3, role="MODERATOR")
    with freeze_time() as clock:
        clock.tick(6)
        assert asked(learner(platform, fields=FIELDS)).json()["state"] == "full"


def test_it_never_tells_names_nor_what_is_missing(platform, simulator, namespace):
    teacher(platform).click_join()
    simulator.add_participants(Room.objects.get().meeting_id, 3)
    with freeze_time() as clock:
        clock.tick(6)
        assert asked(learner(platform)).json()["people"] == []
    answer = learner(platform).page().cssselect("section")[0].get("data-page-token")
    Room.objects.all().delete()
    namespace["SERVER"] = "nowhere"
    told = Client().get(reverse("bbb_xblock:status"), headers={PAGE_TOKEN_HEADER: answer}).json()
    assert (told["state"], told["check_id"]) == ("not_configured", "")


def test_the_course_team_s_page_asks_the_block_because_it_shows_names(platform):
    card = teacher(platform).page().cssselect("section")[0]
    assert "/handler/status" in card.get("data-status-url")
    assert card.get("data-credentials") == "same-origin"


@pytest.mark.parametrize(("token", "code"), [("", "ticket_missing"), ("rubbish", "ticket_refused")])
def test_without_a_page_token_nothing_is_told(platform, simulator, token, code):
    answer = Client().get(reverse("bbb_xblock:status"), headers={PAGE_TOKEN_HEADER: token})
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert simulator.count() == 0


def test_the_tokens_of_the_block_are_no_page_tokens(platform):
    for stolen in (learner(platform).ticket(), teacher(platform).page_token()):
        answer = Client().get(reverse("bbb_xblock:status"), headers={PAGE_TOKEN_HEADER: stolen})
        assert answer.json()["code"] == "ticket_refused"


def test_only_reading_is_possible(db):
    assert Client().post(reverse("bbb_xblock:status")).status_code == 405


def test_where_the_addresses_are_not_mounted_the_page_asks_the_block(platform, settings):
    settings.ROOT_URLCONF = "tests.fakes.no_urls"
    assert "/handler/status" in learner(platform).page().cssselect("section")[0].get("data-status-url")


def test_it_costs_the_same_few_queries_however_large_the_class_is(platform, simulator):
    teacher(platform).click_join()
    counts = []
    with freeze_time() as clock:
        for crowd in (1, 200):
            simulator.add_participants(Room.objects.get().meeting_id, crowd)
            clock.tick(6)
            asked(learner(platform))
            with CaptureQueriesContext(connection) as queries:
                asked(learner(platform))
            counts.append(len(queries))
    assert counts[0] == counts[1]
    # The page and its question: the room, who is in, and once each whether there is anything new to see of recordings.
    assert counts[0] <= 5
