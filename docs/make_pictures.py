"""Makes the pictures of the README from the running demo: ``python docs/make_pictures.py http://127.0.0.1:8000``.

It needs Chromium and Playwright, as the browser tests do.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).with_name("images")
TEACHER, LEARNER = 1, 2


def card(page: Page, name: str, height: float = 0) -> None:
    """Take a picture of the block, or of its upper part, with a little room around it."""
    box = page.locator(".bbb-xblock").bounding_box()
    if box is None:
        raise SystemExit("The block is not on the page.")
    height = height or box["height"]
    clip = {"x": box["x"] - 8, "y": box["y"] - 8, "width": box["width"] + 16, "height": height + 16}
    page.screenshot(path=IMAGES / f"{name}.png", clip=clip)


def main(site: str) -> None:
    """Let a class meet in the demo and take the pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 800, "height": 900}, device_scale_factor=2)
        page = context.new_page()
        page.goto(f"{site}/rooms/new/editor/?student={TEACHER}")
        page.set_viewport_size({"width": 800, "height": 2400})
        page.locator("h1").click()
        card(page, "editor", height=1080)
        page.set_viewport_size({"width": 800, "height": 900})
        page.goto(f"{site}/rooms/waiting/?student={LEARNER}")
        page.wait_for_timeout(500)
        card(page, "waiting")
        for person in (TEACHER, LEARNER):
            page.goto(f"{site}/rooms/open/?student={person}")
            with context.expect_page() as opened:
                page.locator("a.bbb-join").click()
            opened.value.wait_for_load_state()
        page.locator(".bbb-label", has_text="Live now").wait_for()
        page.locator("h1").click()
        card(page, "live")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
