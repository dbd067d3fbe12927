/** Sends JSON to a handler, as the person who is signed in. */
// biome-ignore lint/correctness/noUnusedVariables: the other scripts of a page call it
function BigBlueButtonPost(url, body, patienceMs) {
  "use strict";

  // Where the platform keeps it from scripts, there is none to send, and the platform refuses.
  const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  return fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
    credentials: "same-origin",
    signal: AbortSignal.timeout(patienceMs),
  });
}
