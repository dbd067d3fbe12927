"""Recordings of deleted components and of earlier runs: shown in this room, changed by those who may, given back."""

import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html as lxml_html

from bbb_xblock.models import Adoption, Recording
from tests.builders import BEN, COURSE, STAFF, THEA, Desk, learner, teacher, usage_key
from tests.desk import ask, on_server, room_of, state_on
from tests.recorded import make_recording

pytestmark = pytest.mark.database

LAST_YEAR = "course-v1:ExampleX+Physics+2025"
SIMILAR = "course-v1:ExampleX+Physics2+2025"


@pytest.fixture
def desk(platform):
    return teacher(platform)


def of_component(platform, block_id="old", course=COURSE, *, deleted=False):
    """Give the desk of another component, which may have been deleted since."""
    found = teacher(platform, block_id=block_id, course=course)
    if deleted:
        del platform.published[str(usage_key(block_id, course))]
    return found


def offered(desk):
    boxes = lxml_html.fragments_fromstring(ask(desk, "offer").json["html"].strip())
    return [int(box.get("value")) for part in boxes for box in part.cssselect("input")]


def test_what_a_deleted_component_left_is_offered_and_shown_here(desk, platform, simulator):
    left = make_recording(room_of(of_component(platform, deleted=True)))
    assert offered(desk) == [left.pk]
    answer = ask(desk, "adopt", left.pk)
    assert answer.json["said"] == "The recording is shown here now."
    adoption = Adoption.objects.get()
    assert (adoption.recording, adoption.room, adoption.user_id) == (left, room_of(desk), THEA.id)
    assert offered(desk) == []
    assert simulator.count() == 0


def test_what_a_living_component_of_the_course_shows_is_not_offered(desk, platform):
    living = make_recording(room_of(of_component(platform, "alive")))
    assert offered(desk) == []
    assert ask(desk, "adopt", living.pk).json["done"] == []
    assert not Adoption.objects.exists()


def test_of_an_earlier_run_is_offered_what_its_course_team_asks_for(desk, platform):
    earlier = make_recording(room_of(of_component(platform, course=LAST_YEAR)))
    assert offered(desk) == []
    assert ask(desk, "adopt", earlier.pk).json["done"] == []
    platform.teams[LAST_YEAR] = {THEA.id}
    assert offered(desk) == [earlier.pk]
    assert ask(desk, "adopt", earlier.pk).json["done"] == [earlier.pk]


@pytest.mark.parametrize("course", [SIMILAR, "course-v1:OtherX+Physics+2025", "course-v1:ExampleX+Chemistry+2026"])
def test_other_courses_are_not_offered_even_to_those_who_lead_them(desk, platform, course):
    foreign = make_recording(room_of(of_component(platform, course=course)))
    platform.teams[course] = {THEA.id}
    assert offered(desk) == []
    assert ask(desk, "adopt", foreign.pk).json["done"] == []


@pytest.mark.parametrize("state", [Recording.State.DELETED, Recording.State.GONE])
def test_what_no_server_has_any_more_is_not_offered(desk, platform, state):
    lost = make_recording(room_of(of_component(platform, deleted=True)), state=state)
    assert offered(desk) == []
    assert ask(desk, "adopt", lost.pk).json["done"] == []


def test_where_the_platform_cannot_be_asked_nothing_is_offered(desk, platform, monkeypatch):
    left = make_recording(room_of(of_component(platform, deleted=True)))
    earlier = make_recording(room_of(of_component(platform, course=LAST_YEAR)))
    platform.teams[LAST_YEAR] = {THEA.id}
    monkeypatch.setitem(sys.modules, "xmodule.modulestore.django", None)
    monkeypatch.setitem(sys.modules, "lms.djangoapps.courseware.access", None)
    # The block itself may then not be loaded either, so nobody gets further than the door.
    assert ask(desk, "offer").json["code"] == "no_access"
    assert ask(desk, "adopt", left.pk, earlier.pk).json["code"] == "no_access"


def test_without_the_modulestore_every_component_counts_as_there(desk, platform, monkeypatch):
    left = make_recording(room_of(of_component(platform, deleted=True)))
    monkeypatch.setitem(sys.modules, "xmodule.modulestore.django", None)
    assert offered(desk) == []
    assert ask(desk, "adopt", left.pk).json["done"] == []


def test_adopting_twice_is_adopting_once(desk, platform):
    left = make_recording(room_of(of_component(platform, deleted=True)))
    ask(desk, "adopt", left.pk, left.pk)
    assert ask(desk, "adopt", left.pk).json["done"] == [left.pk]
    assert Adoption.objects.count() == 1


def test_what_is_given_back_is_shown_here_no_more_and_stays_where_it_was(desk, platform):
    left = make_recording(room_of(of_component(platform, deleted=True)))
    ask(desk, "adopt", left.pk)
    answer = ask(desk, "give_back", left.pk)
    assert answer.json["done"] == [left.pk]
    assert not Adoption.objects.exists()
    assert Recording.objects.get().room == left.room
    assert ask(desk, "give_back", left.pk).json["done"] == []


def test_the_rooms_own_recordings_cannot_be_given_back(desk, simulator):
    own = on_server(simulator, desk)
    assert ask(desk, "give_back", own.pk).json["done"] == []


def test_an_adopted_recording_is_changed_by_the_team_of_its_own_course_only(desk, platform, simulator):
    earlier = on_server(simulator, of_component(platform, course=LAST_YEAR))
    platform.teams[LAST_YEAR] = {THEA.id}
    ask(desk, "adopt", earlier.pk)
    colleague = Desk(platform, BEN, STAFF)
    platform.enrolled.add(BEN.id)
    for action, more in [
        ("hide", {}),
        ("delete", {}),
        ("audience", {"audience": "nobody"}),
        ("describe", {"title": "Mine", "description": ""}),
    ]:
        answer = ask(colleague, action, earlier.pk, **more)
        assert answer.json["done"] == []
        assert "belongs to a course where you are not" in answer.json["said"]
    assert simulator.count() == 0
    assert Recording.objects.get(pk=earlier.pk).title == ""
    assert ask(colleague, "give_back", earlier.pk).json["done"] == [earlier.pk]
    ask(desk, "adopt", earlier.pk)
    assert ask(desk, "hide", earlier.pk).json["done"] == [earlier.pk]
    assert state_on(simulator, earlier) == "unpublished"


def test_an_adopted_recording_of_a_deleted_component_is_changed_by_the_same_course_team(desk, platform, simulator):
    left = on_server(simulator, of_component(platform, deleted=True))
    ask(desk, "adopt", left.pk)
    assert ask(desk, "delete", left.pk).json["done"] == [left.pk]
    assert state_on(simulator, left) == "deleted"


def test_a_learner_adopts_nothing(platform, desk):
    left = make_recording(room_of(of_component(platform, deleted=True)))
    ada = learner(platform)
    for action in ("offer", "adopt"):
        assert ask(ada, action, left.pk).json["code"] == "moderators_only"
    assert not Adoption.objects.exists()


def test_what_is_offered_costs_the_same_questions_however_much_it_is(desk, platform):
    room = room_of(of_component(platform, deleted=True))
    counts = []
    for number in (1, 40):
        for _ in range(number):
            make_recording(room)
        with CaptureQueriesContext(connection) as queries:
            ask(desk, "offer")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(offered(desk)) == 41


def test_the_platform_loads_the_course_once_for_all_components_of_which_recordings_are_left(desk, platform):
    for number in range(5):
        make_recording(room_of(of_component(platform, f"old{number}", deleted=True)))
        make_recording(room_of(of_component(platform, f"alive{number}")))
    before = platform.times_loaded
    assert len(offered(desk)) == 5
    assert platform.times_loaded - before == 1


def test_in_a_room_that_records_nothing_the_course_team_adopts_and_learners_see_a_list_from_then_on(desk, platform):
    left = make_recording(room_of(of_component(platform, deleted=True)))
    ada = learner(platform)
    assert ada.page().cssselect(".bbb-shelf") == []
    (shelf,) = desk.page().cssselect(".bbb-shelf")
    assert shelf.get("data-manage-url")
    ask(desk, "adopt", left.pk)
    (shelf,) = ada.page().cssselect(".bbb-shelf")
    assert [each.get("data-recording") for each in shelf.cssselect("[data-recording]")] == [str(left.pk)]


def test_names_of_recordings_are_escaped(desk, platform):
    make_recording(room_of(of_component(platform, deleted=True)), title="<script>alert(1)</script>")
    said = ask(desk, "offer").json["html"]
    assert "<script>" not in said
    assert "&lt;script&gt;" in said
