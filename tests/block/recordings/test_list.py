"""The list of recordings on the card: what stands in it, its pages and its search."""

import json
import sys

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from lxml import html as lxml_html

from bbb_xblock.doors.pages import PAGE_TOKEN_HEADER
from bbb_xblock.models import Recording
from tests.builders import ADA, learner, nobody, teacher
from tests.recorded import formats, make_recording


def words(node):
    """Give the visible text of a part of a page, on one line."""
    return " ".join(node.text_content().split())


def shelf(desk, **details):
    """Give the list on the card."""
    (found,) = desk.page(**details).cssselect(".bbb-shelf")
    return found


def fetched(desk, token="", **asked):
    """Fetch the list as the page's script does: a learner's without cookies, the course team's from the block."""
    card = desk.page().cssselect("section")[0]
    headers = {PAGE_TOKEN_HEADER: token or card.get("data-page-token")}
    if card.get("data-credentials") == "omit":
        return Client().get(card.get("data-list-url"), asked, headers=headers)
    return desk.call("recordings", query=asked, headers=headers)


def titles(answer):
    """Read the titles in a fetched list."""
    page = lxml_html.fromstring(f"<div>{answer.text if hasattr(answer, 'text') else answer.content.decode()}</div>")
    return [words(each) for each in page.cssselect(".bbb-recording-title")]


class TestWhatItSays:
    def test_a_recording_has_a_name_a_time_a_length_and_ways_to_open_it(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room(), description="All about waves.")
        said = shelf(desk)
        for told in ("Recordings (1)", "Physics", "50 minutes", "All about waves."):
            assert told in words(said)
        assert said.cssselect("time")[0].get("datetime") == row.started_at.isoformat()
        links = said.cssselect(".bbb-formats a")
        assert [link.text_content() for link in links] == ["Slides and sound", "Video"]
        assert all(f"recording={row.pk}" in link.get("href") and link.get("target") == "_blank" for link in links)

    def test_the_team_s_title_wins_over_the_server_s_and_that_over_the_session_s(self, platform):
        desk = learner(platform, fields={"display_name": "Weekly seminar"})
        for days, columns in enumerate([{"title": "Waves"}, {"name": "Physics"}, {"name": ""}]):
            make_recording(desk.room(), days_ago=days, **columns)
        assert [words(each) for each in shelf(desk).cssselect(".bbb-recording-title")] == [
            "Waves",
            "Physics",
            "Weekly seminar",
        ]

    def test_what_people_and_servers_wrote_is_shown_as_text(self, platform):
        desk = learner(platform)
        make_recording(desk.room(), title="<img src=x>\u202e", description="<b>One</b>\nTwo")
        said = shelf(desk)
        assert words(said.cssselect(".bbb-recording-title")[0]) == "<img src=x>"
        assert not said.cssselect("img, b")

    def test_formats_have_our_words_and_pictures_whatever_a_server_calls_them(self, platform):
        desk = learner(platform)
        kinds = ("presentation", "video", "podcast", "notes", "screenshare", "statistics", "<hologram>")
        make_recording(desk.room(), formats=formats(*kinds))
        links = shelf(desk).cssselect(".bbb-formats a")
        assert [link.text_content() for link in links] == [
            "Slides and sound",
            "Video",
            "Sound only",
            "Shared notes",
            "Shared screen",
            "Statistics",
            "Other format",
        ]
        assert all(link.cssselect("svg")[0].get("aria-hidden") == "true" for link in links)
        assert len({link.cssselect("path")[0].get("d") for link in links}) == len(kinds)

    @pytest.mark.parametrize(
        ("minutes", "said"), [(0, ""), (1, "1 minute"), (90, "90 minutes"), (91, "1 h 31 min"), (600, "10 h 0 min")]
    )
    def test_a_length_is_told_as_people_do(self, platform, minutes, said):
        desk = learner(platform)
        make_recording(desk.room(), minutes=minutes)
        details = shelf(desk).cssselect(".bbb-detail")
        assert [each.text_content() for each in details] == ([said] if said else [])

    def test_times_are_told_on_the_clocks_of_the_course_until_a_script_knows_the_reader_s(self, platform, namespace):
        namespace["TIME_ZONE"] = "Asia/Tokyo"
        desk = learner(platform)
        make_recording(desk.room())
        assert words(shelf(desk).cssselect(".bbb-recording time")[0]).endswith("(Tokyo)")

    def test_one_that_is_being_prepared_says_since_when(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room(), state=Recording.State.PROCESSING, is_published=False, formats="[]")
        said = shelf(desk)
        assert "The recording is being prepared since" in words(said.cssselect(".bbb-shelf-news")[0])
        assert said.cssselect(".bbb-shelf-news time")[0].get("datetime") == row.since.isoformat()
        assert not said.cssselect("a")
        assert said.cssselect("details")[0].get("open") is not None

    def test_several_are_counted(self, platform):
        desk = learner(platform)
        for _ in range(2):
            make_recording(desk.room(), state=Recording.State.EXPECTED, is_published=False, formats="[]")
        assert words(shelf(desk).cssselect(".bbb-shelf-news")[0]) == "2 recordings are being prepared."

    def test_of_a_long_title_the_news_tells_the_beginning(self, platform):
        desk = learner(platform)
        make_recording(desk.room(), title="Waves " * 40)
        news = words(shelf(desk).cssselect(".bbb-shelf-news")[0])
        assert news.startswith("A new recording is here: Waves Waves")
        assert len(news) < 90

    def test_a_new_one_is_news_for_a_day(self, platform):
        desk = learner(platform)
        with freeze_time() as clock:
            make_recording(desk.room(), title="Waves")
            assert words(shelf(desk).cssselect(".bbb-shelf-news")[0]) == "A new recording is here: Waves"
            clock.tick(86_400)
            assert words(shelf(desk).cssselect(".bbb-shelf-news")[0]) == ""

    def test_what_was_recorded_long_ago_is_no_news_when_its_server_tells_of_it(self, platform):
        desk = learner(platform)
        make_recording(desk.room(), days_ago=60, since=timezone.now())
        assert words(shelf(desk).cssselect(".bbb-shelf-news")[0]) == ""

    @pytest.mark.parametrize(
        ("columns", "said"),
        [
            ({"is_published": False}, "The course team has not published it."),
            ({"state": Recording.State.DELETED}, "It was deleted on the classroom server."),
            ({"state": Recording.State.GONE}, "The classroom server does not have it any more."),
            ({"formats": "[]"}, "There is nothing to open in it."),
            ({"audience": Recording.Audience.THERE}, "Only people who were there see it."),
            ({"audience": Recording.Audience.MODERATORS}, "Only moderators see it."),
            ({"audience": Recording.Audience.NOBODY}, "Hidden: participants do not see it."),
            ({"keep_days": 30}, "It will be deleted after"),
        ],
    )
    def test_the_course_team_reads_what_is_so_with_each(self, platform, columns, said):
        desk = teacher(platform)
        make_recording(desk.room(), **columns)
        assert said in words(shelf(desk).cssselect(".bbb-recording")[0])

    def test_learners_read_nothing_of_who_else_sees_it(self, platform):
        desk = learner(platform, fields={"who_leads": "forum_moderators"})
        platform.forum_roles[desk.user.id] = "Moderator"
        make_recording(desk.room(), audience=Recording.Audience.MODERATORS)
        assert "Only moderators" not in words(shelf(desk))


class TestWhereThereIsOne:
    @pytest.mark.parametrize(
        ("fields", "is_there"),
        [
            ({}, False),
            ({"record": True}, True),
            ({"kind": "recordings"}, True),
            ({"record": True, "kind": "room"}, False),
            ({"record": True, "shown_recordings": "never"}, False),
        ],
    )
    def test_an_empty_list_stands_only_where_something_may_come(self, platform, fields, is_there):
        found = learner(platform, fields=fields).page().cssselect(".bbb-shelf")
        assert bool(found) == is_there
        assert not found or "No recordings yet." in words(found[0])

    def test_it_is_folded_while_there_is_a_room_and_open_where_there_is_none(self, platform):
        make_recording(learner(platform).room(), days_ago=3)
        over = {"closes_at": "2020-01-01T00:00:00Z"}
        for fields, is_open in (({}, False), ({"kind": "recordings"}, True), (over, True)):
            desk = learner(platform, fields=fields)
            assert (shelf(desk).cssselect("details")[0].get("open") is not None) == is_open

    def test_nobody_sees_it_without_signing_in(self, platform):
        make_recording(learner(platform).room())
        assert not nobody(platform).page("public_view").cssselect(".bbb-shelf")

    def test_a_session_without_a_room_has_recordings_and_no_way_in(self, platform):
        desk = learner(platform, fields={"kind": "recordings"})
        make_recording(desk.room())
        page = desk.page()
        assert page.cssselect(".bbb-formats a")
        assert not page.cssselect(".bbb-join")


class TestPagesAndSearch:
    @pytest.fixture
    def many(self, platform):
        room = learner(platform).room()
        for days in range(45):
            make_recording(room, days_ago=days, name=f"Lecture {days}", description="Wellen" if days == 7 else "")
        return room

    @pytest.mark.parametrize("make", [learner, teacher])
    def test_twenty_stand_on_a_page(self, platform, many, make):
        desk = make(platform)
        assert len(shelf(desk).cssselect(".bbb-recording")) == 20
        assert "Recordings (45)" in words(shelf(desk))
        assert titles(fetched(desk, page=2)) == [f"Lecture {days}" for days in range(20, 40)]
        assert titles(fetched(desk, page=3)) == [f"Lecture {days}" for days in range(40, 45)]

    @pytest.mark.parametrize(("page", "first"), [("0", 0), ("-1", 0), ("x", 0), ("", 0), ("4", 40), ("9" * 50, 0)])
    def test_a_page_that_there_is_not_is_the_nearest_or_the_first(self, platform, many, page, first):
        assert titles(fetched(learner(platform), page=page))[0] == f"Lecture {first}"

    @pytest.mark.parametrize(
        ("search", "found"),
        [
            ("lecture 44", ["Lecture 44"]),
            ("WELLEN", ["Lecture 7"]),
            ("44 lecture", ["Lecture 44"]),
            ("nothing like it", []),
            ("x" * 5000, []),
            ("%", []),
        ],
    )
    def test_a_search_finds_words_of_titles_and_descriptions(self, platform, many, search, found):
        assert titles(fetched(learner(platform), search=search)) == found

    def test_a_search_that_finds_nothing_says_so(self, platform, many):
        assert "Nothing was found" in fetched(learner(platform), search="nothing").content.decode()

    def test_the_tools_are_there_from_the_twenty_first_on_and_wait_for_the_script(self, platform):
        desk = learner(platform)
        for days in range(20):
            make_recording(desk.room(), days_ago=days)
        assert not shelf(desk).cssselect(".bbb-find, .bbb-shelf-pages")
        make_recording(desk.room(), days_ago=21)
        tools = shelf(desk).cssselect(".bbb-find, .bbb-shelf-pages")
        assert [tool.get("hidden") is not None for tool in tools] == [True, True]

    def test_what_is_hidden_is_neither_counted_nor_found(self, platform, many):
        Recording.objects.filter(name="Lecture 44").update(is_published=False)
        desk = learner(platform)
        assert "Recordings (44)" in words(shelf(desk))
        assert titles(fetched(desk, search="lecture 44")) == []


class TestFetching:
    def test_a_learner_s_list_needs_no_session_and_leaves_no_cookie(self, platform):
        desk = learner(platform)
        make_recording(desk.room())
        answer = fetched(desk)
        assert answer.status_code == 200
        assert titles(answer) == ["Physics"]
        assert not answer.cookies
        assert "no-store" in answer.headers["Cache-Control"]

    def test_without_a_page_token_nothing_is_told(self, platform):
        make_recording(learner(platform).room())
        for token in ("rubbish", learner(platform).ticket()):
            answer = fetched(learner(platform), token=token)
            assert (answer.status_code, answer.json()["code"]) == (403, "ticket_refused")

    def test_who_has_left_the_course_gets_no_list_from_a_page_that_is_still_open(self, platform):
        desk = learner(platform)
        make_recording(desk.room())
        token = desk.page_token()
        platform.enrolled.clear()
        answer = Client().get(reverse("bbb_xblock:recordings"), headers={PAGE_TOKEN_HEADER: token})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_enrolled")
        assert "Physics" not in answer.content.decode()

    def test_a_visitor_from_another_platform_gets_it_and_nobody_who_was_enrolled_when_the_page_was_made(self, platform):
        desk = learner(platform)
        make_recording(desk.room())
        token = desk.page_token()
        platform.enrolled.clear()
        platform.came_through_lti.add(ADA.id)
        assert titles(fetched(desk)) == ["Physics"]
        assert fetched(desk, token=token).status_code == 403

    def test_where_the_platform_cannot_be_asked_nobody_gets_it(self, platform, monkeypatch):
        desk = learner(platform)
        make_recording(desk.room())
        token = desk.page_token()
        monkeypatch.setitem(sys.modules, "common.djangoapps.student.models", None)
        answer = Client().get(reverse("bbb_xblock:recordings"), headers={PAGE_TOKEN_HEADER: token})
        assert (answer.status_code, answer.json()["code"]) == (409, "identity_unclear")

    def test_where_nothing_is_shown_there_is_nothing_to_fetch(self, platform):
        answer = fetched(learner(platform, fields={"shown_recordings": "never"}))
        assert (answer.status_code, answer.json()["code"]) == (404, "no_recording")

    def test_the_block_s_own_list_is_read_only(self, platform):
        token = teacher(platform).page_token()
        answer = teacher(platform).call("recordings", "POST", headers={PAGE_TOKEN_HEADER: token})
        assert answer.status_code == 405

    def test_the_links_of_a_fetched_list_are_for_the_script_to_complete(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        page = lxml_html.fromstring(f"<div>{fetched(desk).content.decode()}</div>")
        links = page.cssselect("a.bbb-play")
        assert {link.get("href") for link in links} == {None}
        assert links[1].get("data-play") == f"recording={row.pk}&format=presentation"


def test_a_card_with_five_hundred_recordings_costs_the_same_few_queries_and_asks_no_server(platform, simulator):
    desk = learner(platform)
    room = desk.room()
    counts = []
    for number in (1, 499):
        for days in range(number):
            row = make_recording(room, days_ago=days, audience=Recording.Audience.THERE)
        row.adoptions.create(room=learner(platform, block_id="other").room(), adopted_at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            shelf(desk)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7
    assert simulator.count() == 0


def test_formats_without_an_address_are_left_out(platform):
    desk = learner(platform)
    make_recording(desk.room(), formats=json.dumps([{"type": "video"}, {"url": ""}, {"type": "notes", "url": ""}]))
    assert "There is nothing to open in it." in words(shelf(desk))
