"""A class leaves its pages open for ten minutes: what do they ask of BigBlueButton?

The clock is moved, not waited for. Every page asks when the last answer told it to.
"""

import heapq
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import connections
from freezegun import freeze_time

from bbb_xblock import config
from bbb_xblock.domain import meetings
from bbb_xblock.domain.data import Access, Person, Placement, Visit
from bbb_xblock.options import SessionOptions
from sandbox.bench.figures import Promise, Section, counted, table
from sandbox.bench.stage import Stage, forget_everything
from sandbox.demo.people import PEOPLE, TEACHER, anonymous_id
from sandbox.demo.people import Person as DemoPerson
from sandbox.demo.rooms import OPEN

SECONDS = 600
# The teacher comes in the middle: the pages ask about a room that is not there, then about one that is.
TEACHER_COMES = 300
FEW = 10
# Ten pages do not ask often enough to use up every turn; hence not 1.
MOST_GROWTH = 1.5
STORY = (
    f"The pages stay open for {SECONDS // 60} simulated minutes and ask when the last answer told them to; in the "
    "middle the teacher starts the room. Every question to the site goes through the same use case as in production."
)


@dataclass(frozen=True)
class Watch:
    """What so many pages asked: of the site, and the site of BigBlueButton."""

    pages: int
    questions: int
    calls: Counter[str]


def section(stage: Stage) -> Section:
    """Compare few pages with a class's, and hold both against the pace that the settings promise."""
    placement = Placement(usage_key=OPEN.usage_id, course_key=OPEN.course)
    pace = config.for_course(placement.course_key).knobs.status_seconds
    watches = [watch(stage, placement, number) for number in (FEW, stage.learners)]
    # The teacher's own way in is not a question of the pages.
    most = SECONDS // pace + 1 + 2
    rows = [(one.pages, one.questions, counted(one.calls), one.calls.total()) for one in watches]
    few, many = (one.calls.total() for one in watches)
    promises = [
        Promise(
            f"{one.pages:,} pages, {SECONDS // 60} minutes: at most one BBB call in {pace} s, and two for the teacher",
            f"{one.calls.total()} of {most}",
            one.calls.total() <= most,
        )
        for one in watches
    ]
    promises.append(
        Promise(
            f"BBB calls do not grow with the pages: {stage.learners // FEW:,} times the pages, at most "
            f"{MOST_GROWTH} times the calls",
            f"{many / few:.2f} times",
            many <= MOST_GROWTH * few,
        )
    )
    header = ("open pages", "questions to the site", "BBB calls", "all")
    return Section("Open pages", STORY, table(header, rows), promises=promises)


def watch(stage: Stage, placement: Placement, pages: int) -> Watch:
    """Let so many pages stay open."""
    forget_everything(stage.simulator)
    visits = [_visit(PEOPLE.get(number), placement, pages) for number in stage.numbers[:pages]]
    questions = 0
    with freeze_time() as clock:
        now, teacher_is_in = 0.0, False
        # Opened one after the other within a quarter of a minute.
        due = [(15 * page / pages, page) for page in range(pages)]
        while due:
            moment, page = heapq.heappop(due)
            clock.tick(timedelta(seconds=moment - now))
            now = moment
            if now >= TEACHER_COMES and not teacher_is_in:
                teacher_is_in = True
                _start(stage, placement)
            wait = meetings.status(visits[page]).next_seconds
            questions += 1
            if wait > 0 and now + wait < SECONDS:
                heapq.heappush(due, (now + wait, page))
    connections.close_all()
    return Watch(pages, questions, Counter(call.name for call in stage.simulator.calls))


def _start(stage: Stage, placement: Placement) -> None:
    meetings.join(_visit(TEACHER, placement))
    made = next(call for call in stage.simulator.calls if call.name == "create")
    stage.simulator.add_participants(made.params["meetingID"], 1, role="MODERATOR")


def _visit(one: DemoPerson, placement: Placement, class_size: int = 0) -> Visit:
    person = Person(
        user_id=one.id,
        anonymous_id=anonymous_id(one, placement.course_key),
        username=one.username,
        full_name=one.name,
        is_moderator=one.is_teacher,
    )
    return Visit(
        person=person,
        access=Access(may_load=True, is_enrolled=True),
        placement=placement,
        options=SessionOptions(),
        class_size=class_size,
    )
