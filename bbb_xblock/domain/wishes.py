"""What a session asks of BigBlueButton: options, turned into the parameters of ``create`` and ``join``. Pure.

What nobody chose is left to the server, except where its own default could surprise: recording, muting, guests.
"""

import html
import math
import re
from datetime import datetime
from urllib.parse import quote_plus

from bbb_xblock.bbb import CreateMeeting, GuestPolicy, JoinMeeting
from bbb_xblock.domain.data import Entrant, Visit
from bbb_xblock.domain.naming import NAME_LENGTHS
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import WaitingRoom
from bbb_xblock.options.texts import clean_line

# Everything travels in one address, and web servers refuse those beyond about 8 kB. Bytes, once encoded: of both texts
# together, and of the message for moderators alone.
TEXTS_ENCODED_LENGTH = 3000
MODERATOR_MESSAGE_ENCODED_LENGTH = 1000

_GUEST_POLICIES = {
    WaitingRoom.NOBODY: GuestPolicy.ALWAYS_ACCEPT,
    WaitingRoom.GUESTS: GuestPolicy.ALWAYS_ACCEPT_AUTH,
    # Everybody but moderators waits who is not marked as known, and we mark nobody (bbb-web, Meeting.calcGuestStatus).
    WaitingRoom.EVERYBODY: GuestPolicy.ASK_MODERATOR,
}


def create_meeting(
    options: SessionOptions, *, meeting_id: str, course_key: str, back_url: str, now: datetime, note: str = ""
) -> CreateMeeting:
    """Say how the meeting is to be made. It ends when the session closes, or earlier if its duration is bounded.

    ``note`` is for moderators, after the author's message to them.
    """
    said = text_as_html(options.moderator_message, MODERATOR_MESSAGE_ENCODED_LENGTH)
    to_moderators = "<br>".join(filter(None, (said, text_as_html(note, MODERATOR_MESSAGE_ENCODED_LENGTH))))
    to_all = text_as_html(options.welcome, TEXTS_ENCODED_LENGTH - len(quote_plus(to_moderators)))
    return CreateMeeting(
        meeting_id=meeting_id,
        name=meeting_name(options.title),
        welcome=to_all or None,
        moderator_only_message=to_moderators or None,
        max_participants=options.max_participants or None,
        duration=minutes_left(options, now) or None,
        logout_url=back_url or None,
        guest_policy=_GUEST_POLICIES[options.waiting_room],
        record=options.record,
        auto_start_recording=options.record_at_once or None,
        allow_start_stop_recording=False if options.hide_record_button else None,
        record_full_duration_media=options.record_everything or None,
        notify_recording_is_on=options.announce_recording or None,
        mute_on_start=options.mute_on_start,
        allow_mods_to_unmute_users=options.moderators_unmute or None,
        webcams_only_for_moderator=options.cameras_for_moderators or None,
        user_camera_cap=options.cameras_per_person or None,
        meeting_camera_cap=options.cameras_in_room or None,
        lock_settings_disable_cam=options.lock_camera or None,
        lock_settings_disable_mic=options.lock_microphone or None,
        lock_settings_disable_private_chat=options.lock_private_chat or None,
        lock_settings_disable_public_chat=options.lock_public_chat or None,
        lock_settings_disable_notes=options.lock_notes or None,
        lock_settings_hide_user_list=options.hide_people or None,
        lock_settings_hide_viewers_cursor=options.hide_cursors or None,
        lock_settings_hide_viewers_annotation=options.hide_annotations or None,
        disabled_features=options.features_off or None,
        meeting_layout=options.layout or None,
        logo=options.logo or None,
        banner_text=options.banner_text or None,
        banner_color=options.banner_color or None,
        meta={"bbb-origin": "Open edX", "bbb-context-id": course_key},
    )


def join_meeting(visit: Visit, entrant: Entrant, *, meeting_id: str, create_time: str) -> JoinMeeting:
    """Say how somebody is to be let in."""
    options, back_url = visit.options, visit.own_back_url or visit.back_url or None
    return JoinMeeting(
        meeting_id=meeting_id,
        full_name=entrant.name,
        role=entrant.role,
        user_id=entrant.person.anonymous_id,
        create_time=create_time,
        error_redirect_url=back_url,
        logout_url=back_url,
        enforce_layout=options.layout.value if options.keep_layout else None,
        userdata=_userdata(options, visit.language),
    )


def minutes_left(options: SessionOptions, now: datetime) -> int:
    """Say after how many minutes a meeting made now has to end; 0 if it need not."""
    limits = [options.duration_minutes] if options.duration_minutes else []
    if options.closes_at:
        limits.append(max(1, math.ceil((options.closes_at - now).total_seconds() / 60)))
    return min(limits, default=0)


def meeting_name(title: str) -> str:
    """Give the room's name in BigBlueButton's limits; a single character is put into quotation marks."""
    shortest, longest = NAME_LENGTHS
    name = clean_line(title, longest)
    return name if len(name) >= shortest else f"“{name}”"


def text_as_html(text: str, encoded_length: int) -> str:
    """Turn plain text into the little HTML that BigBlueButton shows in its chat.

    It is cut where it would be longer than so many bytes in an address.
    """
    cleaned = "\n".join(clean_line(line, encoded_length) for line in text.splitlines()).strip()
    kept, length = [], len(quote_plus("…"))
    for character in cleaned:
        piece = "<br>" if character == "\n" else html.escape(character)
        length += len(quote_plus(piece))
        if length > encoded_length:
            kept.append("…")
            break
        kept.append(piece)
    return "".join(kept)


def _userdata(options: SessionOptions, language: str) -> dict[str, str]:
    """Give the wishes to the room's page (BigBlueButton docs, customize, passing custom parameters on join)."""
    wishes = {
        "bbb_skip_check_audio": "true" if options.skip_audio_check else "",
        "bbb_listen_only_mode": "false" if options.no_listen_only else "",
        "bbb_override_default_locale": _locale(language) if options.own_language else "",
    }
    return {name: value for name, value in wishes.items() if value}


def _locale(language: str) -> str:
    """Write a language as BigBlueButton does (``pt-BR``); empty for one with a script, whose name it does not know."""
    match = re.fullmatch(r"([a-z]{2,3})(?:[-_]([a-z]{2}|\d{3}))?", language.lower())
    if not match:
        return ""
    base, region = match.groups()
    return f"{base}-{region.upper()}" if region else base
