// Setting a camera up at the site, without the hub.

import { Drawing } from "./drawing.js";
import { listShapes } from "./shape_list.js";
import { listPresets, OWN, Views } from "./views.js";

const words = {
  lines: "Garis", zones: "Zona", gauges: "Papan duga air", ground: "Ukuran jalan", masks: "Area abaikan",
  privacy_masks: "Penutup privasi", point: "Titik", person: "Tinggi orang", id: "Nama pendek",
  forward: "Arah panah", backward: "Arah balik", turn: "Balik arah", remove: "Hapus",
  purpose: "Untuk apa", traffic: "Lalu lintas", crowd: "Keramaian", person_height: "Tinggi orang (persen gambar)",
  top_m: "Angka ujung atas (m)", bottom_m: "Angka ujung bawah (m)", metres_across: "menyamping (m)",
  metres_along: "memanjang (m)", sizes: "Kelas ukuran", car_from: "Mobil mulai (persen gambar)",
  heavy_from: "Besar mulai (persen gambar)", propose: "Usulkan dari hitungan",
  sizes_how: "Ukuran yang terlihat hanya tampil di halaman hub, lewat Hitung bersama.",
  bad_name: "Nama {} dipakai dua kali atau kosong. Ganti salah satu.",
  bad_sizes: "Kelas ukuran garis {}: mobil harus di atas 0 dan lebih kecil dari kendaraan besar.",
  bad_person: "Zona {}: isi tinggi orang, atau ganti menjadi lalu lintas.",
  bad_gauge: "Papan duga {}: angka ujung atas harus lebih besar dari ujung bawah.",
  bad_ground: "Ukuran jalan: tiga titik tidak boleh segaris. Geser titik atau perbaiki meternya.",
  preset_go: "Arahkan", preset_add: "Atur di preset ini", preset_draw: "Lanjut atur", preset_remove: "Lepas",
};
const how = {
  lines: "Tarik garis di gambar, atau ketuk dua titik.",
  gauges: "Ketuk empat sudut papan duga: kiri atas, kanan atas, kanan bawah, kiri bawah.",
  ground: "Ketuk empat titik di jalan yang jaraknya Anda ukur; lalu isi meternya.",
};
const AREA = "Ketuk sudut-sudutnya, lalu ketuk titik pertama atau tekan Selesai.";
const message = document.getElementById("pesan");
const hint = document.getElementById("petunjuk");
const choice = document.getElementById("kamera");
const viewChoice = document.getElementById("arah");
const picture = document.getElementById("gambar");
let views = new Views();
let known = [];

const drawing = new Drawing({
  svg: document.getElementById("lukisan"),
  words: { ...words, forward: "maju", backward: "mundur" },
  taken: () => views.takenElsewhere,
  onChange(typedIn) {
    if (!typedIn) list();
    hint.textContent = "";
    say("Ada perubahan yang belum disimpan.");
  },
  onSelect: () => list(),
});

const list = () => listShapes(drawing, document.getElementById("bentuk"), words);

function say(text, isBad = false) {
  message.textContent = text;
  message.classList.toggle("is-bad", isBad);
}

function show() {
  const isTurning = views.current !== OWN;
  document.getElementById("arah-baris").hidden = !isTurning;
  viewChoice.replaceChildren(...(isTurning ? views.ids.map((id) => new Option(id, id, false, id === views.current)) : []));
  drawing.load(views.view);
  listPresets(views, known, document.getElementById("preset"), words, turnTo);
  list();
}

async function take() {
  say("Mengambil gambar …");
  const answer = await fetch(`still/${choice.value}.jpg`);
  if (!answer.ok) return void say(await answer.text(), true);
  picture.src = URL.createObjectURL(await answer.blob());
  return void say("");
}

async function open() {
  const answer = await fetch(`settings/${choice.value}`);
  const settings = await answer.json();
  for (const [key, value] of Object.entries(settings)) if (value === null) delete settings[key];
  views = new Views(settings);
  known = [];
  show();
  await take();
}

async function save() {
  views.keep(drawing.value());
  const [problem] = views.problems(words);
  if (problem) return void say(problem, true);
  const body = JSON.stringify(views.settings);
  const answer = await fetch(`settings/${choice.value}`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  return void say(answer.ok ? "Tersimpan. Mulai ulang agen supaya berlaku." : await answer.text(), !answer.ok);
}

async function readPresets() {
  say("Menunggu kamera …");
  const answer = await fetch(`presets/${choice.value}`);
  if (!answer.ok) return void say(await answer.text(), true);
  known = await answer.json();
  views.keep(drawing.value());
  show();
  return void say(known.length ? "Pilih preset untuk diatur." : "Kamera belum punya preset. Simpan posisi di menu kamera dahulu.");
}

async function turnTo(what, preset, mine) {
  if (what !== "remove") views.keep(drawing.value());
  if (what === "add") views.add(preset);
  if (what === "draw") views.current = mine.id;
  if (what === "remove") views.remove(preset.token);
  show();
  if (what === "remove") return void say("Ada perubahan yang belum disimpan.");
  say("Kamera berputar …");
  const answer = await fetch(`go/${choice.value}`, {
    method: "POST", body: JSON.stringify(preset.token), headers: { "Content-Type": "application/json" },
  });
  if (!answer.ok) return void say(await answer.text(), true);
  // Motors need a moment; the picture is taken when the camera says that it is there.
  return void await take();
}

for (const button of document.querySelectorAll("[data-add]")) {
  button.addEventListener("click", (event) => {
    drawing.add(button.dataset.add, event.detail === 0);
    hint.textContent = event.detail === 0 ? "" : how[button.dataset.add] || AREA;
  });
}
document.getElementById("selesai").addEventListener("click", () => drawing.close());
document.getElementById("baru").addEventListener("click", take);
document.getElementById("baca").addEventListener("click", readPresets);
document.getElementById("simpan").addEventListener("click", save);
choice.addEventListener("change", open);
viewChoice.addEventListener("change", () => {
  views.keep(drawing.value());
  views.current = viewChoice.value;
  show();
});

for (const camera of await (await fetch("cameras")).json()) choice.append(new Option(camera, camera));
await open();
