"""What operators do to servers while classes go on: a new secret, a server emptied and switched off."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from freezegun import freeze_time

from bbb_xblock.domain import operating
from bbb_xblock.models import Meeting, Receipt, Room
from sandbox.simulator import Simulator
from tests.builders import learner, teacher, usage_key
from tests.fakes.platform import Platform

OLD, NEW = "the-old-secret", "the-new-secret"


@pytest.fixture
def site(live_server, settings, tmp_path) -> Iterator[SimpleNamespace]:
    """A site at a real address with two servers that call back; the secrets are in files, as the manual says."""
    main, second, platform = Simulator(secret=OLD), Simulator(secret="another-secret"), Platform()
    (tmp_path / "main").write_text(OLD)
    (tmp_path / "second").write_text("another-secret")
    with main.serve(port=0), second.serve(port=0), platform.modules():
        servers = {
            "main": {"URL": main.url, "SECRET_FILE": str(tmp_path / "main")},
            "second": {"URL": second.url, "SECRET_FILE": str(tmp_path / "second"), "STATE": "draining"},
        }
        settings.LMS_ROOT_URL = live_server.url
        settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": servers, "SERVER": ["main", "second"]}}
        with freeze_time() as clock:
            yield SimpleNamespace(
                platform=platform, main=main, second=second, servers=servers, files=tmp_path, clock=clock
            )


def start(site, **details):
    """Have the teacher start a recorded session, and leave time for the site to doubt that it still runs."""
    assert teacher(site.platform, fields={"record": True}, **details).click_join().status_code == 302
    room = room_of(site, details.get("block_id", "room"))
    server = {"main": site.main, "second": site.second}[room.current.server]
    server.add_participants(room.meeting_id, 1)
    server.world.switch_recording(server.meeting(room.meeting_id), True)
    site.clock.tick(60)
    return room


def room_of(site, block_id: str) -> Room:
    return Room.objects.get(usage_key=str(usage_key(block_id)))


def end(site, **details) -> None:
    desk = teacher(site.platform, **details)
    token = desk.page().cssselect("section")[0].get("data-end-token")
    assert desk.call("end", "POST", body={"token": token}).status_code == 200
    site.clock.tick(60)


def told(server: Simulator, *, later: float = 0) -> list[tuple[str, int | None]]:
    """Have a server tell what it has to tell after so many seconds, and say how it was taken."""
    server.advance(later)
    return [(each.kind, each.status) for each in server.deliver_callbacks()]


def rotate_at_the_site(site) -> None:
    """First step of the manual: the old secret moves beside the new one. No restart for files."""
    (site.files / "main-before").write_text(OLD)
    site.servers["main"]["PREVIOUS_SECRETS"] = [{"SECRET_FILE": str(site.files / "main-before")}]
    (site.files / "main").write_text(NEW + "\n")


def test_the_secret_changes_while_a_class_goes_on(site):
    room = start(site)
    rotate_at_the_site(site)
    site.main.secret = NEW
    answer = learner(site.platform).click_join()
    assert answer.location.startswith(site.main.url)
    assert Meeting.objects.count() == 1
    end(site)
    assert told(site.main) == [("meetingEndedURL", 200), ("endCallbackUrl", 200), ("analytics", 200)]
    assert Receipt.objects.filter(meeting_id=room.meeting_id, worked_at=None).count() == 0


def test_what_was_signed_with_the_old_secret_is_taken_until_that_is_dropped(site):
    for block_id in ("first", "second"):
        start(site, block_id=block_id)
    end(site, block_id="first")
    rotate_at_the_site(site)
    assert told(site.main) == [("meetingEndedURL", 200), ("endCallbackUrl", 200), ("analytics", 200)]
    # The server has not changed yet: it refuses to end the meeting, and signs with the old secret what ends by itself.
    site.main.remove_participants(room_of(site, "second").meeting_id)
    site.servers["main"]["PREVIOUS_SECRETS"] = []
    assert dict(told(site.main, later=3600))["analytics"] == 401


def test_between_the_two_changes_people_read_a_sentence_and_nothing_is_lost(site):
    room = start(site)
    rotate_at_the_site(site)
    desk = learner(site.platform)
    answer = desk.join_by_script()
    assert (answer.status_code, answer.json["code"]) == (503, "signature_refused")
    assert OLD not in answer.text
    assert NEW not in answer.text
    site.main.secret = NEW
    site.clock.tick(60)
    assert desk.click_join().location.startswith(site.main.url)
    room.refresh_from_db()
    assert (room.current, room.trouble) == (Meeting.objects.get(), "")


def test_a_server_is_emptied_switched_off_and_taken_out_while_classes_go_on(site):
    room = start(site, block_id="first")
    site.servers["main"]["STATE"], site.servers["second"]["STATE"] = "draining", "active"
    # What runs there goes on there, and everything else begins elsewhere.
    assert learner(site.platform, block_id="first").click_join().location.startswith(site.main.url)
    assert start(site, block_id="other").current.server == "second"
    assert meetings_on("main", "second") == [1, 1]
    # The next session of the same room begins elsewhere too.
    end(site, block_id="first")
    told(site.main)
    assert start(site, block_id="first").current.server == "second"
    assert meetings_on("main", "second") == [0, 2]
    # Switched off it is asked nothing, and what it still has to tell is taken.
    site.servers["main"]["STATE"] = "off"
    site.main.forget_calls()
    assert learner(site.platform, block_id="first").click_join().location.startswith(site.second.url)
    assert site.main.count() == 0
    assert set(told(site.main, later=site.main.processing_seconds)) == {("recording-ready", 200)}
    assert Receipt.objects.filter(kind=Receipt.Kind.RECORDING_READY, meeting_id=room.meeting_id).exists()
    # Taken out of the settings it is a stranger.
    del site.servers["main"]
    assert learner(site.platform, block_id="other").click_join().status_code == 302


def meetings_on(*slugs: str) -> list[int]:
    lines = {line.slug: line.meetings for line in operating.list_servers()}
    return [lines[slug] for slug in slugs]
