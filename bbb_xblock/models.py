"""What the site remembers of its rooms.

Rows hold keys, ids and counts. Nothing in here can open a room: no secret, no join link, no password.
"""

from typing import ClassVar

from django.db import models


class Room(models.Model):
    """One room of one block: the newest known state of its meeting in BigBlueButton.

    ``meeting_id`` is derived (``rules.meeting_id``), never chosen. ``create_time`` is BigBlueButton's, kept as the
    text that came, because it goes back into every join link unchanged; empty means that no meeting is known.
    ``asked_at`` is when the server was last asked about the room, ``confirmed_at`` when it last said that the meeting
    is there.

    .. no_pii:
    """

    meeting_id = models.CharField(max_length=64, unique=True)
    usage_key = models.CharField(max_length=255, db_index=True)
    course_key = models.CharField(max_length=255, db_index=True)
    group = models.CharField(max_length=64, blank=True, default="")
    server = models.CharField(max_length=64, blank=True, default="")
    internal_meeting_id = models.CharField(max_length=128, blank=True, default="")
    create_time = models.CharField(max_length=20, blank=True, default="")
    participants = models.PositiveIntegerField(default=0)
    moderators = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        """Readable order in lists."""

        ordering: ClassVar[list[str]] = ["course_key", "usage_key", "group"]

    def __str__(self) -> str:
        return self.meeting_id
