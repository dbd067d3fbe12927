"""``--deep``: a meeting is made and ended; slides are fetched and the call back comes, or not, or was not asked for."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from freezegun import freeze_time

from bbb_xblock import config
from bbb_xblock.bbb import Client
from bbb_xblock.doctor import examination, rehearsal
from bbb_xblock.doctor.findings import Code, Finding
from bbb_xblock.models import Receipt, Room
from sandbox.simulator import Simulator
from sandbox.simulator.modes import MODES
from tests.doctor.broken import SECRET

DEEP = {
    code for code in Code if code.partition(".")[0] in ("meeting", "callback", "clock") and code is not Code.CLOCK_RIGHT
}
LONG, SHORT = 20.0, 0.01


@pytest.fixture
def site(settings: Any, live_server: Any) -> Iterator[SimpleNamespace]:
    """A site at a real address, and a simulated server that calls back by itself."""
    settings.LMS_ROOT_URL = live_server.url
    simulator = Simulator(SECRET)
    with simulator.serve(background=True) as url:
        settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": {"URL": url, "SECRET": SECRET}}, "SERVER": "main"}}
        yield SimpleNamespace(simulator=simulator, settings=settings)


def deep(patience: float = LONG) -> list[Finding]:
    return [each for each in examination.everything(patience=patience) if each.code in DEEP]


def codes(patience: float = LONG) -> list[Code]:
    return [each.code for each in deep(patience)]


def test_a_meeting_is_made_and_ended_and_the_call_back_comes(site):
    assert codes() == [Code.MEETING_MADE, Code.CALLBACK_CAME]
    assert site.simulator.world.meetings == {}
    made = next(call for call in site.simulator.calls if call.name == "create")
    assert made.params["meetingID"].startswith("check-")
    assert Receipt.objects.get().meeting_id == made.params["meetingID"]
    assert not Room.objects.exists()


def test_what_earlier_meetings_of_this_kind_left_behind_goes(site):
    with freeze_time() as clock:
        codes()
        clock.tick(2 * 86400)
        codes()
    made = [call.params["meetingID"] for call in site.simulator.calls if call.name == "create"]
    assert [receipt.meeting_id for receipt in Receipt.objects.all()] == [made[1]]


def test_without_deep_nothing_is_made(site):
    assert codes(0) == []
    assert site.simulator.count("create") == 0


def test_a_blocked_call_back_is_odd_and_tells_where_it_should_have_come(site, live_server):
    site.settings.LMS_ROOT_URL = "http://127.0.0.1:9"
    found = deep(SHORT)
    assert [each.code for each in found] == [Code.MEETING_MADE, Code.CALLBACK_MISSING]
    assert found[1].detail == "http://127.0.0.1:9/bbb/ended/try"
    assert requests.get(f"{live_server.url}/bbb/ended/try", timeout=5).status_code == 401


def test_a_call_back_that_was_never_asked_for_is_not_waited_for(site):
    site.settings.LMS_ROOT_URL = ""
    assert codes() == [Code.MEETING_MADE, Code.CALLBACK_UNASKED]


def test_a_balancer_calls_back_too(site):
    site.simulator.world.mode = MODES["bbblb"]
    assert codes() == [Code.MEETING_MADE, Code.CALLBACK_CAME]


def test_a_pool_without_servers_is_found_only_by_making_a_meeting(site):
    site.simulator.fault("create", "no_servers", times=None)
    found = list(examination.everything(patience=SHORT))
    assert found[-1].code is Code.API_POOL_EMPTY


def test_a_meeting_that_has_ended_by_itself_is_fine(site):
    site.simulator.fault("end", "failed", key="notFound", work_done=True)
    assert codes() == [Code.MEETING_MADE, Code.CALLBACK_CAME]


def test_a_meeting_that_cannot_be_ended_is_a_finding(site):
    site.simulator.fault("end", "html_502", times=None)
    assert list(examination.everything(patience=SHORT))[-1].code is Code.API_DOWN


def test_the_clock_of_the_server_that_makes_the_meeting_counts_as_well(site):
    """A balancer's own clock may be right."""
    site.simulator.advance(-3600)
    found = list(rehearsal.meeting(Client(config.endpoint("main")), SHORT))
    assert [each.code for each in found][:2] == [Code.MEETING_MADE, Code.CLOCK_BEHIND]
    assert dict(found[1].values)["time"] == "1:00:00"


def test_a_clock_that_is_off_is_told_once(site):
    site.simulator.advance(-3600)
    assert codes().count(Code.CLOCK_BEHIND) == 1


class TestSlides:
    def codes(self, patience: float = LONG) -> list[Code]:
        return [each.code for each in examination.everything(patience=patience) if each.code.startswith("slides.")]

    @pytest.fixture
    def fetching(self, site: SimpleNamespace) -> SimpleNamespace:
        """The same site, from which the server may fetch although both are on one machine."""
        site.settings.XBLOCK_SETTINGS["bbb"]["SLIDES_WAY"] = "address"
        site.simulator.slides.allows_loopback = True
        return site

    def test_a_server_that_fetches_slides_is_told(self, fetching):
        assert self.codes() == [Code.SLIDES_FETCHED]
        assert fetching.simulator.world.meetings == {}

    def test_a_server_that_cannot_fetch_is_odd_and_tells_from_where_it_should_have(self, fetching, live_server):
        fetching.simulator.slides.is_cut_off = True
        found = next(each for each in examination.everything(patience=SHORT) if each.code is Code.SLIDES_MISSING)
        assert found.detail == f"{live_server.url}/bbb/trial-slides/try/slides.txt"
        assert requests.get(found.detail, timeout=5).status_code == 401

    def test_a_server_that_refuses_slides_makes_the_meeting_without_them(self, fetching):
        fetching.simulator.fault("create", "html_502")
        assert self.codes(SHORT) == [Code.SLIDES_MISSING]
        assert fetching.simulator.count("create") == 2

    def test_where_slides_travel_inline_nothing_is_fetched(self, site):
        assert self.codes() == [Code.SLIDES_INLINE]
        assert site.simulator.slides.fetched == []

    def test_what_was_fetched_is_a_page_for_this_trial_alone(self, fetching):
        self.codes()
        address = fetching.simulator.slides.fetched[0]
        assert requests.get(address, timeout=5).headers["Content-Type"] == "text/plain"
        assert requests.get(address.replace("/slides.txt", "x/slides.txt"), timeout=5).status_code == 401
        assert {each.kind for each in Receipt.objects.all()} == {"slides_fetched", "meeting_ended"}
