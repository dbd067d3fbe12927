/**
 * The list of recordings on a card: fetched anew when it has changed, searched, and turned page by page. It has no
 * words: the server writes the list.
 */
// biome-ignore lint/correctness/noUnusedVariables: the card's other script calls it
function BigBlueButtonShelf(card, times) {
  "use strict";

  const PATIENCE_MS = 20_000;

  const shelf = card.querySelector(".bbb-shelf");
  const place = (part, where = shelf) => where.querySelector(part);
  const form = place(".bbb-find");
  let page = 1;
  let fetching = 0;

  // Without a session links work for a while only, and each answer about the room brings a new address.
  function link() {
    for (const anchor of shelf.querySelectorAll("a[data-play]")) {
      anchor.href = `${shelf.dataset.playUrl}&${anchor.dataset.play}`;
    }
    for (const tool of shelf.querySelectorAll(".bbb-find, .bbb-shelf-pages")) {
      tool.hidden = false;
    }
    times.tell(shelf);
  }

  // What has not changed is left alone: screen readers read it, and somebody may be in the middle of it.
  function replace(part, fresh) {
    if (place(part).innerHTML !== place(part, fresh).innerHTML) {
      place(part).replaceChildren(...place(part, fresh).childNodes);
    }
  }

  function show(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    // Anything else is no answer of ours: a page of a proxy, of a captive portal.
    if (!place(".bbb-shelf-list", fresh.content)) {
      return false;
    }
    const held = document.activeElement?.closest?.(".bbb-shelf-list") && document.activeElement.dataset.play;
    replace(".bbb-shelf-count", fresh.content);
    replace(".bbb-shelf-list", fresh.content);
    if (held) {
      [...shelf.querySelectorAll("a[data-play]")].find((each) => each.dataset.play === held)?.focus();
    }
    return fresh.content;
  }

  async function load() {
    const { listUrl, pageToken, language, credentials } = card.dataset;
    const url = new URL(listUrl, document.baseURI);
    url.searchParams.set("page", page);
    url.searchParams.set("search", form?.elements.search.value ?? "");
    const headers = { Accept: "text/html", "Accept-Language": language, "X-BBB-Page-Token": pageToken };
    fetching += 1;
    const turn = fetching;
    const answer = await fetch(url, { headers, credentials, signal: AbortSignal.timeout(PATIENCE_MS) });
    const html = answer.ok ? await answer.text() : "";
    // Somebody who types on wants the answer to the last question only.
    return turn === fetching && html ? show(html) : false;
  }

  async function refresh(version) {
    const fresh = await load();
    if (fresh) {
      shelf.dataset.version = version;
      link();
      tellNews(fresh);
    }
  }

  // Read out loud, because it is the one thing on the card that this person may have waited for.
  function tellNews(fresh) {
    const news = place(".bbb-shelf-news", fresh);
    const told = document.createElement("div");
    told.append(news);
    Object.assign(told.dataset, shelf.dataset);
    times.tell(told);
    replace(".bbb-shelf-news", told);
  }

  async function turn(wanted) {
    page = wanted;
    if (await load()) {
      link();
      place(".bbb-shelf-list").focus();
    }
  }

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    turn(1).catch(() => {});
  });
  shelf.addEventListener("click", (event) => {
    const wanted = Number(event.target.closest?.("button[data-page]")?.dataset.page);
    if (wanted) {
      turn(wanted).catch(() => {});
    }
  });
  link();

  return {
    refresh: () => refresh(shelf.dataset.version),
    tellTimes: () => times.tell(shelf),
    see(room) {
      if (room.play_url) {
        shelf.dataset.playUrl = room.play_url;
        link();
      }
      // Nothing is taken out of the hands of somebody who is about to change a recording.
      if (room.shelf && room.shelf !== shelf.dataset.version && !("held" in shelf.dataset)) {
        // What fails now is tried again with the next answer about the room.
        refresh(room.shelf).catch(() => {});
      }
    },
  };
}
