// The list of alarms: renewed when the stream says so, and worked by keyboard throughout.

import { fetchPiece, followAlarms } from "./alarm_feed.js";
import { AlarmSound } from "./alarm_sound.js";
import { refreshAges, startAges } from "./age.js";

const STALE_AFTER_MS = 10_000;
const list = document.getElementById("alarm-list");
const live = document.getElementById("live");
const banner = document.getElementById("stale-banner");
const form = document.getElementById("handle");
const note = document.getElementById("note");
const help = document.getElementById("help");
const sound = new AlarmSound(document.getElementById("sound"));
let heardAt = performance.now();
let isShelving = false;

function show(state) {
  if (live.dataset.state === state) return;
  live.dataset.state = state;
  live.querySelector(".live-text").textContent = live.getAttribute(`data-text-${state}`);
  const text = banner.getAttribute(`data-text-${state}`);
  banner.hidden = !text;
  banner.textContent = text || "";
}

const rows = () => [...list.querySelectorAll("tr[data-alarm]")];
const rowNow = () => document.activeElement?.closest("tr[data-alarm]");
const ticked = () => [...list.querySelectorAll("input[name=id]:checked")];

function count() {
  const picked = document.getElementById("picked");
  if (!picked) return;
  const number = ticked().length;
  picked.textContent = number ? picked.dataset.some.replace("{count}", number) : picked.dataset.none;
}

/** Put new rows in place; ticks and the focus stay with their alarms. */
async function renew() {
  const html = await fetchPiece(list.dataset.address);
  if (html === null) return;
  const kept = new Set(ticked().map((box) => box.value));
  const row = rowNow()?.dataset.alarm;
  const isOnBox = document.activeElement?.name === "id";
  list.innerHTML = html;
  for (const box of list.querySelectorAll("input[name=id]")) box.checked = kept.has(box.value);
  const same = row && list.querySelector(`tr[data-alarm="${row}"]`);
  same?.querySelector(isOnBox ? "input[name=id]" : ".alarm-link")?.focus({ preventScroll: true });
  count();
  refreshAges(list);
  hear();
}

function hear() {
  sound.hear([...list.querySelectorAll("[data-loud]")].map((row) => row.dataset.loud));
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const place = all.indexOf(rowNow());
  const next = place < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, place + by));
  const link = all[next].querySelector(".alarm-link");
  link.focus();
  link.scrollIntoView({ block: "nearest" });
}

function tick(row, value) {
  const box = row?.querySelector("input[name=id]");
  if (!box) return;
  box.checked = value ?? !box.checked;
  count();
}

/** Ask for the note of what is about to be done; without a choice it is done to the row in focus. */
function ask(shelving) {
  if (!form) return;
  if (!ticked().length) tick(rowNow(), true);
  if (!ticked().length) return;
  isShelving = shelving;
  note.focus();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => rowNow() && step(1),
  ArrowUp: () => rowNow() && step(-1),
  x: () => tick(rowNow()),
  a: () => ask(false),
  s: () => ask(true),
  b: () => sound.toggle(),
  "/": () => document.getElementById("search").focus(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.target.matches("input:not([type=checkbox]), select, textarea")) {
    if (event.key === "Escape") rows()[0]?.querySelector(".alarm-link").focus();
    return;
  }
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

note?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  form.requestSubmit(document.getElementById(isShelving ? "shelve" : "acknowledge"));
});
note?.addEventListener("blur", () => { isShelving = false; });
list.addEventListener("change", count);
document.getElementById("keys").hidden = false;
document.getElementById("keys").addEventListener("click", () => help.showModal());

followAlarms("/alarm/aliran", {
  changed: renew,
  beat: () => { heardAt = performance.now(); show("live"); },
  ended: () => show("ended"),
});
setInterval(() => {
  if (live.dataset.state === "live" && performance.now() - heardAt > STALE_AFTER_MS) show("stale");
}, 1000);
startAges();
count();
hear();
