"""What is known of the servers, and what they sent."""

from typing import ClassVar

from django.db import models

LONGEST_FAILURE = 200
# So many tries of a receipt may end in an error, or with their worker.
MOST_TRIES = 5


class Server(models.Model):
    """What is remembered of a server by its slug: when it last failed to answer, and the sentence of that error.

    .. no_pii:
    """

    slug = models.CharField(max_length=64, unique=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=LONGEST_FAILURE, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Examination(models.Model):
    """The newest look at what serves a course, asked for by one of its authors (``domain/examinations.py``).

    ``run`` tells it from the one before; ``findings`` is JSON, a list, and grows while a worker looks. It goes a week
    after it was asked for.

    .. no_pii:
    """

    course_key = models.CharField(max_length=255, unique=True)
    run = models.CharField(max_length=32)
    asked_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    findings = models.TextField(default="[]")

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at"]

    def __str__(self) -> str:
        return f"examination {self.run}"


class Receipt(models.Model):
    """Something that BigBlueButton sent: stored first, worked on later.

    ``digest`` tells repeated deliveries of the same thing: the second is the first. One worker has it until
    ``claimed_until``; ``worked_at`` is when there was nothing left to do. It goes ``RECEIPT_DAYS`` after that
    (``domain/ages.py``). ``tries`` counts those in a row that ended in an error nobody thought of, or with their
    worker; after ``MOST_TRIES`` it is parked until somebody of staff has it worked on again.

    .. pii: Analytics hold the names and anonymous ids of those who took part.
    .. pii_types: id, name, external_service
    .. pii_retirement: local_api
    """

    class Kind(models.TextChoices):
        """What was sent."""

        MEETING_ENDED = "meeting_ended"
        MEETING_RECORDED = "meeting_recorded"
        RECORDING_READY = "recording_ready"
        ANALYTICS = "analytics"
        SLIDES_FETCHED = "slides_fetched"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    digest = models.CharField(max_length=64, unique=True)
    server = models.CharField(max_length=64, blank=True, default="")
    meeting_id = models.CharField(max_length=64, db_index=True)
    body = models.TextField(blank=True, default="")
    received_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["worked_at", "received_at"], name="bbb_receipt_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"
