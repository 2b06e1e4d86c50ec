/* Typing sheets in: a digit that can only be the whole answer leads on. Works without. */
(() => {
  "use strict";

  const form = document.querySelector("[data-keying]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("input[data-high]")];

  boxes.forEach((box, place) => {
    const high = box.dataset.high;
    box.addEventListener("focus", () => box.select());
    box.addEventListener("input", () => {
      // A 1 may become a 10; of boxes to tick there may be several.
      const whole = high !== "" && /^\d$/.test(box.value) && Number(box.value) * 10 > Number(high);
      const next = boxes[place + 1] || form.querySelector("button");
      if (whole || box.value === "-") next.focus();
    });
  });
  const wrong = boxes.find((box) => box.getAttribute("aria-invalid") === "true");
  (wrong || form.elements.link || boxes[0]).focus();
})();
