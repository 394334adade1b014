// A draft that stays on the phone, "here", pressing on the drawing without a way to the hub and back, and
// without any way the whole complaint kept on the phone until there is one (portal/sending.js).
// Everything works without this file.

import { mendedBy, sendWaiting, show, tell } from "./portal/waiting.js";

const KEPT = ["category", "text", "kelurahan", "address", "latitude", "longitude", "kind", "identity"];
const form = document.querySelector("[data-report]");

if (form) begin(form);

function remember(key, value) {
  // A browser that keeps nothing (private mode) loses the draft, nothing else.
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing to do: the page works without.
  }
}

function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function begin(form) {
  const key = form.dataset.draft;
  const words = form.querySelector("[data-draft-words]");
  const say = (text) => { words.hidden = !text; words.textContent = text; };
  const isFresh = !form.elements.text.value && !form.elements.latitude.value;
  let draft = recall(key);
  // Something was filed since the draft was kept: it is on its way, not a draft any more.
  // The page that the phone keeps does not know what was filed.
  if (form.dataset.filed !== undefined && draft?.filed !== undefined && draft.filed !== form.dataset.filed) draft = null;
  if (isFresh && draft?.text) {
    for (const name of KEPT) put(form, name, draft[name] ?? "");
    draw(form);
    say("Draf yang tersimpan di ponsel ini dibuka kembali.");
  }
  form.addEventListener("input", () => keep(form, key));
  form.addEventListener("submit", (event) => {
    keep(form, key);
    if (isForAnotherPage(event.submitter) || form.dataset.isAsked) return;
    event.preventDefault();
    sendOrKeep(form, key, event.submitter, say).catch((error) => {
      tell(error);
      say("Belum ada sambungan, dan ponsel ini tidak dapat menyimpan foto. Yang Anda tulis tersimpan; tekan Kirim lagi saat tersambung.");
    });
  });
  mendedBy((one) => open(form, one));
  addEventListener("online", () => say("Tersambung lagi: laporan dapat dikirim."));
  addEventListener("offline", () => say("Sambungan terputus. Yang Anda tulis tersimpan di ponsel ini."));
  here(form, key);
  pressing(form, key);
  addEventListener("pageshow", () => delete form.dataset.isAsked);
}

function keep(form, key) {
  const typed = Object.fromEntries(KEPT.map((name) => [name, form.elements[name].value]));
  remember(key, { ...typed, filed: form.dataset.filed ?? recall(key)?.filed });
}

/** The drawing, its steps and "I have the same" are answered by a page of the hub. */
function isForAnotherPage(pressed) {
  return pressed !== null && (pressed.type === "image" || pressed.name === "langkah" || pressed.hasAttribute("formaction"));
}

/** Send with the hub's answer as the next page; where there is no way to it, keep everything here. */
async function sendOrKeep(form, key, pressed, say) {
  if (form.dataset.isBusy) return;
  form.dataset.isBusy = "1";
  try {
    say("Mencari sambungan…");
    const { key: ask, keep: keepWhole, newToken } = self.pontiveLapor;
    const word = await ask();
    if (word) {
      put(form, "csrf_token", word);
      if (!form.elements.kiriman.value) put(form, "kiriman", newToken());
      form.dataset.isAsked = "1";
      say("Mengirim…");
      form.requestSubmit(pressed);
      return;
    }
    await keepWhole(form);
    remember(key, null);
    empty(form);
    say("Tersimpan di ponsel ini, belum terkirim. Dikirim sendiri begitu ada sambungan.");
    await show();
    document.getElementById("di-ponsel")?.scrollIntoView();
    await sendWaiting();
  } finally {
    delete form.dataset.isBusy;
  }
}

function empty(form) {
  form.reset();
  for (const name of ["text", "latitude", "longitude", "kelurahan", "address", "name", "contact", "kiriman"]) put(form, name, "");
  for (const one of form.querySelectorAll("input[name=category]")) one.checked = false;
  form.querySelector("[data-place]").textContent = "";
  wholeCity(form);
}

/** Put a complaint that waits on the phone back into the form, photos too. */
async function open(form, one) {
  for (const [name, value] of one.fields) put(form, name, value);
  for (const control of form.querySelectorAll("input[type=file]")) {
    const held = new DataTransfer();
    for (const { name, value } of one.files) if (name === control.name) held.items.add(value);
    control.files = held.files;
  }
  put(form, "kiriman", one.token);
  await self.pontiveLapor.remove(one.token);
  await show();
  draw(form);
  form.elements.text.focus();
}

function put(form, name, value) {
  if (form.elements[name]) form.elements[name].value = value;
}

function place(form, latitude, longitude, key) {
  put(form, "latitude", latitude.toFixed(6));
  put(form, "longitude", longitude.toFixed(6));
  draw(form);
  keep(form, key);
}

function draw(form) {
  const latitude = form.elements.latitude.value, longitude = form.elements.longitude.value;
  if (latitude === "" || longitude === "") return;
  const map = form.querySelector(".report-map"), near = 216;
  // Without network there is no nearer drawing: the city's own stays, or comes back.
  map.onerror = () => wholeCity(form);
  if (!map.dataset.city) map.dataset.city = JSON.stringify([map.src, map.dataset.left, map.dataset.top, map.dataset.side]);
  map.src = `${form.dataset.map}?lat=${latitude}&lon=${longitude}`;
  // The same arithmetic as hub/maps/projection.py: 1/10 000 degree a unit, from the north-west corner.
  map.dataset.left = (longitude - 109.264) * 10000 - near / 2;
  map.dataset.top = (0.0445 - latitude) * 10000 - near / 2;
  map.dataset.side = near;
  put(form, "peta-lat", latitude);
  put(form, "peta-lon", longitude);
  form.querySelector("[data-place]").textContent = `${latitude}, ${longitude}`;
}

function wholeCity(form) {
  const map = form.querySelector(".report-map");
  if (!map.dataset.city) return;
  map.onerror = null;
  [map.src, map.dataset.left, map.dataset.top, map.dataset.side] = JSON.parse(map.dataset.city);
}

function pressing(form, key) {
  const map = form.querySelector(".report-map");
  map.addEventListener("click", (event) => {
    event.preventDefault();
    const box = map.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    if (event.detail === 0) return; // Enter, not a finger
    const unit = Number(map.dataset.side) / box.width;
    const longitude = 109.264 + (Number(map.dataset.left) + x * unit) / 10000;
    const latitude = 0.0445 - (Number(map.dataset.top) + y * unit) / 10000;
    place(form, latitude, longitude, key);
  });
}

function here(form, key) {
  const row = form.querySelector("[data-here]");
  if (!("geolocation" in navigator)) return;
  row.hidden = false;
  const status = row.querySelector("[role=status]");
  row.querySelector("button").addEventListener("click", () => {
    status.textContent = "Mencari tempat Anda…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        status.textContent = `± ${Math.round(coords.accuracy)} m`;
        place(form, coords.latitude, coords.longitude, key);
      },
      () => { status.textContent = "Tempat tidak ditemukan; tekan pada gambar atau pilih kelurahan."; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}
