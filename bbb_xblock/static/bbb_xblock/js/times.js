/** The times on a card, on the reader's clocks. It has no words: those come from the template. */
// biome-ignore lint/correctness/noUnusedVariables: the card's other scripts call it
function BigBlueButtonTimes(card) {
  "use strict";

  const MINUTE_MS = 60_000;
  const DAY = { weekday: "long", month: "long", day: "numeric" };
  const WHOLE = { ...DAY, year: "numeric" };
  const CLOCK = { timeStyle: "short" };
  // The page's language, as it is written where the reader lives.
  const language = localeOf(card.dataset.language);

  function localeOf(wanted) {
    const fits = (locale) => `${locale.toLowerCase()}-`.startsWith(`${wanted}-`);
    return navigator.languages.find(fits) ?? wanted;
  }

  function zoneOf(place) {
    return place.dataset.readerZone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  function said(date, style, timeZone) {
    return new Intl.DateTimeFormat(language, { ...style, timeZone }).format(date);
  }

  function full(date, zone, form) {
    const style = date.getFullYear() === new Date().getFullYear() ? DAY : WHOLE;
    return form.replace("{date}", said(date, style, zone)).replace("{time}", said(date, CLOCK, zone));
  }

  // The times of a list, each by itself. `place` names the reader's zone and how a time is written.
  function tell(place) {
    for (const time of place.querySelectorAll("time[datetime]")) {
      time.textContent = full(new Date(time.dateTime), zoneOf(place), place.dataset.moment);
    }
  }

  // The time of day alone, written like all other times of the card.
  function tellClock(time) {
    time.textContent = said(new Date(time.dateTime), CLOCK, zoneOf(card.querySelector(".bbb-when") ?? card));
  }

  // When the session is, beside the clocks of the course where they differ, and how long it still is until then.
  function tellSession() {
    const when = card.querySelector(".bbb-when");
    const own = zoneOf(when);
    const [opens, closes] = ["opens", "closes"].map((name) => when.querySelector(`.bbb-${name}`));
    const dates = [opens, closes].filter(Boolean).map((time) => new Date(time.dateTime));
    const form = when.dataset.moment;
    if (dates.some((date) => full(date, own, form) !== full(date, when.dataset.zone, form))) {
      card.querySelector(".bbb-there").hidden = false;
    }
    for (const time of card.querySelectorAll(".bbb-when time, .bbb-enters time")) {
      const date = new Date(time.dateTime);
      const isSameDay = time === closes && opens && said(date, WHOLE, own) === said(dates[0], WHOLE, own);
      time.textContent = isSameDay ? said(date, CLOCK, own) : full(date, own, form);
    }
    when.querySelector(".bbb-place").textContent = when.dataset.yours.replace(
      "{place}",
      own.split("/").pop().replaceAll("_", " "),
    );
    if (card.querySelector(".bbb-countdown")) {
      countDown(new Date(opens.dateTime), new Intl.RelativeTimeFormat(language));
    }
  }

  // Once a minute, and outside of what is read out loud.
  function countDown(opens, style) {
    const place = card.querySelector(".bbb-countdown");
    const minutes = Math.ceil((opens - Date.now()) / MINUTE_MS);
    const hours = Math.round(minutes / 60);
    const [count, unit] =
      minutes < 120 ? [minutes, "minute"] : hours < 36 ? [hours, "hour"] : [Math.round(minutes / 1440), "day"];
    // It keeps its place: nothing on the card moves.
    place.style.visibility = minutes > 0 ? "" : "hidden";
    const text = place.dataset.starts.replace("{when}", style.format(count, unit));
    if (place.textContent !== text) {
      place.textContent = text;
    }
    if (minutes > 0 && card.isConnected) {
      window.setTimeout(countDown, MINUTE_MS, opens, style);
    }
  }

  // A zone or a language that the browser does not know: the times stay as the server wrote them.
  function trying(telling) {
    return (place) => {
      try {
        telling(place);
      } catch {}
    };
  }

  return { tell: trying(tell), tellSession: trying(tellSession), tellClock: trying(tellClock) };
}
