// A composed board that stays open: asks for its tiles anew, exchanges those that differ, and says
// so when they stop coming. Asking costs the hub little: unchanged tiles come as "not modified".

import { hubNow, refreshAges, setHubTime, startAges } from "./age.js";

const plan = document.getElementById("papan");
const banner = document.getElementById("basi");
const everyMs = Number(plan.dataset.everyS) * 1000;
let mark = "";
let heardAt = performance.now();

function noteHeard(answer) {
  const date = answer?.headers.get("Date");
  if (date) setHubTime(new Date(date).toISOString());
  heardAt = performance.now();
  noteFetched();
}

// What is read from the present state is as old as the last answer.
function noteFetched() {
  for (const one of plan.querySelectorAll("[data-fetched]")) {
    one.dateTime = new Date(hubNow()).toISOString();
    one.dataset.age = "";
  }
}

function put(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  plan.dataset.title = template.content.querySelector("[data-board-title]")?.dataset.boardTitle ?? "";
  const wanted = [...template.content.querySelectorAll(".ubin")];
  const kept = new Set(wanted.map((tile) => tile.id));
  for (const tile of plan.querySelectorAll(".ubin")) if (!kept.has(tile.id)) tile.remove();
  wanted.forEach((tile, place) => {
    const before = document.getElementById(tile.id);
    // What somebody opened or reads with the keyboard stays as it is until its numbers change.
    if (before && before.dataset.drawn === tile.outerHTML) return;
    const drawn = tile.outerHTML;
    if (before?.querySelector("details[open]")) tile.querySelector("details")?.setAttribute("open", "");
    const focused = before?.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    if (before) before.replaceWith(tile);
    else plan.insertBefore(tile, plan.children[place] ?? null);
    tile.dataset.drawn = drawn;
    if (focused) tile.querySelector(`a[href="${CSS.escape(focused)}"], a`)?.focus({ preventScroll: true });
  });
}

function showState() {
  const isCutOff = performance.now() - heardAt > 3 * everyMs;
  plan.classList.toggle("is-cut-off", isCutOff);
  if (banner) banner.hidden = !isCutOff;
  for (const tile of plan.querySelectorAll(".ubin")) {
    tile.classList.toggle("is-old", tile.querySelector(".ubin-foot .age.is-old") !== null);
  }
}

export async function ask(address = plan.dataset.from) {
  const headers = mark && address === plan.dataset.from ? { "If-None-Match": mark } : {};
  const answer = await fetch(address, { headers, cache: "no-store", redirect: "manual" }).catch(() => null);
  if (answer?.ok) {
    mark = answer.headers.get("ETag") ?? "";
    put(await answer.text());
    plan.dataset.from = address;
  }
  if (answer?.ok || answer?.status === 304) {
    noteHeard(answer);
    refreshAges(plan);
    document.dispatchEvent(new CustomEvent("papan-baru"));
  }
  return Boolean(answer?.ok || answer?.status === 304);
}

const clockText = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Pontianak" });

function tick() {
  for (const clock of plan.querySelectorAll("[data-clock]")) {
    const text = clockText.format(hubNow()).replace(":", ".");
    if (clock.textContent !== text) clock.textContent = text;
  }
  showState();
}

noteFetched();
startAges();
tick();
setInterval(tick, 1000);
setInterval(() => ask(), everyMs);
