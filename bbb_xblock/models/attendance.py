"""Who was in which meeting, and when."""

from typing import ClassVar

from django.db import models

from bbb_xblock.models.rooms import Meeting, Room


class Sighting(models.Model):
    """Somebody was seen in a meeting, by one look after another from ``seen_at`` to ``last_seen_at``.

    ``missed_at`` is the first look that did not see them any more, null as long as they are seen. Sightings go
    some days after the meeting was settled, its presence (:class:`Presence`) after ``ATTENDANCE_DAYS``
    (``domain/ages.py``).

    .. pii: The anonymous id of somebody, and when they were seen in a meeting.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sightings", db_index=False)
    anonymous_id = models.CharField(max_length=64, db_index=True)
    seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    missed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["seen_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["meeting", "missed_at"], name="bbb_sighting_open"),
        ]

    def __str__(self) -> str:
        return f"sighting {self.pk}"


class Presence(models.Model):
    """Somebody was in a meeting: what follows from joins, sightings and analytics (``domain/attendance/``).

    ``is_team`` means that they were of the course team; everybody else takes part. ``led`` means that they came in as a
    moderator, as the author may allow anybody to. ``spans`` is JSON, a list of ``[begin, end, sources]``: moments in
    ISO 8601 and the initials of the sources; ``seconds`` is their sum. ``engagement`` is JSON, what they did there, and
    empty where the server does not tell.

    .. pii: The ids of somebody, when they were in a meeting and how much they took part.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="presences", db_index=False)
    user_id = models.BigIntegerField(db_index=True)
    anonymous_id = models.CharField(max_length=64)
    is_team = models.BooleanField(default=False)
    led = models.BooleanField(default=False)
    first_in = models.DateTimeField()
    last_out = models.DateTimeField(db_index=True)
    seconds = models.PositiveIntegerField()
    spans = models.TextField(default="[]")
    engagement = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["first_in"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "user_id"], name="bbb_xblock_one_presence")
        ]

    def __str__(self) -> str:
        return f"presence {self.pk}"


class Correction(models.Model):
    """Somebody of the course team said how a person stands in a session.

    It belongs to the meeting with which the session began. The newest that was not undone counts; none is ever changed
    or written over. ``by_user_id`` said it, ``undone_by`` took it back, both null where that person was forgotten.

    .. pii: The ids of a user, and of those who corrected how that user stands; the reason may tell of the user's life.
    .. pii_types: id, other
    .. pii_retirement: local_api
    """

    class Standing(models.TextChoices):
        """How somebody stands (``domain/attendance/credit.py``)."""

        PRESENT = "present"
        PARTLY = "partly"
        ABSENT = "absent"
        EXCUSED = "excused"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="corrections", db_index=False)
    user_id = models.BigIntegerField(db_index=True)
    standing = models.CharField(max_length=16, choices=Standing.choices)
    reason = models.CharField(max_length=255, blank=True, default="")
    by_user_id = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField(db_index=True)
    undone_by = models.BigIntegerField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["meeting", "user_id"], name="bbb_correction_of_meeting"),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class Outcome(models.Model):
    """What the platform was told of somebody in a room's block: the grade, and that the block is complete.

    ``value`` is from 0 to 1, null as long as no grade was told. Where it ``is_overridden``, a teacher wrote it by a
    tool of the platform, and attendance does not change it (``domain/attendance/outcomes.py``). ``since`` is when the
    first session began from which the value was worked out, null where that is not known; ``is_partly_forgotten`` means
    that attendance from which it was worked out went by its age (``domain/attendance/forgetting.py``). It goes itself
    ``ATTENDANCE_DAYS`` after it was told last, and not before that person's attendance (``domain/ages.py``).

    .. pii: The id of a user, and which grade and completion the platform was told.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="outcomes", db_index=False)
    user_id = models.BigIntegerField(db_index=True)
    value = models.FloatField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    is_overridden = models.BooleanField(default=False)
    is_partly_forgotten = models.BooleanField(default=False)
    is_complete = models.BooleanField(default=False)
    told_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-told_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["room", "user_id"], name="bbb_xblock_one_outcome")
        ]

    def __str__(self) -> str:
        return f"outcome {self.pk}"
