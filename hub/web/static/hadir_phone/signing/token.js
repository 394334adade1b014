// The H1 code of a phone, byte by byte as edge/wire/codes.py has it; and what else a phone signs.

import { encode } from "./base45.js";

export const PREFIX = "H1:";
export const TYPES = { ed25519: 0x11, p256: 0x12 };
export const PURPOSES = { automatic: 0, arriving: 1, leaving: 2, event: 3 };

const ascii = new TextEncoder();
const DOMAIN = ascii.encode("PTK-HADIR-1\0");
const ENROL_DOMAIN = ascii.encode("PTK-HADIR-ENROL-1\0");
const WORKPLACE_DOMAIN = ascii.encode("PTK-HADIR-HS-1\0");
const SIGN_IN_DOMAIN = ascii.encode("PTK-HADIR-LOGIN-1\0");
const CORRECTED_BIT = 0x20;
const PURPOSE_SHIFT = 3;

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** Return the 12 bytes before the signature. `issuedAt` is Unix seconds. */
export function head({ algorithm, person, issuedAt, slot, purpose, isCorrected, nonce }) {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint8(0, TYPES[algorithm]);
  view.setUint32(1, person);
  view.setUint32(5, issuedAt);
  view.setUint8(9, slot | (purpose << PURPOSE_SHIFT) | (isCorrected ? CORRECTED_BIT : 0));
  view.setUint16(10, nonce);
  return new Uint8Array(view.buffer);
}

/** Return what is signed: the figures of the door are covered, and not sent. */
export function message(headBytes, challenge = "") {
  return join(DOMAIN, headBytes, ascii.encode(challenge));
}

/** Return the 117 characters to draw. `sign` takes bytes and gives 64. */
export async function makeToken(fields, sign, challenge = "") {
  const bytes = head(fields);
  return PREFIX + encode(join(bytes, await sign(message(bytes, challenge))));
}

export function enrolmentMessage(person, publicKey) {
  return join(ENROL_DOMAIN, u32(person), publicKey);
}

export function workplaceMessage(code, signedAt) {
  return join(WORKPLACE_DOMAIN, ascii.encode(code), u32(signedAt));
}

export function signInMessage(challenge, signedAt) {
  return join(SIGN_IN_DOMAIN, ascii.encode(challenge), u32(signedAt));
}
