/**
 * One time in the editor's form: on a date, or counted from a date of the course. What a counted time comes to is for
 * the server to say; every word comes from there or stands in the page.
 */
// biome-ignore lint/correctness/noUnusedVariables: the editor's script calls it by name
function BigBlueButtonTime(place, language, ask) {
  "use strict";

  // How a counted time is written, as in moments.py; all else is a date.
  const COUNTED = /^([a-z_]+)([+-])P(\d+)D(?:T(\d\d:\d\d))?$/;
  // Nothing takes this: it stands for half a date, for letters in place of a number, for no number at all.
  const UNREADABLE = "?";
  const PAUSE_MS = 400;

  const [from, onDate, date, zone, counted, days, side, at, said] = [
    "from",
    "on-date",
    "date",
    "zone",
    "counted",
    "days",
    "side",
    "at",
    "said",
  ].map((name) => place.querySelector(`[data-part="${name}"]`));
  let told;
  let timer = 0;

  // People read and write dates in their own zone, the server knows UTC.

  function toLocal(text) {
    const time = new Date(text);
    return text ? new Date(time - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : "";
  }

  function toUtc(text) {
    return text ? new Date(text).toISOString().replace(/\.\d+Z$/, "Z") : "";
  }

  // The zone in words depends on the time: there is summer time.
  function zoneAt(text) {
    const style = new Intl.DateTimeFormat(language, { timeZoneName: "long" });
    const parts = style.formatToParts(text ? new Date(text) : new Date());
    const name = parts.find((part) => part.type === "timeZoneName");
    return `${name.value} (${style.resolvedOptions().timeZone})`;
  }

  function read() {
    if (!from.value) {
      return date.validity.badInput ? UNREADABLE : toUtc(date.value);
    }
    const count = days.value === "" ? UNREADABLE : Number(days.value);
    const clock = at.validity.badInput ? UNREADABLE : at.value;
    return `${from.value}${side.value}P${count}D${clock && `T${clock}`}`;
  }

  // What cannot be read cannot be written either: it stays as it stands.
  function write(value) {
    const [, anchor, sign, count, clock] = COUNTED.exec(value) ?? [];
    if (anchor) {
      [from.value, side.value, days.value, at.value] = [anchor, sign, count, clock ?? ""];
    } else if (!value.includes(UNREADABLE)) {
      [from.value, date.value] = ["", toLocal(value)];
    }
  }

  async function tell(value) {
    const answer = await ask("tell_time", { field: place.dataset.field, value }).catch(() => ({}));
    if (told === value) {
      said.textContent = answer.said ?? "";
    }
  }

  // The server has said already what the first value comes to.
  function show() {
    const value = read();
    const isKnown = told === undefined || told === value;
    told = value;
    onDate.hidden = Boolean(from.value);
    counted.hidden = !from.value;
    zone.textContent = zoneAt(date.value);
    if (isKnown) {
      return;
    }
    window.clearTimeout(timer);
    if (from.value) {
      timer = window.setTimeout(tell, PAUSE_MS, value);
    } else {
      said.textContent = "";
    }
  }

  return { read, write, show };
}
