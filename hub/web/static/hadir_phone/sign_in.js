// On the login page: a phone that holds a key may sign in with it.

import { Clock } from "./clock.js";
import { base64, signer } from "./signing/keys.js";
import { read } from "./store.js";
import { signInMessage } from "./signing/token.js";

const box = document.getElementById("ponsel");
const button = box.querySelector("button");
const note = box.querySelector("p");
const { address, token, home, offline } = box.dataset;
// Only pages of ours: an address that somebody put into a link leads nowhere else.
const wanted = new URL(box.dataset.next || home, location.href);
const next = wanted.origin === location.origin ? wanted.pathname + wanted.search : home;

async function signIn(phone) {
  button.disabled = true;
  try {
    const clock = new Clock();
    await clock.load();
    const signedAt = Math.floor(clock.nowMs() / 1000);
    const signature = await signer(phone)(signInMessage(token, signedAt));
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ person: phone.person, slot: phone.slot, signed_at: signedAt, signature: base64(signature) }),
    });
    if (answer.ok) {
      location.replace(next);
      return;
    }
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    note.textContent = isJson ? (await answer.json()).text : offline;
  } catch {
    note.textContent = offline;
  }
  note.hidden = false;
  button.disabled = false;
}

async function start() {
  const phone = await read("phone").catch(() => null);
  if (!phone) return;
  box.hidden = false;
  button.addEventListener("click", () => signIn(phone));
  // An office's code is good for 20 seconds: no time to press anything.
  if (/^\/s\//i.test(next)) await signIn(phone);
}

start();
