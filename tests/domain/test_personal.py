"""What is kept of one person is told whole, and nothing of anybody else."""

import json
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from bbb_xblock.domain import personal, receipts, retention
from bbb_xblock.models import Adoption, ChosenName, Correction, Join, Outcome, Presence, Room, Sighting, Viewing
from tests.callbacks import make_meeting, make_room, report
from tests.recorded import make_recording

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ADA, BEN = 4_101, 4_102
IDS = {ADA: "a" * 32, BEN: "b" * 32}
# Which kind of what is told comes from which table.
TOLD_OF = {
    "Join": "joins",
    "ChosenName": "names",
    "Presence": "presences",
    "Sighting": "sightings",
    "Correction": "corrections",
    "Outcome": "outcomes",
    "Viewing": "viewings",
    "Adoption": "adoptions",
    "Room": "rooms",
    "Receipt": "reports",
}


@pytest.fixture
def kept():
    """Rows of every kind, of Ada and of Ben."""
    room, now = make_room(), timezone.now()
    meeting, recording = make_meeting(room), make_recording(room)
    for user_id, one in IDS.items():
        name = f"Example {one}"
        Join.objects.create(meeting=meeting, user_id=user_id, anonymous_id=one, role="VIEWER", joined_at=now)
        ChosenName.objects.create(user_id=user_id, course_key="a course", name=name, chosen_at=now)
        times = {"first_in": now, "last_out": now, "seconds": 60, "engagement": json.dumps({"chats": 2})}
        spans = json.dumps([[now.isoformat(), now.isoformat(), "r"]])
        Presence.objects.create(meeting=meeting, user_id=user_id, anonymous_id=one, spans=spans, **times)
        Sighting.objects.create(meeting=meeting, anonymous_id=one, seen_at=now, last_seen_at=now)
        Correction.objects.create(meeting=meeting, user_id=user_id, by_user_id=ADA, reason=name, made_at=now)
        Outcome.objects.create(room=room, user_id=user_id, value=0.5, told_at=now)
        Viewing.objects.create(recording=recording, user_id=user_id, format="video", viewed_at=now)
        Adoption.objects.create(recording=recording, room=make_room(one), user_id=user_id, adopted_at=now)
    Room.objects.filter(pk=room.pk).update(present=json.dumps(sorted(IDS.values())))
    people = [{"ext_user_id": one, "name": f"Example {one}"} for one in IDS.values()]
    receipts.keep_analytics("main", report(data={"attendees": people}))


def written(user_id: int, *ids: str) -> str:
    return json.dumps(personal.kept_of(user_id, ids), cls=DjangoJSONEncoder)


def test_everything_of_a_person_is_told_and_nothing_of_another(kept):
    told = personal.kept_of(BEN)
    assert {name: len(rows) for name, rows in told.items()} == dict.fromkeys(told, 1) | {"corrections_made": 0}
    assert told["presences"][0]["engagement"] == {"chats": 2}
    assert told["reports"][0]["entries"][0]["name"] == f"Example {IDS[BEN]}"
    text = written(BEN)
    assert IDS[ADA] not in text
    assert str(ADA) not in text


def test_who_corrected_others_is_told_of_that_and_not_whom(kept):
    assert len(personal.kept_of(ADA)["corrections_made"]) == 2
    assert str(BEN) not in written(ADA)
    assert IDS[BEN] not in written(ADA)


def test_each_table_with_personal_data_is_told_of(kept):
    personal_ones = {
        model.__name__ for model in apps.get_app_config("bbb_xblock").get_models() if ".. pii:" in (model.__doc__ or "")
    }
    assert personal_ones <= set(TOLD_OF)
    assert set(TOLD_OF.values()) | {"corrections_made"} == set(personal.kept_of(BEN))


def test_of_somebody_who_was_forgotten_or_never_there_nothing_is_told(kept):
    retention.forget_person(ADA)
    for user_id in (ADA, 99):
        assert not any(personal.kept_of(user_id, {IDS[ADA]}).values())
    assert all(rows for name, rows in personal.kept_of(BEN).items() if name != "corrections_made")


def test_ids_that_only_the_platform_knows_are_looked_for_too(kept):
    Join.objects.all().delete()
    Presence.objects.all().delete()
    assert personal.kept_of(BEN)["sightings"] == []
    assert len(personal.kept_of(BEN, {IDS[BEN]})["sightings"]) == 1


def test_moments_are_those_of_the_rows(kept):
    moment = datetime(2026, 9, 7, tzinfo=UTC)
    Join.objects.update(joined_at=moment)
    assert personal.kept_of(BEN)["joins"][0]["joined_at"] == moment
