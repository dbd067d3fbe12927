"""What the tests of the admin share: somebody who may see everything, and a site that was used."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bbb_xblock.doctor import for_authors
from bbb_xblock.domain import examinations
from bbb_xblock.models import (
    Adoption,
    Correction,
    Meeting,
    Outcome,
    Presence,
    Receipt,
    Room,
    Sighting,
    Viewing,
)
from tests.admin.pages import signed_in
from tests.builders import ADA, COURSE, THEA, learner, teacher
from tests.callbacks import report
from tests.recorded import make_recording

PRIVATE = "Grades of somebody"


@pytest.fixture
def root(db) -> Client:
    return signed_in(is_superuser=True)


@pytest.fixture(autouse=True)
def nobody_waits_for_calls_back(monkeypatch):
    """No LMS runs here that could be called."""
    monkeypatch.setattr(for_authors, "CALLBACK_PATIENCE", 0.01)


@pytest.fixture
def lived(platform, simulator):
    """A site that was used: a room with a meeting and two people in it, a failure, something that was sent."""
    platform.enrolled.add(ADA.id)
    teacher(platform).click_join()
    learner(platform).click_join()
    room = Room.objects.get()
    simulator.add_participants(room.meeting_id, 2)
    Room.objects.update(asked_at=None)
    learner(platform).status()
    simulator.fault("getMeetingInfo", "html_502")
    learner(platform, block_id="other").click_join()
    internal = Meeting.objects.get().internal_id
    body = report(room.meeting_id, internal).decode()
    Receipt.objects.create(
        kind="analytics",
        digest="a" * 64,
        server="main",
        meeting_id=room.meeting_id,
        body=body,
        received_at=timezone.now(),
        worked_at=timezone.now(),
    )
    for_authors.examine(COURSE, examinations.ask(COURSE))
    recording = make_recording(room, record_id=internal, title=PRIVATE, name=PRIVATE, description=PRIVATE)
    other = Room.objects.exclude(pk=room.pk).get()
    Adoption.objects.create(recording=recording, room=other, user_id=THEA.id, adopted_at=timezone.now())
    Viewing.objects.create(recording=recording, user_id=ADA.id, format="video", viewed_at=timezone.now())
    attend(Meeting.objects.get())
    return room


def attend(meeting: Meeting) -> None:
    """Ada was there for 40 minutes; Thea said that she was ill, and then that she was not; the platform was told."""
    now, anonymous_id = timezone.now(), f"{ADA.id:032x}"
    began = now - timedelta(minutes=40)
    spans = json.dumps([[began.isoformat(), now.isoformat(), "jl"]])
    times = {"first_in": began, "last_out": now, "seconds": 2400, "spans": spans}
    Presence.objects.create(
        meeting=meeting, user_id=ADA.id, anonymous_id=anonymous_id, engagement=json.dumps({"chats": 2}), **times
    )
    Sighting.objects.create(meeting=meeting, anonymous_id=anonymous_id, seen_at=began, last_seen_at=now)
    said = {"meeting": meeting, "user_id": ADA.id, "standing": "excused", "reason": PRIVATE, "by_user_id": THEA.id}
    Correction.objects.create(**said, made_at=now, undone_at=now, undone_by=THEA.id)
    Outcome.objects.create(room=meeting.room, user_id=ADA.id, value=0.5, is_complete=True, told_at=now)
