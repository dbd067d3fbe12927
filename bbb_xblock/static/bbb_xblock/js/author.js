/** Shows times in the author's own zone. */
// biome-ignore lint/correctness/noUnusedVariables: the platform's runtime calls it by name (Fragment.initialize_js)
function BigBlueButtonAuthor(_runtime, element) {
  "use strict";

  const host = element?.querySelector ? element : element?.[0];
  const card = host?.querySelector(".bbb-xblock");
  const style = { dateStyle: "full", timeStyle: "short" };
  for (const time of card?.querySelectorAll("time") ?? []) {
    time.textContent = new Intl.DateTimeFormat(card.dataset.language, style).format(new Date(time.dateTime));
  }
}
