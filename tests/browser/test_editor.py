"""An author in Studio: the editor with a mouse, with the keyboard alone, on a phone, when something is wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BERLIN, violations
from tests.browser.test_themes import STUDIO, put_before

pytestmark = pytest.mark.browser

# Counts what a person clicks, over all pages of a tab.
COUNT_CLICKS = """
addEventListener("click", ({ isTrusted, detail }) => {
  if (isTrusted && detail > 0) {
    sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
  }
}, true);
"""
# What Studio's window says about the forms in it, as specific and as important as there.
WINDOW = """
.wrapper .modal-window.modal-editor input:not([type="radio"], [type="checkbox"], [type="submit"]),
.wrapper .modal-window.modal-editor textarea {
  padding: 10px 16px !important; border: 1px solid #999 !important; color: #333 !important;
  font-size: 16px; line-height: 20px; height: 44px; box-shadow: none;
}
.wrapper .modal-window.modal-editor :is(select, input:not([type="radio"], [type="checkbox"], [type="submit"])):focus {
  outline: 0; box-shadow: 0 0 0 1px #024; background-color: #fff;
}
.wrapper .modal-window.modal-editor label { font-size: 16px; line-height: 28px; font-weight: 400; color: #333; }
[class*="view-"] .modal-window .editor-with-buttons { margin-bottom: 60px; }
[class*="view-"] .modal-lg.modal-editor .modal-content { height: 435px; overflow: hidden auto; padding: 0; }
"""
OPEN_WINDOW = """() => {
  const unit = document.querySelector(".demo-unit");
  document.body.classList.add("view-unit");
  unit.parentElement.classList.add("wrapper");
  unit.classList.add("modal-window", "modal-lg", "modal-editor");
  unit.firstElementChild.classList.add("modal-content");
}"""


def preset(page: Page, name: str):
    return page.get_by_role("radio", name=name)


def row(page: Page, field: str):
    return page.locator(f'.bbb-row[data-field="{field}"]')


def date_of(page: Page, field: str):
    return row(page, field).get_by_label("Date and time")


def unfold(page: Page, heading: str) -> None:
    page.get_by_role("heading", name=heading, exact=True).click()


def unfold_all(page: Page) -> None:
    page.locator(".bbb-editor details").evaluate_all("all => all.forEach((one) => { one.open = true; })")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def saved(page: Page) -> None:
    save(page)
    page.wait_for_url("**/preview/**")


def test_from_an_empty_component_to_a_session_that_works_in_four_clicks_and_one_text(visitor):
    thea = visitor("Thea")
    thea.context.add_init_script(COUNT_CLICKS)
    thea.visit("new", "preview")
    thea.page.get_by_role("link", name="Studio editor").click()
    thea.page.get_by_label("Title", exact=True).fill("First lecture")
    preset(thea.page, "Seminar").click()
    saved(thea.page)
    assert int(thea.page.evaluate("sessionStorage.clicks")) <= 4
    expect(thea.page.locator(".bbb-xblock")).to_contain_text("First lecture")
    assert thea.enter("new")


def test_an_author_sets_a_session_up_and_sees_it_as_a_learner(author, visitor):
    thea = author()
    page = thea.page
    lecture = page.locator(".bbb-card", has_text="Lecture")
    expect(lecture).to_contain_text("Changes 9 options")
    lecture.get_by_text("Changes 9 options").click()
    expect(lecture.locator("dl")).to_contain_text("Mute microphones at the start")
    preset(page, "Lecture").check()
    expect(row(page, "mute_on_start").locator("input")).to_be_checked()

    page.get_by_label("Title", exact=True).fill(" ")
    date_of(page, "opens_at").fill("2030-11-25T15:00")
    date_of(page, "closes_at").fill("2030-11-25T14:00")
    unfold(page, "Texts")
    page.get_by_label("Description").fill("Bring a question.\nOr two.")
    save(page)

    summary = page.locator(".bbb-errors")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    title, closes = page.get_by_label("Title", exact=True), date_of(page, "closes_at")
    expect(title).to_have_accessible_description(re.compile("must have between 1 and 255"))
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Description")).to_have_value("Bring a question.\nOr two.")
    summary.get_by_role("link", name=re.compile("Closes")).click()
    expect(closes).to_be_focused()
    closes.fill("2030-11-25T16:30")
    title.fill("Rotation")
    saved(page)

    expect(page.locator(".bbb-when")).to_contain_text("Opens: Monday, November 25, 2030 at 3:00 PM")
    ada = visitor("Ada", **BERLIN)
    ada.visit("new")
    card = ada.page.locator(".bbb-xblock")
    expect(card).to_contain_text("Rotation")
    expect(card).to_contain_text("Bring a question.")
    thea.visit("new", "editor")
    expect(preset(page, "Lecture")).to_be_checked()
    preset(page, "Your own settings").check()
    expect(row(page, "mute_on_start").locator("input")).to_be_checked()


def test_only_what_the_author_changed_is_sent(author):
    page = author("house-rules").page
    page.get_by_label("Title", exact=True).fill("Study circle")
    mute = row(page, "mute_on_start").locator("input")
    unfold(page, "Sound and picture")
    mute.uncheck()
    mute.check()
    with page.expect_request("**/submit_studio_edits/**") as sent:
        save(page)
    assert sent.value.post_data_json == {"values": {"display_name": "Study circle"}, "defaults": []}
    assert sent.value.headers["x-csrftoken"]


def test_an_option_goes_back_to_the_default_of_the_platform(author):
    page = author("house-rules").page
    unfold(page, "Sound and picture")
    mute = row(page, "mute_on_start")
    expect(mute).to_contain_text("Default of your platform: On")
    expect(mute.get_by_role("button")).to_have_count(0)
    mute.locator("input").uncheck()
    expect(page.locator('[data-group="sound_and_picture"] summary')).to_contain_text("1 set")
    mute.get_by_role("button", name="Use the default").click()
    expect(mute.locator("input")).to_be_checked()
    expect(mute.locator("input")).to_be_focused()
    page.locator('[data-field="display_name"]').get_by_role("button", name="Use the default").click()
    with page.expect_request("**/submit_studio_edits/**") as sent:
        save(page)
    assert sent.value.post_data_json == {"values": {}, "defaults": ["display_name"]}


def test_what_the_platform_keeps_is_shown_and_cannot_be_changed(author):
    page = author("house-rules").page
    unfold(page, "People and waiting")
    unfold(page, "Recording")
    seats, record = row(page, "max_participants"), row(page, "record")
    for locked in (seats, record):
        expect(locked).to_contain_text("Set by your platform")
        expect(locked.locator("input")).to_be_disabled()
    expect(seats.locator("input")).to_have_value("30")
    expect(seats.locator("input")).to_have_accessible_description(re.compile("Set by your platform"))
    expect(page.locator(".bbb-card-label")).to_have_text(
        ["Your own settings", "Lecture", "Seminar", "Office hours", "Group work", "Orientation"]
    )
    preset(page, "Orientation").check()
    expect(record.locator("input")).not_to_be_checked()
    saved(page)
    expect(page.locator(".bbb-options")).to_contain_text("Wait for a moderator")
    expect(page.locator(".bbb-options")).not_to_contain_text("Most people in the room")


def test_what_does_not_count_beside_the_others_is_hidden(author):
    page = author().page
    unfold_all(page)
    expect(row(page, "record_at_once")).to_be_hidden()
    expect(row(page, "hide_record_button")).to_be_hidden()
    page.get_by_label("Allow recording").check()
    page.get_by_label("Recording starts by itself").check()
    expect(row(page, "hide_record_button")).to_be_visible()
    page.get_by_label("Allow recording").uncheck()
    expect(row(page, "hide_record_button")).to_be_hidden()
    page.get_by_label("What it is").select_option("Recordings only")
    expect(date_of(page, "opens_at")).to_be_hidden()
    headings = page.locator("details.bbb-group:not([hidden]) h3")
    expect(headings).to_have_text(["Texts", "Completion and grade", "After the session"])


def test_presets_can_be_tried_and_taken_back(author):
    page = author().page
    own = preset(page, "Your own settings")
    expect(own).to_be_checked()
    unfold_all(page)
    page.get_by_label("Hide cursors").check()
    preset(page, "Lecture").check()
    expect(page.get_by_label("Hide cursors")).not_to_be_checked()
    preset(page, "Exam").check()
    expect(page.get_by_label("Hide cursors")).to_be_checked()
    expect(page.get_by_label("Moderators may turn microphones on")).not_to_be_checked()
    page.get_by_label("Hide cursors").uncheck()
    expect(own).to_be_checked()
    preset(page, "Seminar").check()
    own.check()
    expect(page.get_by_label("Hide annotations")).to_be_checked()
    expect(page.get_by_label("Hide cursors")).not_to_be_checked()


def test_times_are_in_the_author_s_zone_and_say_which(author):
    page = author().page
    opens = row(page, "opens_at")
    date_of(page, "opens_at").fill("2030-07-01T10:00")
    expect(opens).to_contain_text("Central European Summer Time (Europe/Berlin)")
    with page.expect_request("**/submit_studio_edits/**") as sent:
        save(page)
    assert sent.value.post_data_json["values"] == {"opens_at": "2030-07-01T08:00:00Z"}
    far_away = author(timezone_id="America/New_York").page
    expect(date_of(far_away, "opens_at")).to_have_value("2030-07-01T04:00")
    expect(row(far_away, "opens_at")).to_contain_text("Eastern Daylight Time")


def test_half_a_date_is_named_and_not_thrown_away(author):
    page = author().page
    opens = date_of(page, "opens_at")
    opens.focus()
    page.keyboard.type("1125")
    save(page)
    expect(page.locator(".bbb-errors")).to_contain_text("“Opens” must be a whole date with a time")
    expect(opens).to_have_accessible_description(re.compile("whole date"))


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "body": "<h1>Sign in</h1>", "content_type": "text/html"},
        {"status": 502, "body": "<h1>Bad gateway</h1>"},
        {"status": 403, "body": '{"detail": "CSRF Failed"}', "content_type": "application/json"},
        None,
    ],
    ids=["a login page", "a proxy", "another JSON", "no network"],
)
def test_nothing_is_lost_when_the_platform_does_not_answer(author, answer):
    page = author().page
    where = "**/submit_studio_edits/**"
    page.route(where, lambda route: route.fulfill(**answer) if answer else route.abort())
    page.get_by_label("Title", exact=True).fill("Kept")
    save(page)
    expect(page.locator(".bbb-errors")).to_be_focused()
    expect(page.locator(".bbb-errors")).to_contain_text("Your entries are still here.")
    page.unroute(where)
    saved(page)
    expect(page.locator(".bbb-xblock")).to_contain_text("Kept")


def test_somebody_who_may_not_write_the_course_any_more_is_told_so(author):
    page = author().page
    page.evaluate("() => { window.studentId = '4'; }")
    save(page)
    expect(page.locator(".bbb-errors")).to_contain_text("Only people who may edit this course")


def test_it_tells_studio_what_happens(author):
    page = author().page
    page.evaluate(
        """() => {
          window.told = [];
          RuntimeProvider.versions[1].notify = (name, data) => told.push([name, data]);
        }"""
    )
    page.get_by_label("Title", exact=True).fill("")
    save(page)
    expect(page.locator(".bbb-errors")).to_be_visible()
    page.get_by_label("Title", exact=True).fill("Told")
    save(page)
    page.wait_for_function("told.length === 4")
    page.get_by_role("button", name="Cancel").click()
    told = page.evaluate("told")
    assert [told[index] for index in (0, 2, 3, 4)] == [
        ["save", {"state": "start"}],
        ["save", {"state": "start"}],
        ["save", {"state": "end"}],
        ["cancel", {}],
    ]
    name, error = told[1]
    assert (name, error["title"]) == ("error", "Not saved yet")
    assert error["message"]


def test_it_saves_in_a_sandboxed_frame_as_the_authoring_site_uses(author):
    page = author().page
    address = page.url
    page.evaluate(
        """address => {
          const frame = document.createElement("iframe");
          frame.sandbox = "allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-presentation " +
            "allow-same-origin allow-scripts allow-top-navigation-by-user-activation";
          frame.src = address;
          frame.style = "width: 900px; height: 700px";
          document.body.replaceChildren(frame);
        }""",
        address,
    )
    frame = page.frame_locator("iframe")
    frame.get_by_label("Title", exact=True).fill("Framed")
    frame.get_by_role("button", name="Save").click()
    expect(frame.locator(".bbb-xblock:not(.bbb-editor)")).to_contain_text("Framed")


def test_two_clicks_on_save_save_once(author):
    page = author().page
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "submit_studio_edits" in request.url else None)
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_url("**/preview/**")
    assert len(sent) == 1


def test_the_keyboard_alone_sets_a_session_up(author):
    page = author().page
    keyboard = page.keyboard
    page.get_by_label("Title", exact=True).focus()
    keyboard.press("Control+A")
    keyboard.type("By keyboard")
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Use the default")).to_be_focused()
    keyboard.press("Tab")
    expect(preset(page, "Your own settings")).to_be_focused()
    keyboard.press("ArrowDown")
    expect(preset(page, "Lecture")).to_be_checked()
    keyboard.press("ArrowDown")
    expect(preset(page, "Seminar")).to_be_checked()
    for _ in range(60):
        if page.evaluate("document.activeElement.closest('[data-group=texts] > summary') !== null"):
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(page.get_by_label("Description")).to_be_focused()
    keyboard.type("Typed.")
    for _ in range(60):
        if page.evaluate("document.activeElement.matches('.save-button')"):
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.wait_for_url("**/preview/**")
    expect(page.locator(".bbb-xblock")).to_contain_text("By keyboard")
    expect(page.locator(".bbb-options")).to_contain_text("Typed.")


@pytest.mark.parametrize("size", [(800, 500), (320, 256)], ids=["a window", "a phone, or all enlarged four times"])
def test_what_has_the_focus_shows_it_and_is_never_behind_the_buttons(author, size):
    page = author("scheduled", viewport={"width": size[0], "height": size[1]}).page
    unfold_all(page)
    page.get_by_label("Title", exact=True).focus()
    covered, unseen, stops = [], [], 0
    while True:
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const one = document.activeElement;
              const bar = document.querySelector(".bbb-actions").getBoundingClientRect();
              return {
                name: one.outerHTML,
                inside: Boolean(one.closest(".bbb-form") && !one.closest(".bbb-actions")),
                covered: one.getBoundingClientRect().bottom > bar.top + 1,
                outline: getComputedStyle(one).outlineStyle,
              };
            }"""
        )
        if not found["inside"]:
            break
        stops += 1
        covered += [found["name"]] if found["covered"] else []
        unseen += [found["name"]] if found["outline"] != "solid" else []
    assert stops > len(page.locator(".bbb-row:visible").all())
    assert (covered, unseen) == ([], [])


class TestLook:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("room", ["new", "house-rules"])
    def test_axe_finds_nothing_folded_unfolded_or_wrong(self, author, room, scheme):
        page = author(room, color_scheme=scheme).page
        found = {"folded": violations(page, ".bbb-xblock")}
        unfold_all(page)
        found["unfolded"] = violations(page, ".bbb-xblock")
        page.get_by_label("Title", exact=True).fill("")
        save(page)
        expect(page.locator(".bbb-errors")).to_be_visible()
        found["wrong"] = violations(page, ".bbb-xblock")
        assert {where: what for where, what in found.items() if what} == {}

    @pytest.mark.parametrize("styles", ["", STUDIO])
    def test_nothing_has_to_be_scrolled_sideways_at_320_px(self, author, styles):
        page = author("house-rules", viewport={"width": 320, "height": 640}).page
        put_before(page, styles)
        unfold_all(page)
        page.get_by_label("Title", exact=True).fill("W" * 300)
        save(page)
        expect(page.locator(".bbb-errors")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        wide = page.locator(".bbb-editor *:visible").evaluate_all(
            "all => all.filter((one) => one.getBoundingClientRect().right > 320.5).map((one) => one.outerHTML)"
        )
        assert wide == []

    def test_it_is_as_large_in_studio_as_the_text_around_it(self, author):
        page = author().page
        put_before(page, STUDIO)
        unfold_all(page)
        parts = ("input[type=text]", "select", "textarea", ".save-button", ".bbb-name", ".bbb-card-label")
        sizes = {part: page.locator(f".bbb-editor {part}").first.evaluate(FONT_SIZE) for part in parts}
        assert sizes == dict.fromkeys(parts, "16px")
        assert page.locator(".bbb-name").first.evaluate("part => getComputedStyle(part).fontWeight") == "600"
        for part in ("input[type=text]", "select", ".save-button", ".cancel-button", ".bbb-group > summary"):
            assert page.locator(f".bbb-editor {part}").first.bounding_box()["height"] >= 44, part

    def test_in_studio_s_window_the_buttons_stay_in_sight_and_the_focus_shows(self, author):
        page = author().page
        put_before(page, STUDIO + WINDOW)
        page.evaluate(OPEN_WINDOW)
        window, bar = page.locator(".modal-content"), page.locator(".bbb-actions")
        for top in (0, 10_000):
            window.evaluate("(window, top) => { window.scrollTop = top; }", top)
            inside, below = bar.bounding_box(), window.bounding_box()
            assert abs(inside["y"] + inside["height"] - below["y"] - below["height"]) <= 1
        title = page.get_by_label("Title", exact=True)
        title.fill("")
        assert title.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        assert page.locator("label.bbb-name").first.evaluate("one => getComputedStyle(one).fontWeight") == "600"
        save(page)
        expect(page.locator(".bbb-errors")).to_be_focused()
        assert "2px" in title.evaluate("one => getComputedStyle(one).boxShadow")
        assert title.bounding_box()["height"] >= 44

    def test_everything_that_can_be_clicked_is_large_enough(self, author):
        page = author().page
        preset(page, "Lecture").check()
        unfold_all(page)
        small = page.locator(".bbb-editor :is(a, button, summary, label.bbb-tick, label.bbb-card-choice):visible")
        boxes = small.evaluate_all("all => all.map((one) => [one.textContent.trim(), one.offsetHeight])")
        assert boxes
        assert [text for text, height in boxes if height < 24] == []


FONT_SIZE = "part => getComputedStyle(part).fontSize"
