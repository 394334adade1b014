// Turning a camera: a wish is repeated while a key is held, and letting go stops at once.

import { startTours } from "./tours.js";

const REPEAT_MS = 400;
const KEYS = {
  ArrowLeft: { pan: -1 }, ArrowRight: { pan: 1 }, ArrowUp: { tilt: 1 }, ArrowDown: { tilt: -1 },
  "+": { zoom: 1 }, "=": { zoom: 1 }, "-": { zoom: -1 },
};

function startSteering(box) {
  const words = box.querySelector("[data-steering-words]");
  const speed = box.querySelector("[data-speed]");
  const list = box.querySelector("[data-list]");
  const held = new Map();
  let timer = null;
  let isUnderWay = false;

  async function post(address, fields) {
    const body = new URLSearchParams({ csrf_token: box.dataset.token, ...fields });
    const answer = await fetch(address, { method: "POST", body, redirect: "error" });
    return { isGood: answer.ok, said: await answer.json() };
  }

  function tell(isGood, said) {
    if (isGood && said.left_s) tours.holds({ is_own: true, left_s: said.left_s });
    else if (said.holder) tours.holds({ is_own: false, holder: said.holder, left_s: said.left_s });
    else words.textContent = said.detail ?? "";
    box.dataset.tone = isGood ? "good" : "warn";
  }

  function wish() {
    const share = Number(speed.value) / 100;
    const sum = { pan: 0, tilt: 0, zoom: 0 };
    for (const each of held.values()) {
      for (const axis of Object.keys(sum)) sum[axis] += each[axis] ?? 0;
    }
    return Object.fromEntries(
      Object.entries(sum).map(([axis, value]) => [axis, Math.max(-1, Math.min(1, value)) * share]));
  }

  async function send(isStop) {
    if (isUnderWay && !isStop) return; // the next repeat says it, too
    isUnderWay = true;
    try {
      const { isGood, said } = await post(box.dataset.move, wish());
      tell(isGood, said);
    } catch {
      tell(false, { detail: box.dataset.wordBroken });
    } finally {
      isUnderWay = false;
    }
  }

  function hold(name, part) {
    if (held.has(name)) return;
    held.set(name, part);
    send(false);
    timer ??= setInterval(() => send(false), REPEAT_MS);
  }

  function letGo(name) {
    if (!held.delete(name)) return;
    if (held.size === 0) {
      clearInterval(timer);
      timer = null;
      send(true);
    }
  }

  function letAllGo() {
    for (const name of [...held.keys()]) letGo(name);
  }

  for (const button of box.querySelectorAll("[data-pan], [data-zoom]")) {
    const part = { pan: Number(button.dataset.pan ?? 0), tilt: Number(button.dataset.tilt ?? 0), zoom: Number(button.dataset.zoom ?? 0) };
    const name = button.getAttribute("aria-label");
    const isStop = !part.pan && !part.tilt && !part.zoom;
    button.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      button.focus();
      if (isStop) { letAllGo(); send(true); return; }
      button.setPointerCapture(event.pointerId);
      hold(name, part);
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      button.addEventListener(end, () => letGo(name));
    }
    button.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (isStop) { letAllGo(); send(true); } else if (!event.repeat) hold(name, part);
    });
    button.addEventListener("keyup", (event) => { if (event.key === " " || event.key === "Enter") letGo(name); });
    button.addEventListener("contextmenu", (event) => event.preventDefault());
  }
  box.addEventListener("keydown", (event) => {
    if (!KEYS[event.key] || event.target === speed || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!event.repeat) hold(event.key, KEYS[event.key]);
  });
  box.addEventListener("keyup", (event) => letGo(event.key));
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) letAllGo(); });
  window.addEventListener("blur", letAllGo);
  document.addEventListener("visibilitychange", () => { if (document.hidden) letAllGo(); });

  box.querySelector("[data-ask-presets]").addEventListener("click", async () => {
    const { isGood, said } = await post(box.dataset.presets, {}).catch(() => ({ isGood: false, said: { detail: box.dataset.wordBroken } }));
    list.replaceChildren();
    if (!isGood) { tell(false, said); return; }
    if (said.presets.length === 0) tell(false, { detail: box.dataset.wordNone });
    tours.offer(said.presets);
    for (const preset of said.presets) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet-button";
      button.textContent = preset.name || preset.token;
      button.addEventListener("click", async () => {
        const answer = await post(box.dataset.preset, { token: preset.token });
        tell(answer.isGood, answer.said);
      });
      list.append(button);
    }
  });
  box.querySelector("[data-let-go]").addEventListener("click", async () => {
    letAllGo();
    const { isGood } = await post(box.dataset.release, {});
    if (isGood) tours.holds({ left_s: 0 });
  });
  const tours = startTours(box, post, tell);
}

for (const box of document.querySelectorAll("[data-steering]")) startSteering(box);
