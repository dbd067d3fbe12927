"""What an author chooses is what BigBlueButton is asked for: every option, on the wire."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.utils import translation
from freezegun import freeze_time

from bbb_xblock.models import Meeting, Room
from bbb_xblock.options import OPTIONS
from bbb_xblock.options.choices import Feature, Layout
from tests.builders import ADA, BEN, Desk, learner, teacher

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LOGO = "https://example.org/logo.png"


@dataclass(frozen=True)
class Wish:
    """A choice, and what is asked for: parameters of one call. None stands for a parameter that is not sent."""

    call: str
    option: str
    value: Any
    params: dict[str, str | None]
    beside: dict[str, Any]


def create(option: str, value: Any, params: dict[str, str | None], **beside: Any) -> Any:
    return pytest.param(Wish("create", option, value, params, beside), id=f"{option}={value!r:.40}")


def join(option: str, value: Any, params: dict[str, str | None], **beside: Any) -> Any:
    return pytest.param(Wish("join", option, value, params, beside), id=f"{option}={value!r:.40}")


RECORDED = {"record": True}
WISHES = [
    create("title", "Weekly seminar", {"name": "Weekly seminar"}),
    create("kind", "room", {"record": "false"}, **RECORDED),
    create("welcome", "Hello\n<b>all</b>", {"welcome": "Hello<br>&lt;b&gt;all&lt;/b&gt;"}),
    create("moderator_message", "Greet\neverybody", {"moderatorOnlyMessage": "Greet<br>everybody"}),
    create("duration_minutes", 45, {"duration": "45"}),
    create("duration_minutes", 0, {"duration": None}),
    create("closes_at", "2026-11-24T13:30:00Z", {"duration": "90"}),
    create("closes_at", "2026-11-24T14:30:00+01:00", {"duration": "90"}),
    create("closes_at", "2026-11-24T13:30:00Z", {"duration": "60"}, duration_minutes=60),
    create("waiting_room", "nobody", {"guestPolicy": "ALWAYS_ACCEPT"}),
    create("waiting_room", "guests", {"guestPolicy": "ALWAYS_ACCEPT_AUTH"}),
    create("waiting_room", "everybody", {"guestPolicy": "ASK_MODERATOR"}),
    create("max_participants", 12, {"maxParticipants": "12"}),
    create("max_participants", 0, {"maxParticipants": None}),
    create("record", True, {"record": "true", "autoStartRecording": None, "allowStartStopRecording": None}),
    create("record_at_once", True, {"autoStartRecording": "true"}, **RECORDED),
    create("record_at_once", True, {"autoStartRecording": None, "record": "false"}),
    create("hide_record_button", True, {"allowStartStopRecording": "false"}, **RECORDED, record_at_once=True),
    create("hide_record_button", True, {"allowStartStopRecording": None}, **RECORDED),
    create("record_everything", True, {"recordFullDurationMedia": "true"}, **RECORDED),
    create("announce_recording", True, {"notifyRecordingIsOn": "true"}, **RECORDED),
    create("mute_on_start", True, {"muteOnStart": "true"}),
    create("moderators_unmute", True, {"allowModsToUnmuteUsers": "true"}),
    create("cameras_for_moderators", True, {"webcamsOnlyForModerator": "true"}),
    create("cameras_per_person", 2, {"userCameraCap": "2"}),
    create("cameras_in_room", 9, {"meetingCameraCap": "9"}),
    create("lock_camera", True, {"lockSettingsDisableCam": "true"}),
    create("lock_microphone", True, {"lockSettingsDisableMic": "true"}),
    create("lock_private_chat", True, {"lockSettingsDisablePrivateChat": "true"}),
    create("lock_public_chat", True, {"lockSettingsDisablePublicChat": "true"}),
    create("lock_notes", True, {"lockSettingsDisableNotes": "true"}),
    create("hide_people", True, {"lockSettingsHideUserList": "true"}),
    create("hide_cursors", True, {"lockSettingsHideViewersCursor": "true"}),
    create("hide_annotations", True, {"lockSettingsHideViewersAnnotation": "true"}),
    create("features_off", ["polls", "chat", "polls"], {"disabledFeatures": "chat,polls"}),
    create("layout", "SMART_LAYOUT", {"meetingLayout": "SMART_LAYOUT"}),
    create("layout", "", {"meetingLayout": None}),
    create("logo", LOGO, {"logo": LOGO}),
    create("banner_text", "Exam room", {"bannerText": "Exam room"}),
    create("banner_color", "#0a3055", {"bannerColor": "#0a3055"}, banner_text="Exam room"),
    create("banner_color", "#0a3055", {"bannerColor": None}),
    join("skip_audio_check", True, {"userdata-bbb_skip_check_audio": "true"}),
    join("no_listen_only", True, {"userdata-bbb_listen_only_mode": "false"}),
    join("own_language", True, {"userdata-bbb_override_default_locale": "pt-BR"}),
    join("keep_layout", True, {"enforceLayout": "VIDEO_FOCUS"}, layout="VIDEO_FOCUS"),
    join("keep_layout", True, {"enforceLayout": None}),
    join("who_leads", "course_team", {"role": "VIEWER"}),
    join("who_leads", "everybody", {"role": "MODERATOR"}),
]
# Options that change who comes in when, or what the course page shows; their tests are below. Those of slides are in
# test_slides.py.
NOT_ON_THE_WIRE = {
    "opens_at",
    "lead_minutes",
    "wait_for_moderator",
    "keep_seat",
    "slides",
    "slides_downloadable",
    "description",
    "attendance_measure",
    "attendance_share",
    "attendance_minutes",
    "attendance_late_minutes",
    "completed_by",
    "grade_points",
    "grade_curve",
    "grade_sessions",
    "grade_may_fall",
    "make_up",
    "make_up_until",
    "shown_recordings",
    "recording_days",
    "plan_b_text",
    "plan_b_link",
}


def fields_of(wish: Wish) -> dict[str, Any]:
    return {OPTIONS[name].field_name: value for name, value in {**wish.beside, wish.option: wish.value}.items()}


def asked(simulator, desk: Desk, call: str) -> dict[str, str]:
    """Click Join, and give what is asked for in the call: of the server, or in the join link."""
    with freeze_time(NOON), translation.override("pt-br"):
        answer = desk.click_join()
    assert answer.status_code == 302, answer.text
    link = {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}
    (room,) = Room.objects.all()
    return simulator.meeting(room.meeting_id).params if call == "create" else link


def has_asked(simulator, desk: Desk, wish: Wish) -> dict[str, str | None]:
    found = asked(simulator, desk, wish.call)
    return {name: found.get(name) for name in wish.params}


def test_every_option_has_its_test():
    assert {case.values[0].option for case in WISHES} | NOT_ON_THE_WIRE == set(OPTIONS)


@pytest.mark.parametrize("wish", WISHES)
def test_what_the_author_chose_is_asked_of_bigbluebutton(platform, simulator, wish):
    assert has_asked(simulator, learner(platform, fields=fields_of(wish)), wish) == wish.params


@pytest.mark.parametrize("wish", WISHES)
def test_what_the_operator_chose_counts_where_the_author_left_it_open(platform, simulator, namespace, wish):
    namespace["DEFAULTS"] = {**wish.beside, wish.option: wish.value}
    assert has_asked(simulator, learner(platform), wish) == wish.params


@pytest.mark.parametrize("wish", WISHES)
def test_what_the_operator_keeps_the_author_cannot_change(platform, simulator, namespace, wish):
    namespace["LOCKED"] = [wish.option]
    open_beside = {OPTIONS[name].field_name: value for name, value in wish.beside.items()}
    left_open = asked(simulator, learner(platform, fields=open_beside), wish.call)
    simulator.reset()
    Room.objects.all().delete()
    kept = asked(simulator, learner(platform, fields=fields_of(wish)), wish.call)
    assert {name: kept.get(name) for name in wish.params} == {name: left_open.get(name) for name in wish.params}


@pytest.mark.parametrize("feature", Feature)
def test_every_feature_can_be_switched_off_by_bigbluebutton_s_own_name(platform, simulator, feature):
    desk = learner(platform, fields={"features_off": [feature.value]})
    assert asked(simulator, desk, "create")["disabledFeatures"] == feature.value


def test_a_server_that_does_not_know_the_layout_makes_the_room_in_its_own(platform, simulator):
    simulator.fault("create", "failed", key="validationError", times=1)
    desk = learner(platform, fields={"layout": Layout.VIDEO_FOCUS.value})
    assert "meetingLayout" not in asked(simulator, desk, "create")
    assert simulator.count("create") == 2


class TestWhoLeads:
    @pytest.mark.parametrize("role", ["Administrator", "Moderator", "Group Moderator", "Community TA"])
    def test_moderators_of_the_forum_lead_if_that_was_chosen(self, platform, simulator, role):
        platform.forum_roles[BEN.id] = role
        fields = {"who_leads": "forum_moderators"}
        assert asked(simulator, learner(platform, BEN, fields=fields), "join")["role"] == "MODERATOR"
        assert asked(simulator, learner(platform, ADA, fields=fields), "join")["role"] == "VIEWER"
        assert asked(simulator, learner(platform, BEN), "join")["role"] == "VIEWER"

    def test_a_student_of_the_forum_does_not_lead(self, platform, simulator):
        platform.forum_roles[BEN.id] = "Student"
        desk = learner(platform, BEN, fields={"who_leads": "forum_moderators"})
        assert asked(simulator, desk, "join")["role"] == "VIEWER"

    def test_a_platform_that_cannot_be_asked_makes_nobody_a_moderator(self, platform, simulator, monkeypatch):
        platform.forum_roles[BEN.id] = "Moderator"
        monkeypatch.setitem(__import__("sys").modules, "openedx.core.djangoapps.django_comment_common.models", None)
        desk = learner(platform, BEN, fields={"who_leads": "forum_moderators"})
        assert asked(simulator, desk, "join")["role"] == "VIEWER"

    @pytest.mark.parametrize("who_leads", ["forum_moderators", "everybody"])
    def test_whoever_leads_does_not_wait_and_is_told_the_role(self, platform, who_leads):
        platform.forum_roles[BEN.id] = "Moderator"
        desk = learner(platform, BEN, fields={"who_leads": who_leads, "wait_for_moderator": True})
        said = desk.status().json
        assert (said["state"], said["role"]) == ("ready", "You will join as a moderator.")

    def test_leading_shows_learners_no_names_and_gives_them_no_end_button(self, platform, simulator):
        fields = {"who_leads": "everybody"}
        requests.get(teacher(platform, fields=fields).click_join().location, timeout=5)
        with freeze_time() as clock:
            clock.tick(60)
            said = learner(platform, fields=fields).status()
        assert said.json["people"] == []
        assert "Thea" not in said.text
        assert not learner(platform, fields=fields).page().cssselect(".bbb-end")

    def test_in_the_room_everybody_is_what_was_chosen(self, platform, simulator):
        requests.get(learner(platform, fields={"who_leads": "everybody"}).click_join().location, timeout=5)
        (room,) = Room.objects.all()
        assert [person.role for person in simulator.meeting(room.meeting_id).participants] == ["MODERATOR"]


class TestSeats:
    def test_the_last_seat_is_kept_until_a_moderator_is_in(self, platform, simulator):
        fields = {"max_participants": 3}
        with freeze_time() as clock:
            requests.get(learner(platform, fields=fields).click_join().location, timeout=5)
            meeting_id = Room.objects.get().meeting_id
            simulator.add_participants(meeting_id, 1)
            clock.tick(60)
            refused = learner(platform, BEN, fields=fields).click_join(headers={"Accept": "application/json"})
            assert refused.json["code"] == "room_full"
            clock.tick(60)
            assert "All 2 seats are taken." in learner(platform, BEN, fields=fields).status().json["sentence"]
            requests.get(teacher(platform, fields=fields).click_join().location, timeout=5)
        roles = [person.role for person in simulator.meeting(meeting_id).participants]
        assert roles.count("MODERATOR") == 1

    def test_an_author_may_give_the_last_seat_away(self, platform, simulator):
        fields = {"max_participants": 2, "keep_seat": False}
        with freeze_time() as clock:
            requests.get(learner(platform, fields=fields).click_join().location, timeout=5)
            clock.tick(60)
            assert learner(platform, BEN, fields=fields).click_join().status_code == 302


class TestTimes:
    FIELDS: ClassVar = {"opens_at": "2026-11-24T12:00:00Z", "closes_at": "2026-11-24T13:30:00Z", "lead_minutes": 15}

    def at(self, minutes: int):
        return freeze_time(NOON + timedelta(minutes=minutes))

    def code(self, desk: Desk) -> str:
        answer = desk.join_by_script()
        return answer.json.get("code", "let in")

    @pytest.mark.parametrize(
        ("minutes", "for_learner", "for_teacher"),
        [
            (-16, "not_open_yet", "not_open_yet"),
            (-15, "not_open_yet", "let in"),
            (-1, "not_open_yet", "let in"),
            (0, "let in", "let in"),
            (89, "let in", "let in"),
            (90, "session_over", "session_over"),
        ],
    )
    def test_the_door_opens_and_closes_on_time(self, platform, minutes, for_learner, for_teacher):
        with self.at(minutes):
            assert self.code(learner(platform, fields=self.FIELDS)) == for_learner
            assert self.code(teacher(platform, fields=self.FIELDS)) == for_teacher

    @pytest.mark.parametrize("minutes", [-16, 90])
    def test_outside_its_time_nothing_is_asked_of_bigbluebutton(self, platform, simulator, minutes):
        with self.at(minutes):
            for desk in (learner(platform, fields=self.FIELDS), teacher(platform, fields=self.FIELDS)):
                desk.click_join()
                desk.status()
        assert simulator.count() == 0

    @pytest.mark.parametrize(
        ("minutes", "state", "next_seconds"),
        [(-600, "not_open_yet", 1800), (-5, "not_open_yet", 300), (0, "ready", 15), (90, "over", 0)],
    )
    def test_a_page_wakes_at_the_opening_and_sleeps_when_it_is_over(self, platform, minutes, state, next_seconds):
        with self.at(minutes):
            said = learner(platform, fields=self.FIELDS).status().json
        assert (said["state"], said["next_seconds"]) == (state, next_seconds)

    def test_an_open_page_learns_that_the_session_has_opened_and_closed(self, platform):
        desk = learner(platform, fields=self.FIELDS)
        with self.at(-30) as clock:
            token = desk.page_token()
            states = []
            for minutes in (0, 30, 90):
                clock.tick(timedelta(minutes=minutes))
                states.append(desk.status(token=token).json["state"])
        assert states == ["not_open_yet", "ready", "over"]

    def test_the_card_gives_the_times_to_the_script_and_to_those_without_one(self, platform):
        with self.at(-30):
            times = learner(platform, fields=self.FIELDS).page().cssselect(".bbb-when time")
        assert [datetime.fromisoformat(time.get("datetime")) for time in times] == [
            NOON,
            NOON + timedelta(minutes=90),
        ]
        assert [time.text_content() for time in times] == ["Tuesday, November 24, noon", "1:30 p.m."]

    def test_an_operator_who_keeps_the_times_opens_the_door(self, platform, namespace):
        namespace["LOCKED"] = ["opens_at"]
        with self.at(-30):
            assert self.code(learner(platform, fields=self.FIELDS)) == "let in"


class TestTheCard:
    def test_a_session_without_a_room_offers_nothing_to_click(self, platform, simulator):
        desk = teacher(platform, fields={"kind": "recordings", "description": "Of last year"})
        ticket = teacher(platform).ticket()
        assert not desk.page().cssselect("a, .bbb-join, .bbb-end")
        assert "no room to meet in" in desk.page().text_content()
        assert "Of last year" in desk.page().text_content()
        assert desk.call("join", "POST", body={"ticket": ticket}).json["code"] == "no_room"
        assert simulator.count() == 0

    def test_a_description_is_shown_as_text(self, platform):
        page = learner(platform, fields={"description": "Bring <b>paper</b>.\nAnd a pen."}).page()
        (shown,) = page.cssselect(".bbb-description")
        assert shown.text_content() == "Bring <b>paper</b>.And a pen."
        assert len(shown.cssselect("br")) == 1

    def test_plan_b_is_shown_when_the_server_does_not_answer(self, platform, simulator):
        fields = {"plan_b_text": "Meet in room 12.", "plan_b_link": "https://example.org/other-room"}
        before = learner(platform, fields=fields).page()
        simulator.fault("*", "html_502")
        learner(platform, fields=fields).click_join()
        page = learner(platform, fields=fields).page()
        # The style sheet goes by the tone; the place is kept free until then.
        tones = [part.get("data-tone") for one in (before, page) for part in one.cssselect(".bbb-xblock")]
        assert tones == ["ready", "trouble"]
        (after,) = page.cssselect(".bbb-plan-b")
        assert "Meet in room 12." in after.text_content()
        (link,) = after.cssselect("a")
        assert link.get("href") == "https://example.org/other-room"
        assert {"noopener", "noreferrer"} <= set(link.get("rel").split())

    def test_waiting_for_a_moderator_is_told(self, platform):
        desk = learner(platform, fields={"wait_for_moderator": True})
        assert desk.status().json["state"] == "waiting"


def test_a_meeting_remembers_what_was_chosen_for_it_without_texts(platform):
    teacher(platform, fields={"record": True, "display_name": "Seminar", "welcome": "Hello"}).click_join()
    assert Meeting.objects.get().options == '{"record": true}'
