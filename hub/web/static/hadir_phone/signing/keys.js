// The phone's key: made here, never extractable, Ed25519 where the browser has it, else P-256.

const MAKE = { ed25519: { name: "Ed25519" }, p256: { name: "ECDSA", namedCurve: "P-256" } };
const SIGN = { ed25519: { name: "Ed25519" }, p256: { name: "ECDSA", hash: "SHA-256" } };

/** Whether this browser can hold a key at all; without TLS it hides its cryptography. */
export function isPossible() {
  return Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);
}

/** Return {algorithm, privateKey, publicKey}; `keep` must be able to store it. */
export async function makeKey(keep) {
  try {
    return await makeOne("ed25519", keep);
  } catch {
    // Older browsers have no Ed25519, some have it but cannot store it.
    return makeOne("p256", keep);
  }
}

async function makeOne(algorithm, keep) {
  const pair = await crypto.subtle.generateKey(MAKE[algorithm], false, ["sign", "verify"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const key = { algorithm, privateKey: pair.privateKey, publicKey: algorithm === "p256" ? compressed(raw) : raw };
  await keep(key);
  return key;
}

/** Return a function from bytes to the 64 bytes of a signature. */
export function signer({ algorithm, privateKey }) {
  return async (bytes) => new Uint8Array(await crypto.subtle.sign(SIGN[algorithm], privateKey, bytes));
}

/** Return the 33 bytes of a point that came as 65. */
export function compressed(raw) {
  const point = new Uint8Array(33);
  point[0] = 2 + (raw[64] & 1);
  point.set(raw.subarray(1, 33), 1);
  return point;
}

export function base64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

export async function hexDigest(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
