// Every page of citizens: the city works without network from now on, in the colours that were chosen, and
// a complaint that waits on this phone is sent.

import { sendWaiting, tell } from "./waiting.js";

const WORKER = "/pekerja.js";
const COLOURS = "pontive-colours";
const root = document.documentElement;
const kept = document.querySelector("[data-kept]");

try {
  // The kept page is nobody's: it knows no choice of colours, this browser does.
  if (kept) root.dataset.theme = localStorage.getItem(COLOURS) ?? root.dataset.theme;
  else localStorage.setItem(COLOURS, root.dataset.theme);
} catch {
  // A browser that keeps nothing shows the kept page in the usual colours.
}
// A page with a form stays as it is: somebody types into it.
if (kept && !document.querySelector("[data-report]")) addEventListener("online", () => location.reload());
addEventListener("online", () => sendWaiting().catch(tell));
sendWaiting().catch(tell);
if ("serviceWorker" in navigator) {
  // Where a browser refuses, the pages still work with network.
  navigator.serviceWorker.register(WORKER, { scope: "/" }).catch(tell);
}
