// The page on which a camera is set up: drawing, saving, and asking the device.

import { CountTogether } from "./count_together.js";
import { Drawing } from "./drawing.js";
import { corners } from "./shapes.js";
import { listShapes } from "./shape_list.js";
import { listPresets, OWN, Views } from "./views.js";

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
const viewChoice = document.getElementById("arah");
const views = new Views(); // with keys that this page has no field for: they are kept as they are
let overlayUntil = 0;
let known = []; // presets, as the camera told them
let isFirstLoad = !root.dataset.body;
let seen = {}; // sizes that were seen at each line while counting together

const drawing = new Drawing({
  svg: document.getElementById("lukisan"),
  words: { ...words, forward: words.default_forward, backward: words.default_backward },
  taken: () => views.takenElsewhere,
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
  listShapes(drawing, document.getElementById("bentuk"), words, seen);
  document.getElementById("kosong").hidden = drawing.shapes.length > 0;
}

function say(place, text, isBad = false) {
  place.textContent = text;
  place.classList.toggle("is-bad", isBad);
}

function show(settings) {
  views.load(settings);
  for (const [key, id] of Object.entries(numbers)) document.getElementById(id).value = settings[key] ?? "";
  showView();
}

/** Show the view that is drawn now, and which others there are. */
function showView() {
  drawing.load(views.view);
  const isTurning = views.current !== OWN;
  document.getElementById("arah-baris").hidden = !isTurning;
  viewChoice.replaceChildren(...(isTurning ? views.ids.map((id) => new Option(id, id, false, id === views.current)) : []));
  document.getElementById("skala").value = views.view.scale ?? "";
  listPresets(views, known, document.getElementById("preset"), words, turnTo);
  list();
  write();
}

/** Take over what is on the screen into the settings, as they would be saved. */
function write() {
  views.keep(drawing.value());
  for (const [key, id] of Object.entries(numbers)) {
    const { value } = document.getElementById(id);
    // The smallest size belongs to a view; the rest to the camera.
    const target = key === "scale" ? views.view : views.settings;
    if (value !== "") target[key] = Number(value);
    else delete target[key];
  }
  const { presets, ...rest } = views.settings;
  raw.value = JSON.stringify(presets.length ? { ...rest, presets } : rest, null, 1);
}

// --- drawing -------------------------------------------------------------------------------------

function tools() {
  const isDrawing = drawing.draft !== null;
  for (const button of document.querySelectorAll("#alat [data-act]")) {
    button.hidden = !isDrawing || (button.dataset.act === "close" && corners(drawing.draft.kind) !== undefined);
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
      say(hint, words[`draw_${button.dataset.add}`] || words.draw_area);
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
async function ask(what, onSent, more = {}) {
  const { id } = await post("/minta", { apa: what, ...more });
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
  "tell-settings": (values) => {
    // Asked by the page itself: who drew meanwhile keeps the drawing.
    const isLate = isFirstLoad && (drawing.shapes.length > 0 || drawing.draft !== null);
    isFirstLoad = false;
    if (isLate) return words.unsaved;
    const settings = JSON.parse(values.settings);
    // The device says every key; null is one that nobody has set.
    for (const [key, value] of Object.entries(settings)) if (value === null) delete settings[key];
    show(settings);
    together.save(views.view);
    return words.loaded;
  },
  "tell-presets": (values) => {
    known = JSON.parse(values.presets);
    showView();
    return known.length ? words.presets_told : words.presets_none;
  },
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
  const [problem] = views.problems(words);
  if (problem) return void say(message, problem, true);
  try {
    const fields = { setelan: raw.value, dasar: form.elements.dasar.value, catatan: form.elements.catatan.value };
    const { version } = await post("", fields);
    form.elements.dasar.value = version;
    form.elements.catatan.value = "";
    together.save(views.view);
    say(message, `${words.saved} ${version}.`);
    await refresh();
  } catch (error) {
    say(message, error instanceof TypeError ? words.not_sent : error.message, true);
  }
});

// --- a camera that turns -------------------------------------------------------------------------

/** Send the camera to a preset, or begin, go on with or drop the drawing of it. */
async function turnTo(what, preset, mine) {
  if (what === "remove") views.remove(preset.token);
  else if (what === "add") {
    write();
    views.add(preset);
  } else if (what === "draw") {
    write();
    views.current = mine.id;
  }
  if (what !== "go") {
    showView();
    say(message, words.unsaved);
    if (what === "remove") return;
  }
  say(hint, words.asking);
  try {
    await ask("go-to-preset", null, { token: preset.token });
    say(hint, what === "add" ? words.preset_save_first : words.turning);
  } catch (error) {
    say(hint, error.message, true);
  }
}

viewChoice.addEventListener("change", () => {
  write();
  views.current = viewChoice.value;
  showView();
  together.save(views.view);
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

// --- begin ---------------------------------------------------------------------------------------

for (const id of ["alat", "minta", "angka", "belajar", "bersama", "berputar"]) document.getElementById(id).hidden = false;
document.getElementById("mentah").open = false;
const together = new CountTogether({
  words,
  seconds: Number(root.dataset.countS),
  ask,
  say,
  onSizes(values) {
    seen = Object.fromEntries(Object.entries(values).filter(([key]) => key.endsWith(".sizes"))
      .map(([key, text]) => [key.slice(0, -".sizes".length), text.split(" ").map(Number)]));
    list();
  },
});
show(root.dataset.body ? JSON.parse(root.dataset.body) : { lines: [] });
together.save(views.view);
keepFresh();
if (!root.dataset.body) pressed(document.querySelector('[data-ask="tell-settings"]'));
