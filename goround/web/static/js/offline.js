/* Keeps the page of people to call for when there is no connection, and clears away what is left
   of a list taken along once somebody has left. */
(() => {
  "use strict";

  function clear() {
    const asked = indexedDB.open("kept", 1);
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onsuccess = () => {
      const change = asked.result.transaction("meetings", "readwrite");
      change.objectStore("meetings").clear();
      change.oncomplete = () => asked.result.close();
    };
    localStorage.removeItem("kept-wipe");
  }
  try {
    if (localStorage.getItem("kept-wipe")) clear();
  } catch { /* A browser that stores nothing has nothing to clear. */ }

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(document.currentScript.dataset.worker).catch(() => {
      /* A private window, or a browser that does not want to: the page works online. */
    });
  }
})();
