"""Takes the pictures of README.md and authors.md: ``make screenshots``, from the root of the repository.

It starts the demo, and needs Chromium and Playwright, as the browser tests do.
"""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.sandbox.demo.demo_process import running
from tests.services import needs

IMAGES = Path(__file__).with_name("images")
TEACHER, LEARNER = 1, 2
ROOM_AROUND = 8
# What is on the page fits beside its text, one picture's dot for one of the screen.
WINDOW = {"width": 720, "height": 900}


def visit(page: Page, site: str, path: str, person: int) -> None:
    """Open a page of the demo as somebody."""
    page.goto(f"{site}/rooms/{path}/?student={person}")
    page.wait_for_load_state("networkidle")


def take(part: Locator, name: str, until: Locator | None = None) -> None:
    """Take a picture of a part of a page with a little room around it: all of it, or on to the end of another."""
    # Nothing lies over a part, and the focus is on none of it.
    part.page.add_style_tag(content=".bbb-actions { position: static !important }")
    part.page.bring_to_front()
    part.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    box, last = part.bounding_box(), until and until.bounding_box()
    if box is None:
        raise SystemExit(f"There is nothing to take for {name}.")
    bottom = last or box
    clip = {
        "x": max(box["x"] - ROOM_AROUND, 0),
        "y": max(box["y"] - ROOM_AROUND, 0),
        "width": box["width"] + 2 * ROOM_AROUND,
        "height": bottom["y"] + bottom["height"] - box["y"] + 2 * ROOM_AROUND,
    }
    part.page.screenshot(path=IMAGES / f"{name}.png", clip=clip, full_page=True)


def cards(page: Page, site: str) -> None:
    """Take what learners see, and let a class meet."""
    card = page.locator(".bbb-xblock")
    for room, word in (("waiting", "Waiting for your teacher"), ("full", "Full")):
        visit(page, site, room, LEARNER)
        expect(page.locator(".bbb-label")).to_have_text(word, timeout=20_000)
        take(card, room)
    for person in (TEACHER, LEARNER):
        visit(page, site, "open", person)
        with page.context.expect_page() as opened:
            page.locator("a.bbb-join").click()
        opened.value.wait_for_load_state()
    expect(page.locator(".bbb-label")).to_have_text("Live now", timeout=20_000)
    expect(card).to_contain_text("2 people", timeout=20_000)
    take(card, "live")


def editor(page: Page, site: str) -> None:
    """Take what authors see while they set a session up."""
    visit(page, site, "new/editor", TEACHER)
    form = page.locator(".bbb-form")
    take(form, "editor", until=page.locator(".bbb-presets"))
    lecture = page.locator(".bbb-card", has_text="Lecture")
    lecture.locator("summary").click()
    take(lecture, "editor-preset")
    page.get_by_label("Title", exact=True).fill(" ")
    opens, closes = page.get_by_label("Date and time").all()
    opens.fill("2030-11-25T15:00")
    closes.fill("2030-11-25T14:00")
    page.get_by_role("button", name="Save").click()
    take(page.locator(".bbb-errors"), "editor-errors", until=page.locator('.bbb-row[data-field="display_name"]'))
    visit(page, site, "scheduled/editor", TEACHER)
    take(page.locator('.bbb-row[data-field="closes_at"]'), "editor-counted")
    visit(page, site, "house-rules/editor", TEACHER)
    page.get_by_role("heading", name="Recording", exact=True).click()
    take(page.locator('.bbb-row[data-field="record"]'), "editor-locked")


def doctor(page: Page, site: str) -> None:
    """Take what the check says, and the preview with the way into the room."""
    visit(page, site, "down/editor", TEACHER)
    page.get_by_role("button", name="Check the room").click()
    expect(page.locator(".bbb-doctor-said")).to_contain_text("The check is done", timeout=60_000)
    take(page.locator(".bbb-doctor"), "doctor")
    visit(page, site, "recorded/preview", TEACHER)
    take(page.locator(".bbb-xblock"), "preview")


def main() -> None:
    """Start the demo, take every picture, and say how large they are."""
    with running() as demo, sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=needs.find_chromium(), args=options)
        page = browser.new_context(viewport=WINDOW, timezone_id="Europe/Berlin").new_page()
        for some in (cards, editor, doctor):
            some(page, demo.site)
        browser.close()
    for image in sorted(IMAGES.glob("*.png")):
        print(f"{image.name}: {image.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
