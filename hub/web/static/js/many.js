// Several cameras live on one page, all begun for one purpose; over HTTP/2 they share one connection.

import { LiveSession } from "./live/session.js";

const list = document.querySelector("[data-many]");
const form = document.getElementById("many-form");

function sessionOf(box) {
  const words = box.querySelector(".live-words");
  return new LiveSession({
    video: box.querySelector("video"),
    canvas: box.querySelector("canvas"),
    ask: async (way, quality) => {
      const body = new FormData(form);
      body.set("cara", way);
      body.set("mutu", quality);
      const answer = await fetch(box.dataset.begin, { method: "POST", body, redirect: "error" });
      return { ok: answer.ok, said: await answer.json() };
    },
    say: (text, tone) => {
      if (words.textContent !== text) words.textContent = text;
      box.dataset.tone = tone;
    },
    words: JSON.parse(list.dataset.words),
    script: list.dataset.hlsScript,
    hasWhep: list.dataset.whep === "1",
    forced: new URLSearchParams(location.search).get("cara"),
  });
}

if (list) {
  const sessions = [...list.querySelectorAll(".live-view")].map(sessionOf);
  const start = form.querySelector("[data-many-start]");
  const end = form.querySelector("[data-many-end]");
  const show = (isOn) => {
    start.hidden = isOn;
    end.hidden = !isOn;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const session of sessions) if (!session.isWanted) session.start();
    show(true);
  });
  end.addEventListener("click", () => {
    for (const session of sessions) session.stop();
    show(false);
    start.focus();
  });
  window.addEventListener("pagehide", () => { for (const session of sessions) session.player?.end(); });
}
