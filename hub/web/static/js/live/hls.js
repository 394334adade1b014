// Low-latency HLS: by the browser itself (iPhones), or by hls.js, which is fetched only when it is needed.

const TYPE = "application/vnd.apple.mpegurl";
const LOOK_MS = 500;
let loading = null;

function load(address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve(window.Hls));
    script.addEventListener("error", () => { loading = null; reject(new Error("hls.js")); });
    document.head.append(script);
  });
  return loading;
}

export class HlsPlayer {
  name = "HLS";

  constructor({ video, onDelay, script }) {
    this.video = video;
    this.onDelay = onDelay;
    this.script = script;
    this.hls = null;
    this.finish = () => {};
    this.timer = null;
  }

  async play(address) {
    const hasMse = window.MediaSource !== undefined || window.ManagedMediaSource !== undefined;
    if (!hasMse && !this.video.canPlayType(TYPE)) throw Object.assign(new Error("hls"), { isHopeless: true });
    const Hls = hasMse ? await load(this.script) : null;
    await new Promise((resolve, reject) => {
      this.finish = resolve;
      if (Hls === null) this.playItself(address, reject);
      else this.playBy(Hls, address, reject);
    });
  }

  playItself(address, reject) {
    this.video.src = address;
    this.video.addEventListener("error", () => reject(new Error("hls")), { once: true });
    this.video.addEventListener("ended", () => reject(new Error("hls")), { once: true });
    this.video.play().catch(() => {});
  }

  playBy(Hls, address, reject) {
    // A worker would come from a blob, which the page's policy forbids.
    this.hls = new Hls({ lowLatencyMode: true, enableWorker: false, backBufferLength: 10 });
    this.hls.on(Hls.Events.ERROR, (_, { fatal, details }) => { if (fatal) reject(new Error(details)); });
    this.hls.on(Hls.Events.MANIFEST_PARSED, () => this.video.play().catch(() => {}));
    this.hls.loadSource(address);
    this.hls.attachMedia(this.video);
    this.timer = setInterval(() => { if (this.hls.latency > 0) this.onDelay(this.hls.latency); }, LOOK_MS);
  }

  end() {
    clearInterval(this.timer);
    this.hls?.destroy();
    this.hls = null;
    this.finish();
  }
}
