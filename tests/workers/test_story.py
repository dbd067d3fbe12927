"""A graded class on a site with a real queue and a real worker: what counts is right, told by the server or not."""

import json

import pytest
from django.utils import timezone

from bbb_xblock.models import Meeting, Presence, Room
from sandbox.simulator.callbacks import analytics
from tests.builders import ADA, BEN
from tests.register import cells, correct
from tests.workers.school import School
from tests.workers.worker import at_work

pytestmark = [pytest.mark.redis, pytest.mark.database, pytest.mark.django_db(transaction=True)]

# Of somebody's minutes, and of the grade: whoever is there for 15 of 20 minutes has all of it.
SESSION, NEEDED = 20, 15
MINUTES = [(ADA, 16), (BEN, 7.5)]
# Seconds. What the server tells is cut to whole ones.
A_MINUTE, EXACTLY = 60, 3


def hold_class(school: School) -> None:
    """Hold all of a class but its end: Ada and Ben come late, leave early and use two devices each; one goes lost."""
    school.enter(school.teacher())
    school.pass_minutes(3)
    ada_laptop, ben_laptop = school.enter(school.learner(ADA)), school.enter(school.learner(BEN))
    school.pass_minutes(3)
    ada_phone = school.enter(school.learner(ADA))
    school.lose_network(ben_laptop)
    school.pass_minutes(4)
    school.leave(ada_laptop)
    school.pass_minutes(2)
    ben_phone = school.enter(school.learner(BEN))
    school.pass_minutes(2)
    school.leave(ben_phone)
    school.pass_minutes(5)
    school.leave(ada_phone)
    school.pass_minutes(1)


def spans(user):
    return json.loads(Presence.objects.get(user_id=user.id).spans)


def sources(user):
    return {source for _begin, _end, source in spans(user)}


def check_what_counts(school: School, truth: dict[str, int], within: float) -> None:
    """Check what a worker has worked out and told, and then what the register says."""
    for user, minutes in MINUTES:
        assert truth[f"{user.id:032x}"] == pytest.approx(60 * minutes, abs=A_MINUTE), "another class was held"
        found = Presence.objects.get(user_id=user.id).seconds
        assert found == pytest.approx(truth[f"{user.id:032x}"], abs=within)
    assert school.record(ADA) == (1.0, True)
    grade, completed = school.record(BEN)
    assert grade == pytest.approx(MINUTES[1][1] / NEEDED, abs=1 / NEEDED)
    assert not completed
    said = cells(school.teacher())
    assert said["ada"][0].startswith("Present") and said["ben"][0].startswith("Partly")


@pytest.mark.parametrize("way", ["told", "not told", "not told and ended in the room"])
def test_a_class_counts_as_it_was_and_one_learner_is_excused(school: School, way: str):
    if way != "told":
        for kind in ("analytics", "meetingEndedURL"):
            school.simulator.treat_callbacks(kind, dropped=True)
    with at_work(school.order):
        hold_class(school)
        meeting, ended_at = school.simulator.meeting(Room.objects.get().meeting_id), timezone.now()
        if way == "not told and ended in the room":
            school.devices[0].press("end")
            school.pass_minutes(1)
        else:
            school.end()
            school.tell()
        wanted = {"r"} if way == "told" else {"jl", "l"}
        school.wait_until(lambda: school.record(BEN)[0] and sources(BEN) <= wanted)
        assert (timezone.now() - ended_at).total_seconds() < 2 * A_MINUTE
        assert (Meeting.objects.get().settled_at - ended_at).total_seconds() < 2 * A_MINUTE
        people = analytics(meeting, ended_at.timestamp())["data"]["attendees"]
        truth = {person["ext_user_id"]: person["duration"] for person in people}
        check_what_counts(school, truth, within=EXACTLY if way == "told" else A_MINUTE)
        assert correct(school.teacher(), Meeting.objects.get(), BEN, reason="The network at home").status_code == 200
        school.wait_until(lambda: school.record(BEN) == (1.0, True))
    (own,) = school.learner(BEN).page().cssselect(".bbb-own-attendance li")
    assert "You are excused: this session does not count." in own.text_content()
    assert "The network at home" in own.text_content()
