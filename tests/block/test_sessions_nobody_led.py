"""Participants open rooms too: what they hold among themselves gives nobody points, and takes nobody's away."""

from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.models import Meeting, Room
from tests.builders import ADA, BEN, THEA, Desk, learner, teacher
from tests.callbacks import client_of_main
from tests.recorded import make_recording
from tests.register import correct, register, table
from tests.sessions import LONG_AGO, MINUTE, enrol, hold, later, report

WEEK = timedelta(days=7)
GRADED = {"grade_points": 10}
ALL_COUNT = GRADED | {"grade_sessions": 0}
NOTE = "Nobody met a moderator"


@pytest.fixture(autouse=True)
def people(platform, simulator):
    """Ada and Ben are enrolled, Thea leads."""
    enrol(platform, ADA, BEN, THEA)


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    """What is queued when something is stored, is done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def meet_alone(platform, fields) -> Meeting:
    """Ada opens the room and is in it for a minute, and nobody else comes."""
    began = timezone.now() - LONG_AGO
    with freeze_time(began):
        learner(platform, ADA, fields=fields).click_join()
    meeting = Meeting.objects.order_by("pk").last()
    meeting.create_time, meeting.why_ended = str(int(began.timestamp() * 1000)), Meeting.Ending.CALLBACK
    meeting.started_at, meeting.ended_at = began, began + MINUTE
    meeting.save()
    Room.objects.update(current=None, participants=0)
    client_of_main().end(meeting.room.meeting_id)
    report(meeting, [(ADA, 0, 1)])
    return meeting


def test_who_is_alone_in_the_room_gets_no_points(platform):
    meet_alone(platform, GRADED)
    assert platform.gradebook.told == []


@pytest.mark.parametrize("fields", [ALL_COUNT, GRADED | {"grade_may_fall": True}, ALL_COUNT | {"grade_sessions": 2}])
def test_who_is_alone_in_the_room_changes_the_grade_of_nobody(platform, fields):
    hold(platform, [(ADA, 0, 60), (BEN, 0, 60)], ago=WEEK, fields=fields)
    before = dict(platform.gradebook.grades)
    meet_alone(platform, fields)
    assert len(before) == 2 and platform.gradebook.grades == before


def test_who_is_alone_leads_nobody_even_where_everybody_leads(platform):
    fields = ALL_COUNT | {"who_leads": "everybody"}
    hold(platform, [(ADA, 0, 60), (BEN, 0, 60)], ago=WEEK, fields=fields, taught=False)
    assert (platform.gradebook.points(ADA.id), platform.gradebook.points(BEN.id)) == ([1], [1])
    before = dict(platform.gradebook.grades)
    meet_alone(platform, fields)
    assert platform.gradebook.grades == before


def test_what_the_course_team_says_of_it_counts(platform, at_once):
    meeting = meet_alone(platform, GRADED)
    with at_once():
        correct(teacher(platform, fields=GRADED), meeting, ADA, to="present")
    assert platform.gradebook.points(ADA.id) == [1]


def test_nobody_completes_by_being_there_alone(platform):
    meet_alone(platform, {"completed_by": "presence"})
    assert platform.gradebook.completed == {}


def test_who_was_there_alone_keeps_nobody_from_completing_what_was_never_held(platform, at_once):
    meet_alone(platform, {"completed_by": "presence"})
    over = {"completed_by": "presence", "closes_at": later(-0.5).isoformat()}
    with at_once():
        Desk(platform, BEN, fields=over).page()
    assert {user_id for user_id, _ in platform.gradebook.completed} == {BEN.id}


def test_its_recording_makes_up_for_nothing(platform, at_once):
    made_up = GRADED | {"record": True, "make_up": True}
    meeting = meet_alone(platform, made_up)
    row = make_recording(meeting.room, record_id=meeting.internal_id)
    ben = learner(platform, BEN, fields=made_up)
    (link,) = [a.get("href") for a in ben.page().cssselect(".bbb-formats a") if "format=video" in a.get("href")]
    with at_once():
        assert ben.call("play", query=link.partition("?")[2]).status_code == 302
    assert row.viewings.count() == 1
    assert platform.gradebook.told == []


def test_the_register_its_file_and_the_learner_read_that_it_does_not_count(platform):
    meeting = meet_alone(platform, GRADED)
    thea, ada = teacher(platform, fields=GRADED), learner(platform, ADA, fields=GRADED)
    assert NOTE in register(thea).text
    assert NOTE in register(thea, session=meeting.pk).text
    assert "only for those whose attendance you correct" in register(thea).text
    assert {row["credit"] for row in table(thea)} == {""}
    assert NOTE in ada.page().cssselect(".bbb-own-attendance")[0].text_content()


def test_of_a_session_that_was_led_nothing_of_that_is_said(platform):
    hold(platform, [(ADA, 0, 60)], fields=GRADED)
    assert NOTE not in register(teacher(platform, fields=GRADED)).text
    assert NOTE not in learner(platform, ADA, fields=GRADED).page().text_content()
