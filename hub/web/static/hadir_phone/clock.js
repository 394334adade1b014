// How far this phone's clock is from the hub's, learnt when there is network and kept for when not.

import { hexDigest } from "./signing/keys.js";
import { read, write } from "./store.js";

const ANSWER_WITHIN_MS = 4000;
const GOOD_FOR_MS = 24 * 3600 * 1000;
// The page's own stopwatch tells when somebody sets the phone's clock while the page is open.
const JUMP_MS = 2000;

export class Clock {
  constructor() {
    this.offsetMs = 0;
    this.learntAtMs = null; // by the hub's clock
    this.startedAtMs = Date.now() - performance.now();
  }

  async load() {
    const kept = await read("clock");
    if (kept) [this.offsetMs, this.learntAtMs] = [kept.offsetMs, kept.learntAtMs];
  }

  nowMs() {
    return Date.now() + this.offsetMs;
  }

  isCorrected() {
    const ageMs = this.learntAtMs === null ? Infinity : this.nowMs() - this.learntAtMs;
    return ageMs > -JUMP_MS && ageMs < GOOD_FOR_MS;
  }

  /** Whether the phone's clock was set while this page was open: what was learnt is void then. */
  hasJumped() {
    return Math.abs(Date.now() - performance.now() - this.startedAtMs) > JUMP_MS;
  }

  async learn(hubNowMs, sentAtMs = Date.now(), receivedAtMs = Date.now()) {
    this.offsetMs = Math.round(hubNowMs - (sentAtMs + receivedAtMs) / 2);
    this.learntAtMs = hubNowMs;
    this.startedAtMs = Date.now() - performance.now();
    await write("clock", { offsetMs: this.offsetMs, learntAtMs: this.learntAtMs });
  }

  /** Ask the hub; return how this phone stands ("active", "revoked", "unknown"), or null when out of reach. */
  async ask(address, phone) {
    const query = phone
      ? `?pegawai=${phone.person}&ponsel=${phone.slot}&kunci=${await hexDigest(phone.publicKey)}`
      : "";
    const sentAtMs = Date.now();
    try {
      const signal = AbortSignal.timeout?.(ANSWER_WITHIN_MS);
      const answer = await fetch(address + query, { cache: "no-store", ...(signal && { signal }) });
      if (!answer.ok) return null;
      const said = await answer.json();
      await this.learn(said.now_ms, sentAtMs, Date.now());
      return phone ? said.phone : null;
    } catch {
      return null; // no network: the door needs none either
    }
  }
}
