"""A meeting made to try a server out: nobody joins it, and it tells its end as every meeting does."""

import secrets
from datetime import timedelta

from django.utils import timezone

from bbb_xblock import config
from bbb_xblock.bbb import CreateMeeting, Document
from bbb_xblock.domain import callbacks, rules, slides
from bbb_xblock.models import Receipt

# Long enough for the last of BigBlueButton's repeats, and for whoever wants to look into the table.
_KEPT = timedelta(days=1)
_SLIDES_NAME = "slides.txt"
# What a server gets that fetches them.
SLIDES = b"This page was fetched by BigBlueButton.\n"


def new_id() -> str:
    """Give the id of a meeting that has never been."""
    return rules.trial_id(secrets.token_hex(16))


def options(server: str) -> CreateMeeting:
    """Give the options of a new trial. It ends by itself if nobody ends it, and asks for a call back if that can be."""
    meeting_id = new_id()
    return CreateMeeting(
        meeting_id=meeting_id,
        name="Connection test",
        record=False,
        meeting_ended_url=callbacks.ended_url(meeting_id, server) or None,
        meeting_expire_if_no_user_joined_in_minutes=1,
    )


def documents(meeting_id: str, server: str) -> tuple[Document, ...]:
    """Give the slides of a trial, for the server to fetch; none where slides do not go that way."""
    url = callbacks.trial_slides_url(meeting_id, server, _SLIDES_NAME)
    way = config.for_site().knobs.slides_way
    return (Document(url=url, filename=_SLIDES_NAME),) if slides.goes_by_address(url, way) else ()


def has_fetched_its_slides(meeting_id: str) -> bool:
    """Say whether the server fetched the slides of a trial from us."""
    return Receipt.objects.filter(kind=Receipt.Kind.SLIDES_FETCHED, meeting_id=meeting_id).exists()


def has_told_its_end(meeting_id: str) -> bool:
    """Say whether the end of a trial reached us."""
    return Receipt.objects.filter(kind=Receipt.Kind.MEETING_ENDED, meeting_id=meeting_id).exists()


def clear_away() -> None:
    """Drop what earlier trials left behind."""
    old = Receipt.objects.filter(received_at__lt=timezone.now() - _KEPT)
    old.filter(meeting_id__startswith=rules.trial_id("")).delete()
