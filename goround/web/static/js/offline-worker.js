/* Without a connection: whom to call, a page that says so, and the page that opens a list taken
   along, without the list. Nobody's own page is ever kept.

   All are fetched without cookies, as somebody who is not signed in sees them, in the language
   that was chosen when this file was.
   The site says in self.kept what to keep, before it loads this file. */
"use strict";
const { shelf: SHELF, language: LANGUAGE, calls: CALLS, notice: NOTICE, list: LIST, files: FILES } = self.kept;
const PAGES = [CALLS, NOTICE, LIST];
const KEPT = [...PAGES, ...FILES];

self.addEventListener("install", (event) => {
  const manner = { credentials: "omit", cache: "reload", headers: { "Accept-Language": LANGUAGE } };
  const asked = KEPT.map((url) => new Request(url, manner));
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(asked)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== SHELF).map((name) => caches.delete(name));
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names))));
});

function withoutConnection(path) {
  return caches.match(PAGES.includes(path) ? path : NOTICE, { ignoreVary: true });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => withoutConnection(url.pathname)));
  } else if (KEPT.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(url.pathname, { ignoreVary: true })));
  }
});
