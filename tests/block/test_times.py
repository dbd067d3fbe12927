"""When a session opens and closes: told by the course's dates, in which zone, and for how long pages wait."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from freezegun import freeze_time
from xblock.validation import ValidationMessage

from tests.asking import VERA, visitor
from tests.builders import ADA, COURSE, Desk, learner, teacher
from tests.sessions import enrol, hold

FIRST_DAY = datetime(2026, 10, 5, 6, tzinfo=UTC)
# At 14:00 in Berlin, eight days before and after the clocks are put back.
BEFORE, AFTER = datetime(2026, 10, 17, 12, tzinfo=UTC), datetime(2026, 11, 2, 13, tzinfo=UTC)


def state(desk: Desk) -> str:
    return str(desk.status().json["state"])


class TestToldByTheCoursesDates:
    FIELDS: ClassVar = {"opens_at": "course_start+P28DT14:00", "closes_at": "course_start+P28DT15:30"}

    @pytest.fixture(autouse=True)
    def dated(self, platform, namespace):
        platform.course_starts[COURSE] = FIRST_DAY
        namespace["TIME_ZONE"] = "Europe/Berlin"

    @pytest.mark.parametrize(("minutes", "expected"), [(-1, "not_open_yet"), (0, "ready"), (89, "ready"), (90, "over")])
    def test_the_door_opens_and_closes_when_the_courses_clocks_show_it(self, platform, minutes, expected):
        with freeze_time(AFTER + timedelta(minutes=minutes)):
            assert state(learner(platform, fields=self.FIELDS)) == expected
            assert learner(platform, fields=self.FIELDS).click_join().status_code == (
                302 if expected == "ready" else 409
            )

    def test_a_rerun_of_the_course_has_times_of_its_own(self, platform):
        rerun = "course-v1:ExampleX+Physics+2027"
        platform.course_starts[rerun] = FIRST_DAY + timedelta(days=364)
        with freeze_time(AFTER):
            assert state(learner(platform, fields=self.FIELDS)) == "ready"
            assert state(learner(platform, fields=self.FIELDS, course=rerun)) == "not_open_yet"

    def test_a_learner_with_more_time_has_the_same_class(self, platform):
        platform.subsection_due = AFTER
        desk = learner(platform, fields={"closes_at": "subsection_due+P0D"})
        desk.block.due = AFTER + timedelta(days=7)
        with freeze_time(AFTER):
            assert state(desk) == "over"

    def test_a_portable_ticket_keeps_to_them(self, platform):
        get_user_model().objects.create(pk=VERA.id, username=VERA.username)
        with freeze_time(AFTER):
            way_in = visitor(platform, fields={"opens_at": "course_start+P28DT14:00"}).status().json["join_url"]
            platform.course_starts[COURSE] += timedelta(days=1)
            answer = Client().get(way_in, headers={"Accept": "application/json"})
        assert answer.json()["code"] == "not_open_yet"

    @pytest.mark.parametrize("anchor", ["subsection_due", "subsection_start"])
    def test_without_the_date_it_is_as_if_the_option_were_not_set(self, platform, anchor):
        with freeze_time(BEFORE):
            assert state(learner(platform, fields={"opens_at": f"{anchor}+P300D"})) == "ready"
            assert state(learner(platform, fields={"closes_at": f"{anchor}-P300D"})) == "ready"

    def test_a_look_at_the_page_asks_for_the_dates_once(self, platform):
        learner(platform, fields=self.FIELDS).page()
        assert platform.times_asked_for_start == 1

    def test_an_operator_tells_no_times_by_dates(self, platform, namespace):
        namespace["DEFAULTS"] = {"opens_at": "course_start+P300D"}
        with freeze_time(BEFORE):
            assert state(learner(platform)) == "ready"


class TestTheUnitPageInStudio:
    def messages(self, desk: Desk) -> list[tuple[str, str]]:
        return [(message.type, message.text) for message in desk.block.validate().messages]

    def desk(self, platform, **fields: str) -> Desk:
        return teacher(platform, studio=True, fields=fields)

    def test_it_says_which_date_is_missing(self, platform):
        ((kind, text),) = self.messages(self.desk(platform, closes_at="subsection_due+P0D"))
        assert kind == ValidationMessage.WARNING
        assert "“Closes”" in text
        assert "The due date of the subsection" in text

    def test_it_says_nothing_once_the_date_is_set(self, platform):
        platform.subsection_due = AFTER
        assert self.messages(self.desk(platform, closes_at="subsection_due+P0D")) == []

    def test_it_says_that_the_dates_put_the_end_before_the_opening(self, platform):
        platform.subsection_due = AFTER
        fields = {"opens_at": "2026-12-01T12:00:00Z", "closes_at": "subsection_due+P0D"}
        ((_, text),) = self.messages(self.desk(platform, **fields))
        assert text == "“Closes” must be later than the opening."

    def test_what_the_operator_keeps_is_not_complained_about(self, platform, namespace):
        namespace["LOCKED"] = ["closes_at"]
        assert self.messages(self.desk(platform, closes_at="subsection_due+P0D")) == []


class TestWhatTheCardSays:
    # 15:00 to 16:30 in Berlin.
    OPENS, CLOSES = datetime(2026, 11, 24, 14, tzinfo=UTC), datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    FIELDS: ClassVar = {"opens_at": "2026-11-24T14:00:00Z", "closes_at": "2026-11-24T15:30:00Z"}

    @pytest.fixture(autouse=True)
    def in_berlin(self, namespace):
        namespace["TIME_ZONE"] = "Europe/Berlin"

    def card(self, desk: Desk, at: datetime):
        with freeze_time(at):
            return desk.page()

    def words(self, desk: Desk, selector: str, at: datetime) -> str:
        return " ".join(" ".join(each.text_content().split()) for each in self.card(desk, at).cssselect(selector))

    def test_it_says_when_on_the_clocks_of_the_course(self, platform):
        desk = learner(platform, fields=self.FIELDS)
        said = self.words(desk, ".bbb-when", self.OPENS - timedelta(days=2))
        assert said == "Tuesday, November 24, 3 p.m.–4:30 p.m. (Berlin)"

    def test_it_names_the_day_of_the_end_and_the_year_where_they_are_others(self, platform):
        desk = learner(platform, fields=self.FIELDS | {"closes_at": "2027-01-01T11:00:00Z"})
        said = self.words(desk, ".bbb-when", self.OPENS - timedelta(days=2))
        assert said == "Tuesday, November 24, 3 p.m.–Friday, Jan. 1, 2027, noon (Berlin)"

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"opens_at": "2026-11-24T14:00:00Z"}, "Opens: Tuesday, November 24, 3 p.m. (Berlin)"),
            ({"closes_at": "2026-11-24T15:30:00Z"}, "Closes: Tuesday, November 24, 4:30 p.m. (Berlin)"),
            ({}, ""),
        ],
    )
    def test_it_says_what_is_known(self, platform, fields, said):
        assert self.words(learner(platform, fields=fields), ".bbb-when", self.OPENS - timedelta(days=2)) == said

    @pytest.mark.parametrize(
        ("before", "said"),
        [
            (timedelta(days=30), "Starts in 30 days"),
            (timedelta(hours=48), "Starts in 2 days"),
            (timedelta(hours=36), "Starts in 2 days"),
            (timedelta(hours=35), "Starts in 35 hours"),
            (timedelta(minutes=120), "Starts in 2 hours"),
            (timedelta(minutes=119), "Starts in 119 minutes"),
            (timedelta(seconds=61), "Starts in 2 minutes"),
            (timedelta(seconds=60), "Starts in 1 minute"),
            (timedelta(seconds=1), "Starts in 1 minute"),
            (timedelta(0), ""),
            (timedelta(days=-1), ""),
        ],
    )
    def test_it_counts_down_in_words_outside_of_what_is_read_out_loud(self, platform, before, said):
        card = self.card(learner(platform, fields=self.FIELDS), self.OPENS - before)
        assert [place.text_content() for place in card.cssselect(".bbb-countdown")] == ([said] if said else [])
        assert not card.cssselect("[role=status] .bbb-countdown, [aria-live] .bbb-countdown")

    def test_those_who_lead_read_when_they_can_come_in(self, platform):
        fields = self.FIELDS | {"lead_minutes": 15}
        early, late = self.OPENS - timedelta(hours=1), self.OPENS - timedelta(minutes=15)
        said = self.words(teacher(platform, fields=fields), ".bbb-enters", early)
        assert said == "As a moderator you can come in from: Tuesday, November 24, 2:45 p.m."
        assert self.words(teacher(platform, fields=fields), ".bbb-enters", late) == ""
        assert self.words(learner(platform, fields=fields), ".bbb-enters", early) == ""

    def test_it_says_when_a_session_ended(self, platform):
        with freeze_time(self.CLOSES + timedelta(hours=1)):
            desk = learner(platform, fields=self.FIELDS)
            said = desk.status().json
            assert said["sentence"] in desk.page().text_content()
        assert said["label"] == "Ended"
        assert said["sentence"].startswith("The session ended on Tuesday, November 24, 4:30 p.m. (Berlin). ")

    def test_the_script_knows_the_zone_of_the_account_and_believes_no_rubbish(self, platform):
        for chosen, known in [("Asia/Tokyo", "Asia/Tokyo"), ('Nowhere/"x', ""), ("", ""), (None, ""), (7, "")]:
            desk = learner(platform, replace(ADA, preferences={"time_zone": chosen}), fields=self.FIELDS)
            (when,) = self.card(desk, self.OPENS).cssselect(".bbb-when")
            assert (when.get("data-zone"), when.get("data-reader-zone")) == ("Europe/Berlin", known)

    def test_so_do_a_list_of_recordings_without_a_room_and_the_own_attendance(self, platform):
        ada = replace(ADA, preferences={"time_zone": "Asia/Tokyo"})
        enrol(platform, ADA)
        hold(platform, [(ADA, 0, 60)])
        for fields, place in [({"kind": "recordings"}, ".bbb-shelf"), ({}, ".bbb-own-attendance")]:
            (told,) = learner(platform, ada, fields=fields).page().cssselect(place)
            assert (told.get("data-reader-zone"), told.get("data-moment")) == ("Asia/Tokyo", "{date}, {time}")
