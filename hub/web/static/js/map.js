// The map: pushing and zooming by keys, wheel and fingers; one selection on the map and in the list.

import { listen } from "./map_stream.js";

const stage = document.getElementById("map-stage");
const map = document.getElementById("map");
const list = document.getElementById("map-list");
const buttons = document.getElementById("map-buttons");
const whole = map.viewBox.baseVal;
const city = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
const NEAREST = 12;
let zoom = 1;
let middle = { x: city.x + city.width / 2, y: city.y + city.height / 2 };
let chosen = "";

// Marks and letters keep their size on the glass: --k is units of the drawing a pixel.
function draw() {
  const half = { x: city.width / zoom / 2, y: city.height / zoom / 2 };
  middle.x = Math.min(Math.max(middle.x, city.x + half.x), city.x + city.width - half.x);
  middle.y = Math.min(Math.max(middle.y, city.y + half.y), city.y + city.height - half.y);
  map.setAttribute("viewBox", `${middle.x - half.x} ${middle.y - half.y} ${2 * half.x} ${2 * half.y}`);
  map.classList.toggle("is-near", zoom >= 1.8);
  const box = map.getBoundingClientRect();
  const unitsAPixel = Math.max((2 * half.x) / box.width, (2 * half.y) / box.height);
  map.style.setProperty("--k", unitsAPixel.toFixed(3));
}

function unitsAt(clientX, clientY) {
  return new DOMPoint(clientX, clientY).matrixTransform(map.getScreenCTM().inverse());
}

function zoomBy(factor, at = middle) {
  const before = zoom;
  zoom = Math.min(Math.max(zoom * factor, 1), NEAREST);
  const share = before / zoom;
  middle = { x: at.x + (middle.x - at.x) * share, y: at.y + (middle.y - at.y) * share };
  draw();
}

function showAll() {
  zoom = 1;
  draw();
}

const rows = () => [...list.querySelectorAll("[data-mark]")];
const markOf = (id) => map.querySelector(`[data-mark="${CSS.escape(id)}"]`);

export function choose(id, { isFocused = true } = {}) {
  chosen = id;
  for (const one of [...rows(), ...map.querySelectorAll("[data-mark]")]) {
    one.classList.toggle("is-chosen", one.dataset.mark === id);
  }
  const mark = markOf(id);
  if (!mark) return;
  mark.parentNode.append(mark); // drawn last: nothing lies over it
  const place = mark.transform.baseVal[0].matrix;
  const view = map.viewBox.baseVal;
  const isSeen = place.e > view.x && place.e < view.x + view.width && place.f > view.y && place.f < view.y + view.height;
  if (!isSeen) {
    middle = { x: place.e, y: place.f };
    draw();
  }
  const row = rows().find((one) => one.dataset.mark === id);
  if (isFocused) row?.focus();
  else row?.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new CustomEvent("map-chosen", { detail: id }));
}

// In the list the arrows go down and up; on the map to the nearest point in their direction.
function step(direction) {
  const all = rows();
  const here = all.findIndex((one) => one.dataset.mark === chosen);
  const next = all[Math.min(Math.max(here + direction, 0), all.length - 1)];
  if (next) choose(next.dataset.mark);
}

const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function stepOnMap([x, y]) {
  const from = markOf(chosen)?.transform.baseVal[0].matrix ?? { e: middle.x, f: middle.y };
  let best = null;
  for (const mark of map.querySelectorAll("[data-mark]")) {
    const { e, f } = mark.transform.baseVal[0].matrix;
    const along = (e - from.e) * x + (f - from.f) * y;
    const aside = Math.abs((e - from.e) * y) + Math.abs((f - from.f) * x);
    if (mark.dataset.mark === chosen || along <= 0) continue;
    const cost = along + 2 * aside;
    if (!best || cost < best.cost) best = { cost, id: mark.dataset.mark };
  }
  if (best) choose(best.id, { isFocused: false });
}

list.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  step(event.key === "ArrowDown" ? 1 : -1);
});
list.addEventListener("focusin", (event) => {
  const id = event.target.dataset?.mark;
  if (id && id !== chosen) choose(id, { isFocused: false });
});
list.addEventListener("pointerover", (event) => {
  const id = event.target.closest("[data-mark]")?.dataset.mark;
  if (id && id !== chosen) choose(id, { isFocused: false });
});

stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("button")) return;
  const way = WAYS[event.key];
  if (way && event.shiftKey) {
    middle = { x: middle.x + (way[0] * city.width) / zoom / 6, y: middle.y + (way[1] * city.height) / zoom / 6 };
    draw();
  } else if (way) stepOnMap(way);
  else if (event.key === "+" || event.key === "=") zoomBy(1.5, chosenPlace());
  else if (event.key === "-") zoomBy(1 / 1.5);
  else if (event.key === "0") showAll();
  else if (event.key === "Enter" && chosen && event.target === stage) markOf(chosen)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  else return;
  event.preventDefault();
});

function chosenPlace() {
  const matrix = markOf(chosen)?.transform.baseVal[0].matrix;
  return matrix ? { x: matrix.e, y: matrix.f } : middle;
}

map.addEventListener("wheel", (event) => {
  // At the whole city a wheel downwards goes on with the page.
  if (event.deltaY > 0 && zoom === 1) return;
  event.preventDefault();
  zoomBy(event.deltaY < 0 ? 1.25 : 0.8, unitsAt(event.clientX, event.clientY));
}, { passive: false });

// One finger pushes, two fingers zoom about the point between them.
const fingers = new Map();
let pushed = 0;

function spread() {
  const [a, b] = [...fingers.values()];
  return { away: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

map.addEventListener("pointerdown", (event) => {
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  pushed = 0;
});
window.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const moved = { x: event.clientX, y: event.clientY };
  if (fingers.size === 2) {
    const earlier = spread();
    fingers.set(event.pointerId, moved);
    const later = spread();
    if (earlier.away > 0) zoomBy(later.away / earlier.away, unitsAt(later.x, later.y));
    return;
  }
  fingers.set(event.pointerId, moved);
  pushed += Math.hypot(moved.x - before.x, moved.y - before.y);
  if (zoom === 1 || pushed < 4) return;
  map.classList.add("is-held");
  const from = unitsAt(before.x, before.y);
  const to = unitsAt(moved.x, moved.y);
  middle = { x: middle.x - (to.x - from.x), y: middle.y - (to.y - from.y) };
  draw();
});
for (const end of ["pointerup", "pointercancel"]) {
  window.addEventListener(end, (event) => {
    fingers.delete(event.pointerId);
    map.classList.remove("is-held");
  });
}
// A push that ends on a mark is no click on it.
map.addEventListener("click", (event) => {
  if (pushed > 6) event.preventDefault();
}, { capture: true });
map.addEventListener("dragstart", (event) => event.preventDefault());
map.addEventListener("pointerover", (event) => {
  const id = event.target.closest("[data-mark]")?.dataset.mark;
  if (id && id !== chosen && !fingers.size) choose(id, { isFocused: false });
});

buttons.hidden = false;
buttons.addEventListener("click", (event) => {
  const which = event.target.closest("[data-zoom]")?.dataset.zoom;
  if (which === "in") zoomBy(1.6, chosenPlace());
  else if (which === "out") zoomBy(1 / 1.6);
  else if (which === "all") showAll();
});
const streets = document.getElementById("map-streets");
buttons.querySelector("[data-streets]")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  const isOn = button.getAttribute("aria-pressed") !== "true";
  const { showStreets } = await import("./map_streets.js");
  if (isOn) await showStreets(streets, rows());
  streets.hidden = !isOn;
  map.toggleAttribute("hidden", isOn);
  for (const one of buttons.querySelectorAll("[data-zoom]")) one.hidden = isOn;
  button.setAttribute("aria-pressed", String(isOn));
  if (!isOn) draw();
});

function replaceContent(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.mark : null;
  document.getElementById("map-marks").replaceChildren(...page.getElementById("map-marks").childNodes);
  list.replaceChildren(...page.getElementById("map-list").childNodes);
  if (chosen) choose(chosen, { isFocused: focused !== null });
}

new ResizeObserver(draw).observe(map);
draw();
listen(list.dataset.content, replaceContent);
