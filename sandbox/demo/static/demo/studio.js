// What Studio's page does around an editor, and what the platform's pages do for every request made with jQuery.
// Runs after the Workbench's runtime script and before it starts the blocks.
(($) => {
  "use strict";
  if (!$ || typeof RuntimeProvider === "undefined") {
    return;
  }

  // The Workbench's own hook misses requests made with "global: false", as Studio editors make them.
  $.ajaxSetup({
    beforeSend: (request, options) => {
      if (!options.crossDomain) {
        request.setRequestHeader("X-CSRFToken", $.cookie("csrftoken"));
      }
    },
  });

  const say = (text) => {
    document.querySelector("[data-demo-message]").textContent = text;
  };
  const closeEditor = () => {
    const after = document.documentElement.dataset.after;
    if (after) {
      window.location.assign(after);
    }
  };

  RuntimeProvider.versions[1].notify = (name, data) => {
    const detail = data || {};
    if (name === "save" && detail.state === "start") {
      say("Saving…");
    } else if (name === "save" && detail.state === "end") {
      say("Saved.");
      closeEditor();
    } else if (name === "cancel") {
      closeEditor();
    } else if (name === "error") {
      say([detail.title, detail.message].filter(Boolean).join(": "));
    }
  };
})(window.jQuery);
