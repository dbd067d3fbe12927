"""How the card of the course page keeps itself up to date, whatever it is answered."""

import pytest
from playwright.sync_api import Locator, expect

from bbb_xblock import words
from bbb_xblock.domain.data import RoomState, RoomStatus
from bbb_xblock.domain.errors import Code
from tests.browser.conftest import Visitor
from tests.browser.made_up import LOST, NOT_OURS, SILENT, MadeUp, Reply, refusal, reply

pytestmark = pytest.mark.browser

LIVE = {
    "state": "live",
    "tone": "live",
    "label": "Live now",
    "sentence": "1 person is in the room.",
    "role": "You will join as a participant.",
    "join_label": "Join the session",
    "can_join": True,
    "next_seconds": 15,
}
WAITING = LIVE | {"tone": "waiting", "label": "Waiting", "sentence": "Not yet.", "can_join": False}
TOO_OLD = refusal(403, "ticket_expired", "This page is too old", "Reload it.")
HOUR = 3600
WITH_MARGINS = "one => one.offsetHeight + 12"


class English:
    """The words as they are written."""

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return singular if n == 1 else plural


def look(visitor, *replies: Reply, room: str = "open", **options: object) -> tuple[Visitor, MadeUp]:
    ada = visitor("Ada", **options)
    answers = MadeUp(ada.page, *replies)
    ada.visit(room)
    return ada, answers


def card_of(ada: Visitor) -> Locator:
    return ada.page.locator(".bbb-xblock")


def shown(ada: Visitor) -> dict[str, str | None]:
    return {
        "tone": ada.page.locator(".bbb-xblock").get_attribute("data-tone"),
        "label": ada.page.locator(".bbb-label").text_content(),
        "sentence": ada.page.locator(".bbb-sentence").text_content(),
        "off": ada.page.locator("a.bbb-join").get_attribute("aria-disabled"),
    }


def test_a_page_without_contact_asks_less_and_less_often_and_says_so(visitor):
    ada, answers = look(visitor, reply(LIVE), LOST)
    lost = ada.page.locator(".bbb-xblock").get_attribute("data-lost")
    assert lost
    asked = 1
    for wait, says in [(15, False), (30, False), (60, True), (120, True), (240, True), (300, True), (300, True)]:
        answers.pass_time(wait - 1)
        assert answers.asked == asked
        answers.pass_time(1)
        asked += 1
        assert answers.asked == asked
        assert (shown(ada)["sentence"] == lost) is says
    assert shown(ada) == {"tone": "live", "label": "Live now", "sentence": lost, "off": "false"}

    answers.answer(reply(LIVE))
    ada.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(ada.page.locator(".bbb-sentence")).to_have_text("1 person is in the room.")
    answers.pass_time(15)
    assert answers.asked == asked + 2


@pytest.mark.parametrize("what", NOT_OURS)
def test_what_is_no_answer_of_the_block_is_not_shown_and_counts_as_none(visitor, what):
    ada, answers = look(visitor, reply(LIVE), NOT_OURS[what])
    for _ in range(4):
        # The second move is for the patience with a server that says nothing.
        answers.pass_time(HOUR)
        answers.pass_time(20)
    lost = ada.page.locator(".bbb-xblock").get_attribute("data-lost")
    assert shown(ada) == {"tone": "live", "label": "Live now", "sentence": lost, "off": "false"}


def test_a_refusal_is_said_once_and_the_page_is_quiet_from_then_on(visitor):
    ada, answers = look(visitor, reply(LIVE), TOO_OLD)
    answers.pass_time(15)
    expect(ada.page.locator(".bbb-label")).to_have_text("This page is too old")
    assert shown(ada) == {"tone": "off", "label": "This page is too old", "sentence": "Reload it.", "off": "true"}
    ada.page.evaluate("window.dispatchEvent(new Event('online'))")
    answers.hide(True)
    answers.hide(False)
    ada.page.locator("a.bbb-join").click(force=True)
    answers.pass_time(HOUR)
    assert answers.asked == 2
    assert len(ada.context.pages) == 1


def test_a_page_that_waits_for_an_answer_does_not_ask_a_second_time(visitor):
    ada, answers = look(visitor, reply(WAITING), SILENT)
    join = ada.page.locator("a.bbb-join")
    expect(join).to_have_attribute("aria-disabled", "true")
    for _ in range(3):
        join.click(force=True)
    ada.page.evaluate("window.dispatchEvent(new Event('online'))")
    assert answers.asked == 2


def test_a_hidden_page_does_not_ask(visitor):
    _, answers = look(visitor, reply(LIVE))
    answers.hide(True)
    answers.pass_time(HOUR)
    assert answers.asked == 1
    answers.hide(False)
    assert answers.asked == 2


def test_a_page_that_is_told_not_to_ask_again_is_quiet_even_when_it_is_looked_at_again(visitor):
    _, answers = look(visitor, reply(LIVE | {"next_seconds": 0}))
    answers.pass_time(HOUR)
    answers.hide(True)
    answers.hide(False)
    assert answers.asked == 1


def test_a_block_that_is_set_up_twice_asks_once(visitor):
    ada, answers = look(visitor, reply(LIVE))
    ada.page.evaluate(
        """() => {
          const host = document.querySelector(".bbb-xblock").parentNode;
          BigBlueButtonXBlock(null, host);
          BigBlueButtonXBlock(null, { 0: host, length: 1 });
          BigBlueButtonXBlock(null, { length: 0 });
        }"""
    )
    answers.pass_time(15)
    assert answers.asked == 2


def test_a_card_that_was_taken_off_the_page_stops_asking(visitor):
    ada, answers = look(visitor, reply(LIVE))
    ada.page.evaluate("document.querySelector('.bbb-xblock').remove()")
    ada.page.evaluate("window.dispatchEvent(new Event('online'))")
    answers.hide(True)
    answers.hide(False)
    answers.pass_time(HOUR)
    assert answers.asked == 1


def test_an_answer_that_changes_nothing_touches_nothing(visitor):
    ada, answers = look(visitor, reply(LIVE))
    answers.pass_time(15)
    ada.page.evaluate(
        """() => {
          window.touched = [];
          new MutationObserver((all) => all.forEach((one) => touched.push(one.attributeName ?? one.type)))
            .observe(document.body, { attributes: true, childList: true, characterData: true, subtree: true });
        }"""
    )
    answers.pass_time(15)
    assert answers.asked == 3
    assert ada.page.evaluate("touched") == []


def test_a_new_state_is_read_out_and_one_person_more_is_not(visitor):
    two, three = (reply(LIVE | {"sentence": f"{count} people are in the room."}) for count in (2, 3))
    ada, answers = look(visitor, reply(LIVE), two, three, reply(WAITING), reply(WAITING), LOST)
    ada.page.evaluate(
        """() => {
          window.spoken = [];
          const news = document.querySelector(".bbb-news");
          const speak = () => {
            if (news.getAttribute("aria-live") !== "off") {
              spoken.push(news.querySelector(".bbb-label").textContent);
            }
          };
          new MutationObserver(speak).observe(news, { childList: true, characterData: true, subtree: true });
        }"""
    )
    for wait in (15, 15, 15, 15, 15, 30, 60):
        answers.pass_time(wait)
    assert ada.page.locator(".bbb-sentence").text_content() != "Not yet."
    assert ada.page.evaluate("spoken") == ["Waiting", "Waiting"]


WIDTHS = pytest.mark.parametrize("width", [320, 420, 640, 1000])


def said_of(state: RoomState, **details: object) -> Reply:
    room = RoomStatus(state=state, participants=300, max_participants=300, next_seconds=15, **details)
    return reply(words.status(room, English()).as_dict())


def places(ada: Visitor, *parts: str) -> list[list[int]]:
    return [ada.page.locator(part).evaluate("part => [part.offsetTop, part.offsetHeight]") for part in parts]


@WIDTHS
def test_nothing_moves_when_the_state_changes(visitor, width):
    states = [s for s in RoomState if s not in (RoomState.NOT_CONFIGURED, RoomState.REFUSED, RoomState.TROUBLE)]
    ada, answers = look(visitor, reply(LIVE), room="full", viewport={"width": width, "height": 900})
    seen = {}
    for state in states:
        answers.answer(said_of(state))
        answers.pass_time(15)
        expect(ada.page.locator(".bbb-label")).to_have_text(words.status(RoomStatus(state=state), English()).label)
        seen[state.value] = places(ada, ".bbb-xblock", "a.bbb-join")
    answers.answer(LOST)
    for wait in (15, 30, 60):
        answers.pass_time(wait)
    expect(ada.page.locator(".bbb-sentence")).to_have_text(str(card_of(ada).get_attribute("data-lost")))
    seen["lost"] = places(ada, ".bbb-xblock", "a.bbb-join")
    assert len(seen) > 4
    assert len({str(where) for where in seen.values()}) == 1, seen


@WIDTHS
@pytest.mark.parametrize(
    "trouble", [Code.SERVER_UNREACHABLE, Code.SIGNATURE_REFUSED, Code.SERVER_REFUSED, Code.OUT_OF_ORDER]
)
def test_trouble_moves_no_button_and_only_plan_b_needs_more_room(visitor, width, trouble):
    ada, answers = look(visitor, reply(LIVE), viewport={"width": width, "height": 900})
    before = places(ada, "a.bbb-join", ".bbb-xblock")
    answers.answer(said_of(RoomState.TROUBLE, refusal=trouble))
    answers.pass_time(15)
    plan_b = ada.page.locator(".bbb-plan-b")
    expect(plan_b).to_be_visible()
    join, (top, height) = before
    assert places(ada, "a.bbb-join", ".bbb-xblock") == [join, [top, height + plan_b.evaluate(WITH_MARGINS)]]


def test_the_place_that_is_kept_free_is_small(visitor):
    ada, _ = look(visitor, reply(LIVE), viewport={"width": 320, "height": 900})
    ((top, _), (role_top, role_height)) = places(ada, "a.bbb-join", ".bbb-role")
    assert top - role_top - role_height <= 56


def test_what_a_page_may_come_to_say_is_found_selected_and_read_by_nobody(visitor):
    ada, _ = look(visitor, reply(LIVE))
    expect(card_of(ada)).not_to_contain_text("Waiting for your teacher")
    assert "Waiting for your teacher" not in ada.page.locator("body").aria_snapshot()


def test_a_session_with_an_end_keeps_room_for_the_sentence_that_tells_it(visitor):
    ada = visitor("Ada", viewport={"width": 320, "height": 900})
    ada.visit("scheduled")
    kept = ada.page.locator(".bbb-kept-free p").evaluate_all("all => all.map((one) => one.dataset.words)")
    assert any(said.startswith("The session ended on ") for said in kept)


def test_the_join_link_is_described_by_what_comes_next_and_by_the_state(visitor):
    ada = visitor("Ada")
    ada.visit("open")
    described = "Opens in a new tab. Nobody is in the room yet."
    expect(ada.page.locator("a.bbb-join")).to_have_accessible_description(described)
    ids = ada.page.locator(".bbb-xblock [id]").evaluate_all("all => all.map(one => one.id)")
    endings = {name.rpartition("-")[2] for name in ids}
    assert len(ids) == 2
    assert len(endings) == 1
    assert int(endings.pop(), 16)


def test_without_scripts_a_page_that_waits_says_that_it_must_be_reloaded(visitor):
    ada = visitor("Ada", java_script_enabled=False)
    ada.visit("waiting")
    expect(ada.page.locator(".bbb-xblock noscript p")).to_be_visible()
    ada.visit("open")
    expect(ada.page.locator(".bbb-xblock noscript")).to_have_count(0)


def test_a_title_of_another_direction_stays_apart_from_the_rest(visitor):
    ada = visitor("Ada")
    ada.visit("open")
    expect(ada.page.locator(".bbb-title > bdi")).to_have_text("Weekly seminar")


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Tokyo", "18:00"), ("America/New_York", "04:00")])
def test_the_opening_is_told_in_the_reader_s_own_zone(visitor, zone, hour):
    ada = visitor("Ada", timezone_id=zone, locale="en-GB")
    ada.visit("recorded")
    opening = ada.page.locator(".bbb-when time")
    expect(opening).to_contain_text("5 January")
    expect(opening).to_contain_text(hour)


def test_without_scripts_the_opening_is_told_in_the_zone_of_the_course(visitor):
    ada = visitor("Ada", java_script_enabled=False)
    ada.visit("recorded")
    expect(ada.page.locator(".bbb-when")).to_contain_text("(UTC)")


def test_plan_b_comes_with_the_trouble_in_place_of_the_role_and_goes_with_it(visitor):
    ada, answers = look(visitor, reply(LIVE), said_of(RoomState.TROUBLE), reply(LIVE))
    plan_b, role = ada.page.locator(".bbb-plan-b"), ada.page.locator(".bbb-role")
    expect(plan_b).to_be_hidden()
    expect(role).to_be_visible()
    answers.pass_time(15)
    expect(plan_b).to_be_visible()
    expect(role).to_be_hidden()
    answers.pass_time(15)
    expect(plan_b).to_be_hidden()
    expect(role).to_be_visible()


@pytest.mark.parametrize("asked", [False, True], ids=["before the question", "at the question"])
def test_when_the_last_one_leaves_the_keyboard_is_not_lost(visitor, asked):
    somebody = {"name": "Ada Example", "role": "participant", "since": ""}
    thea = visitor("Thea")
    answers = MadeUp(thea.page, reply(LIVE | {"people": [somebody], "end_question": "Shall it end?"}), reply(LIVE))
    thea.visit("open")
    people = thea.page.locator("summary", has_text="People in the room")
    people.click()
    end = thea.page.locator(".bbb-end")
    end.focus()
    if asked:
        thea.page.keyboard.press("Enter")
        expect(thea.page.locator(".bbb-end-not")).to_be_focused()
    answers.pass_time(15)
    expect(end).to_be_disabled()
    expect(people).to_be_focused()
    expect(thea.page.locator(".bbb-sure")).to_be_hidden()
    expect(end).to_have_attribute("aria-expanded", "false")
