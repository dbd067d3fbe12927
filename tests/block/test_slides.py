"""Slides: course files that the author named are in the room, in this order, and nothing keeps the class out."""

from typing import Any

import pytest
from django.utils import translation
from lxml import etree

from bbb_xblock.domain import slides
from bbb_xblock.models import Meeting, Room
from sandbox.simulator.meetings import SimMeeting
from tests.builders import COURSE, Desk, learner, teacher

OTHER_COURSE = "course-v1:ExampleX+Chemistry+2026"
FILES = {"plan.pdf": b"%PDF-plan", "lecture 1.pptx": b"PK-lecture", "Übung.txt": "Übung".encode()}
MISSING = "could not be brought into the room"


@pytest.fixture
def course_files(platform):
    for name, content in FILES.items():
        platform.upload(name, content, COURSE)
    return platform


@pytest.fixture
def inline(settings):
    """A site that no server could fetch from."""
    settings.LMS_ROOT_URL = "http://localhost:8000"


def with_slides(platform: Any, *names: str, **fields: Any) -> Desk:
    return teacher(platform, fields={"slides": list(names), **fields})


def made(simulator: Any, desk: Desk) -> SimMeeting:
    """Click Join, and give the meeting that this made."""
    answer = desk.click_join()
    assert answer.status_code == 302, answer.text
    return simulator.meeting(Room.objects.get().meeting_id)


def sent(simulator: Any) -> list[etree._Element]:
    """Give the documents in the newest call that made a meeting."""
    body = next(call.body for call in reversed(simulator.calls) if call.name == "create")
    return etree.fromstring(body).findall("module[@name='presentation']/document") if body else []


def note(meeting: SimMeeting) -> str:
    return meeting.params.get("moderatorOnlyMessage", "")


def test_without_slides_nothing_is_sent(platform, simulator):
    assert made(simulator, teacher(platform)).documents == []
    assert [call.method for call in simulator.calls if call.name == "create"] == ["GET"]


class TestInline:
    pytestmark = pytest.mark.usefixtures("inline")

    def test_files_are_in_the_room_in_the_author_s_order_and_the_first_is_shown(self, course_files, simulator):
        meeting = made(simulator, with_slides(course_files, "Übung.txt", "plan.pdf", "lecture 1.pptx"))
        assert [(each.name, each.content) for each in meeting.documents] == [
            (name, FILES[name]) for name in ("Übung.txt", "plan.pdf", "lecture 1.pptx")
        ]
        assert [each.is_current for each in meeting.documents] == [True, False, False]
        assert note(meeting) == ""

    @pytest.mark.parametrize("chosen", [True, False])
    def test_participants_may_download_them_only_if_the_author_says_so(self, course_files, simulator, chosen):
        meeting = made(simulator, with_slides(course_files, "plan.pdf", slides_downloadable=chosen))
        assert [each.is_downloadable for each in meeting.documents] == [chosen]

    def test_a_file_that_is_gone_is_left_out_and_moderators_are_told(self, course_files, simulator):
        desk = with_slides(course_files, "gone & lost.pdf", "plan.pdf", moderator_message="Be on time.")
        meeting = made(simulator, desk)
        assert [(each.name, each.is_current) for each in meeting.documents] == [("plan.pdf", True)]
        assert note(meeting).startswith("Be on time.<br>")
        assert MISSING in note(meeting)
        assert "gone &amp; lost.pdf" in note(meeting)

    def test_a_file_of_another_course_is_not_there_whatever_its_name(self, course_files, simulator):
        course_files.upload("exam.pdf", b"%PDF-exam", OTHER_COURSE)
        key = next(key for key in course_files.files if "Chemistry" in key)
        meeting = made(simulator, with_slides(course_files, "exam.pdf", key))
        assert meeting.documents == []
        assert MISSING in note(meeting)

    def test_what_does_not_fit_into_the_call_is_left_out_and_the_rest_goes(self, course_files, simulator):
        course_files.upload("big.pdf", b"x" * slides.INLINE_BYTES, COURSE)
        course_files.upload("fits.pdf", b"x" * (slides.INLINE_BYTES - len(FILES["plan.pdf"])), COURSE)
        meeting = made(simulator, with_slides(course_files, "plan.pdf", "big.pdf", "fits.pdf"))
        assert [each.name for each in meeting.documents] == ["plan.pdf", "fits.pdf"]
        assert "big.pdf" in note(meeting)

    def test_an_empty_file_is_left_out(self, course_files, simulator):
        course_files.upload("empty.txt", b"", COURSE)
        assert "empty.txt" in note(made(simulator, with_slides(course_files, "empty.txt")))

    def test_wrong_names_of_a_hand_made_course_file_are_left_out(self, course_files, simulator):
        meeting = made(simulator, with_slides(course_files, "../plan.pdf", "run.exe", "plan.pdf"))
        assert [each.name for each in meeting.documents] == ["plan.pdf"]

    def test_every_file_is_closed_again(self, course_files, simulator):
        course_files.upload("big.pdf", b"x" * slides.INLINE_BYTES * 2, COURSE)
        made(simulator, with_slides(course_files, "big.pdf", "plan.pdf", "gone.pdf"))
        assert course_files.files_open == 0

    def test_a_room_without_slides_gets_none(self, course_files, simulator):
        meeting = made(simulator, with_slides(course_files, "plan.pdf", features_off=["presentation"]))
        assert (meeting.documents, note(meeting)) == ([], "")

    def test_a_platform_whose_files_cannot_be_asked_lets_everybody_in(self, course_files, simulator, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "xmodule.contentstore.django", None)
        meeting = made(simulator, with_slides(course_files, "plan.pdf"))
        assert meeting.documents == []
        assert MISSING in note(meeting)

    def test_names_of_files_are_neither_logged_nor_remembered(self, course_files, simulator, caplog):
        made(simulator, with_slides(course_files, "plan.pdf", "gone-of-ada.pdf", slides_downloadable=True))
        assert "slides 2 are left out" in caplog.text
        assert "gone-of-ada" not in caplog.text + Meeting.objects.get().options

    def test_moderators_are_told_in_their_language(self, course_files, simulator, monkeypatch):
        monkeypatch.setattr(translation, "gettext", lambda text: "FEHLT: {names}" if MISSING in text else text)
        assert note(made(simulator, with_slides(course_files, "gone.pdf"))) == "FEHLT: gone.pdf"


class TestARefusal:
    pytestmark = pytest.mark.usefixtures("inline")

    @pytest.mark.parametrize("fault", ["failed", "html_502", "not_xml", "status_500"])
    def test_a_call_that_fails_because_of_slides_is_made_once_more_without_them(self, course_files, simulator, fault):
        simulator.fault("create", fault, key="internalError")
        meeting = made(simulator, with_slides(course_files, "plan.pdf", "gone.pdf"))
        assert simulator.count("create") == 2
        assert meeting.documents == []
        assert "plan.pdf, gone.pdf" in note(meeting)

    def test_a_server_that_fails_without_slides_as_well_is_told_as_always(self, course_files, simulator):
        simulator.fault("create", "failed", key="internalError", times=None)
        answer = with_slides(course_files, "plan.pdf").click_join(headers={"Accept": "application/json"})
        assert answer.json["code"] == "server_refused"
        assert simulator.count("create") == 2

    def test_a_wrong_secret_is_not_tried_again(self, course_files, simulator):
        simulator.fault("create", "failed", key="checksumError", times=None)
        answer = with_slides(course_files, "plan.pdf").click_join(headers={"Accept": "application/json"})
        assert answer.json["code"] == "signature_refused"
        assert simulator.count("create") == 1

    def test_a_refused_layout_costs_no_slides(self, course_files, simulator):
        simulator.fault("create", "failed", key="validationError", times=1)
        meeting = made(simulator, with_slides(course_files, "plan.pdf", layout="VIDEO_FOCUS"))
        assert [each.name for each in meeting.documents] == ["plan.pdf"]
        assert note(meeting) == ""

    def test_a_server_that_is_slow_over_the_slides_has_made_the_meeting_already(
        self, course_files, simulator, namespace
    ):
        namespace["READ_TIMEOUT"] = 0.3
        simulator.fault("create", "drip", seconds=2)
        meeting = made(simulator, with_slides(course_files, "plan.pdf"))
        assert [each.name for each in meeting.documents] == ["plan.pdf"]
        assert Meeting.objects.get().create_time == str(meeting.create_time)


class TestByAddress:
    @pytest.fixture(autouse=True)
    def reachable(self, settings, live_server, namespace, simulator):
        """A site that the simulated server can fetch from, both being on one machine."""
        settings.LMS_ROOT_URL = live_server.url
        namespace["SLIDES_WAY"] = "address"
        simulator.slides.allows_loopback = True
        yield
        simulator.slides.allows_loopback = False

    def test_the_server_fetches_each_file_from_us(self, course_files, simulator):
        meeting = made(simulator, with_slides(course_files, "lecture 1.pptx", "Übung.txt"))
        assert [(each.name, each.content, each.trouble) for each in meeting.documents] == [
            (name, FILES[name], "") for name in ("lecture 1.pptx", "Übung.txt")
        ]
        assert len(simulator.slides.fetched) == 4
        assert course_files.files_open == 0

    def test_a_file_of_any_size_goes_that_way(self, course_files, simulator):
        content = b"x" * slides.INLINE_BYTES * 3
        course_files.upload("big.pdf", content, COURSE)
        meeting = made(simulator, with_slides(course_files, "big.pdf"))
        assert [len(each.content) for each in meeting.documents] == [len(content)]

    def test_a_server_that_cannot_fetch_makes_the_room_nevertheless(self, course_files, simulator):
        simulator.slides.is_cut_off = True
        meeting = made(simulator, with_slides(course_files, "plan.pdf"))
        assert [each.trouble for each in meeting.documents] == ["nobody answers there"]

    def test_no_address_and_no_name_of_a_file_is_in_the_log(self, course_files, simulator, caplog):
        caplog.set_level("DEBUG", "bbb_xblock")
        made(simulator, with_slides(course_files, "plan.pdf"))
        assert caplog.text
        assert "plan.pdf" not in caplog.text


class TestWhichWay:
    @pytest.mark.parametrize(
        ("root", "way", "by_address"),
        [
            ("https://lms.example.org", "auto", True),
            ("https://lms.example.org:8443/", "auto", True),
            ("http://lms.example.org", "auto", False),
            ("https://localhost", "auto", False),
            ("https://lms", "auto", False),
            ("https://lms.local", "auto", False),
            ("https://192.168.0.5", "auto", False),
            ("https://127.0.0.1", "auto", False),
            ("https://[::1]", "auto", False),
            ("https://93.184.215.14", "auto", True),
            ("", "auto", False),
            ("https://lms.example.org", "inline", False),
            ("http://lms.local", "address", True),
            ("", "address", False),
        ],
    )
    def test_addresses_are_sent_where_they_lead_to_a_public_https_host(
        self, course_files, simulator, namespace, settings, root, way, by_address
    ):
        settings.LMS_ROOT_URL, namespace["SLIDES_WAY"], namespace["SITE"] = root, way, "a site"
        simulator.slides.is_cut_off = True
        made(simulator, with_slides(course_files, "plan.pdf"))
        (document,) = sent(simulator)
        assert bool(document.get("url")) is by_address
        assert bool(document.text) is not by_address

    def test_where_the_app_has_no_addresses_files_are_sent_inline(self, course_files, simulator, settings):
        desk = with_slides(course_files, "plan.pdf")
        ticket = desk.ticket()
        settings.ROOT_URLCONF = "tests.fakes.no_urls"
        assert desk.call("join", query={"ticket": ticket}).status_code == 302
        assert [document.get("name") for document in sent(simulator)] == ["plan.pdf"]


def test_studio_names_the_field_that_holds_a_wrong_name(platform):
    desk = teacher(platform, studio=True, fields={"slides": ["../plan.pdf"]})
    said = [message.text for message in desk.block.validate().messages]
    assert len(said) == 1
    assert said[0].startswith("“Slides of the room” must be at most 10 names of course files")


def test_a_learner_who_opens_the_room_brings_the_slides_too(course_files, simulator, inline):
    desk = learner(course_files, fields={"slides": ["plan.pdf"]})
    assert [each.name for each in made(simulator, desk).documents] == ["plan.pdf"]
