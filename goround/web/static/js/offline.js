/* Keeps the page of people to call for when there is no connection. Nothing else is kept. */
(() => {
  "use strict";
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(document.currentScript.dataset.worker).catch(() => {
      /* A private window, or a browser that does not want to: the page works online. */
    });
  }
})();
