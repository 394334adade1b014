// An office's code was scanned: say where the phone is, sign, and show what the hub answers.

import { Clock } from "./clock.js";
import { base64, signer } from "./signing/keys.js";
import { read } from "./store.js";
import { workplaceMessage } from "./signing/token.js";
import { filled, say, wordsOf } from "./words.js";

const PLACE_WITHIN_MS = 12000;
const PLACE_AGE_MS = 30000;

const page = document.getElementById("kantor");
const words = wordsOf(page);
const note = document.getElementById("tempat");
const again = document.getElementById("ulang");

function place() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) {
      resolve(null);
      return;
    }
    const options = { enableHighAccuracy: true, timeout: PLACE_WITHIN_MS, maximumAge: PLACE_AGE_MS };
    navigator.geolocation.getCurrentPosition((found) => resolve(found.coords), () => resolve(null), options);
  });
}

function show(tone, code, text) {
  const box = document.getElementById("hasil");
  box.dataset.tone = tone;
  document.getElementById("tanda").textContent = code;
  document.getElementById("kalimat").textContent = text;
  again.hidden = tone === "good";
}

async function post(phone, coords) {
  const clock = new Clock();
  await clock.load();
  const signedAt = Math.floor(clock.nowMs() / 1000);
  // As the screen shows it: the QR code's address is upper case throughout.
  const code = (location.origin + location.pathname).toUpperCase();
  const signature = await signer(phone)(workplaceMessage(code, signedAt));
  return fetch(page.dataset.address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": page.dataset.token },
    body: JSON.stringify({
      code,
      latitude: coords?.latitude ?? null,
      longitude: coords?.longitude ?? null,
      accuracy_m: coords?.accuracy ?? null,
      signed_at: signedAt,
      key_slot: phone.slot,
      signature: base64(signature),
    }),
  });
}

async function start() {
  const phone = await read("phone").catch(() => null);
  if (!phone) {
    show("bad", "E04", words.unknown_phone);
    return;
  }
  show("wait", "…", words.placing);
  const coords = await place();
  say(note, coords ? filled(words.place, { metres: Math.round(coords.accuracy) }) : words.no_place, !coords);
  show("wait", "…", words.sending);
  try {
    const reply = await post(phone, coords);
    const isJson = reply.headers.get("Content-Type")?.startsWith("application/json");
    if (!isJson) throw new Error(words.again);
    const said = await reply.json();
    show(reply.ok ? "good" : "bad", said.message, said.text);
  } catch (error) {
    show("bad", "!", error instanceof TypeError ? words.offline : error.message);
  }
}

start();
