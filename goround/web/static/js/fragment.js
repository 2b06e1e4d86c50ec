/* Words behind the # of an invitation or a card: into the form, and out of the address at once. */
(() => {
  "use strict";

  const field = document.querySelector("[data-from-fragment]");
  const words = decodeURIComponent(location.hash.slice(1));
  if (!field || !words) return;
  history.replaceState(null, "", location.pathname);
  field.value = words.replace(/-/g, " ");
  field.form.requestSubmit();
})();
