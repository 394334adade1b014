// Live video of one camera: asked for with a purpose, played by Media Source Extensions.

const BEHIND_S = 0.15; // how far behind the newest picture we play
const HURRY_S = 0.25; // later than this we play a little faster
const JUMP_S = 1.5; // later than this we jump
const SETTLE_MS = 1500; // at first we jump sooner: what was kept since the key frame is no longer now
const KEEP_S = 10;
const RETRY_MS = [300, 1000, 2000, 4000];

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

class Player {
  constructor(video, say) {
    this.video = video;
    this.say = say;
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
      if (!window.MediaSource || !MediaSource.isTypeSupported(type)) {
        reject(new Error("codec"));
        return;
      }
      this.source = new MediaSource();
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
    this.say.delay(behind);
  }

  end() {
    this.stop.abort();
    this.waiting = [];
    this.buffer = null;
  }
}

export function startLive(box) {
  const video = box.querySelector("video");
  const words = box.querySelector("[data-live-words]");
  const start = box.querySelector("[data-live-start]");
  const end = box.querySelector("[data-live-end]");
  const form = box.querySelector("form");
  let player = null;
  let isWanted = false;

  const say = {
    text: (text, tone) => {
      words.textContent = text;
      box.dataset.tone = tone;
    },
    delay: (behind) => {
      if (isWanted) say.text(`${box.dataset.wordLive} · fMP4 · ${Math.round(behind * 1000)} ms`, "good");
    },
  };

  function show() {
    box.classList.toggle("is-live", isWanted);
    start.hidden = isWanted;
    end.hidden = !isWanted;
  }

  async function ask() {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "error" });
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(said.detail), { isTold: true });
    return said.stream;
  }

  async function live() {
    let tries = 0;
    while (isWanted) {
      try {
        say.text(box.dataset.wordWaiting, "soft");
        const address = await ask();
        player = new Player(video, say);
        video.addEventListener("playing", () => { tries = 0; }, { once: true });
        await player.play(address);
      } catch (error) {
        if (!isWanted) break;
        const text = error.message === "codec" ? box.dataset.wordCodec : box.dataset.wordBroken;
        say.text(error.isTold ? error.message : text, "warn");
      }
      player?.end();
      if (!isWanted) break;
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]); });
      tries += 1;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isWanted) return;
    isWanted = true;
    show();
    live();
  });
  end.addEventListener("click", () => {
    isWanted = false;
    player?.end();
    video.removeAttribute("src");
    video.load();
    say.text("", "soft");
    show();
  });
  window.addEventListener("pagehide", () => player?.end());
}

for (const box of document.querySelectorAll("[data-live]")) startLive(box);
