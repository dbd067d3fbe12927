"""The notice to everybody in a course that a recording is ready, sent by a worker."""

import logging

from django.utils import translation

from bbb_xblock.domain import meetings
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.domain.recordings import telling
from bbb_xblock.edx import courses
from bbb_xblock.edx import notices as platform
from bbb_xblock.fields import authored_options
from bbb_xblock.models import Recording
from bbb_xblock.options.choices import SessionKind, ShownRecordings
from bbb_xblock.words import recordings as words_of_recordings

log = logging.getLogger(__name__)


def send_due() -> None:
    """Tell of every recording that is due."""
    for recording in telling.due():
        if not _send(recording):
            log.info("recording %s is ready, and nobody is told", recording.pk)


def _send(recording: Recording) -> bool:
    """Tell of one recording, if learners find it on the course page; false if nobody was told."""
    try:
        placement = courses.placement_at(recording.room.usage_key)
        block = courses.stored_block(placement)
    except (Refusal, ImportError):
        return False
    options = meetings.options_of(placement, authored_options(block))
    is_shown = options.kind is not SessionKind.ROOM and options.shown_recordings is not ShownRecordings.NEVER
    # A room of a group is not everybody's.
    if not is_shown or recording.room.group or not platform.is_for_all(block):
        return False
    return platform.send(placement, words_of_recordings.notice(options.title, translation))
