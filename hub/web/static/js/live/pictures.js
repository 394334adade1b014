// Single pictures, about one a second: what still works where video does not.

const EVERY_MS = 900;
const PATIENCE = 5; // so many answers without a picture: there is none

export class PicturePlayer {
  name = "JPEG";

  constructor({ video, canvas, onDelay }) {
    this.video = video;
    this.canvas = canvas;
    this.onDelay = onDelay;
    this.stop = new AbortController();
  }

  async play(address) {
    let after = 0;
    let missed = 0;
    while (!this.stop.signal.aborted) {
      const began = performance.now();
      const answer = await fetch(`${address}&setelah=${after}`, { signal: this.stop.signal, cache: "no-store" });
      if (answer.status === 200) {
        after = Number(answer.headers.get("X-Came"));
        missed = 0;
        await this.show(await answer.blob());
        this.onDelay(null);
      } else if (answer.status !== 204) {
        throw new Error(String(answer.status));
      } else {
        missed += 1;
        if (missed >= PATIENCE) throw new Error("none");
      }
      const rest = EVERY_MS - (performance.now() - began);
      if (rest > 0) await new Promise((resolve) => { setTimeout(resolve, rest); });
    }
  }

  async show(blob) {
    const picture = await createImageBitmap(blob);
    if (this.stop.signal.aborted) return;
    this.canvas.width = picture.width;
    this.canvas.height = picture.height;
    this.canvas.getContext("2d").drawImage(picture, 0, 0);
    picture.close();
    this.canvas.hidden = false;
    this.video.hidden = true;
  }

  end() {
    this.stop.abort();
    this.canvas.hidden = true;
    this.video.hidden = false;
  }
}
