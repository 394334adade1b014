// Makes this phone's key, sends its public half, and keeps the rest.

import { Clock } from "./clock.js";
import { base64, isPossible, makeKey, signer } from "./signing/keys.js";
import { remove, write } from "./store.js";
import { enrolmentMessage } from "./signing/token.js";
import { say, wordsOf } from "./words.js";

const page = document.getElementById("daftar");
const words = wordsOf(page);
const button = document.getElementById("buat");
const label = document.getElementById("label");
const answer = document.getElementById("jawaban");

function kindOfPhone() {
  const found = /Android|iPhone|iPad|Windows|Macintosh|Linux/.exec(navigator.userAgent);
  return found ? `${words.phone} ${found[0]}` : words.phone;
}

async function send(key) {
  const person = Number(page.dataset.person);
  const signature = await signer(key)(enrolmentMessage(person, key.publicKey));
  const reply = await fetch(page.dataset.address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": page.dataset.token },
    body: JSON.stringify({
      algorithm: key.algorithm,
      public_key: base64(key.publicKey),
      signature: base64(signature),
      label: label.value.trim(),
    }),
  });
  const isJson = reply.headers.get("Content-Type")?.startsWith("application/json");
  const said = isJson ? await reply.json() : { text: words.again };
  if (!reply.ok) throw new Error(said.text);
  return said;
}

async function enrol() {
  button.disabled = true;
  say(answer, words.working);
  try {
    // Stored first: a key that cannot be kept must never be sent.
    const key = await makeKey((made) => write("draft", made));
    const said = await send(key);
    await write("phone", { ...key, person: said.person, name: said.name, slot: said.slot });
    await remove("draft");
    await new Clock().learn(said.now_ms);
    await globalThis.caches?.delete("hadir-own");
    await navigator.storage?.persist?.();
    location.assign(page.dataset.next);
  } catch (error) {
    say(answer, error instanceof TypeError ? words.offline : error.message || words.again, true);
    button.disabled = false;
  }
}

label.value ||= kindOfPhone();
if (isPossible()) {
  button.addEventListener("click", enrol);
  button.disabled = false; // not before: a press must not be lost
} else {
  say(answer, globalThis.isSecureContext ? words.old_browser : words.insecure, true);
}
