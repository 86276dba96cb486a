// Reloads the page when the site was made anew. Part of the preview alone: no built page has it.
"use strict";
(() => {
  const shown = document.currentScript.dataset.edition;
  const events = new EventSource("/_preview/events");
  events.addEventListener("edition", (event) => {
    if (event.data !== shown) {
      events.close();
      location.reload();
    }
  });
  addEventListener("pagehide", () => events.close());
  // Back from the browser's memory: what is shown may be old.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
