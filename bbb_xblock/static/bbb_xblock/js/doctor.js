/**
 * The last part of the editor: it has the room looked at and shows what was found. A worker does the looking, so the
 * page asks again until that is done. Every word comes from the server or stands in the page.
 */
// biome-ignore lint/correctness/noUnusedVariables: the editor's script calls it by name
function BigBlueButtonDoctor(runtime, element, form) {
  "use strict";

  const PATIENCE_MS = 30_000;
  const url = runtime.handlerUrl(element, "doctor");
  const place = form.querySelector(".bbb-doctor");
  const button = place.querySelector(".bbb-check");
  const said = place.querySelector(".bbb-doctor-said");
  const list = place.querySelector(".bbb-findings");
  const template = place.querySelector("template");
  const { lost } = form.dataset;

  function write(part, text) {
    part.textContent = text;
    part.hidden = !text;
  }

  function line({ level, label, server, text, who, advice, detail }) {
    const item = template.content.firstElementChild.cloneNode(true);
    item.dataset.level = level;
    for (const [name, words] of Object.entries({ label, server, text, who, advice, detail })) {
      write(item.querySelector(`[data-part="${name}"]`), words);
    }
    item.querySelector(".bbb-advice").hidden = !advice;
    return item;
  }

  // Only what changes is written: it is read out.
  function show(sentence, findings) {
    if (said.textContent !== sentence) {
      said.textContent = sentence;
    }
    list.replaceChildren(...findings.map(line));
    list.hidden = findings.length === 0;
  }

  async function begin() {
    return (await BigBlueButtonPost(url, {}, PATIENCE_MS)).json();
  }

  async function goOn() {
    const headers = { Accept: "application/json" };
    return (await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) })).json();
  }

  async function follow(ask) {
    const told = await ask().catch(() => ({}));
    const sentence = told.said ?? told.error ?? lost;
    show(sentence, told.findings ?? []);
    if (told.again_seconds > 0 && place.isConnected) {
      window.setTimeout(follow, told.again_seconds * 1000, goOn);
    } else {
      button.removeAttribute("aria-disabled");
    }
  }

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") {
      button.setAttribute("aria-disabled", "true");
      show(place.dataset.asking, []);
      follow(begin);
    }
  });
}
