// Two tones for a new grave alarm, made here. Off until somebody switches it on; browsers need a press.

const KEPT = "pontive-alarm-sound";

export class AlarmSound {
  constructor(button) {
    this.button = button;
    this.context = null;
    this.known = null;
    this.isOn = localStorage.getItem(KEPT) === "on";
    button.hidden = false;
    button.addEventListener("click", () => this.toggle());
    // After a reload the browser waits for any press before it lets us be heard.
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => this.isOn && this.open(), { passive: true });
    if (this.isOn) this.open();
    this.show();
  }

  toggle() {
    this.isOn = !this.isOn;
    localStorage.setItem(KEPT, this.isOn ? "on" : "off");
    if (this.isOn) this.open().then(() => this.play());
    this.show();
  }

  async open() {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") {
      await Promise.race([this.context.resume().catch(() => undefined), new Promise((done) => setTimeout(done, 300))]);
    }
    this.show();
  }

  show() {
    const isHeard = this.isOn && this.context?.state === "running";
    this.button.setAttribute("aria-pressed", String(this.isOn));
    this.button.textContent = this.button.dataset[this.isOn ? (isHeard ? "on" : "wait") : "off"];
  }

  /** Take the names of all that is loud now, and sound when one is new. */
  hear(names) {
    const isNew = this.known !== null && names.some((name) => !this.known.has(name));
    this.known = new Set(names);
    if (isNew && this.isOn) this.play();
    return isNew;
  }

  play() {
    if (this.context?.state !== "running") return;
    const begin = this.context.currentTime;
    for (const [place, pitch] of [880, 660, 880].entries()) {
      const tone = this.context.createOscillator();
      const volume = this.context.createGain();
      const from = begin + place * 0.22;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, from);
      volume.gain.exponentialRampToValueAtTime(0.25, from + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.2);
      tone.connect(volume).connect(this.context.destination);
      tone.start(from);
      tone.stop(from + 0.21);
    }
    this.button.dataset.played = String(Number(this.button.dataset.played || 0) + 1);
  }
}
