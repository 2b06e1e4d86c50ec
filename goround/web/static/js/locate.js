/* Fills in roughly where the phone is. The point is made coarse here, before it leaves the phone. */
(() => {
  "use strict";
  const button = document.querySelector("[data-locate]");
  if (!button || !("geolocation" in navigator) || !window.isSecureContext) return;
  button.hidden = false;
  const said = document.querySelector("[data-located]");
  button.addEventListener("click", () => {
    said.textContent = said.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      (place) => {
        for (const [name, value] of [["lat", place.coords.latitude], ["lon", place.coords.longitude]]) {
          document.querySelector(`input[name="${name}"]`).value = value.toFixed(2);
        }
        said.textContent = said.dataset.found;
      },
      () => {
        said.textContent = said.dataset.failed;
      },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
})();
