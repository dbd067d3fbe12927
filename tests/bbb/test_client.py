import string
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bbb_xblock.bbb
from bbb_xblock.bbb import (
    Algorithm,
    ApiError,
    ChecksumRefused,
    Client,
    CreateMeeting,
    Document,
    Endpoint,
    JoinMeeting,
    JoinUrl,
    MeetingNotFound,
    NotXML,
    RecordingsQuery,
    ReplyError,
    Role,
    Secret,
    ServerVersion,
    TimedOut,
    TransportError,
    UnexpectedStatus,
    pool,
    verify,
)
from sandbox.simulator import Simulator
from tests.bbb.servers import ScriptedServer, http, recorded, scripted

AWKWARD = "O'Brien (TA) ~*! Ünï 日本"
MEETING = CreateMeeting(meeting_id="physics-101", name="Physics 101")


def join(**options: Any) -> JoinMeeting:
    return JoinMeeting(
        **({"meeting_id": "physics-101", "full_name": AWKWARD, "role": Role.VIEWER, "user_id": "u-1"} | options)
    )


def test_every_public_name_exists_and_is_listed_once() -> None:
    listed = bbb_xblock.bbb.__all__
    assert len(set(listed)) == len(listed)
    assert all(hasattr(bbb_xblock.bbb, name) for name in listed)


def test_making_a_client_sends_nothing(bbb: Client, simulator: Simulator) -> None:
    assert simulator.calls == []
    assert repr(bbb) == "Client(Endpoint('main'))"


def test_a_meeting_lives_from_create_to_end(bbb: Client, simulator: Simulator) -> None:
    with pytest.raises(MeetingNotFound):
        bbb.get_meeting_info("physics-101")
    created = bbb.create(MEETING)
    assert not created.duplicate and created.create_time.isdigit()
    assert bbb.create(MEETING).duplicate
    assert bbb.is_meeting_running("physics-101") is False
    simulator.add_participants("physics-101", 2)
    assert bbb.is_meeting_running("physics-101") is True
    info = bbb.get_meeting_info("physics-101")
    assert (info.running, info.participant_count, info.create_time) == (True, 2, created.create_time)
    assert [person.role for person in info.attendees] == ["VIEWER", "VIEWER"]
    assert [meeting.meeting_id for meeting in bbb.get_meetings()] == ["physics-101"]
    bbb.end("physics-101")
    simulator.advance(60)
    with pytest.raises(MeetingNotFound):
        bbb.end("physics-101")


def test_an_awkward_name_survives_signing_the_http_library_and_a_redirect(bbb: Client, simulator: Simulator) -> None:
    created = bbb.create(MEETING)
    link = bbb.join_url(join(create_time=created.create_time))
    location = f"Location: {link.reveal()}"
    with scripted([http(b"", "302 Found", location)]) as lms:
        entered = requests.get(lms.url, timeout=5)
    assert entered.ok
    (call,) = (call for call in simulator.calls if call.name == "join")
    assert (call.refused, call.params["fullName"], call.params["userID"]) == (False, AWKWARD, "u-1")
    assert bbb.get_meeting_info("physics-101").attendees[0].full_name == AWKWARD


def test_a_join_link_with_a_changed_name_is_refused(bbb: Client, simulator: Simulator) -> None:
    bbb.create(MEETING)
    link = bbb.join_url(join(full_name="Ada Example", redirect=False)).reveal()
    assert "checksumError" not in requests.get(link, timeout=5).text
    requests.get(link.replace("Ada", "Eve"), timeout=5)
    assert [call.refused for call in simulator.calls if call.name == "join"] == [False, True]


def test_a_join_link_is_made_without_a_request_and_hides_itself(bbb: Client, simulator: Simulator) -> None:
    link = bbb.join_url(join())
    assert type(link) is JoinUrl
    assert f"{link} {link!r}" == "JoinUrl(…) JoinUrl(…)"
    assert link.reveal().startswith(
        f"{simulator.url}api/join?meetingID=physics-101&fullName=O%27Brien+%28TA%29+~%2A%21"
    )
    assert simulator.calls == []


@pytest.mark.parametrize("algorithm", Algorithm)
def test_every_algorithm_is_accepted(simulator: Simulator, secret: Secret, algorithm: Algorithm) -> None:
    client = Client(Endpoint("main", simulator.url, secret, algorithm))
    assert client.get_meetings() == ()


def test_a_wrong_secret_is_told_apart(simulator: Simulator) -> None:
    with pytest.raises(ChecksumRefused) as caught:
        Client(Endpoint("main", simulator.url, Secret("swordfish"))).get_meetings()
    assert str(caught.value) == (
        "BigBlueButton refused the checksum of getMeetings: check the shared secret and the checksum algorithm"
    )


def test_the_version_needs_no_secret(simulator: Simulator) -> None:
    version = Client(Endpoint("main", simulator.url, Secret("swordfish"))).version()
    assert isinstance(version, ServerVersion) and version.api == "2.0"
    assert [(call.name, call.params) for call in simulator.calls] == [("", {})]


def test_documents_travel_with_create_and_later(bbb: Client, simulator: Simulator) -> None:
    slides = Document(content=b"%PDF-1.7", filename="a.pdf")
    bbb.create(MEETING, iter([slides]))
    bbb.insert_document("physics-101", [slides])
    assert [(call.name, call.method, call.refused) for call in simulator.calls] == [
        ("create", "POST", False),
        ("insertDocument", "POST", False),
    ]
    assert all(b'name="a.pdf"' in call.body for call in simulator.calls)


def test_slides_for_an_unknown_meeting_are_refused(bbb: Client) -> None:
    with pytest.raises(ApiError) as caught:
        bbb.insert_document("physics-101", [Document(content=b"x", filename="a.pdf")])
    assert str(caught.value).startswith("BigBlueButton refused insertDocument")


def test_recordings_are_listed_changed_published_and_deleted(bbb: Client, simulator: Simulator) -> None:
    simulator.processing_seconds = 1
    bbb.create(
        CreateMeeting(
            meeting_id="physics-101",
            name="Physics 101",
            record=True,
            auto_start_recording=True,
            allow_start_stop_recording=False,
        )
    )
    simulator.add_participants("physics-101", 1)
    simulator.advance(60)
    bbb.end("physics-101")
    simulator.advance(3600)
    wanted = RecordingsQuery(meeting_ids=["physics-101"], states=["any"])
    (recording,) = bbb.get_recordings(wanted)
    assert recording.state == "published" and recording.formats
    bbb.publish_recordings([recording.record_id], publish=False)
    assert bbb.get_recordings(wanted)[0].state == "unpublished"
    assert bbb.update_recordings([recording.record_id], {"Topic": "Waves & light"}) is True
    assert bbb.get_recordings(wanted)[0].metadata["topic"] == "Waves & light"
    bbb.delete_recordings([recording.record_id])
    assert bbb.get_recordings(RecordingsQuery(meeting_ids=["physics-101"])) == ()


@pytest.mark.parametrize("ids", [["r1"], ["r1", "r2"]])
def test_unknown_recordings_are_not_found(bbb: Client, ids: list[str]) -> None:
    for call in (
        lambda: bbb.publish_recordings(ids, publish=True),
        lambda: bbb.delete_recordings(ids),
        lambda: bbb.update_recordings(ids, {"topic": "x"}),
    ):
        with pytest.raises(MeetingNotFound):
            call()


def test_metadata_the_server_would_drop_is_not_sent(bbb: Client, simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="Metadata keys"):
        bbb.update_recordings(["r1"], {"a_b": "x"})
    assert simulator.calls == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("html_502", UnexpectedStatus),
        ("status_500", UnexpectedStatus),
        ("redirect_loop", UnexpectedStatus),
        ("cut_xml", NotXML),
        ("huge", ReplyError),
        ("bomb", NotXML),
        ("external_entity", NotXML),
        ("drip", TimedOut),
        ("slow", TimedOut),
        ("reset", TransportError),
        ("empty", NotXML),
        ("not_xml", NotXML),
        ("json", NotXML),
        ("wrong_root", NotXML),
        ("no_servers", ApiError),
    ],
)
def test_every_way_a_server_goes_wrong_has_its_error(
    simulator: Simulator, secret: Secret, fault: str, kind: type[Exception]
) -> None:
    patience = 0.2 if kind is TimedOut else 8.0
    client = Client(Endpoint("main", simulator.url, secret, read_timeout=patience, connect_timeout=0.2))
    simulator.fault("isMeetingRunning", fault, times=None)
    with pytest.raises(kind):
        client.is_meeting_running("physics-101")


def test_a_failure_with_another_status_keeps_its_key(server: ScriptedServer, client: Client) -> None:
    """Some balancers and mocks send BigBlueButton's own failures with a status of 4xx or 5xx."""
    server.play(
        http(recorded("getMeetingInfo_not_found"), "404 Not Found"),
        http(recorded("getMeetingInfo_running"), "500 Internal Server Error"),
    )
    with pytest.raises(MeetingNotFound):
        client.get_meeting_info("m1")
    with pytest.raises(UnexpectedStatus):
        client.get_meeting_info("m1")


def test_a_session_of_ones_own_is_used(server: ScriptedServer, secret: Secret) -> None:
    server.play(http(recorded("isMeetingRunning_true")))
    with pool.new_session() as session:
        session.headers["X-Own"] = "yes"
        client = Client(Endpoint("main", server.url, secret), session)
        assert client.is_meeting_running("m1") is True
    assert b"X-Own: yes" in server.requests[0]


TEXTS = st.text(st.characters(exclude_categories=[]), min_size=1, max_size=40) | st.text(string.punctuation, min_size=1)


@given(name=TEXTS)
def test_the_http_library_sends_a_signed_address_unchanged(name: str) -> None:
    client = Client(Endpoint("main", "https://bbb.example.org", Secret("swordfish")))
    signed = client.join_url(join(full_name=name)).reveal()
    prepared = requests.Request("GET", signed).prepare().url
    assert prepared == signed
    verify("join", urlsplit(signed).query, [Secret("swordfish")])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXTS, value=TEXTS)
def test_what_arrives_is_what_was_signed_byte_for_byte(
    server: ScriptedServer, secret: Secret, name: str, value: str
) -> None:
    server.scenes[:] = [http(recorded("create_success"))]
    server.requests.clear()
    params = CreateMeeting(meeting_id="m1", name=name, welcome=value, meta={"title": value})
    Client(Endpoint("main", server.url, secret)).create(params)
    path, _, raw = server.targets[0].partition("?")
    assert path == "/bigbluebutton/api/create"
    verify("create", raw, [secret])
    assert parse_qs(raw, keep_blank_values=True)["meetingID"] == ["m1"]


def test_a_name_of_nothing_but_spaces_is_left_out_as_the_server_would_trim_it_away() -> None:
    client = Client(Endpoint("main", "https://bbb.example.org", Secret("swordfish")))
    assert "fullName" not in client.join_url(join(full_name=" \n")).reveal()
