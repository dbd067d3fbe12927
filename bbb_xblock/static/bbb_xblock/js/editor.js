/**
 * The editor of one session. It knows no option and no word: it goes by the JSON that each row and each preset carries,
 * and every text comes from the page or from the server's answer.
 *
 * Only what the author changed is sent. An option that is not set stays so and follows the platform's default.
 */
// biome-ignore lint/correctness/noUnusedVariables: the platform's runtime calls it by name (Fragment.initialize_js)
function BigBlueButtonEditor(runtime, element) {
  "use strict";

  // Studio hands over a jQuery object, the Workbench an element.
  const host = element?.querySelector ? element : element?.[0];
  const form = host?.querySelector(".bbb-editor .bbb-form");
  if (!form || form.bbbKept) {
    return;
  }
  form.bbbKept = true;

  const PATIENCE_MS = 30_000;
  // No option takes this: it stands for letters in place of a number, and in half a time.
  const UNREADABLE = "?";
  const { language, lost, lostTitle } = form.dataset;
  const setCounts = JSON.parse(form.dataset.setCounts);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  async function post(handler, body) {
    const answer = await BigBlueButtonPost(runtime.handlerUrl(element, handler), body, PATIENCE_MS);
    return { ok: answer.ok, ...(await answer.json()) };
  }

  // The control of a row, or its boxes: how a value is read from it and written to it.
  function reader(kind, [control, ...others]) {
    const boxes = [control, ...others];
    const plain = {
      read: () => control.value,
      write: (value) => {
        control.value = value;
      },
    };
    const kinds = {
      switch: {
        read: () => control.checked,
        write: (value) => {
          control.checked = value;
        },
      },
      choices: {
        read: () => boxes.filter((box) => box.checked).map((box) => box.value),
        write: (value) => {
          for (const box of boxes) {
            box.checked = value.includes(box.value);
          }
        },
      },
      files: {
        read: () =>
          control.value
            .split("\n")
            .map((line) => line.trim())
            .filter(Boolean),
        write: (value) => plain.write(value.join("\n")),
      },
      number: { ...plain, read: () => (control.value === "" ? "" : Number(control.value)) },
    };
    const { read, write } = kinds[kind] ?? plain;
    return { read: () => (control.validity.badInput ? UNREADABLE : read()), write };
  }

  function makeRow(place) {
    const option = JSON.parse(place.dataset.option);
    // What a time is counted from, and on which side, is never what is wrong with it.
    const controls = [...place.querySelectorAll("input, select:not([data-part]), textarea")];
    const reset = place.querySelector(".bbb-reset");
    const error = place.querySelector(".bbb-error");
    const time = option.kind === "moment" ? BigBlueButtonTime(place, language, post) : undefined;
    const { read, write } = time ?? reader(option.kind, controls);
    write(option.value);
    // What a control makes of a value may differ from it, for example in line ends.
    const first = { value: read(), chosen: option.chosen };

    const row = {
      place,
      read,
      field: place.dataset.field,
      chosen: first.chosen,
      counts: (others) =>
        option.when.every(({ field, values }) => {
          const other = others.get(field);
          return values.length ? values.includes(other) : other?.length !== 0 && Boolean(other);
        }),
      inEffect: (counts) => (counts ? read() : option.off),
      put(value, chosen) {
        write(value);
        row.chosen = chosen;
      },
      // A value that was there before is no choice of the author's, unless it was one.
      fill: (value) => row.put(value, same(value, first.value) ? first.chosen : !same(value, option.default)),
      // Half a date makes no event.
      isEdited: () =>
        read() === UNREADABLE || (row.chosen && (option.mend || !first.chosen || !same(read(), first.value))),
      isLeftOpen: () => first.chosen && !row.chosen && read() !== UNREADABLE,
      complain(message) {
        error.textContent = message;
        error.hidden = !message;
        for (const control of controls) {
          control.setAttribute("aria-invalid", String(Boolean(message)));
        }
      },
      show(counts) {
        place.hidden = !counts && error.hidden;
        if (reset) {
          reset.hidden = !row.chosen;
        }
        time?.show();
      },
      focus() {
        for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) {
          fold.open = true;
        }
        (controls.find((control) => control.offsetParent) ?? controls[0]).focus();
      },
    };

    place.addEventListener("input", () => {
      row.chosen = first.chosen || !same(read(), first.value);
      update();
    });
    reset?.addEventListener("click", () => {
      row.put(option.default, false);
      update();
      row.focus();
    });
    row.complain(error.textContent);
    return row;
  }

  function makeCard(place) {
    const { values, counts } = place.dataset;
    const fills = Object.entries(JSON.parse(values ?? "{}"));
    const radio = place.querySelector("input");
    radio.addEventListener("change", () => {
      if (values) {
        start(fills);
      } else {
        goBack();
      }
      staysOwn = !values;
      update();
    });
    return {
      radio,
      // Say how much the preset would change, and give whether that is nothing.
      show() {
        const changed = fills.filter(([field, value]) => !same(rowOf.get(field).read(), value)).map(([field]) => field);
        place.querySelector(".bbb-card-count").textContent = JSON.parse(counts)[changed.length];
        place.querySelector(".bbb-card-changes").hidden = changed.length === 0;
        for (const line of place.querySelectorAll("[data-field]")) {
          line.hidden = !changed.includes(line.dataset.field);
        }
        return changed.length === 0;
      },
    };
  }

  const rows = [...form.querySelectorAll(".bbb-row")].map(makeRow);
  const rowOf = new Map(rows.map((row) => [row.field, row]));
  const own = makeCard(form.querySelector(".bbb-own"));
  const presets = [...form.querySelectorAll(".bbb-card:not(.bbb-own)")].map(makeCard);
  let fitting = own;
  let staysOwn = false;
  // How the rows stood before a preset filled them.
  let before = [];

  function start(fills) {
    if (fitting === own) {
      before = rows.map((row) => [row, row.read(), row.chosen]);
    }
    for (const [field, value] of fills) {
      rowOf.get(field).fill(value);
    }
  }

  function goBack() {
    for (const [row, value, chosen] of before) {
      row.put(value, chosen);
    }
  }

  // An option counts if what it asks of others holds; where it does not count, it is to others as if it were off.
  function showRows() {
    const inEffect = new Map();
    for (const row of rows) {
      const counts = row.counts(inEffect);
      inEffect.set(row.field, row.inEffect(counts));
      row.show(counts);
    }
  }

  function showGroups() {
    for (const group of form.querySelectorAll(".bbb-group")) {
      const shown = rows.filter((row) => group.contains(row.place) && !row.place.hidden);
      group.hidden = shown.length === 0;
      group.querySelector(".bbb-set-count").textContent = setCounts[shown.filter((row) => row.chosen).length];
    }
  }

  // Which preset is chosen follows from the values, unless the author says that they are no preset's.
  function showCards() {
    const [first] = presets.filter((preset) => preset.show());
    fitting = staysOwn ? own : (first ?? own);
    fitting.radio.checked = true;
  }

  function update() {
    showRows();
    showGroups();
    showCards();
  }

  // Saving

  const summary = form.querySelector(".bbb-errors");

  function line({ field, message }) {
    const item = summary.querySelector("template").content.cloneNode(true);
    const link = item.querySelector("a");
    link.textContent = message;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      rowOf.get(field).focus();
    });
    return item;
  }

  function refuse({ title, error, errors = [] }) {
    for (const row of rows) {
      row.complain(errors.find(({ field }) => field === row.field)?.message ?? "");
    }
    update();
    runtime.notify("error", { title, message: error });
    summary.querySelector(".bbb-errors-title").textContent = title;
    summary.querySelector(".bbb-errors-sentence").textContent = error;
    summary.querySelector("ul").replaceChildren(...errors.map(line));
    summary.hidden = false;
    summary.focus();
  }

  function send() {
    const edited = rows.filter((row) => row.isEdited()).map((row) => [row.field, row.read()]);
    const defaults = rows.filter((row) => row.isLeftOpen()).map((row) => row.field);
    return post("submit_studio_edits", { values: Object.fromEntries(edited), defaults });
  }

  async function save(button) {
    button.setAttribute("aria-disabled", "true");
    summary.hidden = true;
    runtime.notify("save", { state: "start" });
    const said = await send().catch(() => ({}));
    button.removeAttribute("aria-disabled");
    if (said.ok && said.result === "success") {
      runtime.notify("save", { state: "end" });
    } else {
      // What has no words of ours is somebody else's answer: a login page's, a proxy's.
      refuse(said.code && said.title ? said : { title: lostTitle, error: lost });
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector(".save-button");
    if (button.getAttribute("aria-disabled") !== "true") {
      save(button);
    }
  });
  // The buttons stay in sight; what the keyboard reaches must not lie behind them.
  form.addEventListener("focusin", ({ target }) => {
    const bar = form.querySelector(".bbb-actions");
    const covered = target.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
    if (covered && !bar.contains(target) && target.matches(":focus-visible")) {
      target.scrollIntoView({ block: "nearest" });
    }
  });
  form.querySelector(".cancel-button").addEventListener("click", () => runtime.notify("cancel", {}));

  for (const time of form.querySelectorAll("time")) {
    const style = { dateStyle: "long", timeStyle: "short" };
    time.textContent = new Intl.DateTimeFormat(language, style).format(new Date(time.dateTime));
  }
  update();
  // From doctor.js, which comes first.
  BigBlueButtonDoctor(runtime, element, form);
}
