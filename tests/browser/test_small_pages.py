"""The small pages of their own: they wait, come back by themselves, and never promise what they cannot keep."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.made_up import NOT_OURS, SILENT, MadeUp, Reply, refusal, reply

pytestmark = pytest.mark.browser

STARTING = refusal(202, "starting", "Starting…", "The room is being prepared.", 2)
FULL = refusal(409, "room_full", "The room is full", "All seats are taken.", 20)
TOO_OLD = refusal(403, "ticket_expired", "This link is too old", "Reload the course page.")
HOUR = 3600

Waiting = Callable[..., tuple[Page, MadeUp]]


@pytest.fixture
def waiting(visitor) -> Waiting:
    """The page of a learner who clicked before the teacher came; ``luck`` is what Math.random gives, from 0 to 1."""

    def click_too_early(*replies: Reply, luck: float = 0.5) -> tuple[Page, MadeUp]:
        ada = visitor("Ada")
        ada.visit("waiting")
        # A tab of its own, because a browser notes the status of such a page as an error on the console.
        page = ada.context.new_page()
        answers = MadeUp(page, *replies)
        page.add_init_script(f"Math.random = () => {luck};")
        page.goto(ada.site + ada.page.locator("a.bbb-join").get_attribute("href"))
        return page, answers

    return click_too_early


def first_wait(page: Page) -> float:
    return float(page.locator("main").get_attribute("data-again-seconds"))


def said(page: Page) -> tuple[str, str]:
    return page.get_by_role("heading", level=1).inner_text().strip(), page.locator(".bbb-sentence").inner_text()


def test_a_room_that_is_being_prepared_is_asked_for_again_and_then_entered(waiting):
    page, answers = waiting(STARTING, reply({"url": "/"}))
    address = page.url
    answers.pass_time(first_wait(page))
    expect(page).to_have_title("Starting…")
    assert said(page) == ("Starting…", "The room is being prepared.")
    assert page.url == address
    answers.pass_time(2)
    expect(page).not_to_have_url(address)


@pytest.mark.parametrize(("luck", "share"), [(0, 0.75), (1, 1.25)])
def test_a_class_does_not_come_back_in_one_moment(waiting, luck, share):
    page, answers = waiting(FULL, luck=luck)
    for asked, wait in enumerate([first_wait(page) * share, 20 * share, 20 * share]):
        answers.pass_time(wait - 0.1)
        assert answers.asked == asked
        answers.pass_time(0.1)
        assert answers.asked == asked + 1


@pytest.mark.parametrize("what", NOT_OURS)
def test_what_is_no_answer_of_the_block_changes_no_word_and_is_asked_again(waiting, what):
    page, answers = waiting(NOT_OURS[what])
    before = (page.url, page.title(), said(page))
    for _ in range(3):
        answers.pass_time(HOUR)
        answers.pass_time(30)
    assert answers.asked >= 3
    assert (page.url, page.title(), said(page)) == before
    expect(page.locator(".bbb-again")).to_be_visible()


def test_when_asking_again_would_not_help_the_promise_goes(waiting):
    page, answers = waiting(TOO_OLD)
    expect(page.locator(".bbb-again")).to_be_visible()
    expect(page.locator("main")).to_have_attribute("data-tone", "waiting")
    answers.pass_time(first_wait(page))
    expect(page).to_have_title("This link is too old")
    expect(page.locator(".bbb-again")).to_have_count(0)
    expect(page.locator("main")).to_have_attribute("data-tone", "off")
    answers.pass_time(HOUR)
    assert answers.asked == 1


def test_a_hidden_page_waits_until_it_is_looked_at(waiting):
    _, answers = waiting(FULL)
    answers.hide(True)
    answers.pass_time(HOUR)
    assert answers.asked == 0
    answers.hide(False)
    assert answers.asked == 1


def test_a_page_that_waits_for_an_answer_does_not_ask_a_second_time(waiting):
    page, answers = waiting(SILENT)
    answers.pass_time(first_wait(page))
    answers.hide(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    assert answers.asked == 1


def test_one_may_always_try_again_and_only_a_script_promises_to(visitor):
    ada = visitor("Ada")
    ada.visit("waiting")
    address = ada.site + ada.page.locator("a.bbb-join").get_attribute("href")
    with_scripts = ada.context.new_page()
    with_scripts.goto(address)
    expect(with_scripts.get_by_role("link", name="Try again")).to_be_visible()
    expect(with_scripts.locator(".bbb-again")).to_be_visible()
    with_scripts.route("**/message.js", lambda route: route.abort())
    with_scripts.goto(address)
    expect(with_scripts.get_by_role("link", name="Try again")).to_be_visible()
    expect(with_scripts.locator(".bbb-again")).to_be_hidden()


def test_a_small_page_names_the_session_and_shows_the_sign_of_its_tone(waiting):
    page, _ = waiting(FULL)
    expect(page.locator(".bbb-session")).to_have_text("Tutorial")
    expect(page.locator(".bbb-sign")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "light dark"
