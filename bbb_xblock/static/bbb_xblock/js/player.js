/** Tells the times on the page of one recording on the reader's clocks; without it they stay on those of the course. */
(() => {
  "use strict";

  const page = document.querySelector("main.bbb-xblock");
  BigBlueButtonTimes(page).tell(page);
})();
