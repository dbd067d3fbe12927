"""The sessions of a room, and what they come to for people: for some at a time, because a class may be large."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bbb_xblock.domain.attendance import sheet as sheets
from bbb_xblock.domain.attendance.credit import Rules, rules_of
from bbb_xblock.domain.attendance.results import Result, results_of
from bbb_xblock.domain.attendance.sessions import Session
from bbb_xblock.domain.attendance.sheet import Sheet
from bbb_xblock.models import Meeting, Room, Viewing
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Completion

# More than any series has.
MOST_SESSIONS = 500


@dataclass(frozen=True, kw_only=True)
class Series:
    """Sessions in the order of time. ``made_up`` says by user id for which, by their places, somebody made up."""

    sessions: Sequence[Session] = ()
    rules: Rules = field(default_factory=Rules)
    made_up: Mapping[int, Collection[int]] = field(default_factory=dict)

    def people(self) -> set[int]:
        """Give everybody who was in any of them, is said to have been, or made up for one. Two queries."""
        return {*sheets.people_in(self.sessions), *self.made_up}

    def results(self, user_ids: Collection[int]) -> dict[int, Result]:
        """Give what they come to for these people, but not for the course team. Two queries."""
        if not self.sessions:
            return {}
        lines = sheets.lines_of(self.sessions, self.rules, user_ids)
        made_up = {one: self.made_up[one] for one in user_ids if one in self.made_up}
        return results_of(Sheet(sessions=tuple(self.sessions), lines=tuple(lines)), self.rules, made_up)


def series_of(room: Room, options: SessionOptions) -> Series:
    """Give the newest sessions, as far as they count for anything. At most three queries."""
    if not options.grade_points and options.completed_by is not Completion.PRESENCE:
        return Series()
    sessions = sheets.sessions_in(room.pk, options.opens_at)[-MOST_SESSIONS:]
    return Series(sessions=sessions, rules=rules_of(options), made_up=_made_up(room, sessions, options))


def _made_up(room: Room, sessions: Sequence[Session], options: SessionOptions) -> Mapping[int, Collection[int]]:
    """Give the sessions that people make up for by opening a recording in time. Two queries."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    if not options.make_up:
        return found
    internal_ids = dict(Meeting.objects.filter(room=room).values_list("pk", "internal_id"))
    # A recording has the id of its meeting.
    places = {
        internal_ids[meeting_id]: place for place, session in enumerate(sessions) for meeting_id in session.meeting_ids
    }
    views = Viewing.objects.filter(recording__room=room, recording__record_id__in=places)
    if options.make_up_until:
        views = views.filter(viewed_at__lte=options.make_up_until)
    for user_id, record_id in views.order_by().values_list("user_id", "recording__record_id").distinct():
        if user_id is not None:
            found[user_id].add(places[record_id])
    return found
