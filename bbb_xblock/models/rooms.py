"""Rooms, their meetings, who joined them, and under which name."""

from typing import ClassVar

from django.db import models


class Room(models.Model):
    """One room of one block and group: the newest known state of its meeting in BigBlueButton.

    ``meeting_id`` is derived (``rules.meeting_id``), never chosen. ``current`` is its meeting as long as it is believed
    to live, with so many ``participants``, ``moderators`` among them; ``present`` is JSON, a list of the anonymous ids
    of those who were in at the last question. ``asked_at`` is when a server was last asked
    about the room, ``confirmed_at`` when it last said that the meeting is there; ``trouble`` is the code of the last
    failed question. ``lease_holder`` may make the meeting until ``lease_until`` (``domain/leases.py``).
    ``recordings_due_at`` is when servers are to be asked about its recordings again, null if there is no need to
    (``domain/recordings/sweep.py``). ``grades_due_at`` is when the platform is to be told of grades and completion
    again, null if there is nothing new (``domain/attendance/due.py``).

    .. pii: The anonymous ids of those who are in the room at the moment.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    meeting_id = models.CharField(max_length=64, unique=True)
    usage_key = models.CharField(max_length=255, db_index=True)
    course_key = models.CharField(max_length=255, db_index=True)
    group = models.CharField(max_length=64, blank=True, default="")
    current = models.ForeignKey("Meeting", models.SET_NULL, null=True, blank=True, related_name="+")
    participants = models.PositiveIntegerField(default=0)
    moderators = models.PositiveIntegerField(default=0)
    present = models.TextField(blank=True, default="[]")
    asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=32, blank=True, default="")
    lease_holder = models.CharField(max_length=32, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    recordings_due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    grades_due_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["course_key", "usage_key", "group"]

    def __str__(self) -> str:
        return self.meeting_id


class Meeting(models.Model):
    """One incarnation of a room's meeting: it begins with ``create`` and ends once.

    ``internal_id`` and ``create_time`` are BigBlueButton's; the time is kept as the text that came, because it goes
    back into every join link unchanged. ``options`` is JSON: what the author and the operator had chosen.
    ``looked_at`` is when it was last looked who is in, ``look_due_at`` when a task is to look again, null if none is
    (``domain/looks.py``); ``settled_at`` is when it was last worked out who had been, ``forgotten_at`` when that was
    past its time (``domain/ages.py``): then it counts for nothing any more.
    ``is_recordable`` means that it was made with recording allowed, not that anybody recorded.

    .. no_pii:
    """

    class Ending(models.TextChoices):
        """Why a meeting ended, as far as is known."""

        CALLBACK = "callback"
        ENDED_HERE = "ended_here"
        GONE = "gone"

    room = models.ForeignKey(Room, models.CASCADE, related_name="meetings")
    internal_id = models.CharField(max_length=128, unique=True)
    create_time = models.CharField(max_length=20)
    server = models.CharField(max_length=64)
    options = models.TextField(default="{}")
    is_recordable = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=16, choices=Ending.choices, blank=True, default="")
    looked_at = models.DateTimeField(null=True, blank=True)
    look_due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["server", "started_at"], name="bbb_meeting_by_server"),
        ]

    def __str__(self) -> str:
        return self.internal_id


class Join(models.Model):
    """Somebody was let into a meeting, in the room's ``role``.

    ``is_team`` means that they were of the course team at that moment; everybody else takes part, whoever leads.
    ``ticket_id`` is that of the portable ticket, handed out at ``asked_at``, which no second join may use; both are
    null for people who came with their session. It goes after ``JOIN_DAYS`` (``domain/ages.py``). Of somebody who
    was forgotten neither id is left: the join still counts, and is nobody's.

    .. pii: The id of a user, and when and in which role that user was let into a meeting.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    # The index on meeting and person begins with the meeting, and serves both.
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="joins", db_index=False)
    user_id = models.BigIntegerField(null=True, blank=True)
    anonymous_id = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=16)
    is_team = models.BooleanField(default=False)
    ticket_id = models.CharField(max_length=32, unique=True, null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-joined_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["meeting", "anonymous_id"], name="bbb_join_of_meeting"),
            models.Index(fields=["user_id", "joined_at"], name="bbb_join_of_user"),
            models.Index(fields=["joined_at"], name="bbb_join_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.joined_at:%Y-%m-%d %H:%M}"


class ChosenName(models.Model):
    """The name that somebody chose for the rooms of one course, where the platform knows none.

    It is kept for each course, because it was compared with the names of that course's team. It goes when that user
    was let in nowhere for ``JOIN_DAYS`` (``domain/ages.py``).

    .. pii: The id of a user and the name which that user chose.
    .. pii_types: id, name
    .. pii_retirement: local_api
    """

    user_id = models.BigIntegerField()
    course_key = models.CharField(max_length=255)
    name = models.CharField(max_length=64)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user_id", "course_key"], name="bbb_xblock_one_name_in_a_course")
        ]

    def __str__(self) -> str:
        return f"name {self.pk}"
