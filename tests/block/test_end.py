"""The teacher's tools: who is in, and ending the session for everybody."""

import pytest
import requests
from django.db import connection
from django.test.utils import CaptureQueriesContext
from freezegun import freeze_time

from bbb_xblock.models import Meeting, Room
from tests.builders import ADA, BEN, THEA, learner, nobody, teacher

LATER = 11


def end(desk, token: str | None = None):
    token = desk.page().cssselect("section")[0].get("data-end-token") if token is None else token
    return desk.call("end", "POST", body={"token": token})


@pytest.fixture
def token(platform):
    return teacher(platform).block.render("student_view", None).content.split('data-end-token="')[1].split('"')[0]


def enter(desk):
    requests.get(desk.click_join().location, timeout=5)


def test_a_teacher_ends_the_session_for_everybody(platform, simulator, token):
    enter(teacher(platform))
    enter(learner(platform))
    meeting_id = Room.objects.get().meeting_id
    answer = end(teacher(platform), token)
    assert (answer.status_code, answer.json["state"]) == (200, "ready")
    with pytest.raises(KeyError):
        simulator.meeting(meeting_id)
    assert Meeting.objects.get().why_ended == "ended_here"


def test_ending_twice_or_nothing_is_fine(platform, simulator, token):
    assert end(teacher(platform), token).status_code == 200
    enter(teacher(platform))
    simulator.reset()
    assert end(teacher(platform), token).json["state"] == "ready"
    assert end(teacher(platform), token).json["state"] == "ready"


def test_after_the_end_the_next_join_makes_a_new_meeting(platform, simulator, token):
    enter(teacher(platform))
    end(teacher(platform), token)
    enter(teacher(platform))
    assert simulator.count("create") == 2
    assert Meeting.objects.filter(ended_at=None).count() == 1


def test_a_server_that_does_not_answer_is_told(platform, simulator, token):
    enter(teacher(platform))
    simulator.fault("end", "html_502")
    answer = end(teacher(platform), token)
    assert (answer.status_code, answer.json["code"]) == (503, "server_unreachable")
    assert Meeting.objects.get().ended_at is None


def test_only_moderators_get_the_means_and_may_use_them(platform, simulator, token):
    enter(teacher(platform))
    assert "end-token" not in learner(platform).block.render("student_view", None).content
    for desk, stolen in ((learner(platform), token), (learner(platform), learner(platform).page_token())):
        assert end(desk, stolen).json["code"] == "ticket_refused"
    assert end(nobody(platform), token).json["code"] == "not_signed_in"
    assert simulator.count("end") == 0


def test_a_moderator_who_is_none_any_more_is_refused(platform, simulator, token):
    enter(teacher(platform))
    demoted = learner(platform, THEA)
    assert end(demoted, token).json["code"] == "moderators_only"
    assert simulator.count("end") == 0


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_only_a_post_ends_anything(platform, simulator, method, token):
    enter(teacher(platform))
    assert teacher(platform).call("end", method, body={"token": token}).status_code == 405
    assert simulator.count("end") == 0


def test_a_teacher_sees_who_is_in_moderators_first(platform, simulator, django_user_model):
    for who in (ADA, BEN, THEA):
        django_user_model.objects.create(pk=who.id, username=who.username)
    with freeze_time() as clock:
        for desk in (learner(platform), learner(platform, BEN), teacher(platform)):
            enter(desk)
        simulator.add_participants(Room.objects.get().meeting_id, 1)
        clock.tick(LATER)
        people = teacher(platform).status().json["people"]
    assert [person["name"] for person in people] == ["thea", "ada", "ben", "Guest"]
    assert [person["role"] for person in people] == ["moderator", "participant", "participant", "participant"]
    assert all(person["since"] for person in people[:3])


def test_a_learner_sees_no_names(platform):
    with freeze_time() as clock:
        enter(teacher(platform))
        clock.tick(LATER)
        answer = learner(platform).status()
    assert answer.json["people"] == []
    assert "thea" not in answer.text


def test_names_cost_the_same_however_many_are_in(platform, simulator):
    with freeze_time() as clock:
        enter(teacher(platform))
        counts = []
        for crowd in (1, 100, 100):
            simulator.add_participants(Room.objects.get().meeting_id, crowd)
            clock.tick(LATER)
            desk = teacher(platform)
            token = desk.page_token()
            with CaptureQueriesContext(connection) as queries:
                desk.call("status", headers={"X-BBB-Page-Token": token})
            counts.append(len(queries))
    # The first look at who is in has to write down more than those after it.
    assert counts[1] == counts[2]
