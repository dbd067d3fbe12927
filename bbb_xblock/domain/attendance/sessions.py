"""Sessions: the meetings of a room as a teacher counts them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bbb_xblock.domain.attendance.credit import Held

# A room that is left for so long and entered again is the same session: people had lunch, or the server was restarted.
LONGEST_BREAK = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class MeetingTimes:
    """A meeting by its row, from when to when; ``had_participants`` is false where only the course team was in, and
    ``was_led`` where nobody led somebody else.
    """

    meeting_id: int
    began_at: datetime
    ended_at: datetime
    had_participants: bool
    was_led: bool


@dataclass(frozen=True, kw_only=True)
class Session:
    """One or more meetings that belong together. ``was_led`` is false if in none of them somebody led others."""

    meeting_ids: tuple[int, ...]
    held: Held
    was_led: bool


def sessions_of(meetings: Sequence[MeetingTimes], opens_at: datetime | None = None) -> list[Session]:
    """Put meetings together to sessions, in the order of time.

    Meetings without participants are tests and preparations, and count for nothing. A session that was opened early
    begins at ``opens_at``: nobody has to be there before.
    """
    groups: list[list[MeetingTimes]] = []
    for meeting in sorted(meetings, key=lambda one: one.began_at):
        if not meeting.had_participants:
            continue
        if groups and meeting.began_at - max(one.ended_at for one in groups[-1]) <= LONGEST_BREAK:
            groups[-1].append(meeting)
        else:
            groups.append([meeting])
    return [_session(group, opens_at) for group in groups]


def _session(meetings: Sequence[MeetingTimes], opens_at: datetime | None) -> Session:
    began_at, ended_at = meetings[0].began_at, max(meeting.ended_at for meeting in meetings)
    if opens_at and began_at < opens_at < ended_at:
        began_at = opens_at
    return Session(
        meeting_ids=tuple(meeting.meeting_id for meeting in meetings),
        held=Held(began_at=began_at, ended_at=ended_at),
        was_led=any(meeting.was_led for meeting in meetings),
    )
