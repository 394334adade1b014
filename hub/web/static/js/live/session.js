// One camera being watched: the best way that works, the next one when it does not, with a word about it.

import { HlsPlayer } from "./hls.js";
import { MsePlayer, canPlayMse } from "./mse.js";
import { PicturePlayer } from "./pictures.js";
import { WhepPlayer, canPlayWhep } from "./whep.js";

const RETRY_MS = [300, 1000, 2000, 4000];
const PATIENCE = 2; // so often a way may fail without a picture before the next one is tried
const COUNT_EVERY_MS = 10_000;
const PLAYERS = { whep: WhepPlayer, mp4: MsePlayer, hls: HlsPlayer, jpeg: PicturePlayer };

function waysOf({ forced, hasWhep }) {
  if (PLAYERS[forced]) return [forced];
  return [hasWhep && canPlayWhep && "whep", canPlayMse && "mp4", "hls", "jpeg"].filter(Boolean);
}

export class LiveSession {
  /**
   * @param parts video, canvas, say(text, tone), ask(way, quality) -> {ok, said}, words, script, hasWhep, forced
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.ways = waysOf(parts);
    this.quality = "biasa";
    this.isWanted = false;
    this.player = null;
    this.note = "";
    this.viewers = null;
  }

  async start(quality = "biasa") {
    Object.assign(this, { isWanted: true, quality, note: "", place: 0 });
    let failures = 0;
    while (this.isWanted) {
      const isSeen = await this.attempt();
      if (!this.isWanted) break;
      failures = isSeen ? 0 : failures + 1;
      if (failures >= PATIENCE && this.fall()) failures = 0;
      const pause = this.isHasty ? 0 : RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
      this.isHasty = false;
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
  }

  get way() {
    return this.ways[this.place];
  }

  /** Try the present way until it ends; tell whether there was a picture. */
  async attempt() {
    let isSeen = false;
    this.say(this.words.waiting, "soft");
    try {
      const { ok, said } = await this.ask(this.way, this.quality);
      if (!this.isWanted) return false;
      if (!ok) {
        this.refused(said);
        return false;
      }
      this.viewers = said.viewers ?? null;
      this.watchCount(said.count);
      const onDelay = (delay) => {
        isSeen = true;
        this.tell(delay);
      };
      this.player = new PLAYERS[this.way]({ video: this.video, canvas: this.canvas, script: this.script, onDelay });
      await this.player.play(said.stream);
    } catch (error) {
      if (this.isWanted) this.say(error.message === "codec" ? this.words.codec : this.words.broken, "warn");
      if (error.isHopeless) this.fall();
    } finally {
      clearInterval(this.counter);
      this.player?.end();
      this.player = null;
    }
    return isSeen;
  }

  refused({ detail, instead }) {
    this.say(detail, "warn");
    if (instead === "biasa" && this.quality !== "biasa") {
      this.quality = "biasa";
      this.isHasty = true;
      this.note = detail;
      this.onQuality?.("biasa");
    } else if (instead && this.ways.includes(instead)) {
      this.place = this.ways.indexOf(instead);
      this.isHasty = true;
      this.note = detail;
    }
  }

  /** Go on with the next way, if there is one. */
  fall() {
    if (this.place + 1 >= this.ways.length) return false;
    const from = PLAYERS[this.way];
    this.place += 1;
    this.isHasty = true;
    const name = (Player) => new Player({}).name;
    this.note = this.words.fall.replace("{from}", name(from)).replace("{to}", name(PLAYERS[this.way]));
    return true;
  }

  tell(delay) {
    if (!this.isWanted || this.player === null) return;
    const facts = [this.words.live, this.player.name];
    if (delay !== null) facts.push(`${Math.round(delay * 1000)} ms`);
    if (this.viewers !== null) facts.push(this.words.viewers.replace("{count}", this.viewers));
    this.say(facts.join(" · ") + (this.note ? ` — ${this.note}` : ""), this.note ? "warn" : "good");
  }

  watchCount(address) {
    clearInterval(this.counter);
    if (!address) return;
    this.counter = setInterval(async () => {
      const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
      if (answer?.ok) this.viewers = (await answer.json()).viewers;
    }, COUNT_EVERY_MS);
  }

  stop() {
    this.isWanted = false;
    clearInterval(this.counter);
    this.player?.end();
    this.video.removeAttribute("src");
    this.video.load();
    this.say("", "soft");
  }
}
