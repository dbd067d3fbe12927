"""A recording that is opened in time makes up for a session that was missed."""

from typing import Any, ClassVar

import pytest

from bbb_xblock.domain import retention, tickets
from bbb_xblock.domain.attendance import due
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.models import Meeting, Outcome
from tests.builders import ADA, BEN, OLGA, THEA, learner
from tests.graded import DAY, TEN_POINTS, points
from tests.recorded import make_recording
from tests.sessions import hold, later, report


class TestMakingUp:
    FIELDS: ClassVar[dict[str, Any]] = TEN_POINTS | {"record": True, "make_up": True}

    @pytest.fixture
    def watch(self, platform, django_capture_on_commit_callbacks):
        """Ben opens the recording of a session; what is queued then, is done."""

        def opens(meeting: Meeting, fields: dict[str, Any]) -> None:
            desk = learner(platform, BEN, fields=fields)
            recording = make_recording(meeting.room, record_id=meeting.internal_id)
            ticket = tickets.session.issue(desk.visit(), Purpose.PLAY)
            query = {"ticket": ticket, "recording": recording.pk, "format": "video"}
            with django_capture_on_commit_callbacks(execute=True):
                assert desk.call("play", query=query).status_code == 302

        return opens

    def test_whoever_opens_the_recording_gets_the_points_of_the_session(self, platform, simulator, watch):
        watch(hold(platform, [(ADA, 0, 60)], fields=self.FIELDS), self.FIELDS)
        assert points(platform, BEN) == [1]

    def test_it_makes_up_for_that_session_only(self, platform, simulator, watch):
        fields = self.FIELDS | {"grade_sessions": 2}
        hold(platform, [(ADA, 0, 60)], ago=8 * DAY, fields=fields)
        watch(hold(platform, [(ADA, 0, 60)], fields=fields), fields)
        assert points(platform, BEN) == [0.5]

    def test_it_counts_until_the_last_date(self, platform, simulator, watch):
        fields = self.FIELDS | {"make_up_until": later(1).isoformat()}
        watch(hold(platform, [(ADA, 0, 60)], fields=fields), fields)
        assert points(platform, BEN) == [1]

    @pytest.mark.parametrize("unlike", [{"make_up": False}, {"make_up_until": "2020-01-01T12:00:00Z"}])
    def test_it_does_not_count_later_or_where_the_author_does_not_say_so(self, platform, simulator, watch, unlike):
        fields = self.FIELDS | unlike
        meeting = hold(platform, [(ADA, 0, 60)], fields=fields)
        watch(meeting, fields)
        report(meeting, [(ADA, 0, 59)])
        assert points(platform, BEN) == []

    def test_where_it_makes_up_for_nothing_nobody_is_graded_because_of_it(self, platform, simulator, watch):
        fields = self.FIELDS | {"make_up": False}
        meeting = hold(platform, [(ADA, 0, 60)], fields=fields)
        asked = []

        def hear(sender, *, room_pk, **details):
            asked.append(room_pk)

        due.asked.connect(hear)
        watch(meeting, fields)
        assert asked == []

    def test_of_somebody_who_is_forgotten_nothing_is_left_and_nothing_counts(self, platform, simulator, watch):
        meeting = hold(platform, [(ADA, 0, 30)], fields=self.FIELDS)
        watch(meeting, self.FIELDS)
        retention.forget_person(BEN.id)
        assert not Outcome.objects.filter(user_id=BEN.id).exists()
        report(meeting, [(ADA, 0, 45), (THEA, 0, 60), (OLGA, 0, 1)])
        assert (points(platform, ADA), points(platform, BEN)) == ([0.5, 0.75], [1])
