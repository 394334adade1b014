// The wall: one sheet a second for all tiles; ages, states, layouts and turning pages.

import { refreshAges } from "./age.js";
import { acknowledgeInPlace, fetchPiece } from "./alarm_feed.js";

const STALE_AFTER_MS = 10_000;
const OLD_AFTER_S = 5;
const ALARMS_EVERY_MS = 4000;
const SHIFT_EVERY_MS = 600_000;
const ACROSS = { 147: 14, 36: 6, 16: 4, 8: 4 };
const wall = document.getElementById("wall");
const tiles = [...wall.querySelectorAll(".wall-tile")];
const words = JSON.parse(wall.dataset.words);
const live = document.getElementById("live");
const banner = document.getElementById("stale-banner");
const clock = document.getElementById("clock");
const columns = Number(wall.dataset.columns);
let heardAt = performance.now();
// Few cameras are shown large from the start.
let count = [8, 16, 36].find((most) => tiles.length <= most) ?? 147;
let page = 0;
let isPaused = false;
let loading = "";
const large = JSON.parse(wall.dataset.large); // columns -> width of a tile that may be asked for
const sideList = document.getElementById("dark-list");
const manyLink = document.querySelector("[data-many-link]");
const help = document.getElementById("wall-keys");

function show(state) {
  if (live.dataset.state === state) return;
  live.dataset.state = state;
  live.querySelector(".live-text").textContent = live.getAttribute(`data-text-${state}`);
  const text = banner.getAttribute(`data-text-${state}`);
  banner.hidden = !text;
  banner.textContent = text || "";
}

function pages() {
  return Math.max(1, Math.ceil(tiles.length / count));
}

function arrange() {
  page = Math.min(page, pages() - 1);
  wall.dataset.count = String(count);
  wall.style.setProperty("--across", String(ACROSS[count]));
  tiles.forEach((tile, number) => { tile.hidden = Math.floor(number / count) !== page; });
  shownVersion = 0;
  loading = "";
  if (manyLink) {
    const shown = shownTiles();
    manyLink.hidden = shown.length > Number(manyLink.dataset.most) || shown.length === 0;
    const query = shown.map((tile) => `kamera=${encodeURIComponent(tile.dataset.key)}`).join("&");
    manyLink.href = `${manyLink.pathname}?${query}`;
  }
  if (newest) showSheet(newest.sheet, newest.rows);
  document.getElementById("wall-page").textContent = `${page + 1}/${pages()}`;
  for (const button of document.querySelectorAll("[data-count]")) {
    if (button !== wall) button.setAttribute("aria-pressed", String(Number(button.dataset.count) === count));
  }
}

function place(shown, across, rows, placeOf) {
  wall.style.setProperty("--sheet-size", `${across * 100}% ${rows * 100}%`);
  for (const tile of shown) {
    const number = placeOf(tile);
    const left = across > 1 ? ((number % across) / (across - 1)) * 100 : 0;
    const top = rows > 1 ? (Math.floor(number / across) / (rows - 1)) * 100 : 0;
    tile.style.setProperty("--at", `${left}% ${top}%`);
  }
}

let placed = "";
let shownVersion = 0;
let newest = null;

function shownTiles() {
  return tiles.filter((tile) => !tile.hidden);
}

// The sheet of the whole city, or for few tiles one of their own on which they are larger.
function sheetOf(version, rows) {
  const across = ACROSS[count];
  const width = large[across];
  const shown = shownTiles();
  if (count === 147 || !width || shown.length === 0) {
    const whole = () => place(tiles, columns, rows, (tile) => Number(tile.dataset.place));
    return { address: `/dinding/lembar/${version}.jpg`, layout: `${rows}`, arrange: whole };
  }
  const places = shown.map((tile) => tile.dataset.place).join("-");
  const few = () => place(shown, across, Math.ceil(shown.length / across), (tile) => shown.indexOf(tile));
  const address = `/dinding/lembar/besar.jpg?lebar=${width}&tempat=${places}&v=${version}`;
  return { address, layout: `${width} ${places}`, arrange: few };
}

async function showSheet(version, rows) {
  const { address, layout, arrange: put } = sheetOf(version, rows);
  if (version === shownVersion || loading === address) return;
  loading = address;
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
  } catch {
    if (loading === address) loading = "";
    return;
  }
  if (loading !== address) return;
  if (layout !== placed) {
    placed = layout;
    put();
  }
  shownVersion = version;
  wall.style.setProperty("--sheet", `url("${picture.src}")`);
}

function put(tile, [, state, cause, age]) {
  if (tile.dataset.state !== state || tile.dataset.cause !== cause) {
    tile.dataset.state = state;
    tile.dataset.cause = cause;
    const why = cause && cause !== "none" ? `: ${words[cause] ?? cause}` : "";
    tile.querySelector(".wall-words").textContent = `${words[state] ?? state}${why}`;
  }
  const isOld = age === null || age > OLD_AFTER_S;
  tile.classList.toggle("is-empty", age === null);
  tile.classList.toggle("is-old", isOld);
  const text = age === null || !isOld ? "" : age < 100 ? `${Math.round(age)} dtk` : `${Math.round(age / 60)} mnt`;
  const badge = tile.querySelector(".wall-age");
  if (badge.textContent !== text) badge.textContent = text;
}

function take(said) {
  if (said.tiles.length !== Number(wall.dataset.total)) {
    location.reload();
    return;
  }
  const sums = { live: 0, dark: 0, care: 0, unheard: 0, old: 0 };
  for (const tile of tiles) {
    const row = said.tiles[Number(tile.dataset.place)];
    if (row[0] !== tile.dataset.key) {
      location.reload();
      return;
    }
    put(tile, row);
    if (row[1] === "live" || row[1] === "disturbed") sums.live += 1;
    else if (row[1] === "maintenance") sums.care += 1;
    else if (row[1] === "unheard") sums.unheard += 1;
    else sums.dark += 1;
    if (row[3] === null || row[3] > OLD_AFTER_S) sums.old += 1;
  }
  const sum = wall.dataset.sum.replace(/\{(\w+)\}/g, (_, name) => sums[name]);
  document.getElementById("wall-sum").textContent = sum;
  newest = said;
  showSheet(said.sheet, said.rows);
  listDark();
}

let darkNow = null;

function listDark() {
  const dark = tiles.filter((tile) => tile.dataset.state === "offline" || tile.dataset.state === "silent");
  const now = dark.map((tile) => `${tile.dataset.key} ${tile.dataset.state} ${tile.dataset.cause}`).join();
  if (now === darkNow) return;
  darkNow = now;
  document.getElementById("dark-count").textContent = dark.length || "";
  sideList.replaceChildren(...dark.map((tile) => {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    link.href = tile.href;
    link.textContent = tile.querySelector(".wall-name").textContent;
    const why = document.createElement("span");
    why.className = "soft";
    why.textContent = ` ${tile.querySelector(".wall-words").textContent}`;
    entry.append(link, why);
    return entry;
  }));
  if (dark.length === 0) sideList.textContent = sideList.dataset.none;
}

function listen() {
  const source = new EventSource("/dinding/aliran");
  source.addEventListener("wall", (event) => {
    heardAt = performance.now();
    show("live");
    take(JSON.parse(event.data));
  });
  source.addEventListener("ended", () => {
    source.close();
    show("ended");
  });
  source.addEventListener("error", async () => {
    if (source.readyState !== EventSource.CLOSED) return;
    const answer = await fetch("/papan/sesi", { redirect: "manual" }).catch(() => null);
    if (answer && answer.status !== 204) show("ended");
    else setTimeout(listen, 3000);
  });
}

function turn(step) {
  page = (page + step + pages()) % pages();
  arrange();
}

const moment = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "id-ID", {
  weekday: "short", day: "numeric", month: "short", year: "numeric",
  hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: clock.dataset.zone,
});

function tick() {
  const part = Object.fromEntries(moment.formatToParts(new Date()).map(({ type, value }) => [type, value]));
  const colon = document.documentElement.lang === "en" ? ":" : ".";
  clock.textContent = `${part.weekday} ${part.day} ${part.month} ${part.year} ${part.hour}${colon}${part.minute}${colon}${part.second} WIB`;
  if (live.dataset.state === "live" && performance.now() - heardAt > STALE_AFTER_MS) show("stale");
}

document.querySelector(".wall-sizes").addEventListener("click", (event) => {
  const button = event.target.closest("[data-count]");
  if (button) { count = Number(button.dataset.count); page = 0; arrange(); }
});
document.querySelector(".wall-pages").addEventListener("click", (event) => {
  const button = event.target.closest("[data-page]");
  if (button) turn(Number(button.dataset.page));
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const counts = { 1: 147, 2: 36, 3: 16, 4: 8 };
  if (counts[event.key]) { count = counts[event.key]; page = 0; arrange(); }
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    if (event.target.closest(".wall-tile")) moveFocus(event);
    else turn(event.key === "ArrowRight" ? 1 : -1);
  } else if (event.key === "f") document.documentElement.requestFullscreen?.().catch(() => {});
  else if (event.key === "p") isPaused = !isPaused;
  else if (event.key === "s" && manyLink && !manyLink.hidden) manyLink.click();
  else if (event.key === "?") help.showModal();
});

document.querySelector("[data-wall-help]").addEventListener("click", () => help.showModal());

function moveFocus(event) {
  const shown = shownTiles();
  const here = shown.indexOf(document.activeElement);
  const next = shown[(here + (event.key === "ArrowRight" ? 1 : -1) + shown.length) % shown.length];
  event.preventDefault();
  next?.focus();
}

// Asked for now and then: a second stream would take one of the six connections that a browser has.
async function renewAlarms(panel) {
  const html = await fetchPiece(panel.dataset.alarmPanel);
  if (html === null) {
    panel.textContent = panel.dataset.textOld;
  } else if (panel.shown !== html) {
    panel.shown = html;
    panel.innerHTML = html;
  }
  refreshAges(panel);
}

for (const panel of document.querySelectorAll("[data-alarm-panel]")) {
  renewAlarms(panel);
  acknowledgeInPlace(panel, () => renewAlarms(panel));
  setInterval(() => renewAlarms(panel), ALARMS_EVERY_MS);
}

const turnS = Number(wall.dataset.turnS);
if (turnS > 0) {
  document.body.classList.add("is-tv");
  setInterval(() => { if (!isPaused) turn(1); }, turnS * 1000);
  // Screens that show the same for years burn in: everything moves by two pixels now and then.
  let shift = 0;
  setInterval(() => {
    shift = (shift + 1) % 4;
    wall.style.transform = `translate(${[0, 2, 2, 0][shift]}px, ${[0, 0, 2, 2][shift]}px)`;
  }, SHIFT_EVERY_MS);
}
arrange();
listen();
tick();
setInterval(tick, 1000);
