"""How an open page learns that there is something new on the shelf, without asking all the time."""

import pytest
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.domain.recordings import sweep
from bbb_xblock.models import Recording, Room
from tests.builders import BEN, learner, teacher
from tests.desk import ask, on_server
from tests.recorded import make_recording

pytestmark = pytest.mark.database
State, Audience = Recording.State, Recording.Audience
OVER = {"closes_at": "2020-01-01T10:00:00Z"}
ONLY = {"kind": "recordings"}
PREPARED = {"state": State.PROCESSING, "is_published": False, "formats": "[]"}


def version(desk):
    return desk.status().json["shelf"]


@pytest.mark.parametrize("make", [learner, teacher])
def test_the_page_holds_the_version_that_its_first_question_finds(platform, make):
    desk = make(platform)
    make_recording(desk.room())
    (card,) = desk.page().cssselect(".bbb-shelf")
    assert card.get("data-version") == version(desk) != ""


@pytest.mark.parametrize(
    "change",
    [
        {"state": State.GONE},
        {"is_published": False},
        {"audience": Audience.NOBODY},
    ],
)
def test_the_version_changes_with_what_people_see(platform, change):
    desk = learner(platform)
    make_recording(desk.room())
    make_recording(desk.room())
    before = version(desk)
    assert version(desk) == before
    Recording.objects.filter(pk=Recording.objects.first().pk).update(**change)
    assert version(desk) != before


@pytest.mark.parametrize("told", [{"title": "Waves"}, {"description": "With slides."}])
def test_the_version_changes_with_a_name_and_a_description(platform, told):
    team, ada = teacher(platform), learner(platform)
    row = make_recording(team.room())
    before = version(ada)
    ask(team, "describe", row.pk, **({"title": "", "description": ""} | told))
    assert version(ada) != before


def test_the_version_changes_when_a_server_names_a_recording_otherwise(platform, simulator):
    team = teacher(platform)
    row = on_server(simulator, team)
    sweep.look_again(row.room)
    before = version(team)
    sweep.look_again(row.room)
    assert version(team) == before
    simulator.recording(row.record_id).name = "Waves"
    sweep.look_again(row.room)
    assert version(team) != before


def test_the_version_changes_when_one_comes_becomes_ready_and_is_adopted(platform):
    desk, other = learner(platform, fields={"record": True}), learner(platform, block_id="other")
    seen = {version(desk)}
    row = make_recording(desk.room(), **PREPARED)
    seen.add(version(desk))
    Recording.objects.filter(pk=row.pk).update(state=State.READY, is_published=True, since=timezone.now())
    seen.add(version(desk))
    make_recording(other.room()).adoptions.create(room=desk.room(), adopted_at=timezone.now())
    seen.add(version(desk))
    assert len(seen) == 4
    assert "" not in seen


def test_where_there_is_no_list_there_is_no_version(platform):
    make_recording(learner(platform).room())
    assert version(learner(platform, fields={"kind": "room"})) == ""
    assert version(learner(platform, fields={"shown_recordings": "never"})) == ""
    assert version(learner(platform, block_id="other")) == ""


def test_a_question_about_the_shelf_costs_no_more_for_many(platform, django_assert_max_num_queries):
    desk = learner(platform, fields=ONLY)
    token = desk.page_token()
    for number in range(60):
        make_recording(desk.room(), days_ago=number, audience=Audience.THERE)
    with django_assert_max_num_queries(9):
        desk.status(token=token)


@pytest.mark.parametrize("fields", [OVER, ONLY])
@pytest.mark.parametrize("make", [learner, teacher])
def test_a_page_with_nothing_else_to_wait_for_asks_slowly_for_one_that_is_prepared_and_then_no_more(
    platform, simulator, fields, make
):
    desk = make(platform, fields=fields)
    row = make_recording(desk.room(), **PREPARED)
    assert desk.status().json["next_seconds"] == 60
    Recording.objects.filter(pk=row.pk).update(state=State.READY, is_published=True)
    assert desk.status().json["next_seconds"] == 0
    assert simulator.count() == 0


def test_a_learner_s_page_does_not_wait_for_what_learners_never_see(platform):
    desk = learner(platform, fields=OVER)
    make_recording(desk.room(), audience=Audience.NOBODY, **PREPARED)
    assert desk.status().json["next_seconds"] == 0
    assert teacher(platform, fields=OVER).status().json["next_seconds"] == 60


def test_pages_of_a_session_that_has_just_closed_wait_until_its_meeting_ends(platform, simulator):
    fields = {"record": True, "closes_at": "2026-03-02T10:00:00Z"}
    with freeze_time("2026-03-02T09:00:00Z") as clock:
        teacher(platform, fields=fields).click_join()
        clock.move_to("2026-03-02T10:30:00Z")
        assert learner(platform, BEN, fields=fields).status().json["next_seconds"] == 60
        clock.move_to("2026-03-03T10:30:00Z")
        assert learner(platform, BEN, fields=fields).status().json["next_seconds"] == 0
        Room.objects.update(current=None)
        clock.move_to("2026-03-02T10:30:00Z")
        assert learner(platform, BEN, fields=fields).status().json["next_seconds"] == 0


def test_where_nothing_is_recorded_pages_that_are_over_ask_no_more(platform):
    fields = {"closes_at": "2026-03-02T10:00:00Z"}
    with freeze_time("2026-03-02T09:00:00Z") as clock:
        teacher(platform, fields=fields).click_join()
        clock.move_to("2026-03-02T10:30:00Z")
        assert learner(platform, fields=fields).status().json["next_seconds"] == 0


def test_an_open_session_keeps_its_own_pace(platform):
    desk = learner(platform)
    make_recording(desk.room(), **PREPARED)
    assert desk.status().json["next_seconds"] == 15
