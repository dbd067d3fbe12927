"""What happened, told to whoever wants to know: the log of calls, the platform's tracking log, Prometheus.

It goes one way: the domain tells, and knows no listener; ``apps.py`` brings them together. A listener that fails is
logged by Django and holds nobody up. Nothing that is told holds a name, an address or a secret.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from django.dispatch import Signal
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey

from bbb_xblock.bbb import CallReport, Role
from bbb_xblock.domain.data import Person
from bbb_xblock.domain.errors import Code
from bbb_xblock.models import Meeting, Recording, Room

calls = logging.getLogger("bbb_xblock.calls")

call_over = Signal()
"""Sent with ``report``, a :class:`CallReport`."""

happened = Signal()
"""Sent with ``happening``, a :class:`Happening`."""


class Kind(StrEnum):
    """What may happen to a session and its recordings. Outsiders rely on the values."""

    STARTED = "started"
    JOINED = "joined"
    REFUSED = "refused"
    ENDED = "ended"
    RECORDING_PUBLISHED = "recording_published"
    RECORDING_HIDDEN = "recording_hidden"
    RECORDING_DELETED = "recording_deleted"
    ATTENDANCE_CORRECTED = "attendance_corrected"
    ATTENDANCE_RESTORED = "attendance_restored"
    ATTENDANCE_REGRADED = "attendance_regraded"


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened once, with what is known of it; the rest is empty.

    ``meeting`` is BigBlueButton's internal id, which is also that of its recording, ``role`` the role of who joined,
    ``code`` why somebody was refused or a meeting ended, or as what somebody was corrected, ``people`` of how many.
    ``user_id`` is who did it.
    """

    kind: Kind
    course_key: str
    usage_key: str
    meeting: str = ""
    server: str = ""
    user_id: int | None = None
    role: str = ""
    code: str = ""
    people: int = 0


def watching(course_key: str) -> Callable[[CallReport], None]:
    """Give what a client of a course is to tell its calls to."""
    return partial(_tell_call, course_key)


def started(room: Room, meeting: Meeting) -> None:
    """Tell that a meeting was made, or found made."""
    _tell(Kind.STARTED, room, meeting)


def joined(room: Room, meeting: Meeting, person: Person, role: Role) -> None:
    """Tell that somebody was let in."""
    _tell(Kind.JOINED, room, meeting, user_id=person.user_id, role=role.value.lower())


def ended(room: Room, meeting: Meeting, why: Meeting.Ending) -> None:
    """Tell that a meeting is over."""
    _tell(Kind.ENDED, room, meeting, code=why.value)


def managed(kind: Kind, recording: Recording, person: Person) -> None:
    """Tell that a member of the course team did something with a recording; its room comes with it."""
    _send(
        Happening(
            kind=kind,
            course_key=recording.room.course_key,
            usage_key=recording.room.usage_key,
            meeting=recording.record_id,
            server=recording.server,
            user_id=person.user_id,
        )
    )


def corrected(room: Room, meeting: Meeting, person: Person, standing: str, people: int) -> None:
    """Tell that a member of the course team said how people stand in the session that began with a meeting."""
    _tell(Kind.ATTENDANCE_CORRECTED, room, meeting, user_id=person.user_id, code=standing, people=people)


def restored(room: Room, meeting: Meeting, person: Person, people: int) -> None:
    """Tell that a member of the course team took such words back."""
    _tell(Kind.ATTENDANCE_RESTORED, room, meeting, user_id=person.user_id, people=people)


def regraded(room: Room, user_id: int, people: int) -> None:
    """Tell that somebody of the course team had the grades of a room told anew, and of how many people they were."""
    _send(
        Happening(
            kind=Kind.ATTENDANCE_REGRADED,
            course_key=room.course_key,
            usage_key=room.usage_key,
            user_id=user_id,
            people=people,
        )
    )


def refused(code: Code, usage_key: str = "") -> None:
    """Tell that somebody who clicked Join was not let in."""
    try:
        course_key = str(UsageKey.from_string(usage_key).context_key)
    except InvalidKeyError:
        course_key = ""
    _send(Happening(kind=Kind.REFUSED, course_key=course_key, usage_key=usage_key, code=code.value))


def _tell(
    kind: Kind,
    room: Room,
    meeting: Meeting,
    *,
    user_id: int | None = None,
    role: str = "",
    code: str = "",
    people: int = 0,
) -> None:
    _send(
        Happening(
            kind=kind,
            course_key=room.course_key,
            usage_key=room.usage_key,
            meeting=meeting.internal_id,
            server=meeting.server,
            user_id=user_id,
            role=role,
            code=code,
            people=people,
        )
    )


def _send(happening: Happening) -> None:
    happened.send_robust(Happening, happening=happening)


def _tell_call(course_key: str, report: CallReport) -> None:
    calls.info(
        "call=%s server=%s course=%s ms=%.0f result=%s%s",
        report.call,
        report.server,
        course_key or "-",
        report.seconds * 1000,
        report.result,
        f" key={report.message_key}" if report.message_key else "",
    )
    call_over.send_robust(CallReport, report=report)
