/* Small comforts for every page; each of them works without this file. */
(() => {
  "use strict";

  // Menus close on Escape and on a tap elsewhere.
  const openMenus = () => document.querySelectorAll("[data-menu][open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // Numbers with − and +.
  function step(button) {
    const input = button.closest("[data-stepper]").querySelector("input");
    if (Number(button.dataset.step) > 0) input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(button);
  });

  // "5 here" and a ring of seats that follow the boxes ticked: data-counts="<name>".
  function count(name) {
    const ticked = document.querySelectorAll(`input[name="${CSS.escape(name)}"]:checked`).length;
    document.querySelectorAll(`[data-counts="${CSS.escape(name)}"]`).forEach((place) => {
      const chairs = place.querySelectorAll("rect");
      if (!chairs.length) place.textContent = ticked;
      chairs.forEach((chair, at) => {
        chair.setAttribute("class", at < ticked ? "seat-taken" : "seat-open");
      });
    });
  }
  document.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") count(event.target.name);
  });

  // htmx forgets which button was pressed when it stands outside its form.
  document.addEventListener("htmx:configRequest", (event) => {
    const pressed = event.detail.triggeringEvent && event.detail.triggeringEvent.submitter;
    if (pressed && pressed.name) event.detail.parameters[pressed.name] = pressed.value;
  });

  // What is new on the page: reveal what needs this file, and go to what needs correcting.
  function prepare(root) {
    root.querySelectorAll("[data-step]").forEach((button) => (button.hidden = false));
    root.querySelectorAll("[data-counts]").forEach((place) => count(place.dataset.counts));
    const errors = root.querySelector("#errors");
    if (errors) errors.focus();
  }
  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.target));
})();
