/** Asks again while a room may still open, and goes in as soon as it does. It has no words of its own. */
(() => {
  "use strict";

  const page = document.querySelector("main.bbb-xblock");

  function write(selector, text) {
    const place = page.querySelector(selector);
    if (text && place.textContent !== text) {
      place.textContent = text;
    }
  }

  async function ask() {
    let again = 10;
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "application/json" } });
      const body = await answer.json();
      if (answer.ok) {
        window.location.replace(body.url);
        return;
      }
      write(".bbb-title", body.title);
      write(".bbb-sentence", body.error);
      again = body.again_seconds;
    } catch {
      // The network may come back; nothing to say that the page does not say already.
    }
    if (again > 0) {
      window.setTimeout(ask, again * 1000);
    }
  }

  window.setTimeout(ask, 3000);
})();
