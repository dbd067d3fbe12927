/**
 * What the course team does with the register: correct those who are chosen, undo it, have it worked out anew. It has no
 * words: the server's answer says what became of it, and the table comes anew from the server.
 */
(() => {
  "use strict";

  const PATIENCE_MS = 30_000;

  const page = document.querySelector(".bbb-register");
  const desk = page.querySelector(".bbb-desk");
  if (!desk) {
    return;
  }
  const sheet = page.querySelector(".bbb-sheet");
  const form = desk.querySelector(".bbb-correct");
  const all = desk.querySelector(".bbb-all");
  const undoLast = desk.querySelector(".bbb-undo-last");
  const regrade = desk.querySelector(".bbb-regrade");
  let last = [];

  const picks = () => [...sheet.querySelectorAll(".bbb-pick")];
  const chosen = () => picks().filter((pick) => pick.checked);

  // It stays in its place, because only then it is read out loud.
  function say(sentence) {
    desk.querySelector(".bbb-desk-said").textContent = sentence;
  }

  function settle() {
    const some = chosen().length > 0;
    all.checked = some && chosen().length === picks().length;
    all.indeterminate = some && !all.checked;
  }

  async function send(action, more) {
    const body = { token: page.dataset.changeToken, action, ...more };
    return (await BigBlueButtonPost(page.dataset.changeUrl, body, PATIENCE_MS)).json();
  }

  // Whoever was chosen stays chosen only if nothing came of it.
  async function renew() {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".bbb-sheet");
    sheet.replaceChildren(...(fresh?.childNodes ?? []));
    settle();
  }

  // What telling every grade anew would change, and the button that does it; without a preview, neither.
  function offer(lines) {
    const list = desk.querySelector(".bbb-grades");
    const items = (lines ?? []).map((line) => Object.assign(document.createElement("li"), { textContent: line }));
    list.replaceChildren(...items);
    list.hidden = items.length === 0;
    if (regrade) {
      regrade.hidden = !lines;
    }
  }

  // `person` is whose button had the focus, which goes with the table.
  async function act(action, more, person) {
    if (desk.getAttribute("aria-busy") === "true") {
      return;
    }
    desk.setAttribute("aria-busy", "true");
    say(desk.dataset.working);
    try {
      const answer = await send(action, more);
      if (answer.said) {
        await renew();
        last = answer.corrections ?? [];
        undoLast.hidden = last.length === 0;
        offer(answer.grades);
      }
      say(answer.said || answer.error || desk.dataset.lost);
      if (answer.said && action === "correct") {
        form.elements.reason.value = "";
      }
    } catch {
      say(desk.dataset.lost);
    }
    desk.removeAttribute("aria-busy");
    if (document.activeElement === document.body) {
      (sheet.querySelector(`.bbb-pick[value="${person}"]`) ?? all).focus();
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { session, standing, reason } = form.elements;
    const people = chosen().map((pick) => Number(pick.value));
    act("correct", { session: Number(session.value), people, standing: standing.value, reason: reason.value });
  });
  undoLast.addEventListener("click", () => act("undo", { corrections: last }));
  desk.querySelector(".bbb-look-again").addEventListener("click", () => act("look_again", {}));
  desk.querySelector(".bbb-preview")?.addEventListener("click", () => act("preview", {}));
  regrade?.addEventListener("click", () => act("regrade", {}));
  sheet.addEventListener("click", ({ target }) => {
    const button = target.closest?.(".bbb-undo");
    if (button) {
      const { person } = button.closest("[data-person]").dataset;
      act("undo", { corrections: [Number(button.dataset.correction)] }, Number(person));
    }
  });
  page.addEventListener("change", ({ target }) => {
    if (target === all) {
      for (const pick of picks()) {
        pick.checked = all.checked;
      }
    }
    settle();
  });

  desk.hidden = false;
  page.toggleAttribute("data-live", true);
  settle();
})();
