"""The main job on a real BigBlueButton server: ``BBB_TEST_URL`` and ``BBB_TEST_SECRET`` are what bbb-conf prints.

A meeting is made and ended; nothing else on the server is touched.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator

import pytest
import requests

from bbb_xblock.bbb import (
    Client,
    CreateMeeting,
    Endpoint,
    JoinMeeting,
    MeetingNotFound,
    RecordingsQuery,
    Role,
    Secret,
    api_root,
)

URL, SECRET = os.environ.get("BBB_TEST_URL", ""), os.environ.get("BBB_TEST_SECRET", "")
NAME = "O'Brien (TA) ~*! Ünï 日本"

pytestmark = pytest.mark.skipif(
    not (URL and SECRET),
    reason="Set BBB_TEST_URL and BBB_TEST_SECRET to what bbb-conf --secret prints to run this on a real server.",
)


@pytest.fixture
def client() -> Client:
    return Client(Endpoint(slug="live", url=api_root(URL), secret=Secret(SECRET)))


@pytest.fixture
def meeting(client: Client) -> Iterator[CreateMeeting]:
    params = CreateMeeting(meeting_id=f"bbb-xblock-test-{secrets.token_hex(8)}", name=NAME)
    yield params
    with contextlib.suppress(MeetingNotFound):
        client.end(params.meeting_id)


def test_the_server_knows_its_version(client):
    assert client.version().api


def test_a_meeting_is_made_found_and_made_only_once(client, meeting):
    first = client.create(meeting)
    again = client.create(meeting)
    info = client.get_meeting_info(meeting.meeting_id)
    assert not first.duplicate
    assert again.duplicate
    assert first.create_time == again.create_time == info.create_time


def test_a_person_with_a_difficult_name_is_let_in(client, meeting):
    created = client.create(meeting)
    link = client.join_url(
        JoinMeeting(
            meeting_id=meeting.meeting_id,
            full_name=NAME,
            role=Role.MODERATOR,
            user_id="test",
            create_time=created.create_time,
        )
    )
    answer = requests.get(link.reveal(), allow_redirects=False, timeout=20)
    assert answer.status_code == 302
    assert "errors=" not in answer.headers["Location"]


def test_an_unknown_meeting_is_told_apart(client):
    with pytest.raises(MeetingNotFound):
        client.get_meeting_info(f"bbb-xblock-test-{secrets.token_hex(8)}")


def test_recordings_can_be_asked_for(client, meeting):
    assert client.get_recordings(RecordingsQuery(meeting_ids=(meeting.meeting_id,))) == ()
