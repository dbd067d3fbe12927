"""The addresses that a meeting is made with, so that BigBlueButton tells what happens in it."""

from dataclasses import replace

import pytest
from django.core import signing
from django.test import override_settings

from bbb_xblock.bbb import CreateMeeting
from bbb_xblock.domain import callbacks
from bbb_xblock.domain.callbacks import NotOurs

WANTED = CreateMeeting(meeting_id="oex-1", name="Physics", meta={"bbb-origin": "Open edX"})

pytestmark = pytest.mark.django_db


def test_a_meeting_is_made_with_the_three_addresses_of_the_lms(room):
    made = callbacks.wanting_callbacks(WANTED, room, "main")
    assert made.meeting_ended_url.startswith("https://lms.example.org/bbb/ended/")
    assert made.meta == {
        "bbb-origin": "Open edX",
        "bbb-context-room": "oex-1",
        "bbb-recording-ready-url": "https://lms.example.org/bbb/recording-ready/main/oex-1",
        "analytics-callback-url": "https://lms.example.org/bbb/analytics/main",
    }
    assert made.meeting_keep_events is True


def test_the_token_of_the_end_is_not_in_what_people_in_the_meeting_may_read(room):
    made = callbacks.wanting_callbacks(WANTED, room, "main")
    token = made.meeting_ended_url.rpartition("/")[2]
    assert len(token) > 30
    assert token not in str(made.meta) + made.name + repr(made)


@pytest.mark.parametrize("missing", [{"ROOT_URLCONF": "tests.fakes.no_urls"}, {"LMS_ROOT_URL": ""}])
def test_without_addresses_a_meeting_is_made_as_it_was_wanted(room, missing):
    with override_settings(**missing):
        made = callbacks.wanting_callbacks(WANTED, room, "main")
    assert made == replace(WANTED, meta={**WANTED.meta, "bbb-context-room": "oex-1"})


def test_a_server_whose_name_fits_in_no_address_gets_no_address():
    assert callbacks.analytics_url("a/b") == ""


READERS = {
    "ended": callbacks.read_ended,
    "recorded": callbacks.read_recorded,
    "fetched": callbacks.read_fetched,
}


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("claims", [[], ["oex-1"], ["a"] * 9, "text", {"a": 1, "b": 2}, 7, None])
def test_what_another_version_of_ours_has_signed_is_not_ours_any_more(kind, claims):
    with pytest.raises(NotOurs):
        READERS[kind](signing.dumps(claims, salt=f"bbb_xblock.callback.{kind}"))


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("token", ["", "rubbish", "a:b:c", "\ud800"])
def test_rubbish_is_not_ours(kind, token):
    with pytest.raises(NotOurs):
        READERS[kind](token)
