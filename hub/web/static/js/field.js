// Work outside: "near me", and a note that survives a lost link. Everything works without this file;
// it must never keep a photo or send anything by itself.

const ROOT = "pontive-lapangan:";

for (const form of document.querySelectorAll("form[data-near]")) nearMe(form);
for (const form of document.querySelectorAll("form[data-note-draft]")) noteDraft(form);
for (const form of document.querySelectorAll("form[data-weak-link], form[data-note-draft]")) waitForLink(form);

function nearMe(form) {
  const button = form.querySelector("[data-near-here]"), status = form.querySelector("[role=status]");
  if (!("geolocation" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = "Mencari tempat Anda…";
    navigator.geolocation.getCurrentPosition(
      // Three decimals are 110 m: enough to sort by, and no more is told.
      ({ coords }) => { location.search = `?lat=${coords.latitude.toFixed(3)}&lon=${coords.longitude.toFixed(3)}`; },
      () => { status.textContent = "Tempat tidak ditemukan; pilih kelurahan."; },
      { timeout: 15000, maximumAge: 300000 },
    );
  });
}

function noteDraft(form) {
  const key = ROOT + form.dataset.noteDraft, note = form.elements.catatan;
  try {
    // What belongs to a case that went on is no draft any more.
    const mine = key.split("#")[0];
    for (const other of Object.keys(localStorage)) {
      if (other.startsWith(`${mine}#`) && other !== key) localStorage.removeItem(other);
    }
    if (!note.value) note.value = localStorage.getItem(key) ?? "";
    form.addEventListener("input", () => localStorage.setItem(key, note.value));
  } catch {
    // A browser that keeps nothing (private mode) loses the draft, nothing else.
  }
}

function waitForLink(form) {
  const words = document.querySelector("[data-link-words]");
  form.addEventListener("submit", (event) => {
    if (navigator.onLine || !words) return;
    event.preventDefault();
    delete form.dataset.isSent;
    words.hidden = false;
    words.textContent = "Belum ada sambungan. Yang Anda isi tetap di halaman ini; kirim lagi saat tersambung.";
  });
}
