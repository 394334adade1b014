// Counts every age on the page on, by the hub's clock, and marks what is old.
// The same words as hub/web/formats.py.

const words = document.documentElement.lang === "en" ? ["s", "min", "h", "d"] : ["dtk", "mnt", "jam", "hari"];
const steps = [[90, 1], [90 * 60, 60], [36 * 3600, 3600], [Infinity, 86400]];

let hubAheadMs = 0;

/** Compare this computer's clock with the hub's; screens on walls are often minutes off. */
export function setHubTime(iso) {
  hubAheadMs = Date.parse(iso) - Date.now();
}

export function hubNow() {
  return Date.now() + hubAheadMs;
}

export function ageText(seconds) {
  const age = Math.max(0, seconds);
  const place = steps.findIndex(([bound]) => age < bound);
  return `${Math.floor(age / steps[place][1])} ${words[place]}`;
}

export function refreshAges(root = document) {
  for (const element of root.querySelectorAll("[data-age]")) {
    const seconds = (hubNow() - Date.parse(element.dateTime)) / 1000;
    const text = ageText(seconds);
    if (element.textContent !== text) element.textContent = text;
    const bound = Number(element.dataset.staleAfter || Infinity);
    element.classList.toggle("is-old", seconds > bound);
  }
}

export function startAges() {
  refreshAges();
  setInterval(refreshAges, 1000);
}
