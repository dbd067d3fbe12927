"""Recordings, where they are shown, and who opened them."""

from typing import ClassVar

from django.db import models

from bbb_xblock.models.rooms import Room


class Recordings(models.QuerySet["Recording"]):
    """Recordings, found by the room that shows them."""

    def shown_in(self, room_pk: int) -> "Recordings":
        """Give what a room shows: its own, and what it adopted from other rooms. One query now, one when it is read."""
        # Asked first: as one question with the other it would keep databases from using their indexes.
        adopted = list(Adoption.objects.filter(room=room_pk).order_by().values_list("recording_id", flat=True))
        return self.filter(models.Q(room=room_pk) | models.Q(pk__in=adopted) if adopted else models.Q(room=room_pk))


class Recording(models.Model):
    """One recording of one meeting: what its server last said of it, and what the course team made of it.

    It belongs to the room where it was made, and outlives the component there; other rooms show it by an
    :class:`Adoption`. ``record_id`` is BigBlueButton's, and the internal id of its meeting. ``since`` is when the state
    began. ``formats`` is JSON, a list of ``{"type", "url", "minutes", "size"}``, the size in bytes, 0 if unknown; their
    addresses are for those who may watch, at the moment they do, and for nobody else. ``is_protected`` is null where
    the server does not say; of a protected one no address is kept, because each works once. ``name`` is the server's;
    ``title`` and ``description`` are the course team's, and empty until somebody writes them. ``asked_at`` is when its
    server was last asked about it, ``seen_at`` when it last named it. ``changed_at`` is when what people see of it last
    changed, null if it never did. ``keep_days`` are those of the author's when it was made, 0 for ever.

    .. no_pii:
    """

    class State(models.TextChoices):
        """How far it is. Whether people may see it is another matter."""

        EXPECTED = "expected"
        PROCESSING = "processing"
        READY = "ready"
        DELETED = "deleted"
        GONE = "gone"

    class Audience(models.TextChoices):
        """Who may see this recording, of those who may see the room's recordings at all."""

        EVERYBODY = "everybody"
        THERE = "there"
        MODERATORS = "moderators"
        NOBODY = "nobody"

    room = models.ForeignKey(Room, models.PROTECT, related_name="recordings", db_index=False)
    server = models.CharField(max_length=64)
    record_id = models.CharField(max_length=128)
    state = models.CharField(max_length=16, choices=State.choices, default=State.EXPECTED)
    since = models.DateTimeField()
    is_published = models.BooleanField(default=False)
    is_protected = models.BooleanField(null=True, blank=True)
    is_breakout = models.BooleanField(default=False)
    audience = models.CharField(max_length=16, choices=Audience.choices, default=Audience.EVERYBODY)
    name = models.CharField(max_length=255, blank=True, default="")
    title = models.CharField(max_length=255, blank=True, default="")
    description = models.TextField(blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    participants = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    formats = models.TextField(default="[]")
    views = models.PositiveIntegerField(default=0)
    keep_days = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    # What a server is still at work on, or is about to begin.
    AWAITED: ClassVar = (State.EXPECTED, State.PROCESSING)
    # What nobody will be able to watch (any more).
    LOST: ClassVar = (State.DELETED, State.GONE)

    objects = Recordings.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["record_id", "server"], name="bbb_xblock_one_recording")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["room", "-started_at"], name="bbb_recording_of_room"),
            models.Index(fields=["state", "keep_days"], name="bbb_recording_to_keep"),
        ]

    def __str__(self) -> str:
        return f"recording {self.pk}"


class Adoption(models.Model):
    """Another room shows a recording: that of a deleted component, or of an earlier run of the course.

    .. pii: The id of the member of the course team who chose so, and when.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="adoptions", db_index=False)
    room = models.ForeignKey(Room, models.CASCADE, related_name="adoptions")
    user_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    adopted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-adopted_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["recording", "room"], name="bbb_xblock_one_adoption")
        ]

    def __str__(self) -> str:
        return f"recording {self.recording_id} in room {self.room_id}"


class Viewing(models.Model):
    """Somebody opened a recording, in one of its formats.

    .. pii: The id of a user, and when that user opened which recording.
    .. pii_types: id
    .. pii_retirement: local_api
    """

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="viewings", db_index=False)
    user_id = models.BigIntegerField(null=True, blank=True)
    format = models.CharField(max_length=32)
    viewed_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-viewed_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["recording", "user_id"], name="bbb_viewing_of_recording"),
            models.Index(fields=["user_id", "viewed_at"], name="bbb_viewing_of_user"),
        ]

    def __str__(self) -> str:
        return f"viewing {self.pk}"
