/* Leaves at once: the button "Leave now", or Shift pressed three times within two seconds.
   The page is blanked first, because the next one may take a while to load. */
(() => {
  "use strict";
  let presses = [];

  function blank() {
    const sheet = document.createElement("div");
    sheet.className = "blank";
    document.body.append(sheet);
    document.title = " ";
  }

  function leave(url) {
    blank();
    location.replace(url);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-leave]");
    if (!link) return;
    event.preventDefault();
    leave(link.href);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    if (event.repeat) return;
    presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < 2000);
    const link = document.querySelector("[data-leave]");
    if (presses.length >= 3 && link) leave(link.href);
  });

  // A browser may bring the page back from memory: ask the server again, it knows who is there.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
