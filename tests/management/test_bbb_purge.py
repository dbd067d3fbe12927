"""``bbb_purge``: it shows what is past its time, and deletes it only when told to."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bbb_xblock.domain import ages
from bbb_xblock.management.commands import bbb_purge
from bbb_xblock.models import ChosenName, Correction, Join, Meeting, Outcome, Presence, Receipt, Recording
from tests.callbacks import make_meeting, make_room, serving_main
from tests.recorded import make_recording, publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def old(settings):
    """Three joins, two names and two receipts, one of each still young."""
    settings.XBLOCK_SETTINGS = {"bbb": {"JOIN_DAYS": 100, "ATTENDANCE_DAYS": 50, "RECEIPT_DAYS": 10}}
    meeting = make_meeting(make_room())
    now = timezone.now()
    for days in (5, 150, 200):
        Join.objects.create(
            meeting=meeting, user_id=11, anonymous_id="a", role="VIEWER", joined_at=now - timedelta(days=days)
        )
    for user_id, days in ((11, 200), (12, 120)):
        ChosenName.objects.create(user_id=user_id, course_key="a", name="Ada", chosen_at=now - timedelta(days=days))
    for days in (5, 50):
        moment = now - timedelta(days=days)
        Receipt.objects.create(
            kind="analytics", digest=str(days), meeting_id="oex-1", received_at=moment, worked_at=moment
        )
    return now


def run(*arguments: str) -> list[str]:
    printed = StringIO()
    call_command("bbb_purge", *arguments, stdout=printed)
    return printed.getvalue().splitlines()


def test_what_would_go_is_shown_with_its_age_and_stays(old):
    lines = run()
    assert len(lines) == len(bbb_purge.WHAT) + 2
    joins, opened, chose, names, presences, corrections, told, seen, present, sent, recordings, last = lines
    assert joins.startswith("JOIN_DAYS (who was let in when): older than 100 days: 2, the oldest of ")
    assert joins.endswith(f"{timezone.localtime(old - timedelta(days=200)):%Y-%m-%d}.")
    assert names.startswith("JOIN_DAYS (chosen names of people who have not joined since): older than 100 days: 1, ")
    assert opened == "JOIN_DAYS (who opened which recording): older than 100 days: 0."
    assert presences == "ATTENDANCE_DAYS (who was in which session, and for how long): older than 50 days: 0."
    assert corrections == "ATTENDANCE_DAYS (how the course team corrected attendance): older than 50 days: 0."
    assert chose.startswith("JOIN_DAYS (who had a room show a recording of another): older than 100 days: 0.")
    assert told.startswith("ATTENDANCE_DAYS (which grades and completion the platform was told): older than 50 days: ")
    assert present == "Who was in a room when a server was last asked: older than 3 days: 0."
    assert seen == "When somebody was seen in a session that is settled for good: older than 3 days: 0."
    assert recordings.endswith("past their time: 0.")
    assert "RECEIPT_DAYS" in sent
    assert "older than 10 days: 1, the oldest of " in sent
    assert last == "Nothing was deleted. Add --yes to delete it."
    assert (Join.objects.count(), Receipt.objects.count()) == (3, 2)


def test_it_goes_when_that_is_wanted_and_the_rest_stays(old):
    assert run("--yes")[-1] == "Deleted: 4."
    assert (Join.objects.count(), Receipt.objects.count(), Meeting.objects.count()) == (1, 1, 1)
    assert ChosenName.objects.get().user_id == 11
    assert run("--yes")[-1] == "There is nothing to delete."


def test_each_kind_of_what_is_kept_is_said_in_words():
    assert list(bbb_purge.WHAT) == [kept.what for kept in ages.everything_kept()]


def test_attendance_is_shown_first_and_then_goes_with_what_hangs_on_it(old):
    session = Meeting.objects.get()
    long_ago = old - timedelta(days=51)
    Meeting.objects.update(started_at=long_ago)
    Presence.objects.create(
        meeting=session, user_id=11, anonymous_id="a", first_in=long_ago, last_out=long_ago, seconds=0
    )
    Correction.objects.create(meeting=session, user_id=11, standing="excused", made_at=old)
    Outcome.objects.create(room=session.room, user_id=11, value=1, told_at=long_ago)
    shown = [line for line in run() if line.startswith("ATTENDANCE_DAYS")]
    assert len(shown) == 3
    assert all("older than 50 days: 1, the oldest of " in line for line in shown)
    assert run("--yes")[-1] == "Deleted: 7."
    assert not any(table.objects.exists() for table in (Presence, Correction, Outcome))


def test_a_lot_goes_in_batches(old, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(bbb_purge, "AT_ONCE", 10)
    meeting = Meeting.objects.get()
    Join.objects.bulk_create(
        Join(meeting=meeting, user_id=12, anonymous_id="b", role="VIEWER", joined_at=old - timedelta(days=300))
        for _ in range(35)
    )
    assert run("--yes")[-1] == "Deleted: 39."
    assert Join.objects.count() == 1


def test_what_is_kept_for_ever_is_said_and_stays(old, settings):
    settings.XBLOCK_SETTINGS["bbb"] |= {"JOIN_DAYS": 0, "ATTENDANCE_DAYS": 0, "RECEIPT_DAYS": 0}
    *kept, seen, present, sent, _recordings, last = run("--yes")
    assert len(kept) == 7
    assert all(line.endswith("kept for ever.") for line in [*kept, sent])
    assert not any(line.endswith("kept for ever.") for line in (seen, present))
    assert last == "There is nothing to delete."
    assert (Join.objects.count(), Receipt.objects.count()) == (3, 2)


# Recordings


@pytest.fixture
def past(settings):
    """A recording that is past its time, and one that is not, on a simulated server."""
    with serving_main(settings) as server:
        settings.XBLOCK_SETTINGS["bbb"]["RECORDING_DAYS"] = 10
        room = make_room()
        rows = [make_recording(room, days_ago=days) for days in (20, 5)]
        for row in rows:
            publish(server, room.meeting_id, row.record_id)
        yield server, rows[0]


def test_recordings_past_their_time_are_shown_one_by_one_and_stay(past):
    simulator, row = past
    *_, counted, shown, last = run()
    assert counted.endswith("past their time: 1.")
    assert shown == f"  recording {row.pk} of {timezone.localtime(row.ended_at):%Y-%m-%d}, room oex-1, server main"
    assert last.startswith("Nothing was deleted.")
    assert {each.state for each in simulator.recordings} == {"published"}


def test_recordings_go_from_their_server_and_each_is_told(past):
    simulator, row = past
    *_, told, last = run("--yes")
    assert told.startswith(f"  recording {row.pk} of ")
    assert told.endswith("server main: deleted.")
    assert last == "Deleted: 1."
    assert [each.state for each in simulator.recordings] == ["deleted", "published"]
    assert run("--yes")[-1] == "There is nothing to delete."


def test_recordings_that_cannot_be_deleted_are_told_and_stay(past):
    simulator, row = past
    simulator.fault("deleteRecordings", "html_502", times=None)
    printed = StringIO()
    with pytest.raises(CommandError, match="1 recordings could not be deleted"):
        call_command("bbb_purge", "--yes", stdout=printed)
    assert "not deleted. The BigBlueButton server" in printed.getvalue()
    assert "Deleted: 0." in printed.getvalue()
    assert Recording.objects.get(pk=row.pk).state == Recording.State.READY
