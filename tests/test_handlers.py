"""What the platform tells by its signals."""

import importlib
import json

import pytest
from django.db import Error as DatabaseTrouble
from django.dispatch import Signal
from django.utils import timezone

from bbb_xblock.apps import BBBConfig
from bbb_xblock.domain import receipts
from bbb_xblock.models import ChosenName, Join, Receipt, Room
from tests.builders import ADA, BEN, COURSE, learner, teacher
from tests.callbacks import make_meeting, make_room, report
from tests.fakes.platform import Platform


@pytest.fixture
def retirement() -> Signal:
    """The platform's signal, with our receiver connected as the platform does it: by the names in the app's config."""
    signals = BBBConfig.plugin_app["signals_config"]["lms.djangoapp"]
    module = importlib.import_module(f"bbb_xblock.{signals['relative_path']}")
    signal = Signal()
    for receiver in signals["receivers"]:
        signal.connect(getattr(module, receiver["receiver_func_name"]), dispatch_uid=receiver["dispatch_uid"])
    return signal


def test_a_retired_user_is_forgotten_everywhere(platform: Platform, retirement: Signal) -> None:
    teacher(platform).click_join()
    for user in (ADA, BEN):
        learner(platform, user).click_join()
    ada, ben = (f"{user.id:032x}" for user in (ADA, BEN))
    people = [{"ext_user_id": one, "name": "Example"} for one in (ada, ben)]
    made = Join.objects.latest("pk").meeting
    receipts.keep_analytics("main", report(made.room.meeting_id, made.internal_id, data={"attendees": people}))
    Room.objects.update(present=json.dumps([ada, ben]))
    for user in (ADA, BEN):
        ChosenName.objects.create(user_id=user.id, course_key=COURSE, name="Example", chosen_at=timezone.now())
    for _ in range(2):
        retirement.send(sender=None, user=ADA, retired_username="retired")
    assert not Join.objects.filter(user_id=ADA.id).exists()
    assert Join.objects.filter(user_id=BEN.id).count() == 1
    assert Join.objects.count() == 3
    body = Receipt.objects.get().body
    assert (ada in body, ben in body) == (False, True)
    assert json.loads(Room.objects.get().present) == [ben]
    assert ChosenName.objects.get().user_id == BEN.id


def test_the_platform_is_asked_for_ids_under_which_nobody_has_joined(platform: Platform, retirement: Signal) -> None:
    platform.anonymous_ids[ADA.id] = {"f" * 32}
    make_meeting(make_room())
    people = [{"ext_user_id": one * 32, "name": "Example"} for one in "ef"]
    receipts.keep_analytics("main", report(data={"attendees": people}))
    retirement.send(sender=None, user=ADA)
    attendees = json.loads(Receipt.objects.get().body)["data"]["attendees"]
    assert [one["ext_user_id"] for one in attendees] == ["e" * 32]


def test_an_error_stops_the_retirement_so_that_it_is_tried_again(
    platform: Platform, retirement: Signal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseTrouble

    monkeypatch.setattr(Join.objects, "filter", fail)
    with pytest.raises(DatabaseTrouble):
        retirement.send(sender=None, user=ADA)


def test_without_the_platform_s_table_the_ids_of_the_joins_count(db: None, retirement: Signal) -> None:
    assert len(retirement.send(sender=None, user=ADA)) == 1
