// Who holds a turning camera, counted down; and the rounds of presets it makes while nobody does.

const LOOK_EVERY_MS = 3000;

export function startTours(box, post, tell) {
  const words = box.querySelector("[data-steering-words]");
  const list = box.querySelector("[data-tours-list]");
  const form = box.querySelector("[data-tour-form]");
  const stops = box.querySelector("[data-tour-stops]");
  let held = { left_s: 0 };
  let running = "";
  let shown = "";

  function say() {
    let text = "";
    if (held.left_s > 0) {
      text = held.is_own ? box.dataset.wordHeld : box.dataset.wordOther.replace("{name}", held.holder);
      text = text.replace("{seconds}", held.left_s);
    } else if (running) {
      text = box.dataset.wordTour.replace("{name}", running);
    } else if (!held.wasHeld) {
      return; // what stands there is an answer, which stays until it is read
    }
    words.textContent = text;
    held.wasHeld = held.left_s > 0 || running !== "";
  }

  function holds(now) {
    held = { ...now, wasHeld: true };
    box.dataset.tone = now.left_s > 0 && !now.is_own ? "warn" : "good";
    say();
  }

  function button(text, act) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "quiet-button", textContent: text });
    made.addEventListener("click", async () => {
      const { isGood, said } = await post(act, {});
      if (!isGood) tell(false, said);
      look();
    });
    return made;
  }

  function listTours(tours) {
    running = tours.find((tour) => tour.is_running)?.name ?? "";
    const now = JSON.stringify(tours);
    if (now === shown) return;
    shown = now;
    list.replaceChildren(...tours.map((tour) => {
      const entry = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = `${tour.name}: ${tour.stops.map((stop) => `${stop.name || stop.token} ${stop.dwell_s} s`).join(" → ")}`;
      const act = `${box.dataset.tours}/${tour.id}`;
      const main = tour.is_running
        ? button(box.dataset.wordEnd, `${box.dataset.tours}/henti`)
        : button(box.dataset.wordBegin, `${act}/mulai`);
      entry.append(name, main, button(box.dataset.wordForget, `${act}/hapus`));
      entry.classList.toggle("is-running", tour.is_running);
      return entry;
    }));
  }

  async function look() {
    if (document.hidden) return;
    const answer = await fetch(box.dataset.standing, { redirect: "manual" }).catch(() => null);
    if (!answer?.ok) return;
    const said = await answer.json();
    listTours(said.tours);
    if (said.left_s > 0 || held.left_s > 0) holds(said);
    else say();
  }

  /** Let a round be made of the presets that the camera told. */
  function offer(presets) {
    stops.replaceChildren(...presets.map((preset) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "number", min: 0, max: 3600, value: 0, inputMode: "numeric" });
      Object.assign(input.dataset, { token: preset.token, name: preset.name || preset.token });
      label.append(input, ` ${box.dataset.wordDwell.replace("{name}", input.dataset.name)}`);
      return label;
    }));
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = [...stops.querySelectorAll("input")].filter((input) => Number(input.value) > 0);
    const wanted = chosen.map((input) => ({
      token: input.dataset.token, name: input.dataset.name.slice(0, 80), dwell_s: Math.round(Number(input.value)),
    }));
    const { isGood, said } = await post(box.dataset.tours, { nama: form.elements.nama.value, stops: JSON.stringify(wanted) });
    tell(isGood, said);
    if (isGood) form.elements.nama.value = "";
    look();
  });
  setInterval(() => {
    if (held.left_s > 0) {
      held.left_s -= 1;
      say();
    }
  }, 1000);
  setInterval(look, LOOK_EVERY_MS);
  look();
  return { holds, offer };
}
