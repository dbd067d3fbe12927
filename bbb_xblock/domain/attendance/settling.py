"""Working out who was in a meeting, from everything that is known of it; any number of times with one result."""

import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from bbb_xblock.bbb import Role
from bbb_xblock.bbb.attendance import Attended, MeetingReport, meeting_report
from bbb_xblock.domain.attendance import clocks, due, written
from bbb_xblock.domain.attendance.presence import Look, Span, from_report, from_signs, united
from bbb_xblock.models import Join, Meeting, Presence, Receipt, Room, Sighting

log = logging.getLogger(__name__)

# An absence of so long is a lost connection.
GRACE = timedelta(seconds=90)
# One is made for each meeting, and perhaps anew after a rebuild.
MOST_REPORTS = 10
# Rows in one statement.
AT_ONCE = 1000
# By then a look has seen whoever came in.
A_LOOK = timedelta(minutes=1)
# A report comes some minutes after its meeting, and one that waits longer than a day is given up.
FOR_GOOD = timedelta(days=3)
# Most reports are there by then.
REPORT_WAIT = timedelta(minutes=7)
# A look so shortly before the end misses whoever left earlier.
WELL_LOOKED = timedelta(minutes=3)
SETTLED_AT_ONCE = 20


@dataclass
class _Signs:
    """What is known of one person in one meeting."""

    user_id: int = 0
    is_team: bool = False
    led: bool = False
    joins: list[datetime] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)


def settle(meeting_id: int) -> int:
    """Work out who was in a meeting until now, and keep it. Says how many people were.

    People whom this site did not let in, callers by telephone for instance, are nobody's and are left out.
    """
    with transaction.atomic():
        meeting = _locked(meeting_id)
        if meeting.forgotten_at:
            return 0
        report = _fullest_report(meeting)
        if report is None and _reported(meeting).exists():
            # The report itself went after ``RECEIPT_DAYS``; what it told is better than what is known without it.
            return meeting.presences.count()
        people, before = _presences(meeting, _signs_of(meeting), report), meeting.presences.all()
        if _is_for_good(meeting):
            # Much of what it followed from is not kept any more: a late report adds, and takes nothing away.
            people = [one for one in people if written.REPORTED in one.spans]
            before = before.filter(user_id__in=[one.user_id for one in people])
        before.delete()
        Presence.objects.bulk_create(people, batch_size=AT_ONCE)
        Meeting.objects.filter(pk=meeting.pk).update(settled_at=timezone.now())
        due.ask(meeting.room_id)
        found = meeting.presences.count()
    log.info("meeting %s: %s people were in", meeting.pk, found)
    return found


def _locked(meeting_id: int) -> Meeting:
    """Read a meeting; whoever else settles it at the same moment waits, and comes to the same result."""
    # SQLite locks nothing for a reader, and refuses a transaction that reads first and writes after somebody else.
    Meeting.objects.filter(pk=meeting_id).update(settled_at=F("settled_at"))
    return Meeting.objects.select_for_update().select_related("room").get(pk=meeting_id)


def settle_ended(meetings: QuerySet[Meeting]) -> None:
    """Settle those of the meetings that are over, the newest first, at most ``SETTLED_AT_ONCE``."""
    over = meetings.exclude(ended_at=None).order_by("-started_at")
    for meeting_id in list(over.values_list("pk", flat=True)[:SETTLED_AT_ONCE]):
        settle(meeting_id)


def settle_left(room: Room) -> None:
    """Settle a room's meetings whose end nobody told, or that ended when no worker was there."""
    settle_ended(Meeting.objects.filter(room=room, settled_at=None))


def is_waiting_for_report(room: Room) -> bool:
    """Say whether a meeting has just ended of which a report will tell much more than the clicks.

    Clicks alone say nothing of who left. Where it was looked who was in until the end, that is known well enough.
    """
    over = Meeting.objects.filter(room=room, ended_at__gt=timezone.now() - REPORT_WAIT)
    blind = over.filter(Q(looked_at=None) | Q(looked_at__lt=F("ended_at") - WELL_LOOKED))
    return blind.exclude(Exists(_reported(OuterRef("pk")))).exists()


def settled_for_good() -> Q:
    """Say which meetings are over and settled for so long that nothing new is to be expected."""
    return Q(settled_at__gte=F("ended_at"), ended_at__lt=timezone.now() - FOR_GOOD)


def _is_for_good(meeting: Meeting) -> bool:
    """Say whether a meeting is among those."""
    return Meeting.objects.filter(settled_for_good(), pk=meeting.pk).exists()


def _presences(meeting: Meeting, signs: Mapping[str, _Signs], report: MeetingReport | None) -> list[Presence]:
    reported: dict[str, Attended] = {}
    for person in sorted(report.people if report else (), key=lambda one: len(one.stays)):
        reported[person.user_id] = person
    ahead = _ahead(meeting, signs, reported, report)
    until = _until(meeting, signs, report, ahead)
    found: dict[int, Presence] = {}
    for anonymous_id, known in signs.items():
        if not known.user_id:
            continue
        named = reported.get(anonymous_id)
        spans = from_report(named.stays, known.joins[0], until, ahead) if named else []
        if not spans:
            # A report that does not tell when somebody was in says that their click led nowhere.
            clicks = known.joins if report is None or (named and named.stays) else []
            spans = from_signs(clicks, known.looks, until)
        if spans:
            presence = _presence(meeting, anonymous_id, known, united(spans, GRACE), named)
            # The platform may know somebody by another id than before; that must not take everybody's attendance down.
            found[known.user_id] = max(filter(None, [found.get(known.user_id), presence]), key=_weight)
    return list(found.values())


def _weight(presence: Presence) -> tuple[bool, int]:
    return presence.led, presence.seconds


def _presence(
    meeting: Meeting, anonymous_id: str, known: _Signs, spans: Sequence[Span], person: Attended | None
) -> Presence:
    engagement = person.engagement if person else None
    return Presence(
        meeting=meeting,
        user_id=known.user_id,
        anonymous_id=anonymous_id,
        is_team=known.is_team,
        led=known.led,
        first_in=spans[0].begin,
        last_out=spans[-1].end,
        seconds=round(sum(span.length.total_seconds() for span in spans)),
        spans=written.write(spans),
        engagement=json.dumps(asdict(engagement)) if engagement else "",
    )


def _signs_of(meeting: Meeting) -> dict[str, _Signs]:
    """Collect joins and sightings by person. Two queries."""
    signs: dict[str, _Signs] = defaultdict(_Signs)
    joins = Join.objects.filter(meeting=meeting).exclude(user_id=None).order_by("joined_at")
    for join in joins.iterator():
        known = signs[join.anonymous_id]
        known.user_id = join.user_id or 0
        known.is_team |= join.is_team
        known.led |= join.role == Role.MODERATOR.value
        known.joins.append(join.joined_at)
    for sighting in Sighting.objects.filter(meeting=meeting).iterator():
        known = signs[sighting.anonymous_id]
        known.looks += (Look(at=sighting.seen_at, is_in=True), Look(at=sighting.last_seen_at, is_in=True))
        if sighting.missed_at:
            known.looks.append(Look(at=sighting.missed_at, is_in=False))
    for known in signs.values():
        known.looks += _misses(known, meeting.looked_at)
    return signs


def _misses(known: _Signs, last_look: datetime | None) -> list[Look]:
    """Give the looks that missed somebody after a click, and were not kept because they saw nobody leave."""
    seen = max((look.at for look in known.looks if look.is_in), default=None)
    unseen = [join for join in known.joins if seen is None or seen < join]
    return [Look(at=join + A_LOOK, is_in=False) for join in unseen if last_look and last_look >= join + A_LOOK]


def _fullest_report(meeting: Meeting) -> MeetingReport | None:
    """Read the newest reports of a meeting and give the fullest; None if there is none.

    A report may come anew, or twice. Each may have megabytes, so one is read after the other.
    """
    kept = Receipt.objects.filter(
        kind=Receipt.Kind.ANALYTICS, server=meeting.server, meeting_id=meeting.room.meeting_id
    )
    # Receipts are written in one way only (``receipts.keep_analytics``).
    named = kept.filter(body__contains=f'"internal_meeting_id":{json.dumps(meeting.internal_id)}')
    newest = list(named.order_by("-received_at").values_list("pk", flat=True)[:MOST_REPORTS])
    bodies = (Receipt.objects.values_list("body", flat=True).get(pk=pk) for pk in newest)
    reports = map(meeting_report, bodies)
    return max((report for report in reports if any(_fullness(report))), key=_fullness, default=None)


def _fullness(report: MeetingReport) -> tuple[int, int]:
    stays = [len(person.stays) for person in report.people if person.stays]
    return len(stays), sum(stays)


def _reported(meeting: Meeting | OuterRef) -> QuerySet[Presence]:
    """Give those of a meeting's presences that follow from a report."""
    return Presence.objects.filter(meeting=meeting, spans__contains=written.REPORTED)


def _until(meeting: Meeting, signs: Mapping[str, _Signs], report: MeetingReport | None, ahead: timedelta) -> datetime:
    """Say when a meeting ended, on our clock; one that goes on, now."""
    if meeting.ended_at is None:
        return timezone.now()
    looked_at = max(filter(None, [meeting.started_at, meeting.looked_at]))
    finished_at = report.finished_at - ahead if report and report.finished_at else meeting.ended_at
    if looked_at < finished_at < meeting.ended_at:
        return finished_at
    last_sign = max([looked_at, *(join for known in signs.values() for join in known.joins)])
    was_told = meeting.why_ended != Meeting.Ending.GONE
    return clocks.real_end(meeting.ended_at, last_sign, was_told=was_told)


def _ahead(
    meeting: Meeting,
    signs: Mapping[str, _Signs],
    reported: Mapping[str, Attended],
    report: MeetingReport | None,
) -> timedelta:
    """Compare the server's clock with ours: by when it says that the meeting was made and ended, and people came in."""
    if report is None:
        return timedelta()
    over = [
        (clocks.moment_of(meeting.create_time), meeting.started_at),
        (report.finished_at, meeting.ended_at),
    ]
    first_stays = {one: person.stays[0].joined_at for one, person in reported.items() if person.stays}
    began = [(first_stays[one], known.joins[0]) for one, known in signs.items() if known.joins and one in first_stays]
    return clocks.ahead(
        (theirs - ours for theirs, ours in over if theirs and ours),
        (theirs - ours for theirs, ours in began),
    )
