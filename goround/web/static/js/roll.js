/* The roll: one more box for a newcomer, and how many parents that makes. Works without. */
(() => {
  "use strict";

  const form = document.querySelector("[data-roll]");
  if (!form) return;
  const boxes = form.querySelector("[data-newcomers]");
  const total = form.querySelector("[data-total]");
  const line = form.querySelector("[data-total-line]");

  form.querySelector("[data-more]").addEventListener("click", (event) => {
    event.preventDefault();
    const last = boxes.lastElementChild;
    const box = last.cloneNode();
    box.value = "";
    const number = boxes.childElementCount;
    box.setAttribute("aria-label", last.getAttribute("aria-label").replace(number, number + 1));
    boxes.append(box);
    box.focus();
  });

  function parents() {
    const tapped = form.querySelectorAll("input[name=present]:checked").length;
    const names = [...boxes.children].filter((box) => box.value.trim()).length;
    const heads = form.querySelector("input[name=heads_parents]").value;
    return tapped || names || heads !== "" ? tapped + names + Number(heads) : null;
  }
  function count() {
    const number = parents();
    line.hidden = number === null;
    total.textContent = number === null ? "" : number;
  }
  form.addEventListener("input", count);
  form.addEventListener("change", count);
  count();
})();
