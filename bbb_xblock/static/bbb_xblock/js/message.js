/** Asks again while a room may still open, and goes in as soon as it does. It has no words of its own. */
(() => {
  "use strict";

  const PATIENCE_MS = 30_000;
  const LONGEST_SECONDS = 60;

  const page = document.querySelector("main.bbb-xblock");
  // For the reason that the page began with, and for no other.
  const planB = page.querySelector(".bbb-plan-b");
  const promise = page.querySelector(".bbb-again");
  // The server's, from the page and then from each answer; 0 means that asking again would not help.
  let seconds = Number(page.dataset.againSeconds);
  let asking = false;
  let timer = 0;

  function write(selector, text) {
    const place = page.querySelector(selector);
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }

  function show(refusal) {
    document.title = refusal.title;
    write(".bbb-label", refusal.title);
    write(".bbb-sentence", refusal.error);
    if (planB) {
      planB.hidden = refusal.code !== page.dataset.code;
    }
    seconds = refusal.again_seconds;
    if (!(seconds > 0)) {
      promise.remove();
      page.dataset.tone = "off";
    }
  }

  function later() {
    window.clearTimeout(timer);
    if (seconds > 0 && !document.hidden) {
      // A class that was turned away together does not come back in the same moment.
      timer = window.setTimeout(ask, seconds * (0.75 + Math.random() / 2) * 1000);
    }
  }

  async function receive() {
    const headers = { Accept: "application/json" };
    // Where "Try again" leads: this page's own address, or the same ticket that is good for longer.
    const again = page.querySelector("a.bbb-join").href;
    const answer = await fetch(again, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    const body = await answer.json();
    if (answer.ok && body.url) {
      window.location.replace(body.url);
      // The browser is on its way.
      seconds = 0;
    } else if (body.code === "name_wanted") {
      // Only a page can ask.
      window.location.replace(again);
      seconds = 0;
    } else if (body.code) {
      show(body);
    } else {
      miss();
    }
  }

  // The network may come back; nothing to say that the page does not say already.
  function miss() {
    seconds = Math.min(seconds * 2, LONGEST_SECONDS);
  }

  async function ask() {
    if (asking) {
      return;
    }
    asking = true;
    window.clearTimeout(timer);
    try {
      await receive();
    } catch {
      miss();
    }
    asking = false;
    later();
  }

  function wake() {
    if (document.hidden) {
      window.clearTimeout(timer);
    } else if (seconds > 0) {
      ask();
    }
  }

  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  promise.hidden = false;
  later();
})();
