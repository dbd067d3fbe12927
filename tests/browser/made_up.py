"""Answers that a test makes up in place of the server's, and a clock that only the test moves."""

import json
from typing import Any

from playwright.sync_api import Page

# Each reply is used once, and the last one for ever.
IN_THE_PAGE = """
(() => {
  window.madeUp = { replies: [], asked: 0 };
  // The browser's own would run on the clock on the wall.
  AbortSignal.timeout = (milliseconds) => {
    const patience = new AbortController();
    setTimeout(() => patience.abort(), milliseconds);
    return patience.signal;
  };
  window.fetch = (address, { signal }) => {
    const { replies } = madeUp;
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    madeUp.asked += 1;
    if (reply === "lost") {
      return Promise.reject(new TypeError("made up"));
    }
    if (reply === "silent") {
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    }
    return Promise.resolve(new Response(reply.body, { status: reply.status }));
  };
})();
"""

Reply = dict[str, Any] | str

LOST = "lost"  # the network is gone
SILENT = "silent"  # nobody ever answers


def reply(body: object, status: int = 200) -> Reply:
    """Make an answer of JSON, or of text as it is."""
    return {"status": status, "body": body if isinstance(body, str) else json.dumps(body)}


def refusal(status: int, code: str, title: str, error: str, again_seconds: float = 0) -> Reply:
    """Make an answer as the handlers refuse a script."""
    return reply({"code": code, "title": title, "error": error, "again_seconds": again_seconds}, status)


NOT_OURS = {
    "an error page": reply("<h1>Bad gateway</h1>", 502),
    "a login page": reply("<h1>Sign in</h1>"),
    "another JSON": reply({"title": "Not ours", "error": "Not ours", "success": True}),
    "another refusal": reply({"title": "Not ours", "error": "Not ours", "detail": "Throttled"}, 429),
    "an empty JSON": reply(None),
    "nothing": LOST,
    "nothing, late": SILENT,
}


class MadeUp:
    """What the scripts of a page are answered, from its next load on. Its clock stands still between two moves."""

    def __init__(self, page: Page, *replies: Reply) -> None:
        self.page = page
        page.clock.install(time=0)
        page.clock.pause_at(1)
        page.add_init_script(IN_THE_PAGE + f"madeUp.replies = {json.dumps(replies)};")

    @property
    def asked(self) -> int:
        """Say how often the page has asked."""
        return int(self.page.evaluate("madeUp.asked"))

    def answer(self, *replies: Reply) -> None:
        """Change the replies."""
        self.page.evaluate("replies => { madeUp.replies = replies; }", replies)

    def pass_time(self, seconds: float) -> None:
        """Move the clock; each timer that is due fires once."""
        self.page.clock.fast_forward(round(seconds * 1000))

    def hide(self, hidden: bool) -> None:
        """Put another tab in front of the page, or take it away."""
        self.page.evaluate(
            """hidden => {
              Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }""",
            hidden,
        )
