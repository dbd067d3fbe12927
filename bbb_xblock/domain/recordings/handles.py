"""By what the course team holds a recording: what it sees of one beside what everybody sees."""

from dataclasses import dataclass, field

from bbb_xblock.domain import rooms
from bbb_xblock.domain.data import Placement
from bbb_xblock.models import Recording


@dataclass(frozen=True, kw_only=True)
class Handles:
    """What the course team sees of a recording beside what everybody sees: what it can be changed from.

    ``title`` and ``description`` are the team's own, ``size`` is in bytes, 0 if unknown. ``is_protected`` is None where
    its server knows no protection. ``from_course`` is the course of an adopted recording, empty for all others.
    """

    is_ready: bool
    is_published: bool
    is_protected: bool | None
    audience: str
    title: str = field(repr=False)
    description: str = field(repr=False)
    size: int
    is_adopted: bool
    from_course: str


def handles_of(recording: Recording, placement: Placement) -> Handles:
    """Give the handles of a recording that the room at ``placement`` shows. Its own room has to be read already."""
    room = recording.room
    return Handles(
        is_ready=recording.state == Recording.State.READY,
        is_published=recording.is_published,
        is_protected=recording.is_protected,
        audience=recording.audience,
        title=recording.title,
        description=recording.description,
        size=recording.size,
        is_adopted=room.meeting_id != rooms.meeting_id(placement),
        from_course=room.course_key if room.course_key != placement.course_key else "",
    )
