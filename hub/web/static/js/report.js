// A draft that stays on the phone, "here", and pressing on the drawing without a way to the hub and back.
// Everything works without this file; it must never keep a photo or send anything by itself.

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
  if (draft && draft.filed !== form.dataset.filed) draft = null;
  if (isFresh && draft?.text) {
    for (const name of KEPT) put(form, name, draft[name] ?? "");
    draw(form);
    say("Draf yang tersimpan di ponsel ini dibuka kembali.");
  }
  form.addEventListener("input", () => keep(form, key));
  form.addEventListener("submit", (event) => {
    keep(form, key);
    if (navigator.onLine) return;
    event.preventDefault();
    say("Belum ada sambungan. Draf tersimpan di ponsel ini; tekan Kirim lagi saat tersambung.");
  });
  addEventListener("online", () => say("Tersambung lagi: laporan dapat dikirim."));
  addEventListener("offline", () => say("Sambungan terputus. Yang Anda tulis tersimpan di ponsel ini."));
  here(form, key);
  pressing(form, key);
}

function keep(form, key) {
  const typed = Object.fromEntries(KEPT.map((name) => [name, form.elements[name].value]));
  remember(key, { ...typed, filed: form.dataset.filed });
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
  map.src = `${form.dataset.map}?lat=${latitude}&lon=${longitude}`;
  // The same arithmetic as hub/maps/projection.py: 1/10 000 degree a unit, from the north-west corner.
  map.dataset.left = (longitude - 109.264) * 10000 - near / 2;
  map.dataset.top = (0.0445 - latitude) * 10000 - near / 2;
  map.dataset.side = near;
  put(form, "peta-lat", latitude);
  put(form, "peta-lon", longitude);
  form.querySelector("[data-place]").textContent = `${latitude}, ${longitude}`;
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
