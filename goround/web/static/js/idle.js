/* A page that nobody touches hides itself: the device may be in other hands by now.

   The session ends with it, so that Back shows nothing either. A minute before, the page says so.
   A touch in one tab counts for all of them. */
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  const most = Number(own.minutes) * 60_000;
  const warning = () => document.querySelector("[data-idle-warning]");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("tabs") : null;
  let touchedAt = Date.now();
  let toldAt = 0;
  let going = false;

  function touched() {
    touchedAt = Date.now();
    const notice = warning();
    if (notice) notice.hidden = true;
    if (tabs && touchedAt - toldAt > 2_000) {
      toldAt = touchedAt;
      tabs.postMessage("touched");
    }
  }

  // On a device that others use, a list taken along goes with the session.
  function lockList() {
    try {
      if (!localStorage.getItem("kept-shared")) return;
      localStorage.removeItem("kept");
      localStorage.setItem("kept-wipe", "1");
    } catch { /* Then nothing was taken along either. */ }
  }

  // Once: going again would break off the way to the next page, wherever that answers slowly.
  function hide() {
    if (going) return;
    going = true;
    lockList();
    document.documentElement.style.setProperty("display", "none", "important");
    document.title = "\u200b";
    if (navigator.sendBeacon) navigator.sendBeacon(own.end);
    location.replace(own.to);
  }

  function look() {
    const idle = Date.now() - touchedAt;
    const notice = warning();
    if (idle >= most) hide();
    else if (notice) notice.hidden = idle < most - 60_000;
  }

  ["pointerdown", "keydown", "scroll", "input"].forEach((kind) =>
    document.addEventListener(kind, touched, { passive: true, capture: true }),
  );
  if (tabs) {
    tabs.addEventListener("message", (event) => {
      if (event.data === "touched") touchedAt = Date.now();
    });
  }
  // A device that slept ran no timer: look at once when somebody wakes it.
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  window.addEventListener("pageshow", () => {
    going = false; // Somebody came back to it.
    look();
  });
  setInterval(look, Math.min(5_000, most / 4));
})();
