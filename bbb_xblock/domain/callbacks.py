"""The addresses at which BigBlueButton tells what happens, and the tokens of ours in those that it calls unsigned.

(BigBlueButton API docs, create: ``meetingEndedURL`` and the callbacks among the metadata.)
"""

from dataclasses import replace
from typing import Any

from django.core import signing
from django.utils import timezone

from bbb_xblock.bbb import CreateMeeting
from bbb_xblock.domain import addresses
from bbb_xblock.domain.recordings.reading import ROOM_KEY
from bbb_xblock.models import Room

_ENDED_SALT = "bbb_xblock.callback.ended"
_RECORDED_SALT = "bbb_xblock.callback.recorded"
_FETCHED_SALT = "bbb_xblock.callback.fetched"
# A trial is over after a minute or two.
_FETCHED_SECONDS = 600


class NotOurs(Exception):
    """A callback is about no meeting of this site on that server, has no token of ours, or tells more than enough."""


class ToldAlready(Exception):
    """Somebody has just told the same, and it is worked on."""


def wanting_callbacks(wanted: CreateMeeting, room: Room, server: str) -> CreateMeeting:
    """Give the options of ``create`` with the addresses where BigBlueButton is to tell us what happens.

    The token of the end goes into an option of its own, because everybody in the meeting may read its metadata.
    """
    urls = {
        "bbb-recording-ready-url": recording_ready_url(server, room.meeting_id),
        "analytics-callback-url": analytics_url(server),
        "endCallbackUrl": recorded_url(room.meeting_id, server) if wanted.record else "",
    }
    return replace(
        wanted,
        meeting_ended_url=ended_url(room.meeting_id, server) or wanted.meeting_ended_url,
        # Without its events a meeting has no analytics (BigBlueButton, post_events_analytics_callback.rb).
        meeting_keep_events=True if urls["analytics-callback-url"] else wanted.meeting_keep_events,
        meta={**wanted.meta, ROOM_KEY: room.meeting_id, **{name: url for name, url in urls.items() if url}},
    )


def ended_url(meeting_id: str, server: str) -> str:
    """Give the address that tells the end of a meeting that is about to be made; each is good for one end.

    Like the other addresses it is empty if the LMS's address is unknown or does not lead to our views.
    """
    # The signature holds the moment: the next meeting of the room gets another token.
    return addresses.lms_address("ended", signing.dumps([meeting_id, server], salt=_ENDED_SALT))


def recorded_url(meeting_id: str, server: str) -> str:
    """Give the address that tells whether the meeting about to be made was recorded.

    Everybody in the meeting may read it, so it has a token of its own, and tells nothing else.
    """
    made_at = int(timezone.now().timestamp() * 1000)
    return addresses.lms_address("recorded", signing.dumps([meeting_id, server, made_at], salt=_RECORDED_SALT))


def recording_ready_url(server: str, meeting_id: str) -> str:
    """Give the address that tells that a recording is ready, of the room or of one of its breakout rooms.

    Those have ids of their own, and the metadata of their meeting, this address among it (bbb-web, MeetingService).
    """
    return addresses.lms_address("recording_ready", server, meeting_id)


def analytics_url(server: str) -> str:
    """Give the address that takes the analytics of a meeting."""
    return addresses.lms_address("analytics", server)


def trial_slides_url(meeting_id: str, server: str, name: str) -> str:
    """Give the address from which a server fetches the slides of a meeting that only tries it out."""
    return addresses.lms_address("trial_slides", signing.dumps([meeting_id, server], salt=_FETCHED_SALT), name)


def read_ended(token: str) -> tuple[str, str]:
    """Give meeting id and server of a meeting whose end is told. Raises :class:`NotOurs`."""
    meeting_id, server = _claims(token, _ENDED_SALT, 2)
    return meeting_id, server


def read_recorded(token: str) -> tuple[str, str, int]:
    """Give meeting id and server of a meeting that was recorded, and when it was about to be made, in milliseconds.

    Raises :class:`NotOurs`.
    """
    meeting_id, server, made_at = _claims(token, _RECORDED_SALT, 3)
    return meeting_id, server, made_at


def read_fetched(token: str) -> tuple[str, str]:
    """Give meeting id and server of a trial whose slides are fetched. Raises :class:`NotOurs`."""
    meeting_id, server = _claims(token, _FETCHED_SALT, 2, _FETCHED_SECONDS)
    return meeting_id, server


def _claims(token: str, salt: str, number: int, max_age: int | None = None) -> list[Any]:
    try:
        claims = signing.loads(token, salt=salt, max_age=max_age)
    except (signing.BadSignature, ValueError):
        # ValueError: the token is not even a text that could be signed.
        raise NotOurs from None
    if not isinstance(claims, list) or len(claims) != number:
        raise NotOurs
    return claims
