"""The platform's notice that a recording is ready."""

import sys
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

import pytest
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock import notices
from bbb_xblock.domain.recordings import telling
from bbb_xblock.models import Recording
from tests.builders import COURSE, learner
from tests.recorded import make_recording


class Data:
    """Takes what openedx-events' ``CourseNotificationData`` takes."""

    def __init__(
        self, *, course_key, app_name, notification_type, content_url, content_context, audience_filters
    ) -> None:
        self.course_key, self.kind = str(course_key), (app_name, notification_type)
        self.url, self.context, self.audience = content_url, content_context, audience_filters


@pytest.fixture
def sent(platform, namespace, settings):
    """What the platform was asked to tell, with the notices switched on."""
    namespace["RECORDING_NEWS"] = True
    platform.subsection_start = timezone.now() - timedelta(days=1)
    settings.LMS_ROOT_URL = "https://lms.example.org"
    told: list[Data] = []
    data, signals = ModuleType("openedx_events.learning.data"), ModuleType("openedx_events.learning.signals")
    data.CourseNotificationData = Data
    signals.COURSE_NOTIFICATION_REQUESTED = SimpleNamespace(
        send_event=lambda *, course_notification_data: told.append(course_notification_data)
    )
    parents = {name: ModuleType(name) for name in ("openedx_events", "openedx_events.learning")}
    with patch.dict(sys.modules, {**parents, data.__name__: data, signals.__name__: signals}):
        yield told


def ready(platform, fields=None, **columns):
    """Make a recording that has just become ready, in a published component."""
    desk = learner(platform, fields={"display_name": "Seminar <b>&</b> more"} | (fields or {}))
    return make_recording(desk.room(), **columns)


def test_everybody_in_the_course_is_told_once_and_led_to_the_unit(platform, sent):
    recording = ready(platform)
    for _ in range(3):
        notices.send_due()
    (told,) = sent
    assert (told.course_key, told.kind, told.audience) == (COURSE, ("updates", "course_updates"), {})
    assert told.context["course_update_content"] == "The recording of Seminar b/b more is ready."
    assert told.context["course_name"] == "Physics"
    assert told.url.startswith("https://lms.example.org/courses/")
    assert "/jump_to/" in told.url
    recording.refresh_from_db()
    assert recording.told_at is not None


def test_of_many_in_one_room_at_once_people_are_told_once(platform, sent):
    with freeze_time() as clock:
        for _ in range(30):
            ready(platform)
        for _ in range(3):
            notices.send_due()
        assert len(sent) == 1
        clock.tick(telling.QUIET + timedelta(minutes=1))
        ready(platform)
        notices.send_due()
        assert len(sent) == 2


def test_courses_that_want_no_news_do_not_stand_in_the_way_of_one_that_does(platform, sent, namespace):
    namespace |= {"RECORDING_NEWS": False, "COURSES": {COURSE: {"RECORDING_NEWS": True}}}
    for number in range(25):
        other = learner(platform, course="course-v1:ExampleX+Music+2026", block_id=f"room-{number}")
        make_recording(other.room())
    ready(platform)
    for _ in range(2):
        notices.send_due()
    assert len(sent) == 1


def test_nobody_is_told_unless_the_operator_wants_it(platform, sent, namespace):
    namespace["RECORDING_NEWS"] = False
    recording = ready(platform)
    notices.send_due()
    assert not sent
    recording.refresh_from_db()
    assert recording.told_at is None


@pytest.mark.parametrize(
    "columns",
    [
        {"state": Recording.State.PROCESSING},
        {"is_published": False},
        {"audience": Recording.Audience.THERE},
        {"audience": Recording.Audience.NOBODY},
        {"is_breakout": True},
        {"days_ago": 2},
        {"started_at": timezone.now() - timedelta(days=60)},
    ],
)
def test_nobody_is_told_of_what_is_not_for_all_or_not_new(platform, sent, columns):
    ready(platform, **columns)
    notices.send_due()
    assert not sent


@pytest.mark.parametrize("fields", [{"kind": "room"}, {"shown_recordings": "never"}])
def test_nobody_is_told_of_what_the_author_does_not_show(platform, sent, fields):
    ready(platform, fields=fields)
    notices.send_due()
    assert not sent


@pytest.mark.parametrize(
    ("name", "value"),
    [("visible_to_staff_only", True), ("group_access", {50: [1]}), ("merged_group_access", {50: [1]})],
)
def test_nobody_is_told_where_not_everybody_may_look(platform, sent, name, value):
    ready(platform)
    (block,) = platform.published.values()
    setattr(block, name, value)
    notices.send_due()
    assert not sent


def test_nobody_is_told_before_the_subsection_opens(platform, sent):
    platform.subsection_start = timezone.now() + timedelta(days=1)
    ready(platform)
    notices.send_due()
    assert not sent


def test_a_component_that_is_gone_or_a_platform_without_notices_is_no_error(platform, sent):
    ready(platform)
    with patch.dict(sys.modules, {"openedx_events.learning.signals": None}):
        notices.send_due()
    ready(platform)
    platform.published.clear()
    notices.send_due()
    assert not sent


def test_of_two_workers_one_tells(platform, sent):
    for block_id in ("room", "other"):
        make_recording(learner(platform, block_id=block_id).room())
    mine, theirs = telling.due(), telling.due()
    first = next(mine)
    (second,) = theirs
    assert {first, second} == set(Recording.objects.all())
    assert list(mine) == []
