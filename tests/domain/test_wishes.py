"""What is asked of BigBlueButton, from options alone."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock.bbb import Role, params
from bbb_xblock.domain import wishes
from bbb_xblock.domain.data import Access, Entrant, Person, Placement, Visit
from bbb_xblock.options import OPTIONS, SessionOptions
from bbb_xblock.options.choices import Feature, Layout
from bbb_xblock.options.kinds import LONGEST_ADDRESS

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROOM = Placement(usage_key="block-v1:X+Y+Z+type@bbb+block@r", course_key="course-v1:X+Y+Z")
ADA = Person(user_id=7, anonymous_id="a" * 32, username="ada", full_name="Ada Example", is_moderator=False)
TEXTS = st.text(max_size=9000)


def created(**chosen: object):
    return wishes.create_meeting(
        SessionOptions(**chosen), meeting_id="oex-1", course_key=ROOM.course_key, back_url="", now=NOON
    )


def joined(language: str = "", **chosen: object):
    visit = Visit(
        person=ADA,
        access=Access(may_load=True, is_enrolled=True),
        placement=ROOM,
        options=SessionOptions(**chosen),
        language=language,
    )
    entrant = Entrant(person=ADA, name="Ada", role=Role.VIEWER)
    return wishes.join_meeting(visit, entrant, meeting_id="oex-1", create_time="1")


def test_without_a_choice_little_is_asked():
    asked = {pair.split("=")[0] for pair in params.query(created()).split("&")}
    meta = {"meta_bbb-origin", "meta_bbb-context-id"}
    assert asked == {"name", "meetingID", "record", "muteOnStart", "guestPolicy"} | meta
    assert joined().userdata == {}


class TestTime:
    @pytest.mark.parametrize(
        ("chosen", "minutes"),
        [
            ({}, None),
            ({"duration_minutes": 45}, 45),
            ({"closes_at": NOON + timedelta(minutes=90)}, 90),
            ({"closes_at": NOON + timedelta(minutes=90, seconds=1)}, 91),
            ({"closes_at": NOON + timedelta(seconds=1)}, 1),
            ({"closes_at": NOON}, 1),
            ({"closes_at": NOON - timedelta(days=1)}, 1),
            ({"closes_at": NOON + timedelta(minutes=90), "duration_minutes": 45}, 45),
            ({"closes_at": NOON + timedelta(minutes=30), "duration_minutes": 45}, 30),
        ],
    )
    def test_a_meeting_ends_at_the_earlier_of_its_limits(self, chosen, minutes):
        assert created(**chosen).duration == minutes


class TestTexts:
    @given(st.text(min_size=0, max_size=200))
    def test_a_meeting_name_has_a_length_that_bigbluebutton_takes(self, title):
        assert 2 <= len(wishes.meeting_name(title)) <= 64

    def test_a_title_of_one_character_stays_readable(self):
        assert wishes.meeting_name("A") == "“A”"

    @given(TEXTS, TEXTS)
    def test_texts_never_make_the_address_too_long_nor_bring_markup(self, welcome, to_moderators):
        asked = created(welcome=welcome, moderator_message=to_moderators)
        both = [asked.welcome or "", asked.moderator_only_message or ""]
        assert sum(len(quote_plus(text)) for text in both) <= wishes.TEXTS_ENCODED_LENGTH
        assert set(re.findall(r"<[^>]*>", "".join(both))) <= {"<br>"}

    @pytest.mark.parametrize(
        ("text", "html"),
        [
            ("Hi\nread <b>this</b> & that", "Hi<br>read &lt;b&gt;this&lt;/b&gt; &amp; that"),
            ("  \n ", None),
        ],
    )
    def test_a_text_keeps_its_lines_and_its_angle_brackets(self, text, html):
        assert created(welcome=text).welcome == created(moderator_message=text).moderator_only_message == html

    def test_a_long_text_is_cut_with_a_sign(self):
        assert created(welcome="日" * 9000).welcome.endswith("…")

    @pytest.mark.parametrize("letter", ["a", "é", "日", "😀", "&"])
    def test_an_address_stays_short_enough_for_web_servers_whatever_is_chosen(self, letter):
        long = "https://example.org/" + "x" * (LONGEST_ADDRESS - 20)
        everything = {
            **{name: True for name, option in OPTIONS.items() if option.default is False},
            "title": letter * 255,
            "welcome": letter * 4000,
            "moderator_message": letter * 1000,
            "max_participants": 10_000,
            "features_off": tuple(Feature),
            "layout": Layout.PRESENTATION_FOCUS,
            "logo": long,
            "banner_text": letter * 100,
            "banner_color": "#0a3055",
        }
        # Beside this come addresses of this site and the checksum, of some 1,000 bytes.
        assert len(params.query(created(**everything))) < 7000


class TestLanguage:
    @pytest.mark.parametrize(
        ("language", "locale"),
        [("de", "de"), ("pt-br", "pt-BR"), ("es-419", "es-419"), ("zh_CN", "zh-CN"), ("zh-hans", None), ("", None)],
    )
    def test_the_room_speaks_as_the_course_page_if_that_is_wished(self, language, locale):
        assert joined(language, own_language=True).userdata.get("bbb_override_default_locale") == locale
        assert joined(language).userdata == {}


class TestTheNoteForModerators:
    def test_it_follows_what_the_author_says_to_them(self):
        def asked(message: str, note: str) -> str | None:
            options = SessionOptions(moderator_message=message)
            return wishes.create_meeting(
                options, meeting_id="oex-1", course_key=ROOM.course_key, back_url="", now=NOON, note=note
            ).moderator_only_message

        assert asked("Be kind.", "a & b are missing.") == "Be kind.<br>a &amp; b are missing."
        assert asked("", "a is missing.") == "a is missing."
        assert asked("", "") is None

    @given(TEXTS, TEXTS, TEXTS)
    def test_it_never_makes_the_address_too_long(self, welcome, to_moderators, note):
        options = SessionOptions(welcome=welcome, moderator_message=to_moderators)
        asked = wishes.create_meeting(
            options, meeting_id="oex-1", course_key=ROOM.course_key, back_url="", now=NOON, note=note
        )
        both = [asked.welcome or "", asked.moderator_only_message or ""]
        assert sum(len(quote_plus(text)) for text in both) <= wishes.TEXTS_ENCODED_LENGTH
