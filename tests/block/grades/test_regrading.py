"""The course team has every grade told anew, after it saw what would change."""

import sys
from typing import Any, ClassVar

import pytest

from bbb_xblock.domain import tickets
from bbb_xblock.domain.tickets.session import Purpose
from tests.builders import ADA, BEN, learner, teacher
from tests.graded import TEN_POINTS, override, points
from tests.held import change
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
        assert change(desk, "preview").json["grades"] == []

    def test_nobody_is_told_a_nothing_who_had_nothing_and_what_a_teacher_wrote_stays(self, platform, simulator):
        hold(platform, [(ADA, 0, 30), (BEN, 0, 10)], fields=self.STRICTER)
        override(learner(platform, fields=self.STRICTER), points=9)
        change(teacher(platform, fields=self.STRICTER), "regrade")
        assert (points(platform, ADA), points(platform, BEN)) == ([0.9], [])

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
