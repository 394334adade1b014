// Live video of one camera on its page: asked for with a purpose.

import { LiveSession } from "./live/session.js";

export function startLive(box) {
  const words = box.querySelector("[data-live-words]");
  const start = box.querySelector("[data-live-start]");
  const end = box.querySelector("[data-live-end]");
  const form = box.querySelector("form");
  const quality = box.querySelector("[data-live-quality]");

  async function ask(way, wanted) {
    const body = new FormData(form);
    body.set("cara", way);
    body.set("mutu", wanted);
    const answer = await fetch(form.action, { method: "POST", body, redirect: "error" });
    return { ok: answer.ok, said: await answer.json() };
  }

  const session = new LiveSession({
    video: box.querySelector("video"),
    canvas: box.querySelector("canvas"),
    ask,
    say: (text, tone) => {
      if (words.textContent !== text) words.textContent = text;
      box.dataset.tone = tone;
    },
    words: JSON.parse(box.dataset.words),
    script: box.dataset.hlsScript,
    hasWhep: box.dataset.whep === "1",
    forced: new URLSearchParams(location.search).get("cara"),
    onQuality: (now) => { if (quality) quality.value = now; },
  });

  function show() {
    box.classList.toggle("is-live", session.isWanted);
    start.hidden = session.isWanted;
    end.hidden = !session.isWanted;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (session.isWanted) return;
    session.start(quality?.value);
    show();
  });
  end.addEventListener("click", () => {
    session.stop();
    show();
    start.focus();
  });
  quality?.addEventListener("change", () => {
    if (!session.isWanted) return;
    session.quality = quality.value;
    session.note = "";
    session.isHasty = true;
    session.player?.end();
  });
  window.addEventListener("pagehide", () => session.player?.end());
}

for (const box of document.querySelectorAll("[data-live]")) startLive(box);
