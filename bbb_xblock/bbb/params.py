"""What we ask of BigBlueButton: options as values, and how they are written into a query.

Sources: BBB API docs (create, join, getRecordings), and ParamsProcessorUtil of bbb-web for what it drops silently.
Left out on purpose: deprecated options, such as passwords, and those of breakout rooms.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from urllib.parse import urlencode

from bbb_xblock.bbb.ids import is_id
from bbb_xblock.bbb.recordings import RecordingState
from bbb_xblock.bbb.wirenames import WIRE_NAMES

__all__ = [
    "WIRE_NAMES",
    "CreateMeeting",
    "Document",
    "GuestPolicy",
    "JoinMeeting",
    "RecordingsQuery",
    "Role",
    "clean",
    "meta_pairs",
    "query",
]

# What java.util.regex calls \p{Cntrl}; BigBlueButton removes it from every value it receives.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Anything else after "meta_" is dropped by the server without a word.
_META_KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
# The server keeps a userdata name only if it splits into two at "-", and later uses it as the name of an XML element.
_USERDATA_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STATES = {*RecordingState, "any"}


class Role(StrEnum):
    """What a person may do in a meeting."""

    MODERATOR = "MODERATOR"
    VIEWER = "VIEWER"


class GuestPolicy(StrEnum):
    """What happens to people who join as guests."""

    ALWAYS_ACCEPT = "ALWAYS_ACCEPT"
    ALWAYS_DENY = "ALWAYS_DENY"
    ASK_MODERATOR = "ASK_MODERATOR"
    ALWAYS_ACCEPT_AUTH = "ALWAYS_ACCEPT_AUTH"


class _Options:
    """Options whose ``repr`` shows only what was given and may be seen."""

    def __repr__(self) -> str:
        shown = ((each.name, getattr(self, each.name)) for each in fields(self) if each.repr)  # type: ignore[arg-type]
        given = ", ".join(f"{name}={value!r}" for name, value in shown if value not in (None, ""))
        return f"{type(self).__name__}({given})"


@dataclass(frozen=True, kw_only=True, repr=False)
class Document(_Options):
    """A presentation for a meeting: either a ``url`` the server fetches itself, or the bytes in ``content``.

    BigBlueButton fetches only https addresses on public hosts, and takes 2 MB of inline documents by default (BBB API
    docs, pre-upload slides). ``filename`` with its ending tells it the type. Exactly one of the two sources must be
    given, and content needs a filename; otherwise ``ValueError``.
    """

    url: str = field(default="", repr=False)
    content: bytes = field(default=b"", repr=False)
    filename: str = ""
    downloadable: bool = False
    removable: bool = True
    current: bool = False

    def __post_init__(self) -> None:
        if bool(self.url) == bool(self.content):
            raise ValueError("A document needs either a url or content.")
        if self.content and not self.filename:
            raise ValueError("A document with content needs a filename.")


@dataclass(frozen=True, kw_only=True, repr=False)
class CreateMeeting(_Options):
    """Options of ``create``; ``None`` leaves the choice to the server.

    ``name`` and ``meeting_id`` are required: 2 to 64 and 2 to 256 characters, no comma in the id. Durations and delays
    are in minutes. ``meta`` holds texts that come back in getMeetingInfo and getRecordings with lower-case keys; the
    keys are letters, digits and hyphens, starting with a letter, anything else raises ``ValueError`` in :func:`query`.
    ``groups`` is a sequence of ``{"id": ..., "name": ..., "roster": [user ids]}``.
    """

    meeting_id: str
    name: str
    welcome: str | None = None
    moderator_only_message: str | None = None
    dial_number: str | None = None
    voice_bridge: int | None = None
    max_participants: int | None = None
    login_url: str | None = None
    logout_url: str | None = field(default=None, repr=False)
    meeting_ended_url: str | None = field(default=None, repr=False)
    record: bool | None = None
    auto_start_recording: bool | None = None
    allow_start_stop_recording: bool | None = None
    record_full_duration_media: bool | None = None
    notify_recording_is_on: bool | None = None
    notify_recording_append: str | None = None
    duration: int | None = None
    mute_on_start: bool | None = None
    allow_mods_to_unmute_users: bool | None = None
    require_user_consent_before_unmuting: bool | None = None
    allow_mods_to_eject_cameras: bool | None = None
    webcams_only_for_moderator: bool | None = None
    user_camera_cap: int | None = None
    meeting_camera_cap: int | None = None
    max_pinned_cameras: int | None = None
    lock_settings_disable_cam: bool | None = None
    lock_settings_disable_mic: bool | None = None
    lock_settings_disable_private_chat: bool | None = None
    lock_settings_disable_public_chat: bool | None = None
    lock_settings_disable_notes: bool | None = None
    lock_settings_hide_user_list: bool | None = None
    lock_settings_lock_on_join: bool | None = None
    lock_settings_lock_on_join_configurable: bool | None = None
    lock_settings_hide_viewers_cursor: bool | None = None
    lock_settings_hide_viewers_annotation: bool | None = None
    lock_settings_presenter_policy: str | None = None
    guest_policy: GuestPolicy | None = None
    allow_promote_guest_to_moderator: bool | None = None
    meeting_keep_events: bool | None = None
    meeting_layout: str | None = None
    meeting_expire_if_no_user_joined_in_minutes: int | None = None
    meeting_expire_when_last_user_left_in_minutes: int | None = None
    end_when_no_moderator: bool | None = None
    end_when_no_moderator_delay_in_minutes: int | None = None
    learning_dashboard_cleanup_delay_in_minutes: int | None = None
    disabled_features: Sequence[str] | None = None
    disabled_features_exclude: Sequence[str] | None = None
    allow_requests_without_session: bool | None = None
    allow_override_client_settings_on_create_call: bool | None = None
    client_settings_override_json_url: str | None = field(default=None, repr=False)
    plugin_manifests: Sequence[Mapping[str, object]] | None = field(default=None, repr=False)
    plugin_manifests_fetch_url: str | None = field(default=None, repr=False)
    pre_uploaded_presentation: str | None = field(default=None, repr=False)
    pre_uploaded_presentation_name: str | None = None
    pre_uploaded_presentation_override_default: bool | None = None
    presentation_upload_external_url: str | None = field(default=None, repr=False)
    presentation_upload_external_description: str | None = None
    presentation_conversion_cache_enabled: bool | None = None
    max_num_pages: int | None = None
    multi_user_whiteboard_enabled: bool | None = None
    shared_notes_editor: str | None = None
    audio_bridge: str | None = None
    camera_bridge: str | None = None
    screen_share_bridge: str | None = None
    logo: str | None = None
    darklogo: str | None = None
    banner_text: str | None = None
    banner_color: str | None = None
    groups: Sequence[Mapping[str, object]] | None = field(default=None, repr=False)
    meta: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True, repr=False)
class JoinMeeting(_Options):
    """Options of ``join``. ``repr`` shows neither the person's name nor anything that could tell it.

    ``create_time`` is the text from the create answer; it binds the link to that one incarnation of the meeting.
    ``guest`` should be left out for people who are no guests. The keys of ``userdata`` are letters, digits and
    underscores, anything else raises ``ValueError`` in :func:`query`.
    """

    meeting_id: str
    full_name: str = field(repr=False)
    role: Role
    user_id: str | None = None
    create_time: str | None = None
    error_redirect_url: str | None = field(default=None, repr=False)
    logout_url: str | None = field(default=None, repr=False)
    redirect: bool | None = None
    guest: bool | None = None
    auth: bool | None = None
    avatar_url: str | None = field(default=None, repr=False)
    webcam_background_url: str | None = field(default=None, repr=False)
    exclude_from_dashboard: bool | None = None
    bot: bool | None = None
    enforce_layout: str | None = None
    userdata: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True, repr=False)
class RecordingsQuery(_Options):
    """Which recordings to list: those with these ids, or those of these meetings, or all.

    Recording ids match as prefixes: to ask for certain recordings, use ``Client.get_recordings_by_id``. ``states`` is
    any of processing, processed, published, unpublished, deleted, any; published and unpublished if left out. ``meta``
    filters are all required to match and may start or end with ``%``. ``limit`` is 1 to 100 and switches paging on;
    ``offset`` counts recordings. Scalelite knows neither paging nor ``%``, and is content with one filter that matches.

    What the server would take for something else raises ``ValueError``: an empty list, which it reads as no wish, so
    that it would list everything; an id with a comma; ids of both kinds, of which BigBlueButton forgets one; a state
    that there is not, for which it would list nothing.
    """

    record_ids: Sequence[str] | None = None
    meeting_ids: Sequence[str] | None = None
    states: Sequence[str] | None = None
    offset: int | None = None
    limit: int | None = None
    meta: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        ids = [each for each in (self.record_ids, self.meeting_ids) if each is not None]
        if len(ids) > 1:
            raise ValueError("Ask by the ids of recordings or by those of meetings.")
        if not all(ids) or not all(is_id(text) for each in ids for text in each):
            raise ValueError("Ids are a list that is not empty, of texts without a comma.")
        if self.states is not None and not (self.states and set(self.states) <= _STATES):
            raise ValueError("States are a list that is not empty, of those that BigBlueButton knows, or any.")


def clean(text: str) -> str:
    """Give a text as BigBlueButton will see it: no control characters, trimmed, valid Unicode.

    Without this, BigBlueButton would work with another text than the one signed and stored here. Half of a surrogate
    pair cannot be written in UTF-8 and becomes a question mark.
    """
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8").strip(" ")


def meta_pairs(meta: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give the ``meta_`` parameters, empty texts included. Keys the server would drop or merge raise ``ValueError``."""
    if len({key.lower() for key in meta}) < len(meta) or not all(map(_META_KEY.fullmatch, meta)):
        raise ValueError("Metadata keys are letters, digits and hyphens, start with a letter and differ without case.")
    return ((f"meta_{key.lower()}", clean(value)) for key, value in meta.items())


def query(params: CreateMeeting | JoinMeeting | RecordingsQuery) -> str:
    """Write the options as a query string, ready for signing.

    Options that are ``None`` or empty are left out. The encoding is that of ``urllib.parse.urlencode``, the one form
    that browsers and requests send on unchanged.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in ((each.name, getattr(params, each.name)) for each in fields(params)):
        if name == "meta":
            pairs.extend(meta_pairs(value))
        elif name == "userdata":
            pairs.extend(_userdata_pairs(value))
        elif value is not None and (text := clean(_text(value))):
            pairs.append((WIRE_NAMES[name], text))
    return urlencode(pairs)


def _userdata_pairs(userdata: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not all(map(_USERDATA_KEY.fullmatch, userdata)):
        raise ValueError("Userdata keys are letters, digits and underscores and do not start with a digit.")
    return ((f"userdata-{key}", clean(value)) for key, value in userdata.items())


def _text(value: bool | int | str | Sequence[str] | Sequence[Mapping[str, object]]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | str):
        return str(value)
    plain = [item for item in value if isinstance(item, str)]
    return ",".join(plain) if len(plain) == len(value) else json.dumps(list(value), ensure_ascii=False)
