// What every page of the phone does: works without network from now on, and leaves nothing behind.

import { Clock } from "./clock.js";
import { read } from "./store.js";

const WORKER = "/hadir/ponsel/kerja.js";
const MONTH = "/hadir/ponsel/bulan";
const TIME = "/hadir/ponsel/waktu";
const OWN_PAGES = "hadir-own";
const FRESH_MS = 120000;

if ("serviceWorker" in navigator) {
  // Where a browser refuses, the pages still work with network.
  navigator.serviceWorker.register(WORKER, { scope: "/hadir/ponsel/" }).catch((error) => console.info(String(error)));
}

let isLeaving = false;
for (const form of document.querySelectorAll("[data-leaves]")) {
  form.addEventListener("submit", () => {
    isLeaving = true;
    globalThis.caches?.delete(OWN_PAGES);
  });
}

for (const select of document.querySelectorAll("[data-sends]")) {
  select.addEventListener("change", () => select.form.submit());
}

const clock = new Clock();

/** Show since when a page lies in the phone's memory; the phone's own clock may be hours wrong. */
async function sayWhenDrawn(drawn) {
  await clock.load().catch(() => {}); // a browser without storage: the phone's clock must do
  await clock.ask(TIME);
  drawn.hidden = Math.abs(clock.nowMs() - Date.parse(drawn.dataset.drawnAt)) <= FRESH_MS;
}

/** Keep one's own month for the day without network, before it is first looked at. */
async function keepMonth() {
  if (!globalThis.caches || !navigator.onLine || !(await read("phone")) || (await caches.match(MONTH))) return;
  const answer = await fetch(MONTH);
  // Who is not signed in is sent to the login, which is no month.
  if (answer.ok && !answer.redirected && !isLeaving) await (await caches.open(OWN_PAGES)).put(MONTH, answer);
}

const drawn = document.querySelector("[data-drawn-at]");
if (drawn) sayWhenDrawn(drawn);
keepMonth().catch((error) => console.info(String(error)));
