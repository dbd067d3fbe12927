"""What other parts of the platform read from the block: search, phone apps, the unit's icon."""

import json

import pytest

from tests.builders import learner, teacher

SECRETIVE = {"moderator_message": "The code is 1234", "welcome": "Hello", "plan_b_link": "https://example.org/room"}


@pytest.fixture
def block(platform):
    fields = {"display_name": "Weekly seminar", "description": "About rotation.", "opens_at": "2026-11-24T14:00:00Z"}
    return learner(platform, fields=fields | SECRETIVE).block


def test_a_search_of_the_course_finds_the_title_and_the_description(block):
    assert block.index_dictionary() == {
        "content": {"display_name": "Weekly seminar", "description": "About rotation."},
        "content_type": "Live session",
    }


def test_a_search_finds_the_operator_s_title_where_the_author_chose_none(platform, namespace):
    namespace["DEFAULTS"] = {"title": "Live class"}
    assert teacher(platform).block.index_dictionary()["content"]["display_name"] == "Live class"


def test_phone_apps_are_told_what_everybody_may_know(block):
    assert block.student_view_data() == {
        "title": "Weekly seminar",
        "description": "About rotation.",
        "kind": "all",
        "opens_at": "2026-11-24T14:00:00Z",
        "closes_at": "",
    }


def test_nothing_that_is_told_is_for_moderators_or_leads_anywhere(block):
    told = json.dumps([block.student_view_data(), block.index_dictionary()])
    assert not [text for text in SECRETIVE.values() if text in told]


def test_a_broken_course_file_is_no_reason_to_tell_nothing(platform):
    broken = learner(platform, fields={"opens_at": "soon", "display_name": ["x"], "kind": 7}).block
    assert broken.student_view_data()["title"] == "Live session"
    assert broken.index_dictionary()["content"]["description"] == ""


def test_in_a_library_it_tells_the_same(platform):
    block = teacher(platform, course="library-v1:ExampleX+Shelf").block
    assert block.student_view_data()["title"] == "Live session"


def test_a_unit_with_a_session_shows_the_icon_of_videos(block):
    assert block.icon_class == "video"
