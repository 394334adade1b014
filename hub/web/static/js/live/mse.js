// Fragmented MP4 over one long answer, played by Media Source Extensions.

const BEHIND_S = 0.15; // how far behind the newest picture we play
const HURRY_S = 0.25; // later than this we play a little faster
const JUMP_S = 1.5; // later than this we jump
const SETTLE_MS = 1500; // at first we jump sooner: what was kept since the key frame is no longer now
const KEEP_S = 10;

const Source = window.MediaSource ?? window.ManagedMediaSource;

export const canPlayMse = Source !== undefined;

function codecOf(bytes) {
  // The box avcC of the beginning: version, profile, compatibility, level.
  for (let place = 4; place + 8 < bytes.length; place += 1) {
    if (bytes[place] === 0x61 && bytes[place + 1] === 0x76 && bytes[place + 2] === 0x63 && bytes[place + 3] === 0x43) {
      const hex = (value) => value.toString(16).padStart(2, "0");
      return `avc1.${hex(bytes[place + 5])}${hex(bytes[place + 6])}${hex(bytes[place + 7])}`;
    }
  }
  return null;
}

function joined(first, second) {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

export class MsePlayer {
  name = "fMP4";

  constructor({ video, onDelay }) {
    this.video = video;
    this.onDelay = onDelay;
    this.waiting = [];
    this.buffer = null;
    this.source = null;
    this.stop = new AbortController();
    this.beganAt = null;
  }

  async play(address) {
    const answer = await fetch(address, { signal: this.stop.signal, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const reader = answer.body.getReader();
    let head = new Uint8Array(0);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (this.buffer === null) {
        head = joined(head, value);
        const codec = codecOf(head);
        if (codec !== null) {
          await this.open(codec);
          this.append(head);
        }
      } else {
        this.append(value);
      }
    }
  }

  open(codec) {
    return new Promise((resolve, reject) => {
      const type = `video/mp4; codecs="${codec}"`;
      if (!Source || !Source.isTypeSupported(type)) {
        reject(Object.assign(new Error("codec"), { isHopeless: true }));
        return;
      }
      this.source = new Source();
      this.video.disableRemotePlayback = true; // Safari opens a managed source only then
      this.video.src = URL.createObjectURL(this.source);
      this.source.addEventListener("sourceopen", () => {
        URL.revokeObjectURL(this.video.src);
        this.buffer = this.source.addSourceBuffer(type);
        this.buffer.addEventListener("updateend", () => this.next());
        resolve();
      }, { once: true });
    });
  }

  append(bytes) {
    this.waiting.push(bytes);
    this.next();
  }

  next() {
    if (this.buffer === null || this.buffer.updating || this.source.readyState !== "open") return;
    const ranges = this.video.buffered;
    if (ranges.length > 0 && ranges.end(ranges.length - 1) - ranges.start(0) > 3 * KEEP_S) {
      this.buffer.remove(0, ranges.end(ranges.length - 1) - KEEP_S);
      return;
    }
    if (this.waiting.length > 0) {
      const bytes = this.waiting.length === 1 ? this.waiting[0] : this.waiting.reduce(joined);
      this.waiting = [];
      this.buffer.appendBuffer(bytes);
    }
    this.keepUp();
  }

  keepUp() {
    const { video } = this;
    const ranges = video.buffered;
    if (ranges.length === 0) return;
    const newest = ranges.end(ranges.length - 1);
    const behind = newest - video.currentTime;
    this.beganAt ??= performance.now();
    const isNew = performance.now() - this.beganAt < SETTLE_MS;
    if (behind > (isNew ? 2 * HURRY_S : JUMP_S) || video.currentTime < ranges.start(ranges.length - 1)) {
      video.currentTime = Math.max(newest - BEHIND_S, ranges.start(ranges.length - 1));
    }
    video.playbackRate = behind > HURRY_S ? 1.1 : 1;
    if (video.paused) video.play().catch(() => {});
    this.onDelay(behind);
  }

  end() {
    this.stop.abort();
    this.waiting = [];
    this.buffer = null;
  }
}
