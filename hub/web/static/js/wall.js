// The wall: one sheet a second for all tiles; ages, states, layouts and turning pages.

const STALE_AFTER_MS = 10_000;
const OLD_AFTER_S = 5;
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
let count = 147;
let page = 0;
let isPaused = false;
let loading = 0;

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
  document.getElementById("wall-page").textContent = `${page + 1}/${pages()}`;
  for (const button of document.querySelectorAll("[data-count]")) {
    if (button !== wall) button.setAttribute("aria-pressed", String(Number(button.dataset.count) === count));
  }
}

function place(rows) {
  wall.style.setProperty("--sheet-size", `${columns * 100}% ${rows * 100}%`);
  for (const tile of tiles) {
    const number = Number(tile.dataset.place);
    const across = columns > 1 ? ((number % columns) / (columns - 1)) * 100 : 0;
    const down = rows > 1 ? (Math.floor(number / columns) / (rows - 1)) * 100 : 0;
    tile.style.setProperty("--at", `${across}% ${down}%`);
  }
}

let placedRows = 0;
let shownVersion = 0;

async function showSheet(version, rows) {
  if (version === shownVersion || loading === version) return;
  loading = version;
  const picture = new Image();
  picture.src = `/dinding/lembar/${version}.jpg`;
  try {
    await picture.decode();
  } catch {
    return;
  }
  if (loading !== version) return;
  if (rows !== placedRows) {
    placedRows = rows;
    place(rows);
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
  const sums = { live: 0, dark: 0, old: 0 };
  for (const tile of tiles) {
    const row = said.tiles[Number(tile.dataset.place)];
    if (row[0] !== tile.dataset.key) {
      location.reload();
      return;
    }
    put(tile, row);
    if (row[1] === "live" || row[1] === "disturbed") sums.live += 1;
    else sums.dark += 1;
    if (row[3] === null || row[3] > OLD_AFTER_S) sums.old += 1;
  }
  const sum = wall.dataset.sum.replace(/\{(\w+)\}/g, (_, name) => sums[name]);
  document.getElementById("wall-sum").textContent = sum;
  showSheet(said.sheet, said.rows);
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
});

function moveFocus(event) {
  const shown = tiles.filter((tile) => !tile.hidden);
  const here = shown.indexOf(document.activeElement);
  const next = shown[(here + (event.key === "ArrowRight" ? 1 : -1) + shown.length) % shown.length];
  event.preventDefault();
  next?.focus();
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
