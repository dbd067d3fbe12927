/**
 * What the course team does with the recordings of a list: with one, from its menu, or with all that are chosen. It has
 * no words: the server's answer says what became of it.
 */
// biome-ignore lint/correctness/noUnusedVariables: the card's other script calls it
function BigBlueButtonRecordings(card, list) {
  "use strict";

  // Several servers may be asked, one after the other.
  const PATIENCE_MS = 90_000;
  // One more than the server takes: it says so then, in words.
  const LONGEST_FILE = 500_001;
  const TAKES_AWAY = ["delete", "give_back"];

  const shelf = card.querySelector(".bbb-shelf");
  const desk = shelf.querySelector(".bbb-desk");
  const bar = desk.querySelector(".bbb-desk-bar");
  const offer = desk.querySelector(".bbb-offer");
  const all = bar.querySelector(".bbb-all");

  const rows = () => [...shelf.querySelectorAll("[data-recording]")];
  const idOf = (row) => Number(row.dataset.recording);
  const rowOf = (id) => rows().find((row) => idOf(row) === id);
  const pick = (row) => row.querySelector(".bbb-pick");
  const chosen = () => rows().filter((row) => pick(row)?.checked);

  function write(part, text) {
    part.textContent = text;
    part.hidden = !text;
  }

  // It stays in its place, because only then it is read out loud.
  function say(sentence) {
    desk.querySelector(".bbb-desk-said").textContent = sentence;
  }

  // What can be done now, and whether the list has to stay as it is.
  function settle() {
    const some = chosen().length > 0;
    for (const button of bar.querySelectorAll("button")) {
      button.disabled = !some;
    }
    if (!some) {
      really(bar, false);
    }
    const pickable = rows().filter(pick);
    all.checked = some && chosen().length === pickable.length;
    all.indeterminate = some && !all.checked;
    bar.hidden = pickable.length === 0;
    shelf.toggleAttribute("data-held", some || shelf.querySelector(".bbb-manage[open]") !== null);
  }

  function begin() {
    desk.hidden = false;
    for (const handles of shelf.querySelectorAll(".bbb-handles")) {
      handles.hidden = false;
    }
    settle();
  }

  // The question before a deletion, beside the button that asks it.
  function really(group, isAsked) {
    group.querySelector(".bbb-really")?.toggleAttribute("hidden", !isAsked);
    group.querySelector("[data-asks]")?.setAttribute("aria-expanded", String(isAsked));
  }

  async function send(action, more) {
    const body = { token: shelf.dataset.manageToken, action, ...more };
    return (await BigBlueButtonPost(shelf.dataset.manageUrl, body, PATIENCE_MS)).json();
  }

  // The list comes anew from the server: what was chosen, open and held by the keyboard is so again.
  async function renew(action, done, id) {
    const taken = TAKES_AWAY.includes(action) ? done : [];
    const kept = chosen().map(idOf);
    const open = rows()
      .filter((row) => row.querySelector(".bbb-manage")?.open)
      .map(idOf);
    await list.refresh();
    for (const row of rows().filter(pick)) {
      pick(row).checked = kept.includes(idOf(row)) && !taken.includes(idOf(row));
      row.querySelector(".bbb-manage").open = open.includes(idOf(row));
    }
    begin();
    if (id) {
      const menu = rowOf(id)?.querySelector(".bbb-manage");
      const again = menu?.querySelector(`[data-action="${action}"]`);
      const held = again?.querySelector("[type=submit]") ?? again;
      // A part that is folded or hidden now cannot be held.
      const isSeen = held?.checkVisibility() ?? false;
      (isSeen ? held : (menu?.querySelector("summary") ?? shelf.querySelector(".bbb-shelf-list"))).focus();
    } else if (document.activeElement?.disabled || document.activeElement === document.body) {
      all.focus();
    }
  }

  function tell(answer, id) {
    say(answer.said);
    for (const row of rows().filter(pick)) {
      const trouble = answer.troubles[row.dataset.recording] ?? "";
      const done = idOf(row) === id && answer.done.includes(id) ? answer.said : "";
      write(row.querySelector(".bbb-trouble"), trouble || done);
    }
  }

  // `id` is the recording from whose menu it is asked; without one it is about all that are chosen.
  async function act(action, more, id) {
    if (shelf.getAttribute("aria-busy") === "true") {
      return;
    }
    shelf.setAttribute("aria-busy", "true");
    say(desk.dataset.working);
    try {
      const answer = await send(action, { ids: id ? [id] : chosen().map(idOf), ...more });
      if (answer.said) {
        await renew(action, answer.done, id);
        tell(answer, id);
      } else {
        fail(answer.error, id);
      }
    } catch {
      fail("", id);
    }
    shelf.removeAttribute("aria-busy");
  }

  function fail(sentence, id) {
    say(sentence || desk.dataset.lost);
    const row = id ? rowOf(id) : undefined;
    if (row) {
      write(row.querySelector(".bbb-trouble"), sentence || desk.dataset.lost);
    }
  }

  async function showOffer(button) {
    const isOpen = !offer.hidden;
    offer.hidden = isOpen;
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) {
      return;
    }
    try {
      const answer = await send("offer", {});
      // The server has written it, of our own template.
      offer.innerHTML = answer.html ?? "";
      list.tellTimes();
      say(answer.error ?? "");
      offer.focus();
    } catch {
      fail("");
    }
  }

  async function adopt() {
    const ids = [...offer.querySelectorAll("input:checked")].map((box) => Number(box.value));
    if (ids.length === 0) {
      offer.querySelector("input").focus();
      return;
    }
    offer.hidden = true;
    const button = desk.querySelector("[data-action=offer]");
    button.setAttribute("aria-expanded", "false");
    button.focus();
    await act("adopt", { ids });
  }

  async function submitted(form) {
    const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const file = form.elements.file?.files[0];
    return file ? { ...given, text: await file.slice(0, LONGEST_FILE).text() } : given;
  }

  function ask(button) {
    const group = button.closest(".bbb-manage, .bbb-desk-bar");
    const isAsked = button.getAttribute("aria-expanded") !== "true";
    really(group, isAsked);
    if (isAsked) {
      group.querySelector(".bbb-keep").focus();
    }
  }

  function keep(button) {
    const group = button.closest(".bbb-manage, .bbb-desk-bar");
    really(group, false);
    group.querySelector("[data-asks]").focus();
  }

  function click(button) {
    const row = button.closest("[data-recording]");
    const { action } = button.dataset;
    if (button.dataset.asks) {
      ask(button);
    } else if (button.matches(".bbb-keep")) {
      keep(button);
    } else if (action === "offer") {
      showOffer(button);
    } else if (action === "adopt") {
      adopt();
    } else if (action === "look_again") {
      act(action, {});
    } else if (action) {
      const group = button.closest(".bbb-desk-bar");
      if (group) {
        really(group, false);
      }
      act(action, {}, row ? idOf(row) : undefined);
    }
  }

  shelf.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (button) {
      click(button);
    }
  });
  shelf.addEventListener("submit", async (event) => {
    const { action } = event.target.dataset;
    if (action) {
      event.preventDefault();
      const row = event.target.closest("[data-recording]");
      act(action, await submitted(event.target), row ? idOf(row) : undefined);
    }
  });
  shelf.addEventListener("change", ({ target }) => {
    if (target === all) {
      for (const row of rows().filter(pick)) {
        pick(row).checked = all.checked;
      }
    }
    settle();
  });
  // Whether a menu is open is told to nobody above it, unless one listens on the way down.
  shelf.addEventListener("toggle", settle, { capture: true });
  // Pages are turned, and lists come anew, by the other script.
  new MutationObserver(begin).observe(shelf.querySelector(".bbb-shelf-list"), { childList: true });
  begin();
}
