// The names which the Workbench's runtime script expects to find on the page.
(() => {
  "use strict";
  const page = document.documentElement.dataset;
  window.studentId = page.student;
  window.handlerBaseUrl = page.handlers;
  window.asideBaseUrl = "/aside_handler/";
})();
