// Says on a page of citizens what waits on this phone, and sends it when there is a way to the hub.
// Without a memory (private windows) there is nothing to say; every page works without this file.

import "./sending.js";

const { all, remove, sendAll } = self.pontiveLapor;
const AGAIN_MS = 20000, EXCERPT_LETTERS = 70;
const WORDS = {
  id: {
    title: "Laporan di ponsel ini",
    waiting: "Menunggu sambungan. Dikirim sendiri begitu tersambung, sekali saja; halaman ini boleh ditutup.",
    sent: "Terkirim. Kode lacak",
    wrong: "Belum terkirim: ada yang perlu diperbaiki. Buka lagi, lalu kirim.",
    photos: "foto",
    open: "Buka lagi",
    drop: "Hapus",
    sure: "Hapus laporan ini dari ponsel? Kota belum menerimanya.",
    done: "Tutup",
  },
  en: {
    title: "Reports on this phone",
    waiting: "Waiting for a connection. Sent by itself once there is one, and once only; you may close this page.",
    sent: "Sent. Tracking code",
    wrong: "Not sent yet: something needs mending. Open it again, then send.",
    photos: "photos",
    open: "Open again",
    drop: "Delete",
    sure: "Delete this report from the phone? The city has not received it.",
    done: "Close",
  },
};
const words = WORDS[document.documentElement.lang] ?? WORDS.id;
let opener = null;

/** Let a page open what needs mending; others lead to the page that can. */
export function mendedBy(open) {
  opener = open;
}

function made(name, classes, text = "") {
  const element = document.createElement(name);
  element.className = classes;
  element.textContent = text;
  return element;
}

function button(text, act) {
  const element = made("button", "button quiet-button", text);
  element.type = "button";
  element.addEventListener("click", () => act().catch((error) => console.info(String(error))));
  return element;
}

function toForm() {
  const link = made("a", "button quiet-button", words.open);
  link.href = "/lapor";
  return link;
}

function line(one) {
  const row = made("li", `waiting-report is-${one.state}`);
  const typed = new Map(one.fields).get("text") ?? "";
  if (typed) row.append(made("span", "waiting-text", typed.length > EXCERPT_LETTERS ? `${typed.slice(0, EXCERPT_LETTERS)}…` : typed));
  if (one.files.length) row.append(made("span", "soft small", `${one.files.length} ${words.photos}`));
  const state = made("span", "waiting-state", words[one.state]);
  if (one.code) {
    const link = made("a", "code", one.code);
    link.href = `/tanda-terima/${encodeURIComponent(one.code)}`;
    state.append(" ", link);
  }
  row.append(state);
  const acts = made("span", "waiting-acts");
  if (one.state === "wrong") acts.append(opener ? button(words.open, () => opener(one)) : toForm());
  if (one.state === "sent") acts.append(button(words.done, () => remove(one.token).then(show)));
  else acts.append(button(words.drop, async () => { if (confirm(words.sure)) await remove(one.token).then(show); }));
  row.append(acts);
  return row;
}

/** Draw what there is; nothing draws nothing. */
export async function show() {
  const found = await all();
  const old = document.getElementById("di-ponsel");
  if (!found.length) return old?.remove();
  const box = made("section", "card waiting-reports");
  box.id = "di-ponsel";
  box.setAttribute("role", "status");
  box.append(made("h2", "", words.title));
  const list = made("ul", "");
  list.append(...found.map(line));
  box.append(list);
  if (old) old.replaceWith(box);
  else document.getElementById("isi").prepend(box);
}

/** Try to send, then say how it stands; ask the browser to do it when this page is gone. */
export async function sendWaiting() {
  if (!(await all()).length) return;
  await show();
  await sendAll();
  await show();
  const waits = (await all()).some((one) => one.state === "waiting");
  if (!waits) return;
  setTimeout(() => sendWaiting().catch(tell), AGAIN_MS);
  // Not every browser has it; an open page does it by itself.
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.sync?.register("pontive-lapor").catch(tell);
}

export function tell(error) {
  console.info(String(error));
}
