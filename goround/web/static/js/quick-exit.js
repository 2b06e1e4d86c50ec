/* Leaves at once: the button "Leave now", or Shift pressed three times within two seconds.

   Loaded before everything else and needs nothing else: neither styles nor the rest of the page.
   The page disappears first, because the next one may take a while. Then the session is ended,
   other tabs leave as well, and this page gives its place in the history to the neutral one.
   Somebody pressing Back afterwards is sent away again before anything is drawn. */
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  const root = document.documentElement;
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("tabs") : null;
  let presses = [];

  function blank() {
    root.style.setProperty("display", "none", "important");
    root.style.setProperty("background", "#fff", "important");
    document.title = "\u200b";
    document.querySelectorAll("link[rel~=icon]").forEach((icon) => icon.remove());
  }

  // Only that somebody left, in this tab alone; nothing about who or from where.
  function remember(left) {
    try {
      if (left) sessionStorage.setItem("left", "1");
      else sessionStorage.removeItem("left");
    } catch { /* A browser that stores nothing: the session is over all the same. */ }
  }
  function hasLeft() {
    try {
      return sessionStorage.getItem("left") === "1";
    } catch {
      return false;
    }
  }

  // A list taken along is noise without its key; what is left of it goes with the next page.
  function lockList() {
    try {
      if (localStorage.getItem("kept") === null) return;
      localStorage.removeItem("kept");
      localStorage.setItem("kept-wipe", "1");
    } catch { /* Then nothing was taken along either. */ }
  }

  function leave() {
    blank();
    lockList();
    remember(true);
    if (tabs) tabs.postMessage("leave");
    if (navigator.sendBeacon) navigator.sendBeacon(own.end);
    location.replace(own.to);
  }

  const [arrival] = performance.getEntriesByType("navigation");
  const cameBack = arrival && (arrival.type === "back_forward" || arrival.type === "reload");
  if (hasLeft() && cameBack) {
    blank();
    location.replace(own.to);
    return;
  }
  remember(false);

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-leave]");
    if (!link) return;
    event.preventDefault();
    leave();
  });

  // Signing out leaves as much behind: nothing.
  document.addEventListener("submit", (event) => {
    if (event.target.closest("[data-signs-out]")) lockList();
  });

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Shift") {
        presses = [];
        return;
      }
      if (event.repeat) return;
      presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < 2000);
      if (presses.length >= 3) leave();
    },
    true,
  );

  if (tabs) {
    tabs.addEventListener("message", (event) => {
      if (event.data !== "leave") return;
      blank();
      remember(true);
      location.replace(own.to);
    });
  }

  // A browser may bring the page back from memory: ask the server again, it knows who is there.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    blank();
    if (hasLeft()) location.replace(own.to);
    else location.reload();
  });
})();
