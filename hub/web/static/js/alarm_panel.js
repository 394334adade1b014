// The piece with alarms on walls and boards: fills itself, and renews itself when the stream says so.

import { acknowledgeInPlace, fetchPiece, followAlarms } from "./alarm_feed.js";
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
  acknowledgeInPlace(panel, renew);
  followAlarms(panel.dataset.alarmStream, { changed: renew });
}
