"""Who may see which recording. Pure decisions; ``tests/block/recordings/test_who_sees.py`` has them as a table."""

from collections.abc import Collection
from dataclasses import dataclass

from bbb_xblock.domain.data import Person
from bbb_xblock.models import Recording
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Leaders, SessionKind, ShownRecordings

State, Audience = Recording.State, Recording.Audience


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Somebody who may be in the course: of its team, or leading its sessions.

    ``meetings`` are BigBlueButton's internal ids of those meetings, of those that matter, into which they were let.
    """

    is_team: bool
    leads: bool
    meetings: Collection[str] = frozenset()


def viewer_of(person: Person, options: SessionOptions, meetings: Collection[str] = frozenset()) -> Viewer:
    """Say what somebody is to the recordings. Where everybody leads, that makes nobody a moderator of recordings."""
    leads = options.who_leads is Leaders.FORUM_MODERATORS and person.is_forum_moderator
    return Viewer(is_team=person.is_moderator, leads=person.is_moderator or leads, meetings=meetings)


def has_list(viewer: Viewer, options: SessionOptions) -> bool:
    """Say whether there is a list of recordings for somebody at all, even an empty one."""
    if options.kind is SessionKind.ROOM:
        return False
    return viewer.is_team or options.shown_recordings is not ShownRecordings.NEVER


def may_see(viewer: Viewer, options: SessionOptions, recording: Recording) -> bool:
    """Say whether somebody sees a recording in the list. The course team sees all, in whatever state."""
    if not has_list(viewer, options) or viewer.is_team:
        return has_list(viewer, options)
    if recording.state in Recording.LOST or not _is_meant(viewer, recording):
        return False
    is_hidden = recording.state == State.READY and not recording.is_published
    return not is_hidden or options.shown_recordings is ShownRecordings.ALWAYS


def may_play(viewer: Viewer, options: SessionOptions, recording: Recording) -> bool:
    """Say whether somebody may open a recording. A server plays only what is published, for the course team as well."""
    return may_see(viewer, options, recording) and recording.state == State.READY and recording.is_published


def _is_meant(viewer: Viewer, recording: Recording) -> bool:
    of_audience = {
        Audience.EVERYBODY: True,
        Audience.THERE: viewer.leads or recording.record_id in viewer.meetings,
        Audience.MODERATORS: viewer.leads,
    }
    return any(is_meant for audience, is_meant in of_audience.items() if audience == recording.audience)
