"""Opening a recording: through the block with a session, through the plain view without."""

import json
import logging
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from freezegun import freeze_time
from lxml import html as lxml_html

from bbb_xblock.domain import tickets
from bbb_xblock.domain.recordings import playing, sweep
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.models import Recording, Viewing
from sandbox.simulator import Simulator
from tests.asking import visitor
from tests.builders import ADA, BEN, learner, teacher
from tests.classroom import SECRET
from tests.portable.people import told
from tests.recorded import ADDRESS, formats, make_recording

PHONE = {"is_mobile_app": True}


def links_of(desk, context=None):
    """Give the addresses behind the formats on the card."""
    return [link.get("href") for link in desk.page(context=context).cssselect(".bbb-formats a")]


def click(desk, kind="video", recording=None):
    """Open the newest recording on the card, or one of which somebody knows the number."""
    ticket = tickets.session.issue(desk.visit(), Purpose.PLAY)
    number = recording or Recording.objects.get().pk
    return desk.call("play", query={"ticket": ticket, "recording": number, "format": kind})


class TestWithASession:
    def test_each_format_leads_to_where_it_plays(self, platform):
        desk = learner(platform)
        make_recording(desk.room())
        answers = [desk.call("play", query=urlsplit(link).query) for link in links_of(desk)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert [answer.location for answer in answers] == [f"{ADDRESS}presentation", f"{ADDRESS}video"]
        assert all("no-store" in answer.headers["Cache-Control"] for answer in answers)
        assert all(answer.headers["Referrer-Policy"] == "no-referrer" for answer in answers)

    def test_nobody_needs_the_server_for_that(self, platform, simulator):
        desk = learner(platform)
        make_recording(desk.room())
        simulator.fault("*", "html_502", times=None)
        assert click(desk).status_code == 302
        assert simulator.count() == 0

    def test_somebody_else_s_ticket_and_one_for_another_purpose_open_nothing(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        stolen = tickets.session.issue(learner(platform, BEN).visit(), Purpose.PLAY)
        for ticket in (stolen, desk.ticket(), "rubbish", "é", ""):
            answer = desk.call("play", query={"ticket": ticket, "recording": row.pk, "format": "video"})
            assert answer.status_code == 403
            assert "open the recording there" in answer.text
        assert not Viewing.objects.exists()

    def test_a_page_that_was_open_for_too_long_says_so(self, platform, namespace):
        namespace["PAGE_SECONDS"] = 60
        desk = learner(platform)
        make_recording(desk.room())
        with freeze_time() as clock:
            link = urlsplit(links_of(desk)[0]).query
            clock.tick(61)
            answer = desk.call("play", query=link)
        assert answer.status_code == 403
        assert "Reload it, then open the recording again" in answer.text

    @pytest.mark.parametrize("number", ["", "0", "-1", "1e3", "٣", "9" * 30, "1 or 1=1", "/etc"])
    def test_a_number_that_is_none_is_no_recording(self, platform, number):
        desk = learner(platform)
        make_recording(desk.room())
        for kind in ("video", ""):
            ticket = tickets.session.issue(desk.visit(), Purpose.PLAY)
            answer = desk.call("play", query={"ticket": ticket, "recording": number, "format": kind})
            assert answer.status_code == 404
            assert "No such recording" in answer.text

    def test_a_format_that_there_is_not_is_no_recording(self, platform):
        desk = learner(platform)
        make_recording(desk.room(), formats=formats("presentation"))
        assert click(desk, "video").status_code == 404
        assert not Viewing.objects.exists()

    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)",
            "//evil.example.org/",
            "/etc/passwd",
            "https://user:pass@play.example.org/1",
            "https://play.example.org/\r\nSet-Cookie: a=b",
            "https:\\\\play.example.org/1",
            "https://[::1",
            "https:///1",
            "ftp://play.example.org/1",
            "data:text/html,hello",
        ],
    )
    def test_an_address_that_is_no_plain_link_leads_nowhere(self, platform, address):
        desk = learner(platform)
        made = formats("video").replace(f"{ADDRESS}video", address.replace("\\", "\\\\").replace("\r\n", "\\r\\n"))
        make_recording(desk.room(), formats=made)
        answer = click(desk)
        assert answer.status_code == 404
        assert not Viewing.objects.exists()

    @pytest.mark.parametrize(
        ("hosts", "host", "leads"),
        [
            ([], "127.0.0.1", True),
            ([], "127.0.0.1:8443", True),
            ([], "playback.example.org", False),
            ([], "127.0.0.1.evil.example", False),
            (["play.example.org"], "play.example.org", True),
            (["Play.example.org"], "PLAY.example.org", True),
            (["play.example.org"], "evil.play.example.org", False),
            (["play.example.org"], "play.example.org.evil.example", False),
            ([".example.org"], "a.b.example.org", True),
            ([".example.org"], "evilexample.org", False),
            (["*"], "anywhere.example", True),
            ("*", "anywhere.example", False),
            ([7, None], "anywhere.example", False),
        ],
    )
    def test_only_the_server_s_own_host_and_those_of_the_operator_are_led_to(
        self, platform, namespace, caplog, hosts, host, leads
    ):
        namespace["SERVERS"]["main"]["PLAYBACK_HOSTS"] = hosts
        desk = learner(platform)
        make_recording(desk.room(), formats=json.dumps([{"type": "video", "url": f"https://{host}/secret-path"}]))
        answer = click(desk)
        assert (answer.status_code == 302, Viewing.objects.exists()) == (leads, leads)
        if not leads:
            assert answer.status_code == 503 and "tell your course team" in answer.text
            assert f"plays it at {host}, not in PLAYBACK_HOSTS" in caplog.text
            assert host not in answer.text and "secret-path" not in answer.text + caplog.text

    def test_a_server_that_has_left_the_settings_leads_nowhere_any_more(self, platform, namespace):
        desk = learner(platform)
        make_recording(desk.room(), server="before")
        assert click(desk).status_code == 503
        namespace["SERVERS"]["before"] = namespace["SERVERS"]["main"] | {"STATE": "off"}
        assert click(desk).status_code == 302

    def test_what_a_browser_guesses_is_not_counted(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        ticket = tickets.session.issue(desk.visit(), Purpose.PLAY)
        query = {"ticket": ticket, "recording": row.pk, "format": "video"}
        answer = desk.call("play", query=query, headers={"Sec-Purpose": "prefetch;prerender"})
        assert answer.status_code == 503
        assert not Viewing.objects.exists()

    def test_letters_of_all_languages_are_written_as_headers_take_them(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room(), formats=json.dumps([{"type": "video", "url": f"{ADDRESS}Übung/課"}]))
        assert click(desk, recording=row.pk).location == f"{ADDRESS}%C3%9Cbung/%E8%AA%B2"

    def test_it_is_read_only(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        ticket = tickets.session.issue(desk.visit(), Purpose.PLAY)
        query = {"ticket": ticket, "recording": row.pk, "format": "video"}
        assert desk.call("play", "POST", query=query).status_code == 405
        assert not Viewing.objects.exists()


@pytest.mark.database
class TestViews:
    def test_a_click_is_written_down_with_who_what_and_when(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        with freeze_time() as clock:
            click(desk)
            viewing = Viewing.objects.get()
            assert (viewing.recording, viewing.user_id, viewing.format) == (row, ADA.id, "video")
            assert abs(viewing.viewed_at.timestamp() - clock().timestamp()) < 1

    def test_a_double_click_counts_once_and_the_next_day_again(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        with freeze_time() as clock:
            for kind in ("video", "video", "presentation"):
                assert click(desk, kind).status_code == 302
            click(learner(platform, BEN))
            clock.tick(timedelta(days=1))
            click(desk)
        row.refresh_from_db()
        assert row.views == Viewing.objects.count() == 3

    def test_everybody_reads_how_often_and_nobody_who(self, platform):
        desk = learner(platform)
        make_recording(desk.room())
        assert "opened" not in desk.page().text_content()
        click(desk)
        for reader in (teacher(platform), learner(platform, BEN)):
            assert "opened 1 time" in reader.page().text_content()
            assert ADA.username not in reader.page().text_content()


class TestProtected:
    @pytest.fixture
    def pool(self, platform, namespace):
        """Scalelite is the one that protects."""
        server = Simulator(secret=SECRET, mode="scalelite")
        with server.serve(port=0):
            namespace["SERVERS"]["main"]["URL"] = server.url
            yield server

    @pytest.fixture
    def ada(self, platform, pool):
        desk = learner(platform)
        there = pool.add_recording(desk.room().meeting_id, protected=True)
        make_recording(desk.room(), record_id=there.record_id, is_protected=True)
        return desk

    def test_the_server_is_asked_for_a_fresh_address_each_time(self, ada, pool):
        first, second = (click(ada).location for _ in range(2))
        assert first != second
        assert urlsplit(first).netloc == urlsplit(pool.url).netloc
        assert pool.count("getRecordings") == 2

    def test_what_its_server_told_is_on_the_card_and_opens(self, ada, pool):
        sweep.look_again(ada.room())
        assert ADDRESS not in Recording.objects.get().formats
        links = links_of(ada)
        assert len(links) == 2
        assert all(ada.call("play", query=urlsplit(link).query).status_code == 302 for link in links)

    def test_nobody_keeps_a_server_busy_by_clicking(self, ada, pool):
        answers = [click(ada) for _ in range(playing.MOST_FRESH + 5)]
        assert [answer.status_code for answer in answers] == [302] * playing.MOST_FRESH + [429] * 5
        assert "wait a minute" in answers[-1].text
        assert pool.count("getRecordings") == playing.MOST_FRESH
        assert click(learner(ada.platform, BEN)).status_code == 302

    def test_a_server_that_does_not_answer_is_explained(self, ada, pool):
        pool.fault("getRecordings", "html_502")
        answer = click(ada)
        assert answer.status_code == 503
        assert "does not answer at the moment, so the recording cannot be opened" in answer.text
        assert not Viewing.objects.exists()

    def test_the_page_that_tries_again_for_somebody_is_led_there_or_told_why_not(self, ada, pool):
        ticket = tickets.session.issue(ada.visit(), Purpose.PLAY)
        query = {"ticket": ticket, "recording": Recording.objects.get().pk, "format": "video"}
        pool.fault("getRecordings", "html_502")
        told, then = (ada.call("play", query=query, headers={"Accept": "application/json"}) for _ in range(2))
        assert (told.json["code"], told.json["again_seconds"]) == ("server_unreachable", 20)
        assert then.json["url"].startswith("http")

    def test_a_server_that_refuses_is_explained(self, ada, pool):
        pool.fault("getRecordings", "no_servers")
        answer = click(ada)
        assert answer.status_code == 503
        assert "does not open this recording" in answer.text

    def test_a_server_that_is_switched_off_is_explained(self, ada, namespace):
        namespace["SERVERS"]["main"]["STATE"] = "off"
        answer = click(ada)
        assert answer.status_code == 503
        assert "cannot be reached from here" in answer.text

    def test_a_server_that_has_lost_it_or_that_format_is_no_error(self, ada, pool):
        Recording.objects.update(formats=formats("podcast"))
        assert click(ada, "podcast").status_code == 404
        pool.reset()
        Recording.objects.update(formats=formats("video"))
        assert click(ada).status_code == 404

    def test_the_page_of_ours_needs_no_server(self, ada, pool):
        assert click(ada, "").status_code == 200
        assert pool.count() == 0


class TestPlayer:
    def test_without_a_format_a_page_of_ours_shows_what_there_is(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room(), title="Waves <b>and</b> more", description="One.\nTwo.")
        (title,) = desk.page().cssselect(".bbb-recording-title a")
        answer = desk.call("play", query=urlsplit(title.get("href")).query)
        assert answer.status_code == 200
        page = lxml_html.fromstring(answer.text)
        assert page.cssselect("h1")[0].text_content() == "Waves <b>and</b> more"
        assert "One." in page.text_content()
        links = page.cssselect(".bbb-formats a")
        assert [link.text_content() for link in links] == ["Slides and sound", "Video"]
        assert all(link.get("rel") == "noopener noreferrer" and link.get("target") == "_blank" for link in links)
        assert not Viewing.objects.exists()
        opened = desk.call("play", query=urlsplit(links[0].get("href")).query)
        assert (opened.status_code, opened.location) == (302, f"{ADDRESS}presentation")
        assert Viewing.objects.get().recording == row


class TestWithoutASession:
    @pytest.fixture(autouse=True)
    def accounts(self, db):
        get_user_model().objects.create(id=ADA.id, username=ADA.username)

    def test_a_phone_and_a_visitor_get_an_address_that_needs_none(self, platform):
        for desk, context in ((learner(platform), PHONE), (visitor(platform), None)):
            row = make_recording(desk.room())
            path = f"{told(desk, context)['play_url']}&recording={row.pk}&format=video"
            assert path.startswith("/bbb/play/?ticket=")
            answer = Client().get(path)
            assert (answer.status_code, answer.headers["Location"]) == (302, f"{ADDRESS}video")
            assert "no-store" in answer.headers["Cache-Control"]
            assert Viewing.objects.get(recording=row).user_id == desk.user.id

    def test_who_has_a_session_gets_none(self, platform):
        desk = learner(platform)
        make_recording(desk.room())
        assert "play_url" not in told(desk)

    def test_where_there_is_no_list_there_is_no_address(self, platform):
        desk = learner(platform, fields={"kind": "room"})
        make_recording(desk.room())
        assert "play_url" not in told(desk, PHONE)

    def test_a_page_that_shows_recordings_only_asks_on_while_its_links_grow_old(self, platform):
        desk = learner(platform, fields={"kind": "recordings"})
        make_recording(desk.room())
        said = told(desk, PHONE)
        assert 0 < said["next_seconds"] <= 60
        assert "join_url" not in said

    def test_it_works_for_two_minutes_and_from_the_page_of_ours_for_longer(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        with freeze_time() as clock:
            path = told(desk, PHONE)["play_url"]
            page = Client().get(f"{path}&recording={row.pk}")
            (_, video) = lxml_html.fromstring(page.content.decode()).cssselect(".bbb-formats a")
            clock.tick(121)
            late = Client().get(f"{path}&recording={row.pk}&format=video")
            assert late.status_code == 403
            assert "It works for a few minutes" in late.content.decode()
            assert Client().get(video.get("href")).status_code == 302

    def test_no_page_of_ours_makes_it_good_for_ever(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        with freeze_time() as clock:
            path = f"{told(desk, PHONE)['play_url']}&recording={row.pk}"
            for _ in range(2):
                page = lxml_html.fromstring(Client().get(path).content.decode())
                path = page.cssselect(".bbb-formats a")[0].get("href").partition("&format=")[0]
                assert Client().get(path).status_code == 200
                clock.tick(100)
            clock.tick(600)
            assert Client().get(path).status_code == 403

    def test_the_page_that_tries_again_for_somebody_is_led_there_or_told_why_not(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        path = f"{told(desk, PHONE)['play_url']}&recording={row.pk}&format=video"
        script = {"Accept": "application/json"}
        assert Client().get(path, headers=script).json() == {"url": f"{ADDRESS}video"}
        Recording.objects.update(audience=Recording.Audience.NOBODY)
        assert Client().get(path, headers=script).json()["code"] == "no_recording"

    def test_access_is_asked_for_anew(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        path = f"{told(desk, PHONE)['play_url']}&recording={row.pk}&format=video"
        Recording.objects.update(audience=Recording.Audience.NOBODY)
        assert Client().get(path).status_code == 404
        Recording.objects.update(audience=Recording.Audience.EVERYBODY)
        platform.may_not_load.add(ADA.id)
        assert Client().get(path).status_code == 403
        platform.may_not_load.clear()
        get_user_model().objects.update(is_active=False)
        assert Client().get(path).status_code == 401
        assert not Viewing.objects.exists()

    @pytest.mark.parametrize("ticket", ["", "rubbish", "é"])
    def test_without_a_ticket_nothing_is_opened(self, platform, ticket):
        row = make_recording(learner(platform).room())
        answer = Client().get("/bbb/play/", {"ticket": ticket, "recording": row.pk, "format": "video"})
        assert answer.status_code == 403

    def test_the_way_into_the_room_is_no_way_to_its_recordings_and_the_other_way_round(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        said = told(desk, PHONE)
        into, to_see = (path.partition("ticket=")[2] for path in (said["join_url"], said["play_url"]))
        assert Client().get(f"/bbb/play/?ticket={into}&recording={row.pk}&format=video").status_code == 403
        assert Client().get(f"/bbb/join/?ticket={to_see}").status_code == 403

    def test_what_a_browser_guesses_is_not_counted(self, platform):
        desk = learner(platform)
        row = make_recording(desk.room())
        path = f"{told(desk, PHONE)['play_url']}&recording={row.pk}&format=video"
        assert Client().get(path, headers={"Sec-Purpose": "prefetch"}).status_code == 503
        assert not Viewing.objects.exists()

    def test_only_reading_is_possible(self, db):
        assert Client().post("/bbb/play/").status_code == 405
        assert Client().post("/bbb/recordings/").status_code == 405


def test_no_address_and_no_id_of_the_server_is_on_a_page_in_an_answer_or_in_the_log(platform, simulator, caplog):
    desk = learner(platform)
    row = make_recording(desk.room(), record_id="0123456789-secret-1531155809613", is_protected=True)
    with caplog.at_level(logging.DEBUG):
        simulator.fault("getRecordings", "html_502")
        refused = click(desk).text
        Recording.objects.update(is_protected=False)
        opened = click(desk)
        player = click(desk, "").text
        card = desk.block.render("student_view").content
        shown = [desk.status().text, teacher(platform).status().text, card, refused, player, caplog.text]
    assert opened.status_code == 302
    for text in shown:
        assert row.record_id not in text
        assert urlsplit(ADDRESS).hostname not in text
