"""The whole way: a session is started, the simulated server calls back, and the rows say what happened."""

import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.test import Client
from freezegun import freeze_time

from bbb_xblock import bbb, config
from bbb_xblock.models import Meeting, Receipt, Recording, Room
from sandbox.simulator import Simulator
from sandbox.simulator.modes import MODES
from tests.builders import teacher
from tests.callbacks import SECRET
from tests.fakes.platform import Platform
from tests.recorded import record


@pytest.fixture
def school(live_server, settings) -> Iterator[SimpleNamespace]:
    """A site at a real address with one live session, on a simulated server that calls back."""
    simulator, platform = Simulator(secret=SECRET), Platform()
    with simulator.serve(port=0), platform.modules():
        settings.LMS_ROOT_URL = live_server.url
        settings.XBLOCK_SETTINGS = {
            "bbb": {"SERVERS": {"main": {"URL": simulator.url, "SECRET": SECRET}}, "SERVER": "main"}
        }
        desk = teacher(platform, fields={"record": True})
        assert desk.click_join().status_code == 302
        yield SimpleNamespace(simulator=simulator, room=Room.objects.get(), desk=desk)


def end(school) -> None:
    bbb.Client(config.endpoint("main")).end(school.room.meeting_id)


def test_the_end_of_a_meeting_reaches_the_room(school):
    end(school)
    sent = school.simulator.deliver_callbacks()
    assert {delivery.kind for delivery in sent} == {"meetingEndedURL", "endCallbackUrl", "analytics"}
    assert {delivery.status for delivery in sent} == {200}
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK
    assert Room.objects.get().current is None
    assert not Receipt.objects.filter(worked_at=None).exists()


def test_a_recording_is_expected_when_the_meeting_ends_and_ready_when_the_server_says_so(school):
    simulator = school.simulator
    record(simulator, school.room)
    end(school)
    simulator.deliver_callbacks()
    expected = Recording.objects.get()
    assert (expected.state, expected.room) == (Recording.State.EXPECTED, school.room)
    assert expected.since == Meeting.objects.get().ended_at
    simulator.advance(simulator.processing_seconds)
    assert [each.status for each in simulator.deliver_callbacks()] == [200, 200]
    ready = Recording.objects.get()
    assert (ready.pk, ready.state, ready.is_published) == (expected.pk, Recording.State.READY, True)
    assert [each["type"] for each in json.loads(ready.formats)] == ["presentation", "video"]


def test_a_ready_recording_is_told_for_each_format_and_kept_once(school):
    simulator = school.simulator
    record(simulator, school.room)
    end(school)
    simulator.deliver_callbacks()
    simulator.advance(simulator.processing_seconds)
    assert [each.status for each in simulator.deliver_callbacks()] == [200, 200]
    kept = Receipt.objects.get(kind=Receipt.Kind.RECORDING_READY)
    assert simulator.recordings[0].record_id in kept.body
    assert Recording.objects.count() == 1


def test_of_a_meeting_that_nobody_recorded_nothing_is_expected(school):
    end(school)
    school.simulator.deliver_callbacks()
    assert not Recording.objects.exists()


def test_the_token_of_the_end_is_in_no_metadata_and_no_analytics(school):
    made = school.simulator.meeting(school.room.meeting_id)
    token = made.params["meetingEndedURL"].rpartition("/")[2]
    assert re.fullmatch(r"[\w:-]{40,}", token)
    assert token not in str(made.metadata)
    end(school)
    school.simulator.deliver_callbacks()
    assert token not in Receipt.objects.get(kind=Receipt.Kind.ANALYTICS).body


def test_the_next_meeting_of_the_room_can_tell_its_end_too(school):
    with freeze_time() as clock:
        for _ in range(2):
            end(school)
            clock.tick(60)
            school.simulator.deliver_callbacks()
            assert school.desk.click_join().status_code == 302
    assert Meeting.objects.filter(why_ended=Meeting.Ending.CALLBACK).count() == 2


def test_an_end_told_too_early_changes_nothing(school):
    """Whoever has the address, for instance from a log, cannot end a meeting with it."""
    path = school.simulator.meeting(school.room.meeting_id).params["meetingEndedURL"]
    assert Client().get(urlsplit(path).path).status_code == 200
    assert Room.objects.get().current is not None
    assert Receipt.objects.get().worked_at is None
    end(school)
    school.simulator.deliver_callbacks()
    assert Meeting.objects.get().why_ended == Meeting.Ending.CALLBACK


def test_somebody_in_the_meeting_who_tells_again_and_again_that_it_was_recorded_has_its_server_asked_once_a_minute(
    school,
):
    """The address stands in the metadata of the meeting, which everybody in it may read."""
    path = urlsplit(school.simulator.meeting(school.room.meeting_id).metadata["endcallbackurl"]).path

    def asked(times: int) -> int:
        school.simulator.forget_calls()
        for _ in range(times):
            assert Client().get(path, {"recordingmarks": "true"}).status_code == 200
        return school.simulator.count()

    with freeze_time() as clock:
        once = asked(1)
        clock.tick(59)
        assert asked(20) == 0
        clock.tick(2)
        assert asked(20) == once
    assert Room.objects.get().current is not None


def test_a_balancer_that_delivers_everything_three_times_is_no_trouble(school):
    school.simulator.world.mode = MODES["bbblb"]
    end(school)
    sent = school.simulator.deliver_callbacks()
    assert len(sent) >= 6
    assert {delivery.status for delivery in sent} == {200}
    assert Receipt.objects.count() == 2
