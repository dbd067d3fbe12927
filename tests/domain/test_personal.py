"""What is kept of one person is told whole and forgotten whole, and nothing of anybody else."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BigIntegerField
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
        said = {"meeting": meeting, "user_id": user_id, "reason": name, "made_at": now}
        Correction.objects.create(by_user_id=ADA, **said)
        Correction.objects.create(by_user_id=user_id, undone_by=ADA, undone_at=now, **said)
        Outcome.objects.create(room=room, user_id=user_id, value=0.5, told_at=now)
        Viewing.objects.create(recording=recording, user_id=user_id, format="video", viewed_at=now)
        Adoption.objects.create(
            recording=recording, room=make_room(f"oex-of-{one[0]}"), user_id=user_id, adopted_at=now
        )
    Room.objects.filter(pk=room.pk).update(present=json.dumps(sorted(IDS.values())))
    people = [{"ext_user_id": one, "name": f"Example {one}"} for one in IDS.values()]
    receipts.keep_analytics("main", report(data={"attendees": people}))


def written(user_id: int, *ids: str) -> str:
    return json.dumps(personal.kept_of(user_id, ids), cls=DjangoJSONEncoder)


def is_named(user_id: int, text: str) -> bool:
    """Look for an id as a word of its own: fractions of a second have such digits too."""
    return bool(re.search(rf"\b({user_id}|{IDS[user_id]})\b", text))


def test_everything_of_a_person_is_told_and_nothing_of_another(kept):
    told = personal.kept_of(BEN)
    assert {name: len(rows) for name, rows in told.items()} == dict.fromkeys(told, 1) | {"corrections": 2}
    assert told["presences"][0]["engagement"] == {"chats": 2}
    assert told["reports"][0]["entries"][0]["name"] == f"Example {IDS[BEN]}"
    assert not is_named(ADA, written(BEN))


def test_who_corrected_others_is_told_when_and_not_whom(kept):
    told = personal.kept_of(ADA)["corrections_made"]
    # Three were made by Ada, and one of Ben's that she undid.
    assert sorted((row["made_at"] is not None, row["undone_at"] is not None) for row in told) == [
        (False, True),
        (True, False),
        (True, False),
        (True, True),
    ]
    assert not is_named(BEN, written(ADA))


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
    assert all(personal.kept_of(BEN).values())


def texts_of(model: type) -> dict[str, str]:
    """Give all that stands in the columns of a table, column by column."""
    columns = [field for field in model._meta.concrete_fields if not field.is_relation and not field.primary_key]
    return {
        f"{model.__name__}.{each.attname}": " ".join(map(str, model.objects.values_list(each.attname, flat=True)))
        for each in columns
    }


def everything_that_is_kept() -> dict[str, str]:
    tables = map(texts_of, apps.get_app_config("bbb_xblock").get_models())
    return {column: text for table in tables for column, text in table.items()}


def columns_that_name(*words: object) -> set[str]:
    found = re.compile("|".join(rf"\b{word}\b" for word in words))
    return {column for column, text in everything_that_is_kept().items() if found.search(text)}


def test_every_column_that_may_hold_an_id_of_a_person_does_in_these_tests(kept):
    """A new column stands here before it can be forgotten: all whole numbers of this kind are ids of users."""
    models = apps.get_app_config("bbb_xblock").get_models()
    columns = [(model, field) for model in models for field in model._meta.concrete_fields]
    ids = {
        f"{model.__name__}.{field.attname}"
        for model, field in columns
        if type(field) is BigIntegerField or "anonymous" in field.attname
    }
    assert len(ids) > 10
    assert ids <= columns_that_name(ADA, IDS[ADA])


def test_no_column_of_any_table_names_somebody_who_was_forgotten(kept):
    words = (ADA, IDS[ADA], f"Example {IDS[ADA]}")
    others = columns_that_name(BEN, IDS[BEN])
    assert {"Receipt.body", "Room.present", "ChosenName.name", "Correction.undone_by"} <= columns_that_name(*words)
    retention.forget_person(ADA, {IDS[ADA]})
    assert columns_that_name(*words) == set()
    assert columns_that_name(BEN, IDS[BEN]) == others


def test_ids_that_only_the_platform_knows_are_looked_for_too(kept):
    Join.objects.all().delete()
    Presence.objects.all().delete()
    assert personal.kept_of(BEN)["sightings"] == []
    assert len(personal.kept_of(BEN, {IDS[BEN]})["sightings"]) == 1


def test_moments_are_those_of_the_rows(kept):
    moment = datetime(2026, 9, 7, tzinfo=UTC)
    Join.objects.update(joined_at=moment)
    assert personal.kept_of(BEN)["joins"][0]["joined_at"] == moment
