/**
 * Keeps the card of one session up to date. It has no words: every text comes from the server's answer.
 *
 * The server says in each answer when to ask again; hidden pages do not ask at all.
 */
// biome-ignore lint/correctness/noUnusedVariables: the platform's runtime calls it by name (Fragment.initialize_js)
function BigBlueButtonXBlock(_runtime, element) {
  "use strict";

  // Studio hands over a jQuery object, the LMS an element.
  const host = element.querySelector ? element : element[0];
  const card = host.querySelector(".bbb-xblock");
  const statusUrl = card?.dataset.statusUrl;
  const join = card?.querySelector(".bbb-join");
  if (!statusUrl || !join) {
    return;
  }

  // How long it takes most people to be in the room after their click.
  const SOON_SECONDS = 3;
  const LONGEST_SECONDS = 300;
  let seconds = Number(card.dataset.nextSeconds);
  let timer = 0;

  function isOff() {
    return join.getAttribute("aria-disabled") === "true";
  }

  function write(selector, text) {
    const place = card.querySelector(selector);
    // An unchanged text is left alone: the platform measures the page after every change, screen readers read it.
    if (place && place.textContent !== text) {
      place.textContent = text;
    }
  }

  function show(room) {
    card.dataset.tone = room.tone;
    write(".bbb-label", room.label);
    write(".bbb-sentence", room.sentence);
    write(".bbb-role", room.role);
    write(".bbb-join-label", room.join_label);
    join.setAttribute("aria-disabled", String(!room.can_join));
  }

  function later(wait) {
    window.clearTimeout(timer);
    if (wait > 0 && !document.hidden && document.contains(card)) {
      timer = window.setTimeout(ask, wait * 1000);
    }
  }

  async function ask() {
    try {
      const headers = { Accept: "application/json", "X-BBB-Page-Token": card.dataset.pageToken };
      const answer = await fetch(statusUrl, { headers, credentials: "same-origin" });
      const body = await answer.json();
      if (answer.ok) {
        show(body);
        seconds = body.next_seconds;
      } else {
        // The page is too old or the person has changed: it says so once and stops asking.
        write(".bbb-sentence", body.error ?? "");
        seconds = 0;
      }
    } catch {
      seconds = Math.min(seconds * 2, LONGEST_SECONDS);
    }
    later(seconds);
  }

  join.addEventListener("click", (event) => {
    if (isOff()) {
      event.preventDefault();
      ask();
    } else {
      later(SOON_SECONDS);
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      window.clearTimeout(timer);
    } else if (seconds > 0 && document.contains(card)) {
      ask();
    }
  });
  if (!document.hidden) {
    ask();
  }
}
