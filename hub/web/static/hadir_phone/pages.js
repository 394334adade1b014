// What every page of the phone does: works without network from now on, and leaves nothing behind.

const WORKER = "/hadir/ponsel/kerja.js";
const OWN_PAGES = "hadir-own";
const FRESH_MS = 120000;

if ("serviceWorker" in navigator) {
  // Where a browser refuses, the pages still work with network.
  navigator.serviceWorker.register(WORKER, { scope: "/hadir/ponsel/" }).catch((error) => console.info(String(error)));
}

for (const form of document.querySelectorAll("[data-leaves]")) {
  form.addEventListener("submit", () => globalThis.caches?.delete(OWN_PAGES));
}

for (const form of document.querySelectorAll("[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!globalThis.confirm(form.dataset.confirm)) event.preventDefault();
  });
}

for (const select of document.querySelectorAll("[data-sends]")) {
  select.addEventListener("change", () => select.form.submit());
}

// A page of one's own month may come from the phone's memory: it says so.
const drawn = document.querySelector("[data-drawn-at]");
if (drawn && Date.now() - Date.parse(drawn.dataset.drawnAt) > FRESH_MS) drawn.hidden = false;
