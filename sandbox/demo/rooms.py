"""The rooms of the demo: one course each, so that what is set for a course can be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import quoteattr

from sandbox.demo.ids import usage_of

BLOCK_TYPE = "bbb"


@dataclass(frozen=True)
class Room:
    """One block in one course.

    ``options`` are the author's options, written as in a course's XML; ``settings`` the operator's for the course.
    ``recordings`` is how many there are when the demo starts; where it ``was_held``, sessions were held before.
    """

    slug: str
    title: str
    course: str
    guidance: str
    options: tuple[tuple[str, str], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    seats_taken: int = 0
    recordings: int = 0
    was_held: bool = False
    files: tuple[str, ...] = ()

    @property
    def usage_id(self) -> str:
        """Give the usage key of the block as text."""
        return usage_of(self.course, BLOCK_TYPE)

    @property
    def name(self) -> str:
        """Give the name which the author chose for the session."""
        return dict(self.options).get("display_name", "Live session")

    @property
    def seats(self) -> int:
        """Give how many people may be in at once; 0 for no limit."""
        return int(dict(self.options).get("max_participants", "0"))

    @property
    def xml(self) -> str:
        """Write the block as in a course's XML."""
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.options)
        return f"<{BLOCK_TYPE}{attributes}/>"


OPEN = Room(
    slug="open",
    title="Open room",
    course="course-v1:Example+Open+2026",
    guidance="Start the session as Thea Teacher: the room opens in a new tab. Then choose Ada Example here and join. "
    "Somebody without a name is asked for one.",
    options=(
        ("display_name", "Weekly seminar"),
        ("description", "Bring a question to every seminar."),
        ("welcome", "Welcome to the weekly seminar."),
        ("plan_b_text", "If the classroom is down, we write in the forum."),
        ("slides", '["Welcome.pdf", "Questions of the week.pdf"]'),
    ),
    files=("Welcome.pdf", "Questions of the week.pdf"),
)
WAITING = Room(
    slug="waiting",
    title="Waits for its teacher",
    course="course-v1:Example+Waiting+2026",
    guidance="Choose Ada Example: she waits. Start the session as Thea Teacher in another tab: Ada's page notices.",
    options=(("display_name", "Tutorial"), ("wait_for_moderator", "true"), ("mute_on_start", "true")),
)
FULL = Room(
    slug="full",
    title="Full room",
    course="course-v1:Example+Full+2026",
    guidance="Three of four seats are taken, and the last is kept for a moderator. Choose Ada Example: within seconds "
    "her page says that the room is full. Thea Teacher comes in.",
    options=(("display_name", "Office hour"), ("max_participants", "4")),
    seats_taken=3,
)
MISCONFIGURED = Room(
    slug="misconfigured",
    title="Misconfigured",
    course="course-v1:Example+Misconfigured+2026",
    guidance="The course names a server that does not exist: compare what the teacher and what Ada Example are told.",
    options=(("display_name", "Reading group"),),
    settings={"SERVER": "nowhere"},
)
DOWN = Room(
    slug="down",
    title="Server is down",
    course="course-v1:Example+Down+2026",
    guidance="No server answers at this course's address: choose Join and read what happens.",
    options=(
        ("display_name", "Lab meeting"),
        ("plan_b_text", "We meet in the laboratory instead."),
        ("plan_b_link", "https://example.org/the-way-to-the-laboratory"),
    ),
    settings={"SERVER": "down"},
)
RECORDED = Room(
    slug="recorded",
    title="Recorded room",
    course="course-v1:Example+Recorded+2026",
    guidance="Start the session as Thea Teacher, start the recording inside the room, and end the session. The page of "
    "Ada Example then says that the recording is being prepared, and shows it by itself.",
    options=(("display_name", "Guest lecture"), ("record", "true"), ("opens_at", "2026-01-05T09:00:00Z")),
)
ARCHIVE = Room(
    slug="archive",
    title="Recordings only",
    course="course-v1:Example+Archive+2026",
    guidance="There is no room to join, only what was recorded: search it, turn its pages, and open a recording.",
    options=(("display_name", "Lectures of last year"), ("kind", "recordings")),
    recordings=45,
)
SCHEDULED = Room(
    slug="scheduled",
    title="Two days ahead",
    course="course-v1:Example+Scheduled+2026",
    guidance="The room opens two days after the start of the course, which is today, at three in Berlin. Choose Ada "
    "Example and take it into a calendar.",
    options=(
        ("display_name", "Colloquium"),
        ("opens_at", "course_start+P2DT15:00"),
        ("closes_at", "course_start+P2DT16:30"),
    ),
    settings={"TIME_ZONE": "Europe/Berlin"},
)
ATTENDED = Room(
    slug="attended",
    title="Held for four weeks",
    course="course-v1:Example+Attended+2026",
    guidance="Open Attendance as Thea Teacher, choose the date of a session, excuse somebody. Then choose Ada Example "
    "or Ben Example and read what the card says.",
    options=(("display_name", "Weekly exercise"),),
    was_held=True,
)
GRADED = Room(
    slug="graded",
    title="Graded by attendance",
    course="course-v1:Example+Graded+2026",
    guidance="Join as Thea Teacher and, in another tab, as Ada Example. Let minutes pass on the page of the classroom "
    "server. End the session as Thea: below Ada's card stands what the platform was told of her points.",
    options=(
        ("display_name", "Laboratory class"),
        ("grade_points", "10"),
        ("grade_curve", "linear"),
        ("completed_by", "presence"),
    ),
)
NEW = Room(
    slug="new",
    title="New component",
    course="course-v1:Example+New+2026",
    guidance="Nothing is chosen yet, as after Add component. Choose the Studio editor and set the session up.",
)
HOUSE_RULES = Room(
    slug="house-rules",
    title="House rules",
    course="course-v1:Example+HouseRules+2026",
    guidance="The platform set some options for this course: the Studio editor shows which, and a preset of its own.",
    options=(("display_name", "Study group"), ("max_participants", "8")),
    settings={
        "DEFAULTS": {"record": False, "mute_on_start": True, "max_participants": 30, "who_leads": "course_team"},
        "LOCKED": ["record", "max_participants"],
        "PRESETS": {
            "exam": None,
            "orientation": {
                "LABEL": "Orientation",
                "LINE": "New learners meet the course team.",
                "OPTIONS": {"wait_for_moderator": True, "own_language": True, "record": True},
            },
        },
    },
)

_ALL = (OPEN, WAITING, FULL, MISCONFIGURED, DOWN, RECORDED, ARCHIVE, SCHEDULED, ATTENDED, GRADED, NEW, HOUSE_RULES)
ROOMS = {room.slug: room for room in _ALL}
BY_USAGE = {room.usage_id: room for room in ROOMS.values()}
