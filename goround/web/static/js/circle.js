/* The go-round: the same state on every device within a moment. Works without, only slower. */
(() => {
  "use strict";

  // The code from a camera comes behind the #, which no server ever sees.
  const door = document.querySelector("[data-door]");
  if (door && location.hash.length > 1) {
    door.elements.code.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    door.elements.alias.focus();
  }

  const live = document.querySelector("[data-live]");
  if (!live) return;
  const SILENCE = 40000, LOST_AFTER = 2500, TRY_AGAIN = 1000, TRIES = 600;
  const lost = document.querySelector("[data-lost]");
  let version = Number(live.querySelector("[data-version]").dataset.version);
  let source, heardAt = Date.now(), shownAt = Date.now(), closed = false;
  let troubleSince = 0, sending = 0;

  /* What is shown */

  function show(html) {
    const box = document.createElement("template");
    box.innerHTML = html;
    const fresh = box.content.querySelector("[data-version]");
    if (!fresh) return false;
    // What was overtaken on its way is not shown.
    if (Number(fresh.dataset.version) < version) return true;
    const old = live.querySelector("[data-version]");
    const open = [...old.querySelectorAll("details[open]")].map((each) => each.id);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    if (Number(fresh.dataset.version) > version) {
      version = Number(fresh.dataset.version);
      shownAt = Date.now();
      say(fresh.dataset.say, old.dataset.say);
    }
    old.replaceWith(fresh);
    shownAt = Date.now();
    open.forEach((id) => {
      const again = id && document.getElementById(id);
      if (again) again.open = true;
    });
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus();
    tick();
    return true;
  }

  function say(words, before) {
    if (words === before) return;
    const region = document.getElementById("messages");
    let line = region.querySelector("[data-said]");
    if (!line) {
      region.replaceChildren();
      line = document.createElement("p");
      line.className = "hidden";
      line.dataset.said = "";
      region.append(line);
    }
    line.textContent = words;
  }

  // The ring fills softly with the turn, and stays full. Nothing else happens then.
  function tick() {
    const arc = live.querySelector("[data-soft]");
    if (!arc) return;
    const since = "still" in arc.dataset ? 0 : (Date.now() - shownAt) / 1000;
    const part = Math.min(1, (Number(arc.dataset.spent) + since) / Number(arc.dataset.soft));
    arc.setAttribute("stroke-dasharray", `${(100 * part).toFixed(1)} 100`);
  }

  /* What comes */

  function alive() {
    heardAt = Date.now();
    if (!sending) trouble(false);
  }

  function trouble(there) {
    if (!there) {
      troubleSince = 0;
      lost.hidden = true;
    } else if (!troubleSince) {
      troubleSince = Date.now();
    }
  }

  function listen() {
    if (closed) return;
    if (source) source.close();
    heardAt = Date.now();
    source = new EventSource(live.dataset.live);
    source.onopen = alive;
    source.addEventListener("beat", alive);
    source.addEventListener("circle", (event) => {
      alive();
      show(event.data);
    });
    source.addEventListener("gone", () => {
      closed = true;
      source.close();
      location.reload();
    });
    source.onerror = () => {
      trouble(true);
      // A browser tries again by itself, except where it was told off: then we look ourselves.
      if (source.readyState === EventSource.CLOSED) setTimeout(look, 2 * TRY_AGAIN);
    };
  }

  async function look() {
    if (closed) return;
    try {
      const answer = await fetch(location.pathname, { headers: { "HX-Request": "true" } });
      if (answer.status === 404) return location.reload();
      if (answer.ok && !answer.redirected) {
        alive();
        show(await answer.text());
      }
    } catch {
      trouble(true);
    }
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, TRY_AGAIN);
  }

  /* What is tapped: sent until it arrives, and carried out once however often it does. */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-tap]")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    send(form.action, body, TRIES);
  });

  async function send(action, body, tries) {
    sending += 1;
    live.dataset.sending = "";
    try {
      await sendUntilThere(action, body, tries);
    } finally {
      sending -= 1;
      if (!sending) delete live.dataset.sending;
    }
  }

  async function sendUntilThere(action, body, tries) {
    for (let left = tries; left > 0 && !closed; left -= 1) {
      try {
        const answer = await fetch(action, {
          method: "POST",
          body,
          headers: { "HX-Request": "true" },
        });
        if (answer.status < 500) {
          trouble(false);
          if (!answer.ok || !show(await answer.text())) location.reload();
          return;
        }
      } catch {
        // Not there yet.
      }
      trouble(true);
      await new Promise((done) => setTimeout(done, TRY_AGAIN));
    }
  }

  /* A telephone that slept, or found its network again, asks at once. */

  function wake() {
    if (document.visibilityState !== "visible") return;
    listen();
    stayAwake();
  }

  // The device on the table must not go dark. Where this is not possible, nothing happens.
  async function stayAwake() {
    if (!("awake" in live.dataset) || !navigator.wakeLock) return;
    try {
      await navigator.wakeLock.request("screen");
    } catch {
      // It may be low on power.
    }
  }

  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => trouble(true));
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  setInterval(() => {
    tick();
    if (Date.now() - heardAt > SILENCE) listen();
    lost.hidden = !troubleSince || Date.now() - troubleSince < LOST_AFTER;
  }, 1000);
  tick();
  listen();
  stayAwake();
})();
