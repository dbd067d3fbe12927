"""The course team's tools in the list: they are there for the team, and for nobody else."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bbb_xblock.models import Adoption, Recording
from tests.builders import learner, teacher
from tests.desk import room_of
from tests.recorded import make_recording


@pytest.fixture
def desk(platform):
    return teacher(platform)


def menus(desk):
    return desk.page().cssselect("[data-recording] .bbb-manage")


def actions(menu):
    return [part.get("data-action") or part.get("data-asks") for part in menu.cssselect("[data-action], [data-asks]")]


def test_a_teacher_has_tools_and_a_learner_has_none(desk, platform):
    make_recording(room_of(desk))
    assert len(menus(desk)) == 1
    assert desk.page().cssselect(".bbb-desk")
    page = learner(platform).page()
    assert page.cssselect("[data-recording]")
    for part in (".bbb-desk", ".bbb-handles", ".bbb-manage", "[data-manage-token]", "[data-manage-url]"):
        assert page.cssselect(part) == [], part


def test_tools_need_the_script_and_are_hidden_until_it_is_there(desk):
    make_recording(room_of(desk))
    for part in desk.page().cssselect(".bbb-desk, .bbb-handles"):
        assert part.get("hidden") is not None


def test_what_a_menu_offers_is_what_can_be_done(desk):
    room, now = room_of(desk), timezone.now()
    make_recording(room, 1)
    make_recording(room, 2, is_published=False, is_protected=False)
    make_recording(room, 3, is_protected=True)
    make_recording(room, 4, state=Recording.State.PROCESSING)
    adopted = make_recording(room_of(teacher(desk.platform, block_id="elsewhere")), 5)
    Adoption.objects.create(recording=adopted, room=room, adopted_at=now)
    both = ["audience", "describe"]
    assert [actions(menu) for menu in menus(desk)] == [
        ["hide", "delete", "delete", *both, "captions"],
        ["publish", "protect", "delete", "delete", *both, "captions"],
        ["hide", "unprotect", "delete", "delete", *both, "captions"],
        both,
        ["hide", "delete", "give_back", "delete", *both, "captions"],
    ]


def test_a_menu_holds_what_the_team_wrote_and_not_what_the_server_said(desk):
    make_recording(room_of(desk), title="Light", description="<b>waves</b>", name="meeting-1", audience="moderators")
    (menu,) = menus(desk)
    assert menu.cssselect("[name=title]")[0].get("value") == "Light"
    assert menu.cssselect("[name=description]")[0].text_content().strip() == "<b>waves</b>"
    assert [option.get("value") for option in menu.cssselect("[name=audience] option[selected]")] == ["moderators"]
    assert "meeting-1" not in menu.text_content()
    assert "It takes 1.9\xa0MB on the server." in menu.text_content()


@pytest.mark.parametrize("state", ["deleted", "gone"])
def test_what_is_not_on_the_server_any_more_takes_nothing_there(desk, state):
    make_recording(room_of(desk), state=state)
    (menu,) = menus(desk)
    assert "on the server" not in menu.text_content()


def test_no_address_of_a_playback_is_in_the_tools(desk):
    make_recording(room_of(desk))
    assert "playback.example.org" not in desk.block.render("student_view", None).content


def test_the_page_asks_the_same_questions_however_many_recordings_there_are(desk):
    room, counts = room_of(desk), []
    for number in (2, 15):
        for _ in range(number):
            make_recording(room)
        with CaptureQueriesContext(connection) as queries:
            desk.page()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_asks_for_its_room_once(desk):
    make_recording(room_of(desk))
    with CaptureQueriesContext(connection) as queries:
        desk.page()
    # What is counted of its recordings begins at its row too.
    read = re.compile(r"FROM .bbb_xblock_room. (?!LEFT OUTER JOIN .bbb_xblock_recording)")
    assert sum(bool(read.search(query["sql"])) for query in queries) == 1


def test_every_label_names_a_field_and_no_id_is_there_twice(desk):
    for _ in range(2):
        make_recording(room_of(desk))
    page = desk.page()
    ids = [part.get("id") for part in page.cssselect("[id]")]
    assert len(ids) == len(set(ids))
    assert {label.get("for") for label in page.cssselect(".bbb-handles label[for], .bbb-desk label[for]")} <= set(ids)
