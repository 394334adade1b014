// The page on which a camera is set up: drawing, saving, and asking the device.

import { Drawing, listShapes } from "./drawing.js";

const root = document.getElementById("setup");
const words = JSON.parse(root.dataset.words);
const { base } = root.dataset;
const form = document.getElementById("simpan");
const raw = form.elements.setelan;
const picture = document.getElementById("gambar");
const message = document.getElementById("pesan");
const hint = document.getElementById("petunjuk");
const numbers = { scale: "skala", fps: "fps", counts_every_s: "hitungan", still_every_s: "tiap" };
const overlayButton = document.querySelector('[data-ask="show-overlay"]');
let extra = {}; // keys that this page has no field for: they are kept as they are
let overlayUntil = 0;
let saved = { lines: [] };

const drawing = new Drawing({
  svg: document.getElementById("lukisan"),
  words: { point: words.point, forward: words.default_forward, backward: words.default_backward },
  onChange(typedIn) {
    if (!typedIn) list();
    tools();
    write();
    say(hint, "");
    say(message, words.unsaved);
  },
  onSelect: () => list(),
});

function list() {
  listShapes(drawing, document.getElementById("bentuk"), words);
  document.getElementById("kosong").hidden = drawing.shapes.length > 0;
}

function say(place, text, isBad = false) {
  place.textContent = text;
  place.classList.toggle("is-bad", isBad);
}

function show(settings) {
  const { lines, masks, privacy_masks, ...rest } = settings;
  extra = Object.fromEntries(Object.entries(rest).filter(([key]) => !(key in numbers)));
  for (const [key, id] of Object.entries(numbers)) document.getElementById(id).value = settings[key] ?? "";
  drawing.load({ lines, masks, privacy_masks });
  list();
  write();
}

function write() {
  const settings = { ...extra, ...drawing.value() };
  for (const [key, id] of Object.entries(numbers)) {
    const { value } = document.getElementById(id);
    if (value !== "") settings[key] = Number(value);
  }
  raw.value = JSON.stringify(settings, null, 1);
}

// --- drawing -------------------------------------------------------------------------------------

function tools() {
  const isDrawing = drawing.draft !== null;
  for (const button of document.querySelectorAll("#alat [data-act]")) {
    button.hidden = !isDrawing || (button.dataset.act === "close" && drawing.draft.kind === "lines");
  }
  for (const button of document.querySelectorAll("#alat [data-add]")) {
    button.setAttribute("aria-pressed", String(isDrawing && drawing.draft.kind === button.dataset.add));
  }
}

for (const button of document.querySelectorAll("#alat [data-add]")) {
  button.addEventListener("click", (event) => {
    // A click without a pointer came from the keyboard.
    const isByKeyboard = event.detail === 0;
    drawing.add(button.dataset.add, isByKeyboard);
    tools();
    if (!isByKeyboard) {
      say(hint, button.dataset.add === "lines" ? words.draw_line : words.draw_area);
      picture.scrollIntoView({ block: "nearest" });
    }
  });
}
document.querySelector('[data-act="close"]').addEventListener("click", () => { drawing.close(); tools(); });
document.querySelector('[data-act="cancel"]').addEventListener("click", () => { drawing.cancel(); tools(); });
document.addEventListener("keydown", (event) => {
  if (!drawing.draft) return;
  if (event.key === "Escape") drawing.cancel();
  else if (event.key === "Enter" && drawing.draft.points.length) { event.preventDefault(); drawing.close(); }
  tools();
});

for (const id of Object.values(numbers)) {
  document.getElementById(id).addEventListener("input", () => { write(); say(message, words.unsaved); });
}
raw.addEventListener("change", () => {
  try {
    show(JSON.parse(raw.value));
    say(message, words.unsaved);
  } catch (error) {
    say(message, `JSON: ${error.message}`, true);
  }
});

// --- talking to the hub --------------------------------------------------------------------------

async function post(path, fields) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, ...fields });
  const answer = await fetch(base + path, { method: "POST", body, headers: { Accept: "application/json" } });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error || answer.statusText);
  return found;
}

async function get(path) {
  const answer = await fetch(base + path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Ask the device; `onSent` is told once when the request has left the hub. */
async function ask(what, onSent) {
  const { id } = await post("/minta", { apa: what });
  for (;;) {
    await pause(500);
    const answer = await get(`/jawaban/${id}`);
    if (answer.sent_at && onSent) onSent(answer);
    if (answer.sent_at) onSent = null;
    if (answer.standing === "unanswered") throw new Error(words.unanswered);
    if (answer.standing === "failed") throw new Error(answer.detail || words.unanswered);
    if (!answer.is_open) return answer;
  }
}

const done = {
  "take-still": () => words.fresh,
  "tell-settings": (values) => { show(JSON.parse(values.settings)); saved = JSON.parse(values.settings); taps(); return words.loaded; },
  "learn-scale": (values) => {
    document.getElementById("skala").value = values.scale;
    write();
    return `${words.scale}: ${values.scale}. ${words.unsaved}`;
  },
  "save-background": () => words.kept,
  "show-overlay": () => words.shown,
};

async function pressed(button) {
  let what = button.dataset.ask;
  const place = ["learn-scale", "save-background"].includes(what) ? message : hint;
  const isOff = what === "show-overlay" && overlayUntil > Date.now();
  if (isOff) what = "hide-overlay";
  button.disabled = true;
  say(place, words.asking);
  try {
    const { values } = await ask(what);
    if (what.endsWith("-overlay")) setOverlay(isOff ? 0 : Date.now() + 60_000);
    say(place, isOff ? words.hidden : done[what](values));
  } catch (error) {
    say(place, error.message, true);
  }
  button.disabled = false;
}

for (const button of document.querySelectorAll("[data-ask]")) button.addEventListener("click", () => pressed(button));

function setOverlay(until) {
  overlayUntil = until;
  overlayButton.setAttribute("aria-pressed", String(until > Date.now()));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const fields = { setelan: raw.value, dasar: form.elements.dasar.value, catatan: form.elements.catatan.value };
    const { version } = await post("", fields);
    form.elements.dasar.value = version;
    form.elements.catatan.value = "";
    saved = JSON.parse(raw.value);
    taps();
    say(message, `${words.saved} ${version}.`);
    await refresh();
  } catch (error) {
    say(message, error instanceof TypeError ? words.not_sent : error.message, true);
  }
});

// --- what changes by itself ----------------------------------------------------------------------

async function refresh() {
  const now = await get("/kini");
  const state = document.getElementById("keadaan");
  if (state.textContent !== now.words) state.textContent = now.words;
  state.dataset.step = now.step;
  if (now.still && picture.getAttribute("src") !== now.still) {
    const next = new Image();
    next.src = now.still;
    await next.decode().catch(() => undefined);
    picture.src = now.still;
  }
}

async function keepFresh() {
  for (;;) {
    if (overlayUntil && overlayUntil < Date.now()) setOverlay(0);
    // A hub that is being restarted is asked again; the page stays as it is meanwhile.
    if (!document.hidden) await refresh().catch(() => undefined);
    await pause(overlayUntil ? 700 : 2000);
  }
}

// --- counting together ---------------------------------------------------------------------------

const start = document.getElementById("mulai");
const countMessage = document.getElementById("hitung-pesan");
let tapped = [];
let isCounting = false;

function taps() {
  const buttons = (saved.lines || []).flatMap((line) => ["forward", "backward"].map((way) => {
    const button = document.createElement("button");
    const number = document.createElement("b");
    button.type = "button";
    button.disabled = true;
    button.dataset.key = `${line.id}.${way}`;
    number.textContent = "0";
    button.append(number, `${line.id}: ${line[way]}`);
    button.addEventListener("click", () => {
      if (!isCounting) return;
      tapped.push({ key: button.dataset.key, at: Date.now() });
      number.textContent = Number(number.textContent) + 1;
    });
    return button;
  }));
  document.getElementById("ketukan").replaceChildren(...buttons);
  start.disabled = buttons.length === 0;
  say(countMessage, buttons.length ? "" : words.no_lines);
}

function countdown(fromMs) {
  const endsAt = fromMs + root.dataset.countS * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((endsAt - Date.now()) / 1000);
    if (left > 0) return void say(countMessage, `${words.count_now} ${left}`);
    clearInterval(timer);
    stopTapping();
    say(countMessage, words.count_wait);
  }, 200);
  return timer;
}

function stopTapping() {
  isCounting = false;
  for (const button of document.querySelectorAll("#ketukan button")) button.disabled = true;
}

function compare(values, fromMs) {
  const until = fromMs + root.dataset.countS * 1000;
  const rows = [...document.querySelectorAll("#ketukan button")].map((button) => {
    const { key } = button.dataset;
    const yours = tapped.filter((tap) => tap.key === key && tap.at >= fromMs && tap.at < until).length;
    const theirs = values[key];
    const row = document.createElement("tr");
    const name = button.lastChild.textContent;
    const cells = [name, yours, theirs ?? words.nothing, theirs === undefined ? words.nothing : theirs - yours];
    for (const [place, text] of cells.entries()) {
      const cell = row.insertCell();
      cell.textContent = text;
      if (place) cell.className = "num";
    }
    return row;
  });
  const table = document.getElementById("banding");
  table.tBodies[0].replaceChildren(...rows);
  table.hidden = false;
}

start.addEventListener("click", async () => {
  taps();
  tapped = [];
  start.disabled = true;
  document.getElementById("banding").hidden = true;
  say(countMessage, words.asking);
  let fromMs = 0;
  let timer;
  try {
    const { values } = await ask("count-with-me", (answer) => {
      // The device began when the hub sent it; the hub's clock and this one may differ.
      fromMs = Date.now() - (Date.parse(answer.now) - Date.parse(answer.sent_at));
      isCounting = true;
      for (const button of document.querySelectorAll("#ketukan button")) button.disabled = false;
      timer = countdown(fromMs);
    });
    clearInterval(timer);
    compare(values, fromMs);
    say(countMessage, words.count_done);
  } catch (error) {
    clearInterval(timer);
    say(countMessage, error.message, true);
  }
  stopTapping();
  start.disabled = false;
});

// --- begin ---------------------------------------------------------------------------------------

for (const id of ["alat", "minta", "angka", "belajar", "bersama"]) document.getElementById(id).hidden = false;
document.getElementById("mentah").open = false;
saved = root.dataset.body ? JSON.parse(root.dataset.body) : saved;
show(saved);
taps();
keepFresh();
if (!root.dataset.body) pressed(document.querySelector('[data-ask="tell-settings"]'));
