"""The course team has every grade told anew, after it saw what would change."""

import json
import sys
from typing import Any, ClassVar

import pytest

from bbb_xblock import grading
from bbb_xblock.domain import tickets
from bbb_xblock.domain.tickets.session import Purpose
from tests.builders import ADA, BEN, COURSE, THEA, learner, teacher, usage_key
from tests.fakes.tracking import Records
from tests.graded import TEN_POINTS, override, points
from tests.register import change
from tests.sessions import hold


class TestRegradingAll:
    STRICTER: ClassVar[dict[str, Any]] = TEN_POINTS | {"grade_curve": "full"}

    def test_the_course_team_sees_what_would_change_and_then_has_it_told_also_down(self, platform, simulator):
        hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], fields=TEN_POINTS)
        desk = teacher(platform, fields=self.STRICTER)
        said = change(desk, "preview").json
        assert said == {"said": "1 grade would change:", "grades": ["ada: 0 in place of 5 points"]}
        assert points(platform, ADA) == [0.5]
        assert "told anew" in change(desk, "regrade").json["said"]
        assert points(platform, ADA) == [0.5, 0]
        assert platform.gradebook.grades[ADA.id, str(usage_key())] == (0, 1)
        assert change(desk, "preview").json["grades"] == []

    def test_nobody_is_told_a_nothing_who_had_nothing_and_what_a_teacher_wrote_stays(self, platform, simulator):
        hold(platform, [(ADA, 0, 30), (BEN, 0, 10)], fields=self.STRICTER)
        override(learner(platform, fields=self.STRICTER), points=9)
        change(teacher(platform, fields=self.STRICTER), "regrade")
        assert (points(platform, ADA), points(platform, BEN)) == ([0.9], [])

    def test_while_one_worker_tells_all_grades_no_other_does_however_often_somebody_clicks(self, platform, simulator):
        room = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS).room
        answers = []

        def click_again(sender, **details):
            if not answers:
                answers.append(grading.regrade(room.pk, THEA.id))

        platform.gradebook.published.connect(click_again)
        assert grading.regrade(room.pk, THEA.id) is True
        assert answers == [False]
        assert points(platform, ADA) == [0.5, 0.5]
        assert grading.regrade(room.pk, THEA.id) is True
        assert points(platform, ADA) == [0.5, 0.5, 0.5]

    def test_who_has_left_the_course_is_not_named(self, platform, simulator):
        hold(platform, [(ADA, 0, 30), (BEN, 0, 30)], fields=TEN_POINTS)
        platform.enrolled.discard(ADA.id)
        assert change(teacher(platform, fields=self.STRICTER), "preview").json == {
            "said": "1 grade would change:",
            "grades": ["ben: 0 in place of 5 points"],
        }

    def test_completion_that_the_platform_has_lost_comes_back_too(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        platform.gradebook.completed.clear()
        change(teacher(platform, fields=TEN_POINTS), "regrade")
        assert platform.gradebook.completed == {(ADA.id, str(usage_key())): 1.0}

    def test_what_is_not_graded_says_so(self, platform, simulator):
        hold(platform, [(ADA, 0, 30)])
        assert "is not graded" in change(teacher(platform), "preview").json["said"]

    @pytest.mark.parametrize("action", ["preview", "regrade"])
    def test_learners_get_neither(self, platform, simulator, action):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        desk = learner(platform, fields=TEN_POINTS)
        token = tickets.session.issue(desk.visit(), Purpose.CHANGE_ATTENDANCE)
        answer = desk.call("change_attendance", "POST", body={"token": token, "action": action})
        assert answer.status_code == 403
        assert points(platform, ADA) == [0.5]

    def test_without_a_broker_or_a_platform_to_ask_it_is_said_that_nothing_is_done(
        self, platform, simulator, with_broker, monkeypatch
    ):
        hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS)
        desk = teacher(platform, fields=TEN_POINTS)
        with monkeypatch.context() as broken:
            broken.setitem(sys.modules, "common.djangoapps.student.models", None)
            assert change(desk, "preview").json["code"] == "out_of_order"
        with_broker("redis://127.0.0.1:9/0")
        assert change(desk, "regrade").json["code"] == "out_of_order"


class TestWhatTheTrackingLogReads:
    @pytest.fixture
    def records(self):
        with Records().modules() as kept:
            yield kept

    def regraded(self, records) -> list[dict]:
        return [event for event in records.events if event["name"] == "edx.bbb_xblock.attendance.regraded"]

    def test_it_is_told_once_who_did_it_and_how_many_grades_were_told_and_nobody_is_named(
        self, platform, simulator, records
    ):
        hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], fields=TEN_POINTS)
        change(teacher(platform, fields=TEN_POINTS), "preview")
        assert self.regraded(records) == []
        change(teacher(platform, fields=TEN_POINTS), "regrade")
        (event,) = self.regraded(records)
        assert event["data"] == {"course_id": COURSE, "usage_key": str(usage_key()), "people": 2}
        assert event["context"] == {"user_id": THEA.id, "course_id": COURSE, "org_id": "ExampleX"}
        text = json.dumps(event)
        assert not [one for one in (ADA, BEN, THEA) if one.username in text or one.full_name in text]

    def test_only_those_are_counted_whose_grade_was_taken(self, platform, simulator, records):
        hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], fields=TEN_POINTS)
        platform.gradebook.broken_for = {BEN.id}
        change(teacher(platform, fields=TEN_POINTS), "regrade")
        assert {event["data"]["people"] for event in self.regraded(records)} == {1}

    def test_of_a_component_that_is_gone_nothing_is_told(self, platform, simulator, records):
        room = hold(platform, [(ADA, 0, 30)], fields=TEN_POINTS).room
        platform.published.clear()
        assert grading.regrade(room.pk, THEA.id) is True
        assert grading.regrade(room.pk + 1, THEA.id) is True
        assert self.regraded(records) == []
