// The live board: puts changed tiles in place, and says so when the data stops coming.

import { hubNow, refreshAges, setHubTime, startAges } from "./age.js";

const STALE_AFTER_MS = 10_000;
const live = document.getElementById("live");
const banner = document.getElementById("stale-banner");
const clock = document.getElementById("clock");
let heardAt = performance.now();

function show(state) {
  if (live.dataset.state === state) return;
  live.dataset.state = state;
  live.querySelector(".live-text").textContent = live.getAttribute(`data-text-${state}`);
  const text = banner.getAttribute(`data-text-${state}`);
  banner.hidden = !text;
  banner.textContent = text || "";
}

// A picture is loaded before its tile is exchanged, so that nothing flickers.
const newest = new Map();

async function putTile({ id, section, html }) {
  newest.set(id, html);
  const template = document.createElement("template");
  template.innerHTML = html;
  const tile = template.content.firstElementChild;
  const before = document.getElementById(id);
  const picture = tile.querySelector("img");
  const shown = before?.querySelector("img");
  if (picture && shown && picture.getAttribute("src") !== shown.getAttribute("src")) {
    picture.loading = "eager";
    await picture.decode().catch(() => undefined);
  }
  if (newest.get(id) !== html) return; // a later one came while the picture was loading
  const place = document.getElementById(id);
  const focused = place?.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  if (place) place.replaceWith(tile);
  else document.querySelector(`[data-section="${section}"]`).append(tile);
  if (focused) tile.querySelector(`a[href="${CSS.escape(focused)}"], a`)?.focus({ preventScroll: true });
  refreshAges(tile.parentElement);
}

function removeGone(ids) {
  const kept = new Set(ids);
  for (const tile of document.querySelectorAll("[data-section] > [id]")) {
    if (!kept.has(tile.id)) tile.remove();
  }
}

function listen() {
  const source = new EventSource("/papan/aliran");
  source.addEventListener("board", (event) => {
    const board = JSON.parse(event.data);
    setHubTime(board.at);
    heardAt = performance.now();
    show("live");
    removeGone(board.ids);
    for (const tile of board.tiles) putTile(tile);
  });
  source.addEventListener("ended", () => {
    source.close();
    show("ended");
  });
  // A refused stream (an ended session) is not tried again by the browser itself.
  source.addEventListener("error", async () => {
    if (source.readyState !== EventSource.CLOSED) return;
    const answer = await fetch("/papan/sesi", { redirect: "manual" }).catch(() => null);
    if (answer && answer.status !== 204) show("ended");
    else setTimeout(listen, 3000);
  });
}

const moment = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "id-ID", {
  weekday: "short", day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: clock.dataset.zone,
});

function tick() {
  const part = Object.fromEntries(moment.formatToParts(hubNow()).map(({ type, value }) => [type, value]));
  const colon = document.documentElement.lang === "en" ? ":" : ".";
  clock.textContent = `${part.weekday} ${part.day} ${part.month} ${part.year} ${part.hour}${colon}${part.minute}${colon}${part.second} WIB`;
  if (live.dataset.state === "live" && performance.now() - heardAt > STALE_AFTER_MS) show("stale");
}

startAges();
listen();
tick();
setInterval(tick, 1000);
