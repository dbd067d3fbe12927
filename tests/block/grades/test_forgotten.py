"""Attendance goes by its age, and nobody's grade goes down because of that."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from bbb_xblock.domain import retention, tickets
from bbb_xblock.domain.attendance import due
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.models import Correction, Meeting, Outcome, Presence, Viewing
from tests.builders import ADA, BEN, learner, teacher, usage_key
from tests.graded import ALL_COUNT, DAY, TEN_POINTS, override, points, rescore, work
from tests.recorded import make_recording
from tests.register import change, correct
from tests.sessions import hold

BEST_TWO = TEN_POINTS | {"grade_sessions": 2}
FULL = TEN_POINTS | {"grade_curve": "full"}


@pytest.fixture
def forget(namespace):
    """Forget attendance, or who opened recordings, that is older than so many days."""

    def does(days: int, of: str = "ATTENDANCE_DAYS") -> None:
        namespace[of] = days
        retention.forget_old(500)

    return does


def grade_of(platform, user) -> float:
    """Give what the gradebook holds, of 1."""
    earned, possible = platform.gradebook.grades[user.id, str(usage_key())]
    return earned / possible


class TestRescore:
    def test_of_whom_everything_is_forgotten_the_grade_stays_and_the_log_says_why(
        self, platform, simulator, forget, caplog
    ):
        caplog.set_level(logging.INFO)
        hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=TEN_POINTS)
        forget(5)
        assert not Presence.objects.exists()
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=False)
        assert points(platform, ADA) == [0.5, 0.5]
        assert f"the grade of user {ADA.id} stays: attendance went by its age" in caplog.text

    def test_the_same_if_a_part_is_forgotten(self, platform, simulator, forget):
        hold(platform, [(ADA, 0, 60)], ago=8 * DAY, fields=BEST_TWO)
        hold(platform, [(ADA, 0, 30)], ago=DAY, fields=BEST_TWO)
        forget(5)
        rescore(learner(platform, fields=BEST_TWO), only_if_higher=False)
        assert points(platform, ADA) == [0.5, 0.75, 0.75]

    def test_a_part_that_is_worth_more_by_the_rules_of_now_is_told(self, platform, simulator, forget):
        hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=BEST_TWO)
        hold(platform, [(ADA, 0, 60)], ago=DAY, fields=BEST_TWO)
        forget(5)
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=False)
        assert points(platform, ADA) == [0.25, 0.75, 1]
        assert not Outcome.objects.get(user_id=ADA.id).is_partly_forgotten

    def test_of_a_mean_nothing_is_told_anew_from_a_part_of_it(self, platform, simulator, forget):
        hold(platform, [(BEN, 0, 60)], ago=8 * DAY, fields=ALL_COUNT)
        hold(platform, [(ADA, 0, 60)], ago=DAY, fields=ALL_COUNT)
        forget(5)
        rescore(learner(platform, fields=ALL_COUNT), only_if_higher=False)
        assert points(platform, ADA) == [0.5, 0.5]

    def test_who_was_not_there_in_what_is_forgotten_is_graded_by_what_is_there(self, platform, simulator, forget):
        hold(platform, [(BEN, 0, 60)], ago=8 * DAY, fields=TEN_POINTS)
        hold(platform, [(ADA, 0, 30)], ago=DAY, fields=TEN_POINTS)
        forget(5)
        rescore(learner(platform, fields=FULL), only_if_higher=False)
        assert points(platform, ADA) == [0.5, 0]

    def test_what_a_teacher_wrote_stays_as_well(self, platform, simulator, forget):
        hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=TEN_POINTS)
        override(learner(platform, fields=TEN_POINTS), points=9)
        forget(5)
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=False)
        assert points(platform, ADA) == [0.5, 0.9, 0.9]
        assert Outcome.objects.get(user_id=ADA.id).is_overridden

    def test_the_same_if_it_was_written_before_the_session(self, platform, simulator, forget):
        override(learner(platform, fields=TEN_POINTS), points=9)
        hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=TEN_POINTS)
        forget(5)
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=False)
        assert points(platform, ADA) == [0.9, 0.9]

    def test_whose_presence_is_kept_for_ever_is_rescored_as_always(self, platform, simulator, forget):
        hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=TEN_POINTS)
        forget(0)
        rescore(learner(platform, fields=FULL), only_if_higher=False)
        assert points(platform, ADA) == [0.5, 0]


class TestWhatIsForgotten:
    def test_a_correction_goes_with_its_session_and_its_grade_stays(self, platform, simulator, forget):
        meeting = hold(platform, [(BEN, 0, 60)], ago=8 * DAY, fields=TEN_POINTS)
        work(correct(teacher(platform, fields=TEN_POINTS), meeting, ADA, to="present", reason="Sound did not work"))
        forget(5)
        assert not Correction.objects.exists()
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=False)
        assert points(platform, ADA) == [1, 1]

    def test_what_the_platform_was_told_goes_last_and_then_a_rescore_leaves_it_alone(
        self, platform, simulator, forget, caplog
    ):
        caplog.set_level(logging.INFO)
        hold(platform, [(ADA, 0, 60)], ago=8 * DAY, fields=TEN_POINTS)
        Outcome.objects.update(told_at=timezone.now() - 7 * DAY)
        forget(5)
        assert not Outcome.objects.exists()
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=False)
        assert points(platform, ADA) == [1]
        assert f"the grade of user {ADA.id} stays: attendance went by its age" in caplog.text

    @pytest.mark.parametrize(("was_there", "told"), [(False, [1, 1]), (True, [0.5, 0])])
    def test_a_recording_that_made_up_for_a_session_or_did_not_have_to(
        self, platform, simulator, forget, was_there, told, django_capture_on_commit_callbacks
    ):
        fields = TEN_POINTS | {"record": True, "make_up": not was_there}
        meeting = hold(platform, [(ADA, 0, 60), *([(BEN, 0, 30)] if was_there else [])], fields=fields)
        desk = learner(platform, BEN, fields=fields)
        recording = make_recording(meeting.room, record_id=meeting.internal_id)
        query = {"ticket": tickets.session.issue(desk.visit(), Purpose.PLAY), "recording": recording.pk}
        with django_capture_on_commit_callbacks(execute=True):
            assert desk.call("play", query=query | {"format": "video"}).status_code == 302
        Viewing.objects.update(viewed_at=timezone.now() - 8 * DAY)
        forget(5, of="JOIN_DAYS")
        assert not Viewing.objects.exists()
        rescore(learner(platform, BEN, fields=fields | {"grade_curve": "full"}), only_if_higher=False)
        assert points(platform, BEN) == told

    def opens(self, platform, meeting: Meeting, fields: dict) -> None:
        """Have Ben open the recording of a session, a week ago."""
        desk = learner(platform, BEN, fields=fields)
        recording = make_recording(meeting.room, record_id=meeting.internal_id)
        query = {"ticket": tickets.session.issue(desk.visit(), Purpose.PLAY), "recording": recording.pk}
        assert desk.call("play", query=query | {"format": "video"}).status_code == 302
        Viewing.objects.update(viewed_at=timezone.now() - 8 * DAY)

    def test_a_recording_of_a_session_before_those_that_count_is_of_no_matter(self, platform, simulator, forget):
        fields = TEN_POINTS | {"record": True}
        self.opens(platform, hold(platform, [(ADA, 0, 60)], ago=3 * DAY, fields=fields), fields)
        hold(platform, [(BEN, 0, 30)], ago=DAY, fields=fields)
        forget(5, of="JOIN_DAYS")
        rescore(learner(platform, BEN, fields=fields | {"grade_curve": "full"}), only_if_higher=False)
        assert points(platform, BEN) == [0.5, 0]

    def test_what_a_teacher_wrote_for_somebody_who_then_made_up_stays(self, platform, simulator, forget):
        fields = TEN_POINTS | {"record": True, "make_up": True}
        override(learner(platform, BEN, fields=fields), points=4)
        self.opens(platform, hold(platform, [(ADA, 0, 60)], ago=3 * DAY, fields=fields), fields)
        forget(5, of="JOIN_DAYS")
        rescore(learner(platform, BEN, fields=fields), only_if_higher=False)
        assert points(platform, BEN) == [0.4, 0.4]

    def test_what_is_forgotten_of_one_component_says_nothing_of_another(self, platform, simulator, forget):
        hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=TEN_POINTS)
        other = learner(platform, block_id="other").room()
        Outcome.objects.create(
            room=other, user_id=ADA.id, value=0.5, since=timezone.now() - 9 * DAY, told_at=timezone.now()
        )
        forget(5)
        assert not Outcome.objects.get(room=other).is_partly_forgotten
        assert Outcome.objects.exclude(room=other).get().is_partly_forgotten

    def test_what_was_made_up_for_stays_when_the_session_is_forgotten(
        self, platform, simulator, forget, django_capture_on_commit_callbacks
    ):
        fields = TEN_POINTS | {"record": True, "make_up": True}
        meeting = hold(platform, [(ADA, 0, 60)], ago=8 * DAY, fields=fields)
        desk = learner(platform, BEN, fields=fields)
        recording = make_recording(meeting.room, record_id=meeting.internal_id)
        query = {"ticket": tickets.session.issue(desk.visit(), Purpose.PLAY), "recording": recording.pk}
        with django_capture_on_commit_callbacks(execute=True):
            assert desk.call("play", query=query | {"format": "video"}).status_code == 302
        forget(5)
        assert Viewing.objects.exists()
        rescore(learner(platform, BEN, fields=fields), only_if_higher=False)
        assert points(platform, BEN) == [1, 1]

    def test_a_recording_that_somebody_opened_who_has_no_grade_or_is_forgotten_is_of_no_matter(
        self, platform, simulator, forget
    ):
        recording = make_recording(learner(platform, fields=TEN_POINTS).room())
        other = make_recording(learner(platform, fields=TEN_POINTS).room())
        for user_id in (None, BEN.id):
            for one in (recording, other):
                long_ago = timezone.now() - 8 * DAY
                Viewing.objects.create(recording=one, user_id=user_id, format="video", viewed_at=long_ago)
        other.room.meetings.filter(internal_id=other.record_id).delete()
        forget(5, of="JOIN_DAYS")
        assert not Viewing.objects.exists() and not Outcome.objects.exists()


class TestWithTheNextSession:
    def test_a_grade_goes_up_and_never_down(self, platform, simulator, forget, namespace):
        falling = BEST_TWO | {"grade_may_fall": True}
        hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], ago=9 * DAY, fields=falling)
        hold(platform, [(ADA, 0, 30), (BEN, 0, 60)], ago=8 * DAY, fields=falling)
        assert (points(platform, ADA), points(platform, BEN)) == ([0.25, 0.5], [0.5, 1])
        forget(5)
        namespace["ATTENDANCE_DAYS"] = 0
        hold(platform, [(ADA, 0, 60), (BEN, 0, 30)], ago=2 * DAY, fields=falling)
        hold(platform, [(ADA, 0, 60)], ago=DAY, fields=falling)
        assert (points(platform, ADA), points(platform, BEN)) == ([0.25, 0.5, 1], [0.5, 1])

    def test_the_same_if_all_sessions_count(self, platform, simulator, forget, namespace):
        hold(platform, [(ADA, 0, 30)], ago=9 * DAY, fields=ALL_COUNT)
        hold(platform, [(BEN, 0, 60)], ago=2 * DAY, fields=ALL_COUNT)
        assert points(platform, ADA) == [0.5, 0.25]
        forget(5)
        namespace["ATTENDANCE_DAYS"] = 0
        hold(platform, [(ADA, 0, 60)], ago=DAY, fields=ALL_COUNT)
        assert points(platform, ADA) == [0.5, 0.25, 0.5]

    def test_what_is_forgotten_while_somebody_grades_is_not_overlooked(self, platform, simulator, namespace):
        room = hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=TEN_POINTS).room
        namespace["ATTENDANCE_DAYS"] = 5
        platform.gradebook.published.connect(lambda **told: retention.forget_old(9), weak=False)
        change(teacher(platform, fields=TEN_POINTS), "regrade")
        due.ask(room.pk)
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=False)
        assert points(platform, ADA) == [0.5, 0.5, 0.5]


class TestRegradingAll:
    def test_the_course_team_reads_whose_grade_stays_and_why(self, platform, simulator, forget):
        hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=TEN_POINTS)
        hold(platform, [(BEN, 0, 30)], ago=DAY, fields=TEN_POINTS)
        forget(5)
        assert change(teacher(platform, fields=FULL), "preview").json == {
            "said": (
                "1 grade stays as it is, because attendance that it came from was deleted by its age. "
                "1 grade would change:"
            ),
            "grades": [
                "ben: 0 in place of 5 points",
                "ada: 5 points stay, because attendance was deleted by its age",
            ],
        }

    def test_who_has_the_same_grade_by_what_is_left_is_not_named(self, platform, simulator, forget):
        for ago in (8 * DAY, DAY):
            hold(platform, [(ADA, 0, 30)], ago=ago, fields=TEN_POINTS)
        forget(5)
        assert change(teacher(platform, fields=TEN_POINTS), "preview").json["grades"] == []
        change(teacher(platform, fields=TEN_POINTS), "regrade")
        assert not Outcome.objects.get(user_id=ADA.id).is_partly_forgotten

    def test_it_brings_back_what_the_platform_has_lost_and_changes_nothing_else(self, platform, simulator, forget):
        hold(platform, [(ADA, 0, 30), (BEN, 0, 10)], ago=8 * DAY, fields=TEN_POINTS)
        forget(5)
        platform.gradebook.grades.clear()
        for _ in range(2):
            change(teacher(platform, fields=FULL), "regrade")
        assert grade_of(platform, ADA) == 0.5
        assert points(platform, ADA) == [0.5, 0.5, 0.5]

    def test_where_nothing_is_graded_any_more_nothing_is_told(self, platform, simulator, forget):
        hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=TEN_POINTS)
        forget(5)
        assert "is not graded" in change(teacher(platform), "preview").json["said"]
        change(teacher(platform), "regrade")
        assert points(platform, ADA) == [0.5]


def test_what_a_learner_reads_stays_too(platform, simulator, forget):
    hold(platform, [(ADA, 0, 30)], ago=8 * DAY, fields=TEN_POINTS)
    forget(5)
    with freeze_time(timezone.now() + timedelta(hours=1)):
        rescore(learner(platform, fields=TEN_POINTS), only_if_higher=False)
        page = learner(platform, fields=TEN_POINTS).page()
    assert "worth 5 of 10 points" in page.text_content()
