import json
import re
from dataclasses import FrozenInstanceError, fields
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import CreateMeeting, Document, GuestPolicy, JoinMeeting, RecordingsQuery, Role, query
from bbb_xblock.bbb.params import WIRE_NAMES, clean

# Parameters of create, join and getRecordings as the BBB API docs spell them.
DOCUMENTED = re.findall(
    r"\w+",
    """
    meetingID name welcome moderatorOnlyMessage dialNumber voiceBridge maxParticipants loginURL logoutURL
    meetingEndedURL record autoStartRecording allowStartStopRecording recordFullDurationMedia notifyRecordingIsOn
    notifyRecordingAppend duration muteOnStart allowModsToUnmuteUsers requireUserConsentBeforeUnmuting
    allowModsToEjectCameras webcamsOnlyForModerator userCameraCap meetingCameraCap maxPinnedCameras
    lockSettingsDisableCam lockSettingsDisableMic lockSettingsDisablePrivateChat lockSettingsDisablePublicChat
    lockSettingsDisableNotes lockSettingsHideUserList lockSettingsLockOnJoin lockSettingsLockOnJoinConfigurable
    lockSettingsHideViewersCursor lockSettingsHideViewersAnnotation lockSettingsPresenterPolicy guestPolicy
    allowPromoteGuestToModerator meetingKeepEvents meetingLayout meetingExpireIfNoUserJoinedInMinutes
    meetingExpireWhenLastUserLeftInMinutes endWhenNoModerator endWhenNoModeratorDelayInMinutes
    learningDashboardCleanupDelayInMinutes disabledFeatures disabledFeaturesExclude allowRequestsWithoutSession
    allowOverrideClientSettingsOnCreateCall clientSettingsOverrideJsonUrl pluginManifests pluginManifestsFetchUrl
    preUploadedPresentation preUploadedPresentationName preUploadedPresentationOverrideDefault
    presentationUploadExternalUrl presentationUploadExternalDescription presentationConversionCacheEnabled
    maxNumPages multiUserWhiteboardEnabled sharedNotesEditor audioBridge cameraBridge screenShareBridge logo
    darklogo bannerText bannerColor groups fullName role userID createTime errorRedirectUrl redirect guest auth
    avatarURL webcamBackgroundURL excludeFromDashboard bot enforceLayout recordID state offset limit
    """,
)


def sent(params: CreateMeeting | JoinMeeting | RecordingsQuery) -> dict[str, str]:
    return dict(parse_qsl(query(params), keep_blank_values=True, strict_parsing=True))


def meeting(**options: Any) -> CreateMeeting:
    return CreateMeeting(meeting_id="m1", name="Physics", **options)


def test_only_what_was_given_is_sent() -> None:
    assert query(meeting()) == "meetingID=m1&name=Physics"


def test_every_option_has_its_documented_name() -> None:
    assert sorted(set(WIRE_NAMES.values())) == sorted(DOCUMENTED)


def test_the_table_of_names_has_a_line_for_each_field_and_no_other() -> None:
    options = {each.name for kind in (CreateMeeting, JoinMeeting, RecordingsQuery) for each in fields(kind)}
    assert set(WIRE_NAMES) == options - {"meta", "userdata"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"record": True}, {"record": "true"}),
        ({"record": False}, {"record": "false"}),
        ({"duration": 90}, {"duration": "90"}),
        ({"meeting_expire_when_last_user_left_in_minutes": 0}, {"meetingExpireWhenLastUserLeftInMinutes": "0"}),
        ({"guest_policy": GuestPolicy.ASK_MODERATOR}, {"guestPolicy": "ASK_MODERATOR"}),
        ({"disabled_features": ("chat", "polls")}, {"disabledFeatures": "chat,polls"}),
        ({"disabled_features": ["chat"]}, {"disabledFeatures": "chat"}),
        ({"disabled_features": ()}, {}),
        ({"welcome": ""}, {}),
        ({"welcome": " \t\r\n"}, {}),
        ({"groups": []}, {}),
        ({"meta": {"bbb-Origin": "Open edX"}}, {"meta_bbb-origin": "Open edX"}),
        ({"meta": {"a": ""}}, {"meta_a": ""}),
    ],
)
def test_values_are_written_as_the_server_reads_them(options: dict[str, Any], expected: dict[str, str]) -> None:
    assert sent(meeting(**options)) == {"meetingID": "m1", "name": "Physics"} | expected


def test_groups_are_written_as_json() -> None:
    groups = [{"id": "1", "name": "Größe", "roster": ["u-1", "u-2"]}, {"id": "2", "name": 'a "b"', "roster": []}]
    assert json.loads(sent(meeting(groups=groups))["groups"]) == groups


def test_half_of_a_surrogate_pair_in_a_group_does_not_crash() -> None:
    assert json.loads(sent(meeting(groups=[{"id": "\udcff"}]))["groups"]) == [{"id": "?"}]


def test_control_characters_and_outer_spaces_are_gone_as_they_would_be_at_the_server() -> None:
    assert sent(meeting(welcome="  Hello\r\n\tyou\x00\x7f \u00a0")) == {
        "meetingID": "m1",
        "name": "Physics",
        "welcome": "Helloyou \u00a0",
    }


def test_half_of_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert sent(meeting(welcome="a\ud800b"))["welcome"] == "a?b"


@pytest.mark.parametrize("key", ["", "a_b", "a.b", "1a", "-a", "a b", "ä", "a\n"])
def test_a_metadata_key_that_the_server_would_drop_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="Metadata keys are letters"):
        query(meeting(meta={key: "x"}))


def test_metadata_keys_that_the_server_would_merge_are_refused() -> None:
    with pytest.raises(ValueError, match="differ without case"):
        query(meeting(meta={"Origin": "x", "origin": "y"}))


def join(**options: Any) -> JoinMeeting:
    return JoinMeeting(**({"meeting_id": "m1", "full_name": "Ada Example", "role": Role.VIEWER} | options))


def test_a_join_is_written_in_the_alphabet_that_browsers_leave_alone() -> None:
    assert query(join(full_name="O'Brien (ta) ~*!")) == "meetingID=m1&fullName=O%27Brien+%28ta%29+~%2A%21&role=VIEWER"


def test_an_empty_create_time_is_left_out_because_the_server_would_refuse_it() -> None:
    assert "createTime" not in sent(join(create_time=""))
    assert sent(join(create_time="1700000000000"))["createTime"] == "1700000000000"


def test_userdata_is_sent_with_its_prefix() -> None:
    assert sent(join(userdata={"bbb_skip_check_audio": "true"}))["userdata-bbb_skip_check_audio"] == "true"


@pytest.mark.parametrize("key", ["", "a-b", "1a", "a b", "ä", "a\n"])
def test_a_userdata_key_that_the_server_would_drop_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="Userdata keys are letters"):
        query(join(userdata={key: "x"}))


def test_recordings_are_asked_for_by_lists() -> None:
    wanted = RecordingsQuery(meeting_ids=("m1", "m2"), states=("published",), limit=10, offset=0, meta={"a": "%x"})
    assert sent(wanted) == {"meetingID": "m1,m2", "state": "published", "limit": "10", "offset": "0", "meta_a": "%x"}
    assert query(RecordingsQuery()) == ""


@pytest.mark.parametrize(
    "wishes",
    [
        {"record_ids": []},
        {"meeting_ids": ()},
        {"states": []},
        {"states": ["publshed"]},
        {"states": ["published,deleted"]},
        {"record_ids": [""]},
        {"meeting_ids": ["m1,m2"]},
        {"meeting_ids": ["m1\n"]},
        {"record_ids": ["r1"], "meeting_ids": ["m1"]},
    ],
    ids=str,
)
def test_a_query_that_a_server_would_take_for_another_is_not_made(wishes: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match=r"Ids|States|Ask by"):
        RecordingsQuery(**wishes)  # type: ignore[arg-type]


def test_a_join_shows_nothing_of_the_person() -> None:
    shown = repr(
        join(
            full_name="Ada Example",
            avatar_url="https://lms.example.org/ada.png",
            logout_url="https://lms.example.org/?ticket=1",
            userdata={"name": "Ada"},
        )
    )
    assert shown == "JoinMeeting(meeting_id='m1', role=<Role.VIEWER: 'VIEWER'>)"


def test_a_meeting_shows_what_was_chosen_but_no_address_with_a_token() -> None:
    shown = repr(meeting(record=False, meeting_ended_url="https://lms.example.org/?token=1", meta={"t": "token"}))
    assert shown == "CreateMeeting(meeting_id='m1', name='Physics', record=False)"


def test_options_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        join().full_name = "Berta Sample"  # type: ignore[misc]


def test_a_document_shows_neither_its_bytes_nor_its_address() -> None:
    shown = repr(Document(content=b"%PDF-1.7", filename="a.pdf"))
    assert shown == "Document(filename='a.pdf', downloadable=False, removable=True, current=False)"
    assert "example.org" not in repr(Document(url="https://files.example.org/a.pdf?key=1"))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({}, "either a url or content"),
        ({"url": "https://files.example.org/a.pdf", "content": b"x", "filename": "a.pdf"}, "either a url or content"),
        ({"content": b"x"}, "needs a filename"),
    ],
)
def test_a_document_without_exactly_one_source_is_refused(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Document(**options)


TEXTS = st.text(st.characters(exclude_categories=[]), max_size=40)
VALUES = {
    "str | None": TEXTS,
    "bool | None": st.booleans(),
    "int | None": st.integers(),
    "GuestPolicy | None": st.sampled_from(GuestPolicy),
    "Sequence[str] | None": st.lists(st.text("abcXYZ", min_size=1)),
}
OPTIONAL = {
    each.name: VALUES[str(each.type).replace("collections.abc.", "").replace("bbb_xblock.bbb.params.", "")]
    for each in fields(CreateMeeting)
    if each.name not in {"meeting_id", "name", "groups", "plugin_manifests", "meta"}
}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else clean(str(value))


@given(
    name=TEXTS,
    options=st.fixed_dictionaries({}, optional=OPTIONAL),
    meta=st.dictionaries(st.from_regex(r"[a-z][a-z0-9-]*", fullmatch=True), TEXTS, max_size=3),
)
def test_every_option_comes_out_of_the_query_as_it_went_in(
    name: str, options: dict[str, Any], meta: dict[str, str]
) -> None:
    expected = {"meetingID": "m1", "name": _written(name)}
    expected |= {WIRE_NAMES[field]: _written(value) for field, value in options.items()}
    expected = {name: value for name, value in expected.items() if value}
    expected |= {f"meta_{key}": clean(value) for key, value in meta.items()}
    written = query(CreateMeeting(meeting_id="m1", name=name, meta=meta, **options))
    assert parse_qs(written, keep_blank_values=True) == {name: [value] for name, value in expected.items()}
    assert written.isascii()


@given(text=TEXTS)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
