// Setting a camera up at the site, without the hub.

import { Drawing, listShapes } from "./drawing.js";

const words = {
  lines: "Garis", masks: "Area abaikan", privacy_masks: "Penutup privasi", point: "Titik", id: "Nama pendek",
  forward: "Arah panah", backward: "Arah balik", turn: "Balik arah", remove: "Hapus",
};
const message = document.getElementById("pesan");
const choice = document.getElementById("kamera");
const picture = document.getElementById("gambar");

const list = () => listShapes(drawing, document.getElementById("bentuk"), words);
const drawing = new Drawing({
  svg: document.getElementById("lukisan"),
  words: { point: words.point, forward: "maju", backward: "mundur" },
  onChange(typedIn) {
    if (!typedIn) list();
    say("Ada perubahan yang belum disimpan.");
  },
  onSelect: list,
});

function say(text, isBad = false) {
  message.textContent = text;
  message.classList.toggle("is-bad", isBad);
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
  drawing.load(await answer.json());
  list();
  await take();
}

async function save() {
  const body = JSON.stringify(drawing.value());
  const answer = await fetch(`settings/${choice.value}`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  say(answer.ok ? "Tersimpan. Mulai ulang agen supaya berlaku." : await answer.text(), !answer.ok);
}

for (const button of document.querySelectorAll("[data-add]")) {
  button.addEventListener("click", (event) => drawing.add(button.dataset.add, event.detail === 0));
}
document.getElementById("selesai").addEventListener("click", () => drawing.close());
document.getElementById("baru").addEventListener("click", take);
document.getElementById("simpan").addEventListener("click", save);
choice.addEventListener("change", open);

for (const camera of await (await fetch("cameras")).json()) choice.append(new Option(camera, camera));
await open();
