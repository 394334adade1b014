// Puts a board together: tiles are moved and resized by dragging or with the keyboard, chosen, added,
// removed; every step can be taken back. The hub checks what is sent; nothing is decided here.

import { freeRow, kept, settled } from "./composer_grid.js";

const form = document.getElementById("susun");
const field = document.getElementById("isi-papan");
const space = document.getElementById("bidang");
const panel = document.getElementById("isian");
const news = document.getElementById("kabar");
const offered = JSON.parse(form.dataset.offered);
const kinds = new Map(offered.kinds.map((kind) => [kind.code, kind]));
const DEFAULTS = { title: "", subject: "", side: "", span: "tahun", scope: "", most: 6, words: "" };

let board = JSON.parse(field.value);
board.tiles = (board.tiles ?? []).map((tile) => ({ ...DEFAULTS, ...tile }));
let chosen = "";
const past = [];
let future = [];
let isSent = false;

const say = (name, values = {}) => {
  news.textContent = form.getAttribute(`data-text-${name}`).replace(/\{(\w+)\}/g, (_all, key) => values[key]);
};

function labelOf(tile) {
  const kind = kinds.get(tile.kind);
  const subjects = offered.subjects[kind?.subject] ?? [];
  return tile.title || subjects.find((one) => one.code === tile.subject)?.label || kind?.label || tile.kind;
}

function remember() {
  past.push(JSON.stringify(board));
  if (past.length > 100) past.shift();
  future = [];
}

function change(tiles) {
  remember();
  board = { ...board, tiles };
  draw();
}

function back(from, to, word) {
  const before = from.pop();
  if (before === undefined) return say("nothing");
  to.push(JSON.stringify(board));
  board = JSON.parse(before);
  if (!board.tiles.some((tile) => tile.id === chosen)) chosen = "";
  draw();
  drawBoard();
  say(word);
}

const placed = (tile) => `ubin-x x${tile.x} y${tile.y} w${tile.w} h${tile.h}`;

function draw() {
  const focused = document.activeElement?.dataset?.tile;
  const order = [...board.tiles].sort((one, other) => one.y - other.y || one.x - other.x);
  space.replaceChildren(...order.map(drawn));
  field.value = JSON.stringify(board);
  if (focused) space.querySelector(`[data-tile="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  drawPanel();
}

function drawn(tile) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `compose-tile ${placed(tile)}`;
  button.dataset.tile = tile.id;
  button.setAttribute("aria-pressed", String(tile.id === chosen));
  const title = document.createElement("strong");
  title.textContent = labelOf(tile);
  const kind = document.createElement("span");
  kind.className = "soft";
  kind.textContent = kinds.get(tile.kind)?.label ?? tile.kind;
  const grip = document.createElement("span");
  grip.className = "grip";
  grip.setAttribute("aria-hidden", "true");
  button.append(title, kind, grip);
  return button;
}

function drawPanel() {
  const tile = board.tiles.find((one) => one.id === chosen);
  panel.disabled = !tile;
  document.getElementById("belum").hidden = Boolean(tile);
  for (const one of panel.querySelectorAll("[data-for], .place-fields, #hapus")) one.hidden = !tile;
  if (!tile) return;
  const kind = kinds.get(tile.kind);
  const subject = panel.querySelector('[data-field="subject"]');
  const options = (offered.subjects[kind.subject] ?? []).map((one) => new Option(one.label, one.code));
  subject.replaceChildren(new Option("—", ""), ...options);
  const asked = new Set(["title", "scope", ...kind.asks, ...(kind.subject ? ["subject"] : [])]);
  for (const label of panel.querySelectorAll("[data-for]")) label.hidden = !asked.has(label.dataset.for);
  for (const input of panel.querySelectorAll("[data-field]")) {
    if (input !== document.activeElement) input.value = tile[input.dataset.field];
  }
}

function drawBoard() {
  for (const input of form.querySelectorAll("[data-board]")) {
    const name = input.dataset.board;
    if (name === "rotation") for (const option of input.options) option.selected = (board.rotation ?? []).includes(option.value);
    else input.value = board[name] ?? 20;
  }
}

function put(tile, wanted) {
  const moved = kept({ ...tile, ...wanted });
  change(settled(board.tiles, moved));
  say("place", { ...moved, title: labelOf(moved) });
}

function remove(name) {
  const tile = board.tiles.find((one) => one.id === name);
  if (!tile) return;
  const buttons = [...space.children];
  const place = buttons.findIndex((one) => one.dataset.tile === name);
  chosen = "";
  change(board.tiles.filter((one) => one.id !== name));
  (space.children[Math.min(place, space.children.length - 1)] ?? document.getElementById("tambah")).focus();
  say("gone", { title: labelOf(tile) });
}

function add() {
  const kind = kinds.get(document.getElementById("jenis-baru").value);
  const names = new Set(board.tiles.map((tile) => tile.id));
  let number = 1;
  while (names.has(`${kind.code}-${number}`)) number += 1;
  const subject = offered.subjects[kind.subject]?.[0]?.code ?? "";
  const tile = { ...DEFAULTS, id: `${kind.code}-${number}`, kind: kind.code, subject, x: 1, y: freeRow(board.tiles), w: kind.w, h: kind.h };
  chosen = tile.id;
  change([...board.tiles, tile]);
  space.querySelector(`[data-tile="${tile.id}"]`).focus();
  say("added", { title: labelOf(tile) });
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

space.addEventListener("keydown", (event) => {
  const tile = board.tiles.find((one) => one.id === event.target.dataset.tile);
  if (!tile) return;
  const step = STEPS[event.key];
  if (step) {
    event.preventDefault();
    put(tile, event.shiftKey ? { w: tile.w + step[0], h: tile.h + step[1] } : { x: tile.x + step[0], y: tile.y + step[1] });
  } else if (event.key === "Delete") {
    event.preventDefault();
    remove(tile.id);
  }
});

space.addEventListener("click", (event) => {
  const name = event.target.closest("[data-tile]")?.dataset.tile;
  if (!name) return;
  chosen = name;
  draw();
  // A click of the keyboard goes on to the form; one of the mouse may be the begin of a drag.
  if (event.detail === 0) panel.querySelector("label:not([hidden]) [data-field]").focus();
});

space.addEventListener("pointerdown", (event) => {
  const button = event.target.closest("[data-tile]");
  const tile = board.tiles.find((one) => one.id === button?.dataset.tile);
  if (!tile || event.button !== 0 || !matchMedia("(min-width: 900px)").matches) return;
  const isResize = event.target.classList.contains("grip");
  const columnPx = (space.clientWidth + 8) / 12;
  const rowPx = 64;
  let wanted = tile;
  const move = (to) => {
    const columns = Math.round((to.clientX - event.clientX) / columnPx);
    const rows = Math.round((to.clientY - event.clientY) / rowPx);
    wanted = kept(isResize ? { ...tile, w: tile.w + columns, h: tile.h + rows } : { ...tile, x: tile.x + columns, y: tile.y + rows });
    button.className = `compose-tile is-moving ${placed(wanted)}`;
  };
  const end = () => {
    button.removeEventListener("pointermove", move);
    button.classList.remove("is-moving");
    if (["x", "y", "w", "h"].some((name) => wanted[name] !== tile[name])) put(tile, wanted);
  };
  button.setPointerCapture(event.pointerId);
  button.addEventListener("pointermove", move);
  button.addEventListener("pointerup", end, { once: true });
  button.addEventListener("pointercancel", end, { once: true });
});

panel.addEventListener("change", (event) => {
  const name = event.target.dataset.field;
  const tile = board.tiles.find((one) => one.id === chosen);
  if (!tile || !name) return;
  const value = event.target.type === "number" ? Math.max(1, Math.round(Number(event.target.value)) || 1) : event.target.value;
  put(tile, { [name]: name === "most" ? Math.min(40, value) : value });
});

form.addEventListener("change", (event) => {
  const name = event.target.dataset.board;
  if (!name) return;
  remember();
  const value = name === "rotation" ? [...event.target.selectedOptions].map((one) => one.value)
    : name === "turn_s" ? Math.min(600, Math.max(5, Number(event.target.value) || 20)) : event.target.value.trim();
  board = { ...board, [name]: value };
  field.value = JSON.stringify(board);
});

document.addEventListener("keydown", (event) => {
  if (!event.ctrlKey || event.target.matches("input, textarea")) return;
  const isRedo = event.key === "y" || (event.key === "Z" && event.shiftKey);
  if (!isRedo && event.key !== "z") return;
  event.preventDefault();
  if (isRedo) back(future, past, "undone");
  else back(past, future, "undone");
});
document.getElementById("tambah").addEventListener("click", add);
document.getElementById("hapus").addEventListener("click", () => remove(chosen));
document.getElementById("batal").addEventListener("click", () => back(past, future, "undone"));
document.getElementById("ulang").addEventListener("click", () => back(future, past, "undone"));
form.addEventListener("submit", () => { isSent = true; });
window.addEventListener("beforeunload", (event) => { if (past.length && !isSent) event.preventDefault(); });

draw();
drawBoard();
