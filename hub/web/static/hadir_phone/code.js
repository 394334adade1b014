// The page with the code: drawn anew every five seconds, online or not.

import { Clock } from "./clock.js";
import { signer } from "./signing/keys.js";
import { draw } from "./qr.js";
import { read } from "./store.js";
import { makeToken, PURPOSES } from "./signing/token.js";
import { filled, say, wordsOf } from "./words.js";

const REDRAW_MS = 5000;
const ASK_EVERY_MS = 600000;
const CHALLENGE_FOR_MS = 60000;
const MUCH_OFF_S = 10;

const page = document.getElementById("kode");
const words = wordsOf(page);
const canvas = document.getElementById("qr");
const figures = document.getElementById("angka");
const clock = new Clock();

let phone = null;
let timer = null;
let figuresUntilMs = 0;

function purpose() {
  return PURPOSES[document.querySelector('input[name="tujuan"]:checked')?.value ?? "automatic"];
}

function challenge() {
  if (figures.value.length !== 3) return "";
  if (Date.now() > figuresUntilMs) figures.value = "";
  return figures.value;
}

async function redraw() {
  clearTimeout(timer);
  timer = setTimeout(redraw, REDRAW_MS);
  const nowMs = clock.nowMs();
  const fields = {
    algorithm: phone.algorithm,
    person: phone.person,
    issuedAt: Math.floor(nowMs / 1000),
    slot: phone.slot,
    purpose: purpose(),
    isCorrected: clock.isCorrected() && !clock.hasJumped(),
    nonce: crypto.getRandomValues(new Uint16Array(1))[0],
  };
  const signedFigures = challenge();
  const text = await makeToken(fields, signer(phone), signedFigures);
  draw(canvas, text);
  canvas.dataset.code = text;
  canvas.dataset.figures = signedFigures;
  for (const bar of document.getElementById("sisa").getAnimations({ subtree: true })) bar.currentTime = 0;
  tellTime();
}

/** Say a length of time as people do: 40 seconds, 5 minutes, 3 hours, 2 days. */
function lengthOf(seconds) {
  if (seconds < 90) return filled(words.seconds, { count: seconds });
  if (seconds < 90 * 60) return filled(words.minutes, { count: Math.round(seconds / 60) });
  if (seconds < 36 * 3600) return filled(words.hours, { count: Math.round(seconds / 3600) });
  return filled(words.days, { count: Math.round(seconds / 86400) });
}

function tellTime() {
  const time = new Date(clock.nowMs()).toLocaleTimeString("id-ID", { timeZone: page.dataset.timezone, hour12: false });
  document.getElementById("jam").textContent = time;
  const offS = Math.round(Math.abs(clock.offsetMs) / 1000);
  if (clock.hasJumped()) say(document.getElementById("selisih"), words.jumped, true);
  else if (!clock.isCorrected()) say(document.getElementById("selisih"), words.unchecked);
  else say(document.getElementById("selisih"), offS > MUCH_OFF_S ? filled(words.off, { off: lengthOf(offS) }) : "");
}

async function askHub() {
  const standing = await clock.ask(page.dataset.time, phone);
  document.getElementById("luring").hidden = standing !== null;
  if (standing === null) return;
  const isGone = standing !== "active";
  document.getElementById("dicabut").hidden = !isGone;
  document.getElementById("kartu").hidden = isGone;
  if (isGone) clearTimeout(timer);
  else await redraw();
}

async function keepAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // Saving power comes first on some phones; a touch on the screen does the same.
  }
}

async function wake() {
  if (document.hidden) {
    clearTimeout(timer);
    return;
  }
  await redraw();
  await Promise.all([keepAwake(), askHub()]);
}

function listen() {
  document.addEventListener("visibilitychange", wake);
  globalThis.addEventListener("online", askHub);
  globalThis.addEventListener("resize", redraw);
  for (const choice of document.querySelectorAll('input[name="tujuan"]')) choice.addEventListener("change", redraw);
  figures.addEventListener("input", () => {
    figures.value = figures.value.replace(/\D/g, "").slice(0, 3);
    figuresUntilMs = Date.now() + CHALLENGE_FOR_MS;
    redraw();
  });
  setInterval(askHub, ASK_EVERY_MS);
  setInterval(tellTime, 1000);
}

async function start() {
  phone = (await read("phone").catch(() => null)) ?? null;
  document.getElementById("belum").hidden = phone !== null;
  page.hidden = phone === null;
  if (phone === null) return;
  document.getElementById("nama").textContent = phone.name;
  document.getElementById("nomor").textContent = filled(words.number, { number: phone.person, slot: phone.slot + 1 });
  await clock.load();
  listen();
  await wake();
}

start();
