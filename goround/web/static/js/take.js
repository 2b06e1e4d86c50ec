/* Takes a meeting along: asks for its list once, and gives it to the device, locked. */
import { available, keep } from "./kept-store.js";

const form = document.querySelector("[data-take]");
const wrong = document.querySelector("[data-take-wrong]");
const cannot = document.querySelector("[data-take-cannot]");

// Until the worker is in place, the page that opens the list would not open without a signal.
function workerReady() {
  return Promise.race([
    navigator.serviceWorker.ready,
    new Promise((_resolve, reject) => setTimeout(reject, 60_000, new Error("no worker"))),
  ]);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  wrong.hidden = true;
  try {
    await workerReady();
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    await keep(await answer.json());
    await navigator.storage?.persist?.();
    location.assign(form.dataset.to);
  } catch {
    wrong.hidden = false;
    button.disabled = false;
  }
});

const can = available() && "serviceWorker" in navigator;
form.hidden = !can;
cannot.hidden = can;
