// Counting together with the device for a while: what a person tapped beside what it counted.

export class CountTogether {
  /**
   * @param words texts
   * @param seconds how long
   * @param ask asks the device; told when the request has left the hub
   * @param say shows a text at a place
   * @param onSizes told the answer of the device, with the sizes it saw at each line
   */
  constructor({ words, seconds, ask, say, onSizes }) {
    Object.assign(this, { words, seconds, ask, say, onSizes, lines: [], tapped: [], isCounting: false });
    this.start = document.getElementById("mulai");
    this.message = document.getElementById("hitung-pesan");
    this.table = document.getElementById("banding");
    this.start.addEventListener("click", () => this.run());
  }

  /** Take the lines that are in force in the view before the camera. */
  save(view) {
    this.lines = view.lines || [];
    this.show();
  }

  get buttons() {
    return [...document.querySelectorAll("#ketukan button")];
  }

  show() {
    const buttons = this.lines.flatMap((line) => ["forward", "backward"].map((way) => this.buttonOf(line, way)));
    document.getElementById("ketukan").replaceChildren(...buttons);
    this.start.disabled = buttons.length === 0;
    this.say(this.message, buttons.length ? "" : this.words.no_lines);
  }

  buttonOf(line, way) {
    const button = document.createElement("button");
    const number = document.createElement("b");
    button.type = "button";
    button.disabled = true;
    button.dataset.key = `${line.id}.${way}`;
    number.textContent = "0";
    button.append(number, `${line.id}: ${line[way]}`);
    button.addEventListener("click", () => {
      if (!this.isCounting) return;
      this.tapped.push({ key: button.dataset.key, at: Date.now() });
      number.textContent = Number(number.textContent) + 1;
    });
    return button;
  }

  async run() {
    const { words } = this;
    this.show();
    this.tapped = [];
    this.start.disabled = true;
    this.table.hidden = true;
    this.say(this.message, words.asking);
    let fromMs = 0;
    let timer;
    try {
      const { values } = await this.ask("count-with-me", (answer) => {
        // The device began when the hub sent it; the hub's clock and this one may differ.
        fromMs = Date.now() - (Date.parse(answer.now) - Date.parse(answer.sent_at));
        this.isCounting = true;
        for (const button of this.buttons) button.disabled = false;
        timer = this.countdown(fromMs);
      });
      clearInterval(timer);
      this.compare(values, fromMs);
      this.say(this.message, words.count_done);
      this.onSizes(values);
    } catch (error) {
      clearInterval(timer);
      this.say(this.message, error.message, true);
    }
    this.stop();
    this.start.disabled = false;
  }

  countdown(fromMs) {
    const endsAt = fromMs + this.seconds * 1000;
    const timer = setInterval(() => {
      const left = Math.ceil((endsAt - Date.now()) / 1000);
      if (left > 0) return void this.say(this.message, `${this.words.count_now} ${left}`);
      clearInterval(timer);
      this.stop();
      return void this.say(this.message, this.words.count_wait);
    }, 200);
    return timer;
  }

  stop() {
    this.isCounting = false;
    for (const button of this.buttons) button.disabled = true;
  }

  compare(values, fromMs) {
    const until = fromMs + this.seconds * 1000;
    const rows = this.buttons.map((button) => {
      const { key } = button.dataset;
      const yours = this.tapped.filter((tap) => tap.key === key && tap.at >= fromMs && tap.at < until).length;
      const theirs = values[key];
      const row = document.createElement("tr");
      const { nothing } = this.words;
      const cells = [button.lastChild.textContent, yours, theirs ?? nothing, theirs === undefined ? nothing : theirs - yours];
      for (const [place, text] of cells.entries()) {
        const cell = row.insertCell();
        cell.textContent = text;
        if (place) cell.className = "num";
      }
      return row;
    });
    this.table.tBodies[0].replaceChildren(...rows);
    this.table.hidden = false;
  }
}
