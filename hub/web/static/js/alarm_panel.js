// The piece with alarms on walls and boards: fills itself, and renews itself when the stream says so.

import { fetchPiece, followAlarms } from "./alarm_feed.js";
import { refreshAges } from "./age.js";

for (const panel of document.querySelectorAll("[data-alarm-panel]")) {
  const renew = async () => {
    const html = await fetchPiece(panel.dataset.alarmPanel);
    if (html === null) {
      panel.textContent = panel.dataset.textOld;
      return;
    }
    panel.innerHTML = html;
    refreshAges(panel);
  };
  // Acknowledged from a wall, one stays at the wall.
  panel.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    if (!answer) panel.textContent = panel.dataset.textOld;
    else await renew();
  });
  followAlarms(panel.dataset.alarmStream, { changed: renew });
}
