// Marks a rectangle on a picture by mouse, finger or keyboard; the numbers in the form are the truth.

import { startAges } from "./age.js";

const form = document.querySelector("[data-mark]");
const stage = form.querySelector("[data-stage]");
const shown = form.querySelector("[data-box]");
const fields = ["kiri", "atas", "lebar", "tinggi"].map((name) => form.elements[name]);
const LEAST = 1;
const STEP = 1;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const box = () => fields.map((field) => Number(field.value) || 0);

function draw() {
  const [left, top, width, height] = box();
  Object.assign(shown.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
  shown.hidden = false;
}

function put(left, top, width, height) {
  const wide = clamp(width, LEAST, 100);
  const high = clamp(height, LEAST, 100);
  const sides = [clamp(left, 0, 100 - wide), clamp(top, 0, 100 - high), wide, high];
  sides.forEach((side, place) => { fields[place].value = String(Math.round(side * 10) / 10); });
  draw();
}

function pointIn(event) {
  const area = stage.querySelector("img").getBoundingClientRect();
  const share = (at, from, size) => clamp(((at - from) / size) * 100, 0, 100);
  return [share(event.clientX, area.left, area.width), share(event.clientY, area.top, area.height)];
}

let from = null;
stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  from = pointIn(event);
  stage.setPointerCapture(event.pointerId);
  event.preventDefault();
  stage.focus({ preventScroll: true });
});
stage.addEventListener("pointermove", (event) => {
  if (!from) return;
  const to = pointIn(event);
  put(Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1]));
});
for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => { from = null; });

const ways = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
stage.addEventListener("keydown", (event) => {
  const way = ways[event.key];
  if (!way) return;
  event.preventDefault();
  const [left, top, width, height] = box();
  if (event.shiftKey) put(left, top, width + way[0], height + way[1]);
  else put(left + way[0], top + way[1], width, height);
});
for (const field of fields) field.addEventListener("input", draw);

const suggestions = JSON.parse(form.dataset.suggestions);
let isChosen = false;
form.elements.opd.addEventListener("change", () => { isChosen = true; });
form.elements.jenis.addEventListener("change", () => {
  if (!isChosen) form.elements.opd.value = String(suggestions[form.elements.jenis.value] ?? 0);
});

form.querySelector(".mark-numbers").open = false;
draw();
startAges();
