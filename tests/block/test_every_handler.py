"""Every handler of the block, asked by everybody, in every way: one table says what must come out.

Rows are people, columns are handlers; each answer is a status and, where there is one, the code of the refusal. A
handler that is not in the table fails the first test.
"""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from lxml import html as lxml_html
from webob import Response

from bbb_xblock.block import BigBlueButtonXBlock
from bbb_xblock.domain import tickets
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.doors.pages import PAGE_TOKEN_HEADER
from bbb_xblock.models import Recording, Room, Viewing
from tests.asking import visitor
from tests.builders import ADA, LEARNER, OLGA, STAFF, THEA, Desk, learner, nobody
from tests.fakes.platform import NOBODY, SessionUser
from tests.recorded import make_recording

UNKNOWN_ADA = SessionUser(id=ADA.id, username="ada", known=False)


def without_access(platform):
    platform.may_not_load.add(ADA.id)
    return learner(platform)


def unenrolled(platform):
    return Desk(platform, ADA, LEARNER)


def staff_as_ada(platform):
    seen_as = SessionUser(id=ADA.id, username="ada", full_name="Ada Example", real_user=THEA)
    platform.enrolled.add(ADA.id)
    return Desk(platform, seen_as)


def author(platform):
    platform.may_write = True
    return Desk(platform, THEA, STAFF, studio=True)


# Who sits in front of the block, and as whom the request comes (None: as themselves).
PEOPLE = {
    "nobody": (nobody, None),
    "a stranger who is signed in": (lambda site: Desk(site, OLGA), None),
    "a learner who is not enrolled": (unenrolled, None),
    "a learner without access to the unit": (without_access, None),
    "a learner": (learner, None),
    "a visitor from another platform, without a name": (visitor, None),
    "a learner through the route without checks": (learner, UNKNOWN_ADA),
    "nobody, in front of a learner's block": (learner, NOBODY),
    "staff": (lambda site: Desk(site, THEA, STAFF), None),
    "staff through the route without checks": (
        lambda site: Desk(site, THEA, STAFF),
        SessionUser(id=THEA.id, username="thea", known=False),
    ),
    "staff as a specific learner": (staff_as_ada, THEA),
    "staff in Studio, who may not write the course": (lambda site: Desk(site, THEA, STAFF, studio=True), None),
    "an author in Studio": (author, None),
}
OK = "200"
OUT, WHO, NOT, ACCESS = "401 not_signed_in", "403 not_enrolled", "403 not_enrolled", "403 no_access"
NO_TICKET, TEAM, AS_LEARNER = "403 ticket_missing", "403 moderators_only", "403 viewing_as_learner"
SHUT, SAVED = "403 no_studio_access", "200"

# With a ticket or token of their own, made for the right purpose, sent in the right way.
WITH_OWN_TOKEN = {
    "nobody": (OUT, OUT, OUT, SHUT, SHUT, SHUT, SHUT),
    "a stranger who is signed in": (WHO, "200 refused", WHO, SHUT, SHUT, SHUT, SHUT),
    "a learner who is not enrolled": (NOT, "200 refused", NOT, SHUT, SHUT, SHUT, SHUT),
    "a learner without access to the unit": (ACCESS, "200 refused", ACCESS, SHUT, SHUT, SHUT, SHUT),
    "a learner": (OK, "200 ready", TEAM, SHUT, SHUT, SHUT, SHUT),
    "a visitor from another platform, without a name": ("409 name_wanted", "200 ready", TEAM, SHUT, SHUT, SHUT, SHUT),
    "a learner through the route without checks": (OUT, OUT, OUT, SHUT, SHUT, SHUT, SHUT),
    "nobody, in front of a learner's block": (OUT, OUT, OUT, SHUT, SHUT, SHUT, SHUT),
    "staff": (OK, "200 ready", "200 ready", SHUT, SHUT, SHUT, SHUT),
    "staff through the route without checks": (OUT, OUT, OUT, SHUT, SHUT, SHUT, SHUT),
    "staff as a specific learner": (AS_LEARNER, "200 refused", AS_LEARNER, SHUT, SHUT, SHUT, SHUT),
    "staff in Studio, who may not write the course": (ACCESS, "200 refused", ACCESS, SHUT, SHUT, SHUT, SHUT),
    "an author in Studio": (OK, "200 ready", "200 ready", SAVED, "200 under_way", "303", OK),
}
# Without a token nobody gets further than being recognised.
WITHOUT = {who: OUT if row[0] == OUT else NO_TICKET for who, row in WITH_OWN_TOKEN.items()}
HANDLERS = ("join", "status", "end", "submit_studio_edits", "doctor", "try_room", "tell_time")
# What the course team does with recordings and attendance, and the register, are for those who may end the session.
TEAM_HANDLERS = ("manage", "attendance", "change_attendance")

# The same for the list of recordings and the way to one that is for everybody. It opens in a tab of its own, so whoever
# is refused gets a page, whose title stands here.
WATCHERS = ("recordings", "play")
OUT_PAGE, NOT_PAGE, ACCESS_PAGE = (
    "401 Please sign in",
    "403 Only for participants of the course",
    "403 Not open for you",
)
WATCHING = {
    "nobody": (OUT, OUT_PAGE),
    "a stranger who is signed in": (WHO, NOT_PAGE),
    "a learner who is not enrolled": (NOT, NOT_PAGE),
    "a learner without access to the unit": (ACCESS, ACCESS_PAGE),
    "a learner": (OK, "302"),
    "a visitor from another platform, without a name": (OK, "302"),
    "a learner through the route without checks": (OUT, OUT_PAGE),
    "nobody, in front of a learner's block": (OUT, OUT_PAGE),
    "staff": (OK, "302"),
    "staff through the route without checks": (OUT, OUT_PAGE),
    "staff as a specific learner": (AS_LEARNER, "403 Recordings are off in this view"),
    "staff in Studio, who may not write the course": (ACCESS, ACCESS_PAGE),
    "an author in Studio": (OK, "302"),
}


def own_token(desk: Desk, purpose: Purpose) -> str:
    """Make a token as a page of theirs would hold, whether they would get that page or not."""
    visit = desk.visit()
    return tickets.session.issue(visit, purpose) if visit.person else "none"


def heading(answer: Response) -> str:
    return " ".join(lxml_html.fromstring(answer.text).cssselect("h1")[0].text_content().split())


def ask(
    desk: Desk, as_user: SessionUser | None, handler: str, *, with_token: bool, recording: Recording | None = None
) -> str:
    def token(purpose: Purpose) -> str:
        return own_token(desk, purpose) if with_token else ""

    ways = {
        "join": ("POST", {"body": {"ticket": token(Purpose.JOIN)}}),
        "status": ("GET", {"headers": {PAGE_TOKEN_HEADER: token(Purpose.STATUS)}}),
        "end": ("POST", {"body": {"token": token(Purpose.END)}}),
        "manage": ("POST", {"body": {"token": token(Purpose.MANAGE), "action": "offer"}}),
        "attendance": (
            "GET",
            {"query": {"ticket": token(Purpose.ATTENDANCE)}, "headers": {"Accept": "application/json"}},
        ),
        "change_attendance": (
            "POST",
            {"body": {"token": token(Purpose.CHANGE_ATTENDANCE), "action": "look_again"}},
        ),
        "submit_studio_edits": ("POST", {"body": {"values": {"display_name": "Mine"}, "defaults": []}}),
        "doctor": ("POST", {}),
        "recordings": ("GET", {"headers": {PAGE_TOKEN_HEADER: token(Purpose.STATUS)}}),
        "play": (
            "GET",
            {
                "query": {
                    "ticket": token(Purpose.PLAY),
                    "recording": recording.pk if recording else "1",
                    "format": "video",
                }
            },
        ),
        "tell_time": ("POST", {"body": {"field": "opens_at", "value": "course_start+P7D"}}),
        "try_room": ("GET", {"query": {"ticket": token(Purpose.TRY_ROOM)}, "headers": {"Accept": "application/json"}}),
    }
    method, details = ways[handler]
    answer = desk.call(handler, method, as_user=as_user, **details)
    if answer.content_type == "text/html" and answer.status_code >= 400:
        return f"{answer.status_code} {heading(answer)}"
    said = answer.json if answer.content_type == "application/json" else {}
    return f"{answer.status_code} {said.get('code') or said.get('state') or said.get('stage') or ''}".strip()


def test_the_table_holds_every_handler_of_the_block():
    handlers = {
        name
        for name in dir(BigBlueButtonXBlock)
        if getattr(getattr(BigBlueButtonXBlock, name, None), "_is_xblock_handler", False)
    }
    assert handlers == {*HANDLERS, *TEAM_HANDLERS, *WATCHERS, "back"}


@pytest.mark.parametrize("who", PEOPLE)
def test_with_a_token_of_their_own_people_get_what_the_table_says(platform, simulator, who):
    make, as_user = PEOPLE[who]
    desk = make(platform)
    row = tuple(ask(desk, as_user, handler, with_token=True) for handler in HANDLERS)
    assert row == WITH_OWN_TOKEN[who]
    may_ask = "200 ready" in row
    assert (simulator.count() > 0) == may_ask
    assert desk.block.display_name == ("Mine" if row[3] == SAVED else "Live session")


@pytest.mark.parametrize("who", PEOPLE)
def test_with_a_token_of_their_own_people_see_and_open_recordings_as_the_table_says(platform, simulator, who):
    make, as_user = PEOPLE[who]
    desk = make(platform)
    row = make_recording(desk.room())
    answers = tuple(ask(desk, as_user, handler, with_token=True, recording=row) for handler in WATCHERS)
    assert answers == WATCHING[who]
    row.refresh_from_db()
    assert row.views == Viewing.objects.count() == ("302" in answers)
    assert simulator.count() == 0


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("handler", TEAM_HANDLERS)
def test_what_is_for_the_course_team_is_for_those_who_may_end_the_session(platform, simulator, who, handler):
    make, as_user = PEOPLE[who]
    to_end = WITH_OWN_TOKEN[who][HANDLERS.index("end")]
    assert ask(make(platform), as_user, handler, with_token=True) == (OK if to_end == "200 ready" else to_end)
    assert simulator.count() == 0


# The same at the plain view, where there is no session and nobody in front of a block: only the ticket tells who it is,
# and the platform is asked anew.
WITHOUT_A_SESSION = {
    "a stranger who is signed in": NOT_PAGE,
    "a learner who is not enrolled": NOT_PAGE,
    "a learner without access to the unit": ACCESS_PAGE,
    "a learner": "302",
    "a visitor from another platform, without a name": "302",
    "staff": "302",
}


@pytest.mark.parametrize("who", WITHOUT_A_SESSION)
def test_with_a_play_ticket_of_their_own_people_open_recordings_as_the_table_says(platform, who):
    make, _ = PEOPLE[who]
    desk = make(platform)
    platform.course_team.add(THEA.id)
    get_user_model().objects.get_or_create(id=desk.user.id, defaults={"username": desk.user.username})
    row = make_recording(desk.room())
    asked = {"ticket": tickets.playing.issue(desk.visit()), "recording": row.pk, "format": "video"}
    answer = Client().get(reverse("bbb_xblock:play"), asked)
    answer.text = answer.content.decode()
    said = f"{answer.status_code} {heading(answer)}" if answer.status_code >= 400 else str(answer.status_code)
    assert said == WITHOUT_A_SESSION[who]
    assert Viewing.objects.count() == (said == "302")


@pytest.mark.parametrize("who", PEOPLE)
def test_without_a_token_nobody_sees_or_opens_a_recording(platform, simulator, who):
    make, as_user = PEOPLE[who]
    desk = make(platform)
    row = make_recording(desk.room())
    listed, opened = (ask(desk, as_user, handler, with_token=False, recording=row) for handler in WATCHERS)
    assert listed == WITHOUT[who]
    assert opened == (OUT_PAGE if WITHOUT[who] == OUT else "403 Please use the link on the course page")
    assert not Viewing.objects.exists()


@pytest.mark.parametrize("who", PEOPLE)
def test_without_a_token_nobody_is_led_into_a_room_from_studio(platform, who):
    make, as_user = PEOPLE[who]
    said = ask(make(platform), as_user, "try_room", with_token=False)
    assert said == (NO_TICKET if who == "an author in Studio" else SHUT)


@pytest.mark.parametrize("handler", ["join", "status", "end", *TEAM_HANDLERS])
@pytest.mark.parametrize("who", PEOPLE)
def test_without_a_token_nobody_gets_anything(platform, simulator, who, handler):
    make, as_user = PEOPLE[who]
    assert ask(make(platform), as_user, handler, with_token=False) == WITHOUT[who]
    assert simulator.count() == 0
    assert not Room.objects.exists()


@pytest.mark.parametrize("handler", [*HANDLERS, *TEAM_HANDLERS, *WATCHERS, "back"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", PEOPLE)
def test_a_bare_request_by_any_method_changes_nothing_and_asks_nobody(platform, simulator, who, handler, method):
    make, as_user = PEOPLE[who]
    answer = make(platform).call(handler, method, as_user=as_user)
    assert answer.status_code < 500
    assert answer.status_code != 302
    assert simulator.count() == 0
    assert not Room.objects.exists()


@pytest.mark.parametrize("who", PEOPLE)
def test_coming_back_shows_a_page_and_nothing_else(platform, simulator, who):
    make, as_user = PEOPLE[who]
    answer = make(platform).call("back", as_user=as_user, query={"errors": '[{"key": "notFound"}]'})
    assert answer.status_code == 200
    assert simulator.count() == 0
