"""Who sees which recording: every person before every setting, through the block. One table says what comes out.

Rows are people, columns recordings; a letter says what somebody has: ``P`` plays it, ``s`` sees it in the list and
cannot open it, ``-`` knows nothing of it.
"""

import pytest
from django.utils import timezone

from bbb_xblock.domain import tickets
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.models import Join, Meeting, Recording
from tests.asking import visitor
from tests.builders import ADA, BEN, OLGA, STAFF, THEA, Desk, learner, nobody, teacher
from tests.fakes.platform import SessionUser
from tests.recorded import formats, make_recording

State, Audience = Recording.State, Recording.Audience

# The columns.
RECORDINGS = {
    "for everybody": {},
    "for those who were there": {"audience": Audience.THERE},
    "for moderators": {"audience": Audience.MODERATORS},
    "for nobody": {"audience": Audience.NOBODY},
    "not published": {"is_published": False},
    "being prepared": {"state": State.PROCESSING, "is_published": False, "formats": "[]"},
    "expected": {"state": State.EXPECTED, "is_published": False, "formats": "[]"},
    "prepared for moderators": {"state": State.PROCESSING, "formats": "[]", "audience": Audience.MODERATORS},
    "deleted there": {"state": State.DELETED},
    "gone": {"state": State.GONE},
}


def was_there(platform, **fields):
    """Put Ben, who was let into every meeting, in front of the block."""
    return learner(platform, BEN, fields=fields)


def forum_moderator(platform, **fields):
    platform.forum_roles[ADA.id] = "Moderator"
    return learner(platform, fields=fields)


def as_learner(platform, **fields):
    platform.enrolled.add(ADA.id)
    return Desk(platform, SessionUser(id=ADA.id, username="ada", real_user=THEA), fields=fields)


def staff_as_a_learner(platform, **fields):
    """The course team's view as any learner: the platform then says that they are none of the team."""
    return learner(platform, THEA, fields=fields)


PEOPLE = {
    "the course team": lambda site, **fields: teacher(site, fields=fields),
    "a learner": lambda site, **fields: learner(site, fields=fields),
    "a learner who was there": was_there,
    "a moderator of the forum": forum_moderator,
    "a visitor from another platform": lambda site, **fields: visitor(site, fields=fields),
    "the course team as any learner": staff_as_a_learner,
    "the course team as one learner": as_learner,
    "a stranger": lambda site, **fields: Desk(site, OLGA, fields=fields),
    "a stranger of the staff": lambda site, **fields: Desk(site, OLGA, STAFF, fields=fields),
    "nobody": lambda site, **fields: nobody(site, fields=fields),
}
ALL, NONE = "PPPPssssss", "-" * len(RECORDINGS)
LEARNER, THERE = "P----ss---", "PP---ss---"
# What somebody leads is open to them, as a member of the course team has it, but for what is hidden from everybody.
LEADER = "PPP--sss--"
PUBLISHED = {
    "the course team": ALL,
    "a learner": LEARNER,
    "a learner who was there": THERE,
    "a moderator of the forum": LEARNER,
    "a visitor from another platform": LEARNER,
    "the course team as any learner": LEARNER,
    "the course team as one learner": NONE,
    "a stranger": NONE,
    "a stranger of the staff": ALL,
    "nobody": NONE,
}
TEAM_ONLY = {who: ALL if row == ALL else NONE for who, row in PUBLISHED.items()}
SETTINGS = {
    "as a new component has it": ({}, PUBLISHED),
    "published": ({"shown_recordings": "published"}, PUBLISHED),
    "never": ({"shown_recordings": "never"}, TEAM_ONLY),
    "always": (
        {"shown_recordings": "always"},
        {who: row if row in (ALL, NONE) else row[:4] + "s" + row[5:] for who, row in PUBLISHED.items()},
    ),
    "recordings only": ({"kind": "recordings"}, PUBLISHED),
    "a room only": ({"kind": "room"}, dict.fromkeys(PUBLISHED, NONE)),
    "a session that is over": ({"closes_at": "2020-01-01T10:00:00Z"}, PUBLISHED),
    "a session that is to come": ({"opens_at": "2090-01-01T10:00:00Z"}, PUBLISHED),
    "people who wait": ({"wait_for_moderator": True}, PUBLISHED),
    "the forum's moderators lead": (
        {"who_leads": "forum_moderators"},
        PUBLISHED | {"a moderator of the forum": LEADER},
    ),
    "everybody leads": ({"who_leads": "everybody"}, PUBLISHED),
    "a setting that nobody knows": ({"shown_recordings": "whenever"}, PUBLISHED),
}


@pytest.fixture
def recordings(platform):
    """One recording of each kind, in the room, of meetings into which Ben was let."""
    room = learner(platform).room()
    found = {name: make_recording(room, name=name, **columns) for name, columns in RECORDINGS.items()}
    for meeting in Meeting.objects.all():
        Join.objects.create(meeting=meeting, user_id=BEN.id, role="VIEWER", joined_at=timezone.now())
    return found


def listed(desk):
    """Give the titles on the card."""
    view = "student_view" if desk.user.is_authenticated else "public_view"
    return [" ".join(each.text_content().split()) for each in desk.page(view).cssselect(".bbb-recording-title")]


def opens(desk, recording, kind="video"):
    """Ask for a recording, with a ticket as a page of theirs would hold, whether they would get that page or not."""
    visit = desk.visit()
    ticket = tickets.session.issue(visit, Purpose.PLAY) if visit.person else "none"
    return desk.call("play", query={"ticket": ticket, "recording": recording.pk, "format": kind})


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("who", PEOPLE)
def test_people_see_and_open_what_the_table_says(platform, simulator, recordings, who, setting):
    fields, table = SETTINGS[setting]
    desk = PEOPLE[who](platform, **fields)
    titles = listed(desk)
    shown = {name for name in RECORDINGS if name in titles}
    played = {name for name, row in recordings.items() if opens(desk, row).status_code == 302}
    row = "".join("P" if name in played else "s" if name in shown else "-" for name in RECORDINGS)
    assert row == table[who]
    assert played <= shown
    assert simulator.count() == 0


def test_what_cannot_be_opened_is_refused_as_what_does_not_exist(platform, recordings):
    desk = learner(platform)
    Recording.objects.filter(pk=recordings["gone"].pk).delete()
    answers = {
        opens(desk, row).text for name, row in recordings.items() if LEARNER[list(RECORDINGS).index(name)] != "P"
    }
    assert len(answers) == 1
    assert "No such recording" in answers.pop()


def test_a_recording_of_another_room_is_none_of_this_one_until_it_is_adopted(platform):
    there = learner(platform, block_id="other")
    row = make_recording(there.room(), formats=formats("video"))
    here = learner(platform)
    assert (listed(here), opens(here, row).status_code) == ([], 404)
    row.adoptions.create(room=here.room(), adopted_at=timezone.now())
    assert (listed(here), opens(here, row).status_code) == (["Physics"], 302)
    assert (listed(there), opens(there, row).status_code) == (["Physics"], 302)
