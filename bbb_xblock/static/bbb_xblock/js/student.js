/**
 * Keeps the card of one session up to date. It has no words: every text comes from the server's answer or the template.
 *
 * The server says in each answer when to ask again; hidden pages do not ask at all.
 */
// biome-ignore lint/correctness/noUnusedVariables: the platform's runtime calls it by name (Fragment.initialize_js)
function BigBlueButtonXBlock(_runtime, element) {
  "use strict";

  // Studio hands over a jQuery object, the LMS an element.
  const host = element?.querySelector ? element : element?.[0];
  const card = host?.querySelector(".bbb-xblock");
  // The platform may initialise a block twice; one page then still asks once.
  if (!card || card.bbbKept) {
    return;
  }
  card.bbbKept = true;
  const times = BigBlueButtonTimes(card);
  if (card.querySelector(".bbb-when")) {
    times.tellSession();
  }
  const ownAttendance = card.querySelector(".bbb-own-attendance");
  if (ownAttendance) {
    times.tell(ownAttendance);
  }
  const shelf = card.querySelector(".bbb-shelf") ? BigBlueButtonShelf(card, times) : undefined;
  if (card.querySelector(".bbb-desk")) {
    BigBlueButtonRecordings(card, shelf);
  }
  const join = card.querySelector(".bbb-join");
  if (!card.dataset.statusUrl) {
    return;
  }

  // A phone app hands the link to a browser without a session: here is one, so the page asks for links that need none.
  // WebKit in an iOS app does not call itself Safari; Android's WebView says "wv".
  const agent = navigator.userAgent;
  if (card.dataset.appUrl && (/; wv\)/.test(agent) || (/iPhone|iPad/.test(agent) && !/Safari\//.test(agent)))) {
    card.dataset.statusUrl = card.dataset.appUrl;
    card.dataset.pageToken = card.dataset.appToken;
    card.dataset.listUrl = card.dataset.appListUrl;
    card.dataset.credentials = "same-origin";
  }

  // How long it takes most people to be in the room after their click.
  const SOON_SECONDS = 3;
  const AT_ONCE_SECONDS = 0.2;
  const LONGEST_SECONDS = 300;
  const PATIENCE_MS = 20_000;
  const FAILURES_UNTIL_LOST = 3;

  const news = card.querySelector(".bbb-news");
  const rename = card.querySelector(".bbb-rename");
  const team = card.dataset.endUrl ? teamTools() : undefined;
  const over = new AbortController();
  let seconds = Number(card.dataset.nextSeconds);
  let failures = 0;
  let asking = false;
  let portable = false;
  let timer = 0;

  // What has not changed is left alone: the platform measures the page after every change, screen readers read it.

  // Where there are recordings only, nobody joins.
  function mark(node, name, value) {
    if (node && node.getAttribute(name) !== value) {
      node.setAttribute(name, value);
    }
  }

  function write(selector, text) {
    const place = card.querySelector(selector);
    if (place && place.textContent !== text) {
      place.textContent = text;
    }
  }

  // Read out loud or not: a new state is, one person more in the room is not.
  function speak(aloud) {
    mark(news, "aria-live", aloud ? "polite" : "off");
  }

  function show(room) {
    speak(card.querySelector(".bbb-label").textContent !== room.label);
    mark(card, "data-tone", room.tone);
    write(".bbb-label", room.label);
    write(".bbb-sentence", room.sentence);
    write(".bbb-role", room.role);
    write(".bbb-join-label", room.join_label);
    mark(join, "aria-disabled", String(!room.can_join));
    if (room.join_url) {
      // Good once and for a short time, where no session is to be had: each answer brings a new one.
      portable = true;
      mark(join, "href", room.join_url);
      rename?.setAttribute("href", room.rename_url);
    }
    team?.show(room);
    shelf?.see(room);
    failures = 0;
    seconds = room.next_seconds ?? seconds;
  }

  // Mostly the page is too old or the person has changed: it says so once and stops asking.
  function refuse(refusal) {
    speak(true);
    mark(card, "data-tone", "off");
    write(".bbb-label", refusal.title);
    write(".bbb-sentence", refusal.error);
    write(".bbb-role", "");
    mark(join, "aria-disabled", "true");
    if (refusal.again_seconds > 0) {
      seconds = refusal.again_seconds;
    } else {
      stop();
    }
  }

  function miss() {
    failures += 1;
    seconds = Math.min(seconds * 2, LONGEST_SECONDS);
    if (failures === FAILURES_UNTIL_LOST) {
      speak(true);
      write(".bbb-sentence", card.dataset.lost);
    }
  }

  function stop() {
    window.clearTimeout(timer);
    over.abort();
  }

  function later(wait) {
    window.clearTimeout(timer);
    if (wait > 0 && !document.hidden && !over.signal.aborted) {
      timer = window.setTimeout(ask, wait * 1000);
    }
  }

  async function receive() {
    const { statusUrl, pageToken, language, credentials } = card.dataset;
    const headers = { Accept: "application/json", "Accept-Language": language, "X-BBB-Page-Token": pageToken };
    const answer = await fetch(statusUrl, { headers, credentials, signal: AbortSignal.timeout(PATIENCE_MS) });
    const body = await answer.json();
    if (answer.ok && body.label) {
      return show(body);
    }
    // Anything else is no answer of this block: a page of a proxy, of the platform's login, of a captive portal.
    return body.code ? refuse(body) : miss();
  }

  async function ask() {
    if (!card.isConnected) {
      stop();
    }
    if (asking || over.signal.aborted) {
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
    later(seconds);
  }

  // What only the course team has: who is in the room, and an end for everybody.
  function teamTools() {
    const people = card.querySelector(".bbb-people");
    const person = card.querySelector(".bbb-person");
    const question = card.querySelector(".bbb-sure");
    const button = card.querySelector(".bbb-end");
    let known = "";

    function line({ name, role, since }) {
      const item = person.content.cloneNode(true);
      item.querySelector("bdi").textContent = name;
      item.querySelector("span").textContent = role;
      const time = item.querySelector("time");
      time.dateTime = since;
      if (since) {
        times.tellClock(time);
      }
      return item;
    }

    function ask(open) {
      question.hidden = !open;
      mark(button, "aria-expanded", String(open));
      (open ? question.querySelector("button") : button).focus();
    }

    // With nobody in the room there is nothing to ask; a button that is off would drop the focus.
    function rest() {
      const isHeld = [question, button].some((part) => part.contains(document.activeElement));
      question.hidden = true;
      mark(button, "aria-expanded", "false");
      if (isHeld) {
        button.closest("details").querySelector("summary").focus();
      }
    }

    async function end() {
      const answer = await BigBlueButtonPost(card.dataset.endUrl, { token: card.dataset.endToken }, PATIENCE_MS);
      const said = await answer.json();
      speak(true);
      if (said.label) {
        show(said);
      } else {
        write(".bbb-sentence", said.error ?? card.dataset.lost);
      }
    }

    button.addEventListener("click", () => ask(question.hidden));
    card.querySelector(".bbb-end-not").addEventListener("click", () => ask(false));
    card.querySelector(".bbb-end-now").addEventListener("click", () => {
      ask(false);
      end().catch(() => write(".bbb-sentence", card.dataset.lost));
    });

    return {
      show({ people: present = [], end_question: words = "" }) {
        write(".bbb-end-question", words);
        if (present.length === 0 && !button.disabled) {
          rest();
        }
        button.disabled = present.length === 0;
        if (known !== JSON.stringify(present)) {
          known = JSON.stringify(present);
          people.replaceChildren(...present.map(line));
        }
      },
    };
  }

  join?.addEventListener("click", (event) => {
    if (join.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      ask();
    } else {
      later(portable ? AT_ONCE_SECONDS : SOON_SECONDS);
    }
  });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.hidden) {
        window.clearTimeout(timer);
      } else if (seconds > 0) {
        ask();
      }
    },
    { signal: over.signal },
  );
  window.addEventListener("online", () => document.hidden || ask(), { signal: over.signal });
  if (!document.hidden) {
    ask();
  }
}
