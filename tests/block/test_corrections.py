"""The course team corrects attendance: of one person or many, with a reason, and takes it back with one click."""

import pytest

from bbb_xblock import tasks
from bbb_xblock.domain import happenings
from bbb_xblock.models import Correction, Meeting, Presence
from tests.builders import ADA, BEN, OLGA, STAFF, THEA, Desk, learner, teacher
from tests.register import cells, change, correct, register, table
from tests.sessions import LONG_AGO, enrol, hold, keep_report

pytestmark = pytest.mark.database


@pytest.fixture
def held(platform, simulator):
    enrol(platform, ADA, BEN, THEA)
    return hold(platform, [(ADA, 0, 20)])


def own(desk: Desk) -> str:
    """Read what a learner's card says of their attendance."""
    return " ".join(" ".join(part.text_content() for part in desk.page().cssselect(".bbb-own-attendance")).split())


def test_several_people_are_excused_at_once_with_a_reason_and_it_is_kept_who_said_so(platform, held):
    answer = correct(teacher(platform), held, ADA, BEN, reason=" Train  strike ")
    assert answer.json["said"] == "Saved for 2 people."
    read = cells(teacher(platform))
    assert all(words.startswith("Excused") and "Train strike" in words for words in (read["ada"][0], read["ben"][0]))
    assert "thea" in read["ada"][0]
    kept = Correction.objects.get(user_id=BEN.id)
    assert (kept.meeting, kept.standing, kept.by_user_id, kept.undone_at) == (held, "excused", THEA.id, None)


def test_what_was_measured_stays_beside_the_correction(platform, held):
    correct(teacher(platform), held, ADA, to="present", reason="Sound did not work")
    ada, *_ = table(teacher(platform))
    assert (ada["standing"], ada["minutes"], ada["credit"]) == ("present", "20", "1.00")
    assert (ada["corrected_by"], ada["reason"]) == (str(THEA.id), "Sound did not work")
    assert ada["corrected_at"]


def test_an_excused_session_has_no_credit_in_the_file(platform, held):
    correct(teacher(platform), held, ADA)
    assert table(teacher(platform))[0]["credit"] == ""


def test_a_correction_is_undone_and_what_counted_before_counts_again(platform, held):
    desk = teacher(platform)
    correct(desk, held, ADA, to="present")
    made = correct(desk, held, ADA, BEN, to="absent").json["corrections"]
    assert cells(desk)["ada"][0].startswith("Absent")
    assert change(desk, "undo", corrections=made).json["said"] == "Undone for 2 people."
    assert cells(desk)["ada"][0].startswith("Present")
    assert cells(desk)["ben"] == ["Absent"]
    kept = Correction.objects.get(pk=made[0])
    assert (kept.undone_by, kept.undone_at is not None) == (THEA.id, True)
    assert change(desk, "undo", corrections=made).json["said"].startswith("Nothing has changed")


def test_what_settles_the_meeting_anew_keeps_corrections(platform, held):
    correct(teacher(platform), held, BEN, to="present")
    Meeting.objects.update(settled_at=None)
    assert cells(teacher(platform))["ben"][0].startswith("Present")


def test_somebody_who_has_left_the_course_is_corrected_all_the_same(platform, held):
    platform.enrolled.remove(ADA.id)
    assert correct(teacher(platform), held, ADA).json["said"] == "Saved for 1 person."


@pytest.mark.parametrize(
    "wrong",
    [
        {"session": 0},
        {"session": "1"},
        {"session": 2**70},
        {"session": 999_999},
        {"people": []},
        {"people": [OLGA.id]},
        {"people": [ADA.id, OLGA.id]},
        {"people": "11"},
        {"people": [True]},
        {"people": list(range(1, 300))},
        {"standing": "ill"},
        {"standing": ["present"]},
        {"reason": None},
        {"action": "expel"},
        {"action": ["correct"]},
        {"action": "undo", "corrections": []},
        {"action": "undo", "corrections": {}},
    ],
)
def test_what_cannot_be_done_changes_nothing(platform, held, wrong):
    asked = {"session": held.pk, "people": [ADA.id], "standing": "excused", "reason": "Ill"} | wrong
    answer = change(teacher(platform), asked.pop("action", "correct"), **asked)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert not Correction.objects.exists()


@pytest.mark.parametrize("reason", ["", "  ", "\u200b"])
def test_a_reason_is_asked_for(platform, held, reason):
    answer = correct(teacher(platform), held, ADA, reason=reason)
    assert answer.status_code == 400 and answer.json["error"].startswith("Write a reason")
    assert not Correction.objects.exists()


def test_a_reason_is_shown_as_text(platform, held):
    correct(teacher(platform), held, ADA, reason="<script>alert(1)</script>")
    assert "<script>alert" not in register(teacher(platform)).text
    assert "<script>alert(1)</script>" in cells(teacher(platform))["ada"][0]


def test_a_reason_is_no_formula_in_a_spreadsheet(platform, held):
    correct(teacher(platform), held, ADA, reason="=1+1")
    assert table(teacher(platform))[0]["reason"] == "'=1+1"


def test_the_session_of_another_block_cannot_be_corrected(platform, held):
    elsewhere = teacher(platform, block_id="other")
    elsewhere.room()
    assert correct(elsewhere, held, ADA).status_code == 400
    made = correct(teacher(platform), held, ADA).json["corrections"]
    assert change(elsewhere, "undo", corrections=made).json["said"].startswith("Nothing has changed")
    assert Correction.objects.get().undone_at is None


def test_before_anything_was_held_nothing_can_be_corrected(platform):
    enrol(platform, ADA, BEN, THEA)
    desk = teacher(platform)
    for asked in ({"session": 1, "people": [ADA.id], "standing": "absent", "reason": "Ill"}, {"corrections": [1]}):
        action = "undo" if "corrections" in asked else "correct"
        assert change(desk, action, **asked).status_code == 400


def test_each_change_is_told_once_without_names_or_reasons(platform, held):
    heard = []

    def listen(sender, *, happening, **more):
        heard.append(happening)

    happenings.happened.connect(listen)
    made = correct(teacher(platform), held, ADA, BEN, reason="Private").json["corrections"]
    change(teacher(platform), "undo", corrections=made)
    assert [(one.kind, one.code, one.people) for one in heard] == [
        ("attendance_corrected", "excused", 2),
        ("attendance_restored", "", 2),
    ]
    assert {one.user_id for one in heard} == {THEA.id}
    assert "Private" not in repr(heard)


def test_a_learner_reads_the_own_attendance_why_it_is_so_and_nothing_of_others(platform, held):
    said = own(learner(platform, ADA))
    assert "You were there for 20 of 60 minutes. This counts as partly present." in said
    assert "75 per cent" in said and "Ask your teacher if you think this is wrong." in said
    assert "You were not there. This counts as absent." in own(learner(platform, BEN))
    assert "thea" not in said and "ben" not in said


def test_a_learner_reads_that_a_session_is_excused_and_why(platform, held):
    correct(teacher(platform), held, BEN, reason="At the doctor's")
    said = own(learner(platform, BEN))
    assert "You are excused: this session does not count." in said
    assert "Your course team decided this: At the doctor's" in said
    assert "thea" not in said


def test_a_card_before_the_first_session_says_nothing_of_attendance(platform, simulator):
    assert own(learner(platform, ADA)) == ""
    learner(platform, ADA).click_join()
    assert own(learner(platform, ADA)) == ""


def test_the_teacher_s_card_has_the_register_and_no_own_attendance(platform, held):
    assert own(teacher(platform)) == ""


def test_a_card_asks_the_database_no_more_for_more_sessions_and_people(platform, held, django_assert_max_num_queries):
    learner(platform, ADA).page()
    with django_assert_max_num_queries(20) as first:
        learner(platform, ADA).page()
    for meeting in [hold(platform, [(ADA, 0, 20)], ago=number * LONG_AGO) for number in range(2, 5)]:
        row = {"first_in": meeting.started_at, "last_out": meeting.ended_at, "seconds": 60, "meeting": meeting}
        Presence.objects.bulk_create(Presence(user_id=1000 + number, **row) for number in range(50))
    register(teacher(platform))
    with django_assert_max_num_queries(len(first)):
        assert own(learner(platform, ADA)).count("You were there") == 3


def test_attendance_is_worked_out_anew_by_a_worker(platform, held, with_broker):
    app = with_broker("memory://")
    desk = teacher(platform)
    register(desk)
    keep_report(held, [(person, 0, 60) for person in (ADA, THEA, BEN)])
    with app.connection() as connected:
        waiting = connected.SimpleQueue("celery")
        waiting.clear()
        assert "worked out anew" in change(desk, "look_again").json["said"]
        queued = waiting.get_nowait()
        (args, *_) = queued.payload
    assert not cells(desk)["ada"][0].startswith("Present 60")
    app.tasks[queued.headers["task"]](*args)
    assert cells(desk)["ada"][0].startswith("Present 60")


def test_what_goes_on_is_looked_at_anew_too(platform, held, simulator):
    learner(platform, ADA).click_join()
    before = simulator.count()
    tasks.look_again_at_attendance(held.room_id)
    assert simulator.count() == before + 1


def test_a_server_that_is_down_keeps_nobody_from_what_was_held(platform, held, simulator):
    learner(platform, ADA).click_join()
    simulator.fault("getMeetingInfo", "html_502")
    Meeting.objects.update(settled_at=None)
    tasks.look_again_at_attendance(held.room_id)
    assert Meeting.objects.get(pk=held.pk).settled_at is not None


def test_without_a_queue_the_course_team_is_told(platform, held, with_broker):
    with_broker("redis://127.0.0.1:9/0")
    answer = change(teacher(platform), "look_again")
    assert (answer.status_code, answer.json["code"]) == (503, "out_of_order")


def test_a_room_that_is_gone_is_logged_and_harms_no_worker(platform, caplog):
    tasks.look_again_at_attendance(999)
    assert "could not be worked out anew" in caplog.text


def test_a_change_needs_a_token_made_for_it(platform, held):
    body = {"token": "", "action": "correct", "session": held.pk, "people": [ADA.id], "standing": "present"}
    for desk in (Desk(platform, THEA, STAFF), learner(platform, ADA)):
        assert desk.call("change_attendance", "POST", body=body | {"reason": "Ill"}).status_code == 403
    assert teacher(platform).call("change_attendance", "GET").status_code == 405
    assert not Correction.objects.exists()
