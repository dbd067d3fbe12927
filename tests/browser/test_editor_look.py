"""How the editor looks: in Studio's window, on a phone, with the keyboard, to axe."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import violations
from tests.browser.editing import preset, save, unfold_all
from tests.browser.test_themes import STUDIO, put_before

pytestmark = pytest.mark.browser

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
FONT_SIZE = "part => getComputedStyle(part).fontSize"


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
