"""What a member of the course team may touch: the recordings that this room shows, and no others.

Ids come from the browser and are believed in nothing: they only choose among those.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bbb_xblock.domain import rooms, rules
from bbb_xblock.domain.data import Person, Visit
from bbb_xblock.models import Recording


class Elsewhere(Protocol):
    """What the platform says of other courses and blocks; where it cannot be asked, the answer that gives nothing."""

    def leads(self, course_key: str) -> bool:
        """Say whether the person is in the course team of that course."""

    def blocks_left(self, course_key: str, usage_keys: Collection[str]) -> set[str]:
        """Give those of a course's blocks that still exist."""


class Trouble(StrEnum):
    """Why something was not done with one recording. Scripts rely on the values."""

    NOT_HERE = "not_here"
    NOT_YOURS = "not_yours"
    NOT_READY = "not_ready"
    GONE = "gone"
    CANNOT = "cannot"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    NO_SERVER = "no_server"


@dataclass(kw_only=True)
class Outcome:
    """What became of it: the keys of the rows for which it is so now, and why it is not for the others."""

    done: list[int] = field(default_factory=list)
    troubles: dict[int, Trouble] = field(default_factory=dict)

    def fail(self, recordings: Iterable[Recording], trouble: Trouble) -> None:
        """Note the same trouble for several."""
        self.troubles |= {recording.pk: trouble for recording in recordings}


def member(visit: Visit) -> Person:
    """Give the person, who is in the course team. Raises :class:`Refusal` for all others."""
    return rules.check_member(visit.person, visit.access)


def chosen(visit: Visit, ids: Sequence[int], outcome: Outcome) -> list[Recording]:
    """Give those of the recordings that this room shows, its own and adopted ones; of the rest the outcome tells."""
    room = rooms.known(visit.placement)
    rows = Recording.objects.shown_in(room.pk).filter(pk__in=ids).select_related("room") if room else ()
    found = {recording.pk: recording for recording in rows}
    outcome.troubles |= {pk: Trouble.NOT_HERE for pk in ids if pk not in found}
    return [found[pk] for pk in ids if pk in found]


def changeable(visit: Visit, elsewhere: Elsewhere, ids: Sequence[int], outcome: Outcome) -> list[Recording]:
    """Give those that the person may change: the course team of the course where a recording was made may.

    Raises :class:`Refusal` for somebody who is not in the course team here.
    """
    member(visit)
    recordings = chosen(visit, ids, outcome)
    courses = {recording.room.course_key for recording in recordings}
    led = {key for key in courses if key == visit.placement.course_key or elsewhere.leads(key)}
    outcome.fail((each for each in recordings if each.room.course_key not in led), Trouble.NOT_YOURS)
    return [recording for recording in recordings if recording.room.course_key in led]
